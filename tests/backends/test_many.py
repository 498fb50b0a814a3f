"""Several jobs at once: what is wrong with one stays with it, what is wrong with the source is raised."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from jobtui.backends.arcgis.client import ArcgisBackend
from jobtui.backends.base import Backend, Connection
from jobtui.backends.nextspace.client import NextspaceBackend
from jobtui.errors import (
    BackendError,
    Forbidden,
    NoSuchJob,
    RateLimited,
    RequestRefused,
    ServerTrouble,
    SignInRefused,
    UnexpectedReply,
)
from jobtui.model import Kind, Source
from tests.backends.arcgis.picky_server import Answer, picky_server
from tests.backends.conftest import secret

RECORDS: dict[Kind, object] = {
    Kind.NEXTSPACE: {"ID": 1, "Status": "IN_PROGRESS", "Progress": 5},
    Kind.ARCGIS: {"jobId": "1", "jobName": "Parcel split", "currentSteps": [], "closed": False},
}
KINDS = sorted(RECORDS)


@asynccontextmanager
async def backend_at(kind: Kind, answers: dict[str, Answer]) -> AsyncIterator[Backend]:
    """A backend at a server that answers by the id in the path, job 1 well."""

    def decide(_method: str, path: str, _body: object) -> Answer:
        job_id = path.split("/")[1]
        return (200, RECORDS[kind]) if job_id == "1" else answers[job_id]

    made = {Kind.NEXTSPACE: NextspaceBackend, Kind.ARCGIS: ArcgisBackend}[kind]
    with picky_server(decide) as root:
        backend: Backend = made(Source("tried", kind), Connection(root, {"token": secret()}, timeout_s=5.0))
        try:
            yield backend
        finally:
            await backend.aclose()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ((403, {}), Forbidden),
        ((200, b"no json"), UnexpectedReply),
        ((422, {}), RequestRefused),
        ((500, {}), ServerTrouble),
    ],
)
async def test_a_job_that_cannot_be_read_costs_no_other_job(
    kind: Kind, reply: Answer, error: type[BackendError]
) -> None:
    async with backend_at(kind, {"2": reply, "3": (404, {})}) as backend:
        many = await backend.get_many(["1", "2", "3", "2"])
    assert [job.ref.job_id for job in many.found] == ["1"]
    assert many.missing == ("3",)
    assert [(job_id, type(why)) for job_id, why in many.failed.items()] == [("2", error)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "error"),
    [(401, SignInRefused), (429, RateLimited), (501, ServerTrouble)],
)
async def test_what_is_wrong_with_the_whole_source_stands_beside_what_was_told_before(
    kind: Kind, status: int, error: type[BackendError]
) -> None:
    async with backend_at(kind, {"2": (status, {})}) as backend:
        many = await backend.get_many(["1", "2"])
        assert [job.ref.job_id for job in many.found] == ["1"]
        assert isinstance(many.error, error)
        assert many.missing == ()
        with pytest.raises(error):
            await backend.get_many(["2"])


async def test_a_job_that_nobody_knows_is_missing_and_has_not_failed() -> None:
    async with backend_at(Kind.NEXTSPACE, {"2": (404, {})}) as backend:
        many = await backend.get_many(["2"])
        with pytest.raises(NoSuchJob):
            await backend.get("2")
    assert (many.found, many.missing, dict(many.failed)) == ((), ("2",), {})
