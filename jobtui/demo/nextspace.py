"""The routes of the Pending Actions service, and of the Guardian that signs people in to it."""

import json
import time
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from jobtui.demo.answers import bearer, json_body, number_in, reply
from jobtui.demo.clock import Calendar
from jobtui.demo.dice import token_for
from jobtui.demo.nextspace_action import IN_PROGRESS, Line, PendingAction
from jobtui.demo.world import World

PREFIX = "/nextspace"
LOGIN, PASSWORD = "dortiz", "demo"
CAREFUL, CODE = "kmeyer", "204518"
"""Somebody who signs in with a second factor, and theirs."""
ACCOUNT = "demo"
PERSON = {"ID": "u-7c1e", "FullName": "Dana Ortiz", "Login": LOGIN, "Email": "dana@acme.example"}
CAREFUL_PERSON = {"ID": "u-2b90", "Fullname": "Kim Meyer", "Username": CAREFUL, "Email": "kim@acme.example"}
SESSION_S = 86_400.0
"""Real seconds that a session lasts: a protocol's time, which the world's speed does not change."""
ANONYMOUS = {"ID": "anonymous", "User": {"ID": "anonymous"}, "User.ID": "anonymous"}


def error(status: int, kind: str, message: str) -> Response:
    """Answer with the service's error envelope."""
    return reply({"ERROR": {"Type": kind, "Message": message}}, status)


def action_document(action: PendingAction, now: float, calendar: Calendar, *, parsed: bool) -> dict[str, Any]:
    """Write an action; with `parsed` its result is a value, else a string."""
    result = action.result(now)
    has_ended = action.status(now) != IN_PROGRESS
    document = {
        "ID": action.action_id,
        "CreatedBy.Application": action.application,
        "CreatedByUser.ID": action.user,
        "Result": _parsed(result) if parsed else _text(result),
        "Progress": action.progress(now),
        "Description": action.description,
        "Status": action.status(now),
        "Created": calendar.stamp(action.created),
        "Updated": calendar.stamp_or_none(action.updated(now)),
        "Completed": calendar.stamp_or_none(action.end if has_ended else None),
        "JobName": action.job_name,
    }
    return {key: value for key, value in document.items() if value is not None}


def _parsed(result: Any) -> Any:
    if result == "":
        return {}
    return {"Output": result} if isinstance(result, str) else result


def _text(result: Any) -> str:
    return result if isinstance(result, str) else json.dumps(result)


def line_document(action: PendingAction, line: Line, calendar: Calendar) -> dict[str, Any]:
    """Write a progress message."""
    return {
        "ID": line.line_id,
        "PendingAction.ID": action.action_id,
        "CreatedBy.Application": action.application,
        "Created": calendar.stamp(line.at),
        "Message.Type": line.kind,
        "Message": line.text,
    }


@dataclass(frozen=True)
class Session:
    """Somebody who signed in."""

    person: dict[str, str]
    ends: float
    """By the real, monotonic clock."""


class PendingActions:
    """Answer for the world's pending actions."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.token = world.secret("nextspace")
        self.session_s = SESSION_S
        self.count = 0
        """How many sessions were begun."""
        self.warnings: list[str] = []
        """What is said beside every list and every page of messages."""
        self._sessions: dict[str, Session] = {}

    def routes(self) -> list[Route]:
        """List the routes, without the prefix."""
        return [
            Route("/version", self.version),
            Route("/pendingActions", self.list_all),
            Route("/pendingAction/{action_id:int}", self.show),
            Route("/pendingAction/{action_id:int}", self.cancel, methods=["DELETE"]),
            Route("/pendingAction/{action_id:int}/progressMessages", self.lines),
            Route("/v3/login", self.login, methods=["POST"]),
            Route("/login", self.older_login, methods=["POST"]),
            Route("/v3/session", self.session),
            Route("/v3/logout", self.logout, methods=["POST"]),
            Route("/account/{account_id}", self.account),
            Route("/{anything:path}", self.nothing),
        ]

    def _token(self, request: Request) -> str | None:
        return bearer(request) or request.headers.get("x-sessionid")

    def _session_of(self, request: Request) -> Session | None:
        token = self._token(request)
        if token == self.token:
            return Session(PERSON, time.monotonic() + SESSION_S)
        found = self._sessions.get(token or "")
        return found if found is not None and time.monotonic() < found.ends else None

    def end_sessions(self) -> None:
        """End every session that somebody signed in for; the access token stays good."""
        self._sessions.clear()

    def _refusal(self, request: Request) -> Response | None:
        if self._session_of(request) is not None:
            return None
        return error(401, "UNAUTHORIZED", "The session is missing, malformed or no longer valid")

    async def version(self, request: Request) -> Response:
        return reply({"Bruce-API": "1.0.6646"})

    async def nothing(self, request: Request) -> Response:
        return error(404, "NOT_FOUND", "Specified edge is not found")

    async def list_all(self, request: Request) -> Response:
        if refusal := self._refusal(request):
            return refusal
        query = request.query_params
        try:
            start, amount = number_in(query, "StartIndex", 0), number_in(query, "Amount", 50)
        except ValueError as problem:
            return error(400, "BAD_REQUEST", str(problem))
        with self._world.at_now() as now:
            wanted = query.get("Status")
            rows = self._world.actions.newest_first()
            if wanted:
                rows = [action for action in rows if action.status(now) == wanted]
            page = [self._row(action, now, request) for action in rows[start : start + amount]]
        return reply({"Items": page, **({"TotalCount": len(rows)} if start == 0 else {}), **self._warned()})

    def _warned(self) -> dict[str, list[str]]:
        return {"Warnings": self.warnings} if self.warnings else {}

    def _row(self, action: PendingAction, now: float, request: Request) -> dict[str, Any]:
        parsed = request.query_params.get("Result") == "JSON"
        return action_document(action, now, self._world.calendar, parsed=parsed)

    def _find(self, request: Request) -> PendingAction | Response:
        if refusal := self._refusal(request):
            return refusal
        action_id: int = request.path_params["action_id"]
        found = self._world.actions.by_id.get(action_id)
        return found or error(404, "NOT_FOUND", f"Pending action {action_id} was not found")

    async def show(self, request: Request) -> Response:
        with self._world.at_now() as now:
            action = self._find(request)
            return action if isinstance(action, Response) else reply(self._row(action, now, request))

    async def lines(self, request: Request) -> Response:
        try:
            start, amount = (
                number_in(request.query_params, *row) for row in (("StartIndex", 0), ("Amount", 30))
            )
        except ValueError as problem:
            return error(400, "BAD_REQUEST", str(problem))
        with self._world.at_now() as now:
            action = self._find(request)
            if isinstance(action, Response):
                return action
            written = action.lines(now)
            if request.query_params.get("Order", "ASC").upper() == "DESC":
                written.reverse()
            page = [
                line_document(action, row, self._world.calendar) for row in written[start : start + amount]
            ]
        return reply({"Items": page, **self._warned()})

    async def cancel(self, request: Request) -> Response:
        with self._world.at_now() as now:
            action = self._find(request)
            if isinstance(action, Response):
                return action
            status = action.status(now)
            if status != IN_PROGRESS:
                return error(
                    400, "ALREADY_ENDED", f"Pending action {action.action_id} has already ended: {status}"
                )
            action.cancels.append(now)
            return reply({"ID": action.action_id, "Status": status})

    async def login(self, request: Request) -> Response:
        try:
            body = await json_body(request)
        except ValueError as problem:
            return error(400, "BAD_REQUEST", str(problem))
        begun = self._begun(body)
        return begun if isinstance(begun, Response) else reply(self._document(begun, self._sessions[begun]))

    async def older_login(self, request: Request) -> Response:
        """Sign in by the keys that older documents print; the answer has no times, and knows no code."""
        try:
            body = await json_body(request)
        except ValueError as problem:
            return error(400, "BAD_REQUEST", str(problem))
        words = {"Account": body.get("account"), "Username": body.get("login", "")}
        begun = self._begun({**words, "Password": body.get("password")})
        if isinstance(begun, Response):
            return begun
        return reply({"ID": begun, "User": self._sessions[begun].person})

    def _begun(self, body: dict[str, Any]) -> str | Response:
        """Begin a session and return its token, or the refusal."""
        person = self._person(body)
        if person is None:
            return error(401, "LOGIN_FAILED", "Unknown user or wrong password")
        if person is CAREFUL_PERSON and body.get("Code") != CODE:
            return error(401, "MFA_REQUIRED", "The code is missing or wrong")
        self.count += 1
        token = "s-" + token_for(self._world.seed, "session", self.count, length=24)
        self._sessions[token] = Session(person, time.monotonic() + self.session_s)
        return token

    def _person(self, body: dict[str, Any]) -> dict[str, str] | None:
        if body.get("Account") not in (None, "", ACCOUNT):
            return None
        pair = (body.get("Username", ""), body.get("Password"))
        if pair in ((LOGIN, PASSWORD), ("", self.token)):
            return PERSON
        return CAREFUL_PERSON if pair == (CAREFUL, PASSWORD) else None

    def _document(self, token: str, session: Session) -> dict[str, Any]:
        left_s = session.ends - time.monotonic()
        with self._world.at_now() as now:
            calendar = self._world.calendar
            times = {
                "Expires": calendar.stamp(now + left_s * calendar.speed),
                "LastAccess": calendar.stamp(now),
            }
        return {"ID": token, "User": session.person, "User.ID": session.person["ID"], **times}

    async def session(self, request: Request) -> Response:
        """Answer like the real one: a bad token is an anonymous session, not an error."""
        session = self._session_of(request)
        return reply(ANONYMOUS if session is None else self._document(self._token(request) or "", session))

    async def logout(self, request: Request) -> Response:
        self._sessions.pop(self._token(request) or "", None)
        return reply({})

    async def account(self, request: Request) -> Response:
        if request.path_params["account_id"] != ACCOUNT:
            return error(404, "NOT_FOUND", "There is no such account")
        base = f"{str(request.base_url).rstrip('/')}{PREFIX}"
        base = base if not base.endswith(PREFIX * 2) else base.removesuffix(PREFIX)
        return reply({"ID": ACCOUNT, "Name": "Demo", "Subdomain": ACCOUNT, "URL": {"Base": base}})
