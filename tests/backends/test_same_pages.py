"""A page of a list that comes as it came before is the very same jobs; told again, at a later time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from jobtui.backends.arcgis.client import ArcgisBackend
from jobtui.backends.base import Backend, Connection, Rows, Scope
from jobtui.backends.zendesk.client import ZendeskBackend
from jobtui.demo import DemoServer
from jobtui.model import Job, Kind, Source
from tests.backends.conftest import secret


@pytest.fixture
def quiet() -> Iterator[DemoServer]:
    """A demo in which nothing happens but what the test lets happen."""
    with DemoServer(seed=7, scenario="quiet") as demo:
        yield demo


def backend_of(kind: Kind, demo: DemoServer) -> Backend:
    at = demo.sources[kind.value]
    token = {"token": secret(at["token"])}
    if kind is Kind.ZENDESK:
        return ZendeskBackend(Source("desk", kind), Connection(at["base_url"], token, {"email": at["email"]}))
    url = "/".join([at["base_url"], at["org"], at["item"]])
    options = {"user": at["user"], "push": "false"}
    return ArcgisBackend(Source("field", kind), Connection(url, token, options))


async def listed(backend: Backend) -> tuple[list[Job], datetime]:
    """Read the list; gives its jobs, and when the last page of it was asked for."""
    jobs: list[Job] = []
    told_at = datetime.min.replace(tzinfo=UTC)
    async for page in backend.pages(Scope(datetime.now(UTC) - timedelta(days=1), 5_000, frozenset())):
        assert isinstance(page, Rows)
        jobs += page
        told_at = page.as_of
    return jobs, told_at


@pytest.mark.parametrize("kind", [Kind.ZENDESK, Kind.ARCGIS])
async def test_what_is_told_again_word_for_word_is_the_very_same_jobs(kind: Kind, quiet: DemoServer) -> None:
    backend = backend_of(kind, quiet)
    first, at_first = await listed(backend)
    again, at_last = await listed(backend)
    assert len(first) > 3
    assert at_last > at_first
    assert [id(job) for job in again] == [id(job) for job in first]
    assert all(job.as_of <= at_first for job in again), "who takes them over is told of their age beside them"
    await backend.aclose()


@pytest.mark.parametrize("kind", [Kind.ZENDESK, Kind.ARCGIS])
async def test_a_page_that_differs_in_one_job_is_read_anew(kind: Kind, quiet: DemoServer) -> None:
    backend = backend_of(kind, quiet)
    first, at_first = await listed(backend)
    if kind is Kind.ZENDESK:
        added = str(quiet.world.add_batch().batch_id)
    else:
        added = str(quiet.world.add_workflow_job("parallel").job_id)
    again, _ = await listed(backend)
    assert {job.ref.job_id for job in again} - {job.ref.job_id for job in first} == {added}
    assert all(job.as_of > at_first for job in again if job.ref.job_id == added)
    await backend.aclose()
