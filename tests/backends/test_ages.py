"""How old an answer is: as old as its question, for the server may have looked at once and spoken late."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import pytest

from jobtui.backends.arcgis.client import ArcgisBackend
from jobtui.backends.base import Backend, Connection, Scope
from jobtui.backends.nextspace.client import NextspaceBackend
from jobtui.backends.zendesk.client import ZendeskBackend
from jobtui.model import Job, Kind, Source
from tests.backends.arcgis.picky_server import Answer, picky_server
from tests.backends.conftest import secret

MAKERS: dict[Kind, Callable[[Source, Connection], Backend]] = {
    Kind.NEXTSPACE: NextspaceBackend,
    Kind.ZENDESK: ZendeskBackend,
    Kind.ARCGIS: ArcgisBackend,
}
WHOLE: dict[Kind, object] = {
    Kind.NEXTSPACE: {"ID": 1, "Status": "IN_PROGRESS", "Progress": 5},
    Kind.ZENDESK: {"job_status": {"id": "1", "status": "working"}},
    Kind.ARCGIS: {"jobId": "1", "jobName": "Parcel split", "currentSteps": [], "closed": False},
}
LISTED: dict[Kind, object] = {
    Kind.NEXTSPACE: {"Items": [WHOLE[Kind.NEXTSPACE]], "TotalCount": 1},
    Kind.ZENDESK: {"job_statuses": [{"id": "1", "status": "working"}]},
    Kind.ARCGIS: {"fields": ["job_id"], "results": [["1"]]},
}


async def read_one(backend: Backend) -> Job:
    return (await backend.get("1")).job


async def read_many(backend: Backend) -> Job:
    return (await backend.get_many(["1"])).found[0]


async def read_page(backend: Backend) -> Job:
    async with aclosing(backend.pages(Scope(datetime.now(UTC) - timedelta(days=1), 10))) as pages:  # type: ignore[type-var]
        page = await anext(pages)
    return page[0]


@pytest.mark.parametrize("kind", sorted(MAKERS))
@pytest.mark.parametrize("read", [read_one, read_many, read_page])
async def test_a_job_is_as_old_as_the_question(kind: Kind, read: Callable[[Backend], object]) -> None:
    arrived: list[datetime] = []

    def decide(_method: str, path: str, _body: object) -> Answer:
        arrived.append(datetime.now(UTC))
        is_list = path.endswith(("pendingActions", "search", "show_many.json", "show_many", "job_statuses"))
        return 200, (LISTED if is_list or path.endswith("job_statuses.json") else WHOLE)[kind]

    with picky_server(decide) as root:
        connection = Connection(root, {"token": secret()}, {"email": "a@b.example"}, timeout_s=5.0)
        backend = MAKERS[kind](Source("tried", kind), connection)
        try:
            job = await read(backend)  # type: ignore[misc]
        finally:
            await backend.aclose()
    assert job.ref.job_id == "1"
    assert job.as_of <= arrived[0]
