"""Servers that allow less than the demo: fewer fields, no history, other paging, errors inside a 200."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from jobtui.backends.arcgis.client import ArcgisBackend
from jobtui.backends.arcgis.steps import NO_DIAGRAM, NO_HISTORY
from jobtui.backends.base import Connection, Scope
from jobtui.errors import BackendError, Forbidden, NoSuchJob, RequestRefused, ServerTrouble, SignInRefused
from jobtui.model import (
    Cause,
    Control,
    ControlRequest,
    Cursor,
    Job,
    JobRef,
    Kind,
    Parameters,
    Source,
    State,
    Verdict,
)
from tests.backends.arcgis.invented import NOW, current, entry, stamp
from tests.backends.arcgis.picky_server import Answer, Decide, picky_server

SCOPE = Scope(NOW - timedelta(days=1), 1_000)
REFUSED: Answer = (400, {"error": {"message": "no such field", "type": "BadRequest", "details": []}})
JOB = {
    "jobId": "j-1",
    "jobName": "Parcel split",
    "closed": False,
    "startedDate": stamp(-60),
    "currentSteps": [current("a")],
    "holds": [],
    "diagramId": "d-1",
    "diagramVersion": 1,
}
DIAGRAM = {"initialStepId": "a", "steps": [{"id": "a", "name": "Draw"}, {"id": "b", "name": "Check"}]}
HISTORY = {"jobHistory": [entry("Started", "a")]}
COMMENTS = {"jobComments": [{"comment": "Wait", "commentId": "c-1", "lastModified": stamp(-5)}]}


@asynccontextmanager
async def backend_at(decide: Decide, **options: str) -> AsyncIterator[ArcgisBackend]:
    with picky_server(decide) as root:
        made = ArcgisBackend(
            Source("field", Kind.ARCGIS), Connection(root, options=options, timeout_s=5.0), now=lambda: NOW
        )
        try:
            yield made
        finally:
            await made.aclose()


async def listed(backend: ArcgisBackend, scope: Scope = SCOPE) -> list[Job]:
    return [job async for page in backend.pages(scope) for job in page]


def parts(**answers: Answer) -> Decide:
    """A server with one job, some of whose parts answer otherwise."""
    usual: dict[str, Answer] = {
        "j-1": (200, JOB),
        "history": (200, HISTORY),
        "diagram": (200, DIAGRAM),
        "comments": (200, COMMENTS),
    }

    def decide(_method: str, path: str, _body: object) -> Answer:
        name = path.rpartition("/")[2]
        return answers.get("job", usual["j-1"]) if name == "j-1" else {**usual, **answers}[name]

    return decide


class Shelf:
    """A server with a shelf of jobs, that gives so many at once and knows only some fields."""

    def __init__(self, jobs: list[dict[str, Any]], fields: set[str], *, most: int = 1_000) -> None:
        self.jobs, self.fields, self.most = jobs, fields, most
        self.asked: list[Any] = []

    def __call__(self, _method: str, _path: str, body: Any) -> Answer:
        self.asked.append(body)
        fields = body.get("fields", ["jobId", "jobName"])
        sorts = [each["field"] for each in body.get("sortFields", [])]
        if not {*fields, *sorts} <= self.fields or body["num"] > self.most:
            return REFUSED
        closed = "closed=1" in body["q"]
        wanted = [job for job in self.jobs if job["closed"] is closed]
        start, end = body["start"], body["start"] + body["num"]
        return 200, {
            "fields": [{"name": name, "fieldType": "String"} for name in fields],
            "results": [[job.get(name) for name in fields] for job in wanted[start:end]],
            "start": start,
            "num": len(wanted[start:end]),
            "nextStart": end if end < len(wanted) else -1,
        }


def jobs(count: int, *, closed: bool = False, every_min: float = 1.0) -> list[dict[str, Any]]:
    word = "closed" if closed else "open"
    return [
        {
            "jobId": f"{word}-{n}",
            "jobName": "J",
            "closed": closed,
            "endDate": stamp(-n * every_min) if closed else None,
        }
        for n in range(count)
    ]


ALL = {
    "jobId",
    "jobName",
    "jobStatus",
    "closed",
    "percentComplete",
    "startedDate",
    "endDate",
    "createdDate",
    "ownedBy",
    "currentStep",
    "jobTemplateName",
}


async def test_fields_that_a_server_rejects_do_not_cost_the_list_and_are_not_asked_for_again() -> None:
    shelf = Shelf(jobs(3), {"jobId", "jobName"})
    async with backend_at(shelf) as field:
        assert len(await listed(field)) == 3
        before = len(shelf.asked)
        assert len(await listed(field)) == 3
        opened = [body for body in shelf.asked[before:] if body["q"] == "closed=0"]
        assert [body["fields"] for body in opened] == [["jobId", "jobName"]]


async def test_a_server_that_knows_no_ends_is_not_asked_for_every_job_ever_closed() -> None:
    shelf = Shelf(jobs(2) + jobs(500, closed=True), {"jobId", "jobName"})
    async with backend_at(shelf) as field:
        assert [job.ref.job_id for job in await listed(field)] == ["open-0", "open-1"]


@pytest.mark.parametrize("known", [False, True])
async def test_closed_jobs_that_tell_no_end_do_not_hide_those_that_ended_lately(known: bool) -> None:
    cancelled = [
        {**job, "jobId": f"cancelled-{n}", "endDate": None, "startedDate": stamp(-60 if known else -100_000)}
        for n, job in enumerate(jobs(60, closed=True))
    ]
    shelf = Shelf(cancelled + jobs(2, closed=True), ALL, most=50)
    ids = frozenset(job["jobId"] for job in cancelled if known)
    async with backend_at(shelf) as field:
        found = await listed(field, Scope(SCOPE.ended_since, 1_000, ids))
    assert {"closed-0", "closed-1"} <= {job.ref.job_id for job in found}


async def test_closed_jobs_are_not_looked_through_for_ever() -> None:
    shelf = Shelf(
        [{**job, "endDate": None, "startedDate": stamp(-100_000)} for job in jobs(5_000, closed=True)],
        ALL,
        most=50,
    )
    async with backend_at(shelf) as field:
        assert await listed(field) == []
    assert len(shelf.asked) < 50


async def test_a_list_is_read_in_as_many_pages_as_the_server_makes_of_it() -> None:
    shelf = Shelf(jobs(130), ALL | {"endDate"}, most=50)
    async with backend_at(shelf) as field:
        assert len(await listed(field)) == 130
        assert [body["start"] for body in shelf.asked if body["q"] == "closed=0" and body["num"] == 50] == [
            0,
            50,
            100,
        ]
        assert len(await listed(field, Scope(SCOPE.ended_since, 60))) == 60


async def test_closed_jobs_are_read_until_they_ended_before_the_scope() -> None:
    shelf = Shelf(jobs(300, closed=True, every_min=20), ALL, most=50)
    async with backend_at(shelf) as field:
        found = await listed(field)
        assert len(found) == 73
        assert all(job.ended for job in found)
        starts = [body["start"] for body in shelf.asked if body["q"] == "closed=1" and body["num"] == 50]
        assert starts == [0, 50]


async def test_closed_jobs_known_already_end_the_paging() -> None:
    shelf = Shelf(jobs(300, closed=True, every_min=1), ALL, most=50)
    known = frozenset(f"closed-{n}" for n in range(50))
    async with backend_at(shelf) as field:
        assert len(await listed(field, Scope(SCOPE.ended_since, 1_000, known))) == 50


async def test_a_query_that_the_server_cannot_read_is_told_in_its_words() -> None:
    async with backend_at(lambda *_: REFUSED, query="nonsense") as field:
        with pytest.raises(RequestRefused, match="no such field"):
            await listed(field)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((404, {}), NoSuchJob),
        ((403, {}), Forbidden),
        ((200, {"error": {"code": 498, "message": "Invalid token"}}), SignInRefused),
        ((400, {"error": {"code": 499, "message": "Token required"}}), SignInRefused),
        ((200, {"error": {"code": 500, "message": "Server busy"}}), ServerTrouble),
    ],
)
async def test_an_error_is_what_its_body_means(answer: Answer, error: type[BackendError]) -> None:
    async with backend_at(lambda *_: answer) as field:
        with pytest.raises(error):
            await field.identity()
        with pytest.raises(error):
            await listed(field)
        with pytest.raises(error):
            await field.get("j-1")
        with pytest.raises(error):
            await field.messages("j-1", Cursor())


async def test_a_wrong_address_says_what_to_check() -> None:
    async with backend_at(lambda *_: (404, {})) as field:
        with pytest.raises(NoSuchJob, match="check organization and item"):
            await field.identity()


@pytest.mark.parametrize(
    "answer", [(403, {}), (404, {}), (200, b"<html>"), (200, {"success": False}), REFUSED]
)
async def test_a_missing_history_or_diagram_does_not_cost_the_job(answer: Answer) -> None:
    async with backend_at(parts(history=answer)) as field:
        found = await field.get("j-1")
        assert found.job.warnings == (NO_HISTORY,)
        assert [(step.id, step.state) for step in found.current_steps()] == [("a", State.WAITING)]
        assert [each.text for each in (await field.messages("j-1", Cursor())).messages] == ["Wait"]
    async with backend_at(parts(diagram=answer)) as field:
        found = await field.get("j-1")
        assert found.job.warnings == (NO_DIAGRAM,)
        assert found.job.state is State.RUNNING
    async with backend_at(parts(comments=answer)) as field:
        assert [each.text for each in (await field.messages("j-1", Cursor())).messages] == [
            "step “Draw” started"
        ]


async def test_a_job_whose_history_cannot_be_read_just_now_is_not_half_told() -> None:
    async with backend_at(parts(history=(500, {}))) as field:
        with pytest.raises(ServerTrouble):
            await field.get("j-1")
        with pytest.raises(ServerTrouble):
            await field.messages("j-1", Cursor())


async def test_a_new_version_of_the_diagram_is_read_anew() -> None:
    version = 1

    def decide(_method: str, path: str, _body: object) -> Answer:
        name = path.rpartition("/")[2]
        if name == "diagram":
            return 200, {"steps": [{"id": "a", "name": f"Draw {version}"}]}
        return 200, HISTORY if name == "history" else {**JOB, "diagramVersion": version, "currentSteps": []}

    async with backend_at(decide) as field:
        assert [step.title for step in (await field.get("j-1")).steps] == ["Draw 1"]
        version = 2
        assert [step.title for step in (await field.get("j-1")).steps] == ["Draw 2"]


RUN = ControlRequest(Control.RUN, JobRef("field", "j-1"), NOW, Parameters(("a",)))


@pytest.mark.parametrize(
    ("answer", "verdict", "cause"),
    [
        ((200, {"success": True}), Verdict.ACCEPTED, None),
        (
            (200, {"success": True, "stepResponses": [{"stepId": "a", "status": "Held"}]}),
            Verdict.REFUSED,
            Cause.SERVER,
        ),
        ((200, {"error": {"code": 498, "message": "Invalid"}}), Verdict.REFUSED, Cause.SIGN_IN),
        ((200, {"error": {"message": "No right to do so"}}), Verdict.REFUSED, Cause.SERVER),
        ((400, {"success": False, "stepResponses": [{"status": "Held"}]}), Verdict.REFUSED, Cause.SERVER),
        ((409, {}), Verdict.REFUSED, Cause.SERVER),
        ((403, {}), Verdict.REFUSED, Cause.SIGN_IN),
        ((404, {}), Verdict.REFUSED, Cause.NO_SUCH_JOB),
        ((503, {}), Verdict.UNKNOWN, None),
        ((200, {}), Verdict.UNKNOWN, None),
        ((200, b"done"), Verdict.UNKNOWN, None),
    ],
)
async def test_a_control_is_asked_once_and_ends_as_the_answer_means(
    answer: Answer, verdict: Verdict, cause: Cause | None
) -> None:
    asked: list[object] = []

    def decide(_method: str, path: str, body: object) -> Answer:
        asked.append((path, body))
        return answer

    async with backend_at(decide) as field:
        outcome = await field.control(RUN)
    assert (outcome.verdict, outcome.cause, outcome.sent) == (verdict, cause, True)
    assert (outcome.reason is None) is (verdict is Verdict.ACCEPTED)
    assert asked == [("jobs/j-1/action", {"type": "Run", "stepIds": ["a"]})]


async def test_sign_in_at_a_portal_says_that_a_token_is_needed() -> None:
    async with backend_at(lambda *_: (200, {}), portal="https://portal.example.com") as field:
        with pytest.raises(SignInRefused, match="set token"):
            await field.identity()
        outcome = await field.control(RUN)
    assert (outcome.verdict, outcome.sent, outcome.cause) == (Verdict.REFUSED, False, Cause.SIGN_IN)
