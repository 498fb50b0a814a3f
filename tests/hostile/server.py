"""Three services that say every hostile text: one job for each in the lists, and jobs that hold them all."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from jobtui.demo.server import QuietServer, bound_socket, url_of
from tests.hostile.corpus import Case
from tests.hostile.wire import fields, filled, is_id

ROOT = "/acme-org/item-1"
PACKED = 1
"""The id of the jobs that hold every case."""
FREE = "s-0"
"""The step of such a job that is current and held by nobody."""
HARMLESS = "harmless words"
_LISTED = 1_000
_KINDS = 3
_LONGEST_ID = 200
"""Characters of a case in an id: a longer address would not arrive."""


def tag(number: int) -> str:
    """Name a case where it is drawn, so that what it breaks can be laid to it."""
    return f"c{number:03d}"


def _step_id(number: int, text: str = "") -> str:
    return f"{tag(number)} {text}"


def _short(text: str) -> str:
    """Cut a text of which else pages of a tree would be filled with rows that are all alike."""
    return "\n".join(text[:200].split("\n")[:5])


def _number(request: Request) -> int:
    return int(str(request.path_params["id"]).split(" ")[0])


def _reply(value: object, status: int = 200) -> Response:
    # The texts hold halves of characters, which only the escapes of JSON can carry.
    return Response(json.dumps(value), status, media_type="application/json")


class World:
    """What the services know."""

    def __init__(
        self,
        texts: Sequence[str],
        open_texts: Sequence[str] = (),
        *,
        answers: Sequence[Case] = (),
        odd_ids: bool = False,
    ) -> None:
        """``texts`` are the cases, by number; ``open_texts`` are names of jobs that can be cancelled;
        ``answers`` are what further jobs, numbered on, answer with when they are read whole; with
        ``odd_ids`` the listed jobs have their cases as ids too, where a kind's ids are texts."""
        self.texts = texts
        self.open_texts = open_texts
        self.answers = answers
        self.odd_ids = odd_ids
        self.read: set[int] = set()
        """The numbers of the listed jobs that were read whole."""
        self.now = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.refusals = itertools.cycle(texts)
        """What controls are refused with, one after the other."""

    def routes(self) -> list[Route]:
        """List the routes of all services."""
        job = ROOT + "/jobs/{id:path}"  # an id may hold slashes, escaped
        return [
            Route("/bruce/pendingActions", self.actions),
            Route("/bruce/pendingAction/{id}", self.action, methods=["GET"]),
            Route("/bruce/pendingAction/{id}", self.refused_action, methods=["DELETE"]),
            Route("/bruce/pendingAction/{id}/progressMessages", self.messages),
            Route("/api/v2/job_statuses.json", self.statuses),
            Route("/api/v2/job_statuses/{id:path}.json", self.status),
            Route(ROOT + "/jobs/search", self.search, methods=["POST"]),
            Route(job + "/history", self.history),
            Route(job + "/comments", self.comments),
            Route(job + "/diagram", self.diagram),
            Route(job + "/action", self.refused_step, methods=["POST"]),
            Route(job, self.job),
        ]

    def _of_kind(self, kind: int) -> list[int]:
        count = len(self.texts) + len(self.answers)
        return [number for number in range(count) if number % _KINDS == kind]

    def _named(self, job_id: int) -> tuple[str, str]:
        """Give tag and text of a listed job."""
        number = job_id - _LISTED
        if 0 <= number < len(self.texts):
            return f"{tag(number)} {self.texts[number]}", self.texts[number]
        return (HARMLESS if number < 0 else f"{tag(number)} {HARMLESS}"), ""

    def _id(self, job_id: int) -> str:
        """Give the id of a job as a text."""
        number = job_id - _LISTED
        is_odd = self.odd_ids and 0 <= number < len(self.texts)
        return f"{job_id} {self.texts[number][:_LONGEST_ID]}" if is_odd else str(job_id)

    def _whole(self, job_id: int, document: Any) -> Response:
        """Answer with a job as it is, or with what it has in its place."""
        number = job_id - _LISTED
        self.read.add(number)
        if number < len(self.texts):
            return _reply(document)
        case = self.answers[number - len(self.texts)]
        if case.make_body is not None:
            return Response(case.make_body(), media_type="application/json")
        plain_document = json.dumps(document)
        ways = tuple(way for way in fields(plain_document) if not is_id(way))
        return Response(filled(plain_document, ways, case.json), media_type="application/json")

    # --- nextspace ------------------------------------------------------------------------------------
    def _action(self, job_id: int, *, whole: bool = True) -> dict[str, Any]:
        title, text = self._named(job_id)
        document = {"ID": job_id, "Description": title, "Created": self.now, "Updated": self.now}
        spoken = dict.fromkeys(("CreatedBy.Application", "CreatedByUser.ID", "JobName", "Warning"), text)
        place = job_id - PACKED - 1
        if 0 <= place < len(self.open_texts):
            spoken = dict.fromkeys(spoken, self.open_texts[place])
            document["Description"] = f"open{place} {self.open_texts[place]}"
        if job_id < _LISTED:
            result = {f"{tag(n)} {one}": one[:5_000] for n, one in enumerate(self.texts)} if whole else {}
            return {**document, **spoken, "Status": "IN_PROGRESS", "Progress": 35, "Result": result}
        ended = {"Status": "COMPLETE", "Completed": self.now, "Result": {"Output": text}, "Errors": [text]}
        return {**document, **spoken, **ended}

    async def actions(self, request: Request) -> Response:
        listed = [_LISTED + number for number in self._of_kind(0)]
        ids = [PACKED + place for place in range(1 + len(self.open_texts))] + listed
        start = int(request.query_params.get("StartIndex", 0))
        rows = ids[start : start + int(request.query_params.get("Amount", 50))]
        return _reply({"Items": [self._action(each, whole=False) for each in rows]})

    async def action(self, request: Request) -> Response:
        job_id = _number(request)
        return self._whole(job_id, self._action(job_id, whole=job_id == PACKED))

    async def messages(self, request: Request) -> Response:
        texts = self.texts if request.path_params["id"] == str(PACKED) else [HARMLESS]
        rows = [
            {
                "ID": number,
                "Created": self.now,
                "Message.Type": ("ERROR", "STATUS", text)[number % 3],
                "Message": f"{tag(number)} {text}",
                "CreatedBy.Application": text,
            }
            for number, text in enumerate(texts)
        ]
        start = int(request.query_params.get("StartIndex", 0))
        return _reply({"Items": rows[start : start + int(request.query_params.get("Amount", 30))]})

    async def refused_action(self, request: Request) -> Response:
        text = next(self.refusals)
        return _reply({"ERROR": {"Type": text, "Message": text}}, 400)

    # --- zendesk --------------------------------------------------------------------------------------
    def _status(self, job_id: int) -> dict[str, Any]:
        title, text = self._named(job_id)
        items = [(0, text)] if job_id != PACKED else list(enumerate(map(_short, self.texts)))
        rows = [
            {
                "index": number,
                "success": False,
                "title": f"{tag(number)} {one}",
                "error": one,
                "details": one,
                "action": one,
                "email": one,
            }
            for number, one in items
        ]
        ended = {"status": "completed", "message": text, "progress": len(rows), "total": len(rows)}
        return {"id": self._id(job_id), "job_type": title, "results": rows, **ended}

    async def statuses(self, request: Request) -> Response:
        ids = [PACKED, *(_LISTED + number for number in self._of_kind(1))]
        return _reply({"job_statuses": [self._status(each) for each in ids]})

    async def status(self, request: Request) -> Response:
        job_id = _number(request)
        return self._whole(job_id, {"job_status": self._status(job_id)})

    # --- arcgis ---------------------------------------------------------------------------------------
    async def search(self, request: Request) -> Response:
        body = await request.json()
        is_closed = "closed=1" in body["q"]
        ids = [_LISTED + number for number in self._of_kind(2)] if is_closed else [PACKED]
        ids = ids[body["start"] : body["start"] + body["num"]]
        rows = [[self._job(each).get(name) for name in body["fields"]] for each in ids]
        fields = [{"name": name, "fieldType": "String"} for name in body["fields"]]
        return _reply({"fields": fields, "results": rows, "start": body["start"], "nextStart": -1})

    def _job(self, job_id: int) -> dict[str, Any]:
        title, text = self._named(job_id)
        is_packed = job_id == PACKED
        spoken = dict.fromkeys(("jobStatus", "ownedBy", "jobTemplateName", "priority", "description"), text)
        times = dict.fromkeys(("createdDate", "startedDate"), self.now)
        step = {"stepId": FREE, "stepName": self.texts[0], "assignedType": "User", "canSkip": True}
        steps = [{**step, "assignedTo": self.texts[0], "manualHold": False}] if is_packed else []
        holds = [
            {
                "holdId": f"h-{n}",
                "stepId": _step_id(n, one),
                "setBy": _short(one),
                "dependentJobId": one[:200] or "x",
            }
            for n, one in enumerate(self.texts if is_packed else [])
        ]
        ended = {"closed": not is_packed, "endDate": None if is_packed else self.now}
        document = {"jobId": self._id(job_id), "jobName": title, "percentComplete": 40, "diagramId": "d"}
        return {**document, **spoken, **times, **ended, "currentSteps": steps, "holds": holds}

    async def job(self, request: Request) -> Response:
        job_id = _number(request)
        return self._whole(job_id, self._job(job_id))

    def _packed(self, request: Request) -> list[tuple[int, str]]:
        return list(enumerate(self.texts)) if _number(request) == PACKED else []

    async def history(self, request: Request) -> Response:
        rows = [
            {
                "stepId": _step_id(n, one),
                "username": one,
                "action": _short(one) or "Started",
                "date": self.now,
            }
            for n, one in self._packed(request)
        ]
        return _reply({"jobHistory": rows})

    async def comments(self, request: Request) -> Response:
        rows = [
            {"commentId": f"k-{n}", "comment": f"{tag(n)} {one}", "lastModifiedBy": one}
            for n, one in self._packed(request)
        ]
        return _reply({"jobComments": [{**row, "lastModified": self.now} for row in rows]})

    async def diagram(self, request: Request) -> Response:
        steps = [
            {
                "id": _step_id(n, one),
                "name": f"{tag(n)} {one}",
                "action": {"actionType": one},
                "canSkip": True,
                "paths": [{"nextStep": _step_id(n + 1, *self.texts[n + 1 : n + 2]), "label": one}],
            }
            for n, one in self._packed(request)
        ]
        first = {"id": FREE, "name": HARMLESS, "paths": [{"nextStep": _step_id(0, *self.texts[:1])}]}
        return _reply({"diagramId": "d", "initialStepId": FREE, "steps": [first, *steps]})

    async def refused_step(self, request: Request) -> Response:
        text = next(self.refusals)
        row = {"stepId": FREE, "status": text, "statusDescription": text}
        return _reply({"success": False, "stepResponses": [row]})


@contextmanager
def serving(world: World) -> Iterator[str]:
    """Serve on a port of the system's choice while the context lasts; gives the root address."""
    ready = threading.Event()
    sock = bound_socket()
    server = QuietServer(Starlette(routes=world.routes()), ready.set)
    with sock:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        assert ready.wait(10.0)
        try:
            yield url_of(sock)
        finally:
            server.should_exit = True
            thread.join(10.0)


def write_config(path: Path, url: str, *, share: Path | None = None) -> Path:
    """Write a private configuration of the three services, each asked once in a long while.

    With ``share`` files go into that folder.
    """
    shared = f"share = {{ folder = {json.dumps(str(share))} }}\n" if share is not None else ""
    often = 'token = "any"\npoll = "600s"\nbudget = 6000\n'
    path.write_text(
        f'version = 1\n{shared}[sources.tiles]\nkind = "nextspace"\nurl = "{url}/bruce"\n{often}'
        f'[sources.desk]\nkind = "zendesk"\nurl = "{url}"\nemail = "a@acme.example"\n{often}'
        f'[sources.field]\nkind = "arcgis"\nurl = "{url}{ROOT}"\nuser = "dortiz"\npush = false\n{often}',
        "utf-8",
    )
    path.chmod(0o600)
    return path
