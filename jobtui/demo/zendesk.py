"""The routes of the Zendesk service: job statuses, who am I, and the bulk calls that start jobs."""

import base64
import binascii
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from jobtui.demo.answers import basic, bearer, json_body, reply
from jobtui.demo.faults import QUEUE_IS_FULL
from jobtui.demo.world import World
from jobtui.demo.zendesk_world import AT_ONCE, TYPES, Batch

EMAIL, PASSWORD = "oncall@acme.example", "demo"
LIMIT = 700
"""Requests per minute that the headers speak of; going over is not punished, that is a fault to ask for."""
MOST_IDS = 100

Answer = Callable[[Request], Awaitable[Response]]


def batch_document(batch: Batch, now: float, world: World, root: str) -> dict[str, Any]:
    """Write a job status; what is not known yet, or never for a deletion, is null."""
    status, ended = batch.status(now), batch.has_ended(now)
    is_counted = status != "queued" and batch.kind != "delete"
    return {
        "id": batch.batch_id,
        "job_type": TYPES[batch.kind],
        "url": f"{root}api/v2/job_statuses/{batch.batch_id}.json",
        "total": batch.size if is_counted else None,
        "progress": batch.done(now) if is_counted else None,
        "status": status,
        "message": _message(batch, status, world) if ended else None,
        "results": batch.results if ended else None,
    }


def _message(batch: Batch, status: str, world: World) -> str:
    moment = world.calendar.moment(batch.ends)
    return f"{status.capitalize()} at {moment:%Y-%m-%d %H:%M:%S} +0000"


def _cursor(batch_id: str) -> str:
    return base64.urlsafe_b64encode(json.dumps({"o": batch_id}).encode()).decode()


def _read_cursor(text: str) -> str:
    try:
        return str(json.loads(base64.urlsafe_b64decode(text))["o"])
    except (binascii.Error, ValueError, KeyError, TypeError) as problem:
        raise ValueError("page[after] is not a valid cursor") from problem


def not_found() -> Response:
    """Answer that there is no such record."""
    return reply({"error": "RecordNotFound", "description": "Not found"}, 404)


def _bad(code: str, detail: str) -> Response:
    return reply({"errors": [{"code": code, "title": "Invalid parameter", "detail": detail}]}, 400)


def _full(busy: list[Batch], kind: str) -> Response:
    ids = [batch.batch_id for batch in busy]
    said = f"The queue for {kind} is full; retry in a while."
    body = {"error": "TooManyJobs", "description": said, "current_job_ids": ids}
    return reply(body, 429, {"Retry-After": "5"})


class JobStatuses:
    """Answer for the world's batch jobs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.token = world.secret("zendesk")
        self.limit = LIMIT
        self._used: list[float] = []

    def routes(self) -> list[Route]:
        """List the routes, each with and without `.json`."""
        table: tuple[tuple[str, Answer, str], ...] = (
            ("job_statuses/show_many", self.show_many, "GET"),
            ("job_statuses", self.list_all, "GET"),
            ("users/me", self.me, "GET"),
            ("tickets/create_many", self.start_create, "POST"),
            ("tickets/update_many", self.start_update, "PUT"),
            ("tickets/destroy_many", self.start_delete, "DELETE"),
            ("job_statuses/{batch_id}", self.show, "GET"),
            ("{anything:path}", self.nothing, "GET"),
        )
        return [
            Route(f"/api/v2/{path}{tail}", self._guarded(answer), methods=[method])
            for path, answer, method in table
            for tail in (".json", "")
        ]

    def _guarded(self, answer: Answer) -> Answer:
        async def guarded(request: Request) -> Response:
            if not self._is_known(request):
                response = reply({"error": "Couldn't authenticate you"}, 401)
            elif request.scope.get(QUEUE_IS_FULL):
                with self._world.at_now() as now:
                    response = _full(self._world.batches.unfinished(now), TYPES["upsert"])
            else:
                response = await answer(request)
            response.headers.update(self._budget())
            return response

        return guarded

    def _is_known(self, request: Request) -> bool:
        pairs = ((f"{EMAIL}/token", self.token), (EMAIL, PASSWORD))
        return bearer(request) == self.token or basic(request) in pairs

    def _budget(self) -> dict[str, str]:
        now = time.monotonic()
        self._used = [at for at in self._used if at > now - 60.0] + [now]
        left, reset = str(max(0, self.limit - len(self._used))), str(int(60 - (now - self._used[0])))
        limit = {"x-rate-limit": str(self.limit), "x-rate-limit-remaining": left}
        return {
            **limit,
            "ratelimit-limit": str(self.limit),
            "ratelimit-remaining": left,
            "ratelimit-reset": reset,
        }

    def _rows(self, batches: list[Batch], now: float, request: Request) -> list[dict[str, Any]]:
        return [batch_document(batch, now, self._world, str(request.base_url)) for batch in batches]

    async def nothing(self, request: Request) -> Response:
        return reply({"error": "InvalidEndpoint", "description": "Not found"}, 404)

    async def me(self, request: Request) -> Response:
        person = {
            "id": 8801,
            "name": "On call",
            "email": EMAIL,
            "role": "agent",
            "active": True,
            "verified": True,
        }
        return reply({"user": person})

    async def show(self, request: Request) -> Response:
        with self._world.at_now() as now:
            batch = self._world.batches.by_id.get(request.path_params["batch_id"])
            return reply({"job_status": self._rows([batch], now, request)[0]}) if batch else not_found()

    async def show_many(self, request: Request) -> Response:
        ids = [each for each in request.query_params.get("ids", "").split(",") if each]
        if not ids:
            return _bad("MissingParameter", "ids is required")
        if len(ids) > MOST_IDS:
            return reply({"error": "TooManyValues", "description": f"at most {MOST_IDS} ids at once"}, 400)
        with self._world.at_now() as now:
            found = [batch for each in dict.fromkeys(ids) if (batch := self._world.batches.by_id.get(each))]
            return reply({"job_statuses": self._rows(found, now, request)})

    async def list_all(self, request: Request) -> Response:
        query = request.query_params
        try:
            size = int(query.get("page[size]", 100))
            if not 1 <= size <= 100:
                raise ValueError("page[size] is not between 1 and 100")
            with self._world.at_now() as now:
                batches = self._world.batches.in_order(now)
                first, last = self._window(batches, query.get("page[after]"), query.get("page[before]"), size)
                rows = self._rows(batches[first:last], now, request)
        except ValueError as problem:
            return _bad("InvalidPaginationParameter", str(problem))
        paging = self._paging(
            rows, first > 0, last < len(batches), size, f"{request.base_url}api/v2/job_statuses.json"
        )
        return reply({"job_statuses": rows, **paging})

    def _window(
        self, batches: list[Batch], after: str | None, before: str | None, size: int
    ) -> tuple[int, int]:
        places = {batch.batch_id: place for place, batch in enumerate(batches)}
        if before is not None:
            last = places.get(_read_cursor(before), 0)
            return max(0, last - size), last
        first = 0 if after is None else places.get(_read_cursor(after), len(batches)) + 1
        return first, min(len(batches), first + size)

    def _paging(
        self, rows: list[dict[str, Any]], has_before: bool, has_after: bool, size: int, url: str
    ) -> dict[str, Any]:
        before = _cursor(rows[0]["id"]) if rows else None
        after = _cursor(rows[-1]["id"]) if rows else None
        meta = {"has_more": has_after, "after_cursor": after, "before_cursor": before}
        following = f"{url}?page[after]={quote(after or '')}&page[size]={size}" if has_after else None
        previous = f"{url}?page[before]={quote(before)}&page[size]={size}" if has_before and before else None
        return {"meta": meta, "links": {"next": following, "prev": previous}}

    async def start_create(self, request: Request) -> Response:
        return await self._start_from_body(request, "create")

    async def start_update(self, request: Request) -> Response:
        ids = [each for each in request.query_params.get("ids", "").split(",") if each]
        return (
            self._start(request, "update", len(ids))
            if ids
            else await self._start_from_body(request, "update")
        )

    async def start_delete(self, request: Request) -> Response:
        ids = [each for each in request.query_params.get("ids", "").split(",") if each]
        return self._start(request, "delete", len(ids))

    async def _start_from_body(self, request: Request, kind: str) -> Response:
        try:
            tickets = (await json_body(request)).get("tickets")
        except ValueError as problem:
            return _bad("InvalidBody", str(problem))
        return self._start(request, kind, len(tickets) if isinstance(tickets, list) else 0)

    def _start(self, request: Request, kind: str, size: int) -> Response:
        if not 1 <= size <= MOST_IDS:
            return reply(
                {"error": "TooManyValues", "description": f"between 1 and {MOST_IDS} tickets at once"}, 400
            )
        with self._world.at_now() as now:
            busy = self._world.batches.unfinished(now)
            if len(busy) >= AT_ONCE:
                return _full(busy, TYPES[kind])
            batch = self._world.batches.add(now, kind, size)
            return reply({"job_status": self._rows([batch], now, request)[0]})
