"""Three services as the oldest texts have them: no lists, no batches, no wrapping, no word too much.

Written from those texts alone. What they do not name answers 404 with a page, as a web server does.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from jobtui.demo.server import QuietServer, bound_socket, url_of

EMAIL, PASSWORD, TOKEN = "dana@acme.example", "correct horse", "tok-of-the-seeds"
ROOT = "/acme-org/item-1"
_T = "2026-09-14T08:02:11.418Z"


@dataclass
class Told:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    body: Any


def _action(status: str, progress: int, result: str = "") -> dict[str, Any]:
    return {
        "ID": 4711,
        "CreatedBy.Application": "NAVIGATOR",
        "CreatedByUser.ID": "u-7c1e",
        "Result": result,
        "Progress": progress,
        "Description": "Import of the parcels",
        "Status": status,
        "Created": _T,
        "Updated": "2026-09-14T08:02:20.000Z",
    }


def _status(job_id: str, status: str, done: int, results: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": job_id,
        "url": f"https://company.zendesk.com/api/v2/job_statuses/{job_id}.json",
        "total": 2,
        "progress": done,
        "status": status,
        "message": "Completed at Fri Apr 13 02:51:53 +0000 2012" if status == "completed" else "",
        "results": results,
    }


def _result(item: int, title: str, errors: str = "") -> dict[str, Any]:
    done = {"success": not errors, "status": "" if errors else "Updated"}
    return {"title": title, "action": "update", "errors": errors, "id": item, **done}


@dataclass
class World:
    """What the server knows; each reading of a job that is under way moves it on by one chapter."""

    reads_jobs: bool = True
    """Whether a Workflow Manager job can be read: the text only tells how to act on one."""
    requests: list[Told] = field(default_factory=list)
    action: list[dict[str, Any]] = field(
        default_factory=lambda: [
            _action("IN_PROGRESS", 35),
            _action("IN_PROGRESS", 70),
            _action("COMPLETE", 100, '{"FileName":"parcels.csv","Rows":12}'),
        ]
    )
    statuses: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {
            "8b72": [
                _status("8b72", "working", 1, [_result(380, "Whole bottle")]),
                _status("8b72", "completed", 2, [_result(380, "Whole bottle"), _result(90, "Printer")]),
            ],
            "9c01": [
                _status("9c01", "completed", 2, [_result(1, "A"), _result(2, "B", "Status: is closed")])
            ],
            "0d00": [_status("0d00", "killed", 1, [])],
        }
    )
    held: bool = False
    current: str = "s-1"

    def asked(self, method: str, path: str) -> list[Told]:
        """Give the requests of a method to a path."""
        return [told for told in self.requests if (told.method, told.path) == (method, path)]


def _next(chapters: list[dict[str, Any]]) -> dict[str, Any]:
    return chapters.pop(0) if len(chapters) > 1 else chapters[0]


class _Services:
    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        return [
            Route("/bruce/pendingAction/{id}", self.action, methods=["GET"]),
            Route("/bruce/pendingAction/{id}", self.cancel, methods=["DELETE"]),
            Route("/bruce/pendingAction/{id}/progressMessages", self.messages),
            Route("/api/v2/job_statuses/{id}.json", self.status),
            Route(ROOT + "/jobs/{id}/action", self.act, methods=["POST"]),
            Route(ROOT + "/jobs/{id}", self.job),
        ]

    async def action(self, request: Request) -> Response:
        known = request.path_params["id"] == "4711"
        return JSONResponse(_next(self._world.action)) if known else _no_page(request)

    async def cancel(self, request: Request) -> Response:
        if request.path_params["id"] != "4711":
            return _no_page(request)
        self._world.action[:] = [_action("IN_PROGRESS", 70), _action("CANCELLED", 70)]
        return Response(b"")  # the text shows no answer at all

    async def messages(self, request: Request) -> Response:
        rows = [("INFO", "Starting"), ("VERBOSE", "shard 3"), ("STATUS", "12 of 40 rows")]
        items = [
            {
                "PendingAction.ID": 4711,
                "ID": 900 + place,
                "CreatedBy.Application": "CSV",
                "Created": f"2026-09-14T08:0{place}:00.000Z",
                "Message.Type": kind,
                "Message": text,
            }
            for place, (kind, text) in enumerate(rows, start=1)
        ]
        return JSONResponse({"Items": items})

    async def status(self, request: Request) -> Response:
        pair = base64.b64encode(f"{EMAIL}:{PASSWORD}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            return JSONResponse({"error": "Couldn't authenticate you"}, 401)
        chapters = self._world.statuses.get(request.path_params["id"])
        return JSONResponse(_next(chapters)) if chapters else _no_page(request)

    async def job(self, request: Request) -> Response:
        if refusal := _without_token(request):
            return refusal
        world = self._world
        if not world.reads_jobs:
            return _no_page(request)
        step: dict[str, Any] = {
            "stepId": world.current,
            "stepName": f"Step {world.current}",
            "assignedType": "User",
        }
        step |= {"assignedTo": "dortiz", "canSkip": True, "manualHold": world.held}
        job: dict[str, Any] = {
            "jobId": request.path_params["id"],
            "jobName": "Parcel split",
            "jobStatus": "Open",
        }
        times = {"createdDate": _T, "startedDate": _T}
        return JSONResponse({**job, **times, "closed": False, "percentComplete": 40, "currentSteps": [step]})

    async def act(self, request: Request) -> Response:
        if refusal := _without_token(request):
            return refusal
        body = await request.json()
        kind, steps = body["type"], body.get("stepIds") or [self._world.current]
        status = "Success" if self._obeys(kind) else "Held"
        said = "The step was started running" if status == "Success" else "The step has a hold"
        rows = [{"stepId": step, "status": status, "statusDescription": said} for step in steps]
        return JSONResponse({"success": status == "Success", "stepResponses": rows})

    def _obeys(self, kind: str) -> bool:
        world = self._world
        if kind in ("Run", "Finish") and world.held:
            return False
        if kind in ("Hold", "ReleaseHold"):
            world.held = kind == "Hold"
        elif kind == "Finish":
            world.current = "s-2"
        return True


def _without_token(request: Request) -> Response | None:
    if request.query_params.get("token") == TOKEN:
        return None
    return JSONResponse({"error": {"message": "no token", "type": "InvalidTokenError"}}, 401)


def _no_page(_request: Request, _error: Exception | None = None) -> Response:
    return HTMLResponse("<html><head><title>Not Found</title></head><body>nginx</body></html>", 404)


async def _not_found(request: Request, error: Exception) -> Response:
    return _no_page(request, error)


def _app(world: World) -> Starlette:
    async def note(request: Request, ask: Callable[[Request], Awaitable[Response]]) -> Response:
        body = await request.json() if request.method == "POST" and await request.body() else None
        world.requests.append(Told(request.method, request.url.path, dict(request.query_params), body))
        return await ask(request)

    return Starlette(
        routes=_Services(world).routes(),
        middleware=[Middleware(BaseHTTPMiddleware, dispatch=note)],
        exception_handlers={404: _not_found, 405: _not_found},
    )


@contextmanager
def serving(world: World) -> Iterator[str]:
    """Serve on a port of the system's choice while the context lasts; gives the root address."""
    ready = threading.Event()
    sock = bound_socket()
    server = QuietServer(_app(world), ready.set)
    with sock:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        assert ready.wait(10.0)
        try:
            yield url_of(sock)
        finally:
            server.should_exit = True
            thread.join(10.0)


def write_config(path: Path, url: str) -> Path:
    """Write a private configuration of its three services."""
    path.write_text(
        f"""version = 1
[sources.tiles]
kind = "nextspace"
url = "{url}/bruce"
token = "any"
poll = "1s"
[sources.desk]
kind = "zendesk"
url = "{url}"
email = "{EMAIL}"
auth = "password"
password = "{PASSWORD}"
poll = "1s"
[sources.field]
kind = "arcgis"
url = "{url}{ROOT}"
user = "dortiz"
header = "query"
token = "{TOKEN}"
poll = "1s"
""",
        "utf-8",
    )
    path.chmod(0o600)
    return path
