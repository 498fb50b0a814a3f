"""Controls of several jobs: one at a time, each with its own intent, within budgets, stopped by a word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jobtui.errors import JournalError
from jobtui.journal.journal import Journal
from jobtui.model import Control, JobRef, State, Verdict
from jobtui.monitor.bulk import Asked, Bulk
from jobtui.monitor.monitor import Monitor
from tests.conftest import until
from tests.factory import a_job
from tests.monitor.scripted import Scripted, monitor_of


@pytest.fixture
def server() -> Scripted:
    return Scripted()


@pytest.fixture
async def monitor(server: Scripted, tmp_path: Path) -> AsyncIterator[Monitor]:
    made = monitor_of(server, tmp_path / "journal.sqlite3")
    yield made
    await made.stop()


def asked_of(monitor: Monitor, refs: list[JobRef]) -> list[Asked]:
    return [Asked(monitor.propose(Control.CANCEL, ref).request) for ref in refs]


def nothing() -> None:
    """Draw nothing."""


async def test_each_is_in_the_journal_before_it_leaves_and_they_leave_one_after_the_other(
    server: Scripted, monitor: Monitor, tmp_path: Path
) -> None:
    refs = [server.has(a_job(str(number))) for number in range(4)]
    under_way = 0
    written: list[int] = []

    async def sending() -> None:
        nonlocal under_way
        under_way += 1
        assert under_way == 1
        journal = Journal(tmp_path / "journal.sqlite3")
        written.append(len(journal.audit()))
        journal.close()
        await asyncio.sleep(0.01)
        under_way -= 1

    server.sending = sending
    bulk = Bulk(monitor, asked_of(monitor, refs))
    await bulk.run(nothing)
    assert [outcome.verdict for outcome in bulk.outcomes] == [Verdict.ACCEPTED] * 4
    assert [outcome.request.ref for outcome in bulk.outcomes] == refs
    assert written == [1, 2, 3, 4], "the intents of later ones are not written before their turn"


async def test_what_is_stopped_between_two_is_not_sent(server: Scripted, monitor: Monitor) -> None:
    refs = [server.has(a_job(str(number))) for number in range(12)]
    bulk = Bulk(monitor, asked_of(monitor, refs))

    async def stop_at_the_fifth() -> None:
        if server.sent == 5:
            bulk.stop()

    server.sending = stop_at_the_fifth
    await bulk.run(nothing)
    assert server.sent == len(bulk.outcomes) == 5
    assert [asked.request.ref for asked in bulk.left] == refs[5:]


async def test_a_refusal_in_the_midst_does_not_end_the_rest(server: Scripted, monitor: Monitor) -> None:
    refs = [server.has(a_job(str(number))) for number in range(3)]
    asked = asked_of(monitor, refs)
    asked[1] = Asked(asked[1].request, lambda _: "somebody finished it")
    bulk = Bulk(monitor, asked)
    await bulk.run(nothing)
    assert [(one.verdict, one.sent) for one in bulk.outcomes] == [
        (Verdict.ACCEPTED, True),
        (Verdict.REFUSED, False),
        (Verdict.ACCEPTED, True),
    ]
    assert "somebody finished it" in str(bulk.outcomes[1].reason)


async def test_what_cannot_be_written_down_is_not_sent_and_said_of_each(
    server: Scripted, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise JournalError("disk full")

    monkeypatch.setattr(Journal, "asked", full)
    refs = [server.has(a_job(str(number))) for number in range(3)]
    bulk = Bulk(monitor, asked_of(monitor, refs))
    await bulk.run(nothing)
    assert server.sent == 0
    assert all("disk full" in str(outcome.reason) for outcome in bulk.outcomes)


async def test_the_budget_is_waited_for_and_that_can_be_stopped(server: Scripted, tmp_path: Path) -> None:
    monitor = monitor_of(server, tmp_path / "journal.sqlite3", budget=10)
    refs = [server.has(a_job(str(number))) for number in range(12)]
    bulk = Bulk(monitor, asked_of(monitor, refs))
    seen: list[str | None] = []
    sending = asyncio.create_task(bulk.run(lambda: seen.append(bulk.waits_for)))
    await until(lambda: bulk.waits_for == "tiles", what="no room is left")
    assert 0 < server.sent < 6
    assert "tiles" in seen
    bulk.stop()
    async with asyncio.timeout(10):
        await sending
    assert len(bulk.outcomes) == server.sent
    await monitor.stop()


async def test_jobs_that_ended_meanwhile_are_refused_by_the_reading_before(
    server: Scripted, monitor: Monitor
) -> None:
    ref = server.has(a_job("1"))
    bulk = Bulk(monitor, [Asked(monitor.propose(Control.CANCEL, ref).request, _must_run)])
    server.has(a_job("1", state=State.SUCCEEDED, raw_state="COMPLETE", ended=True))
    await bulk.run(nothing)
    assert server.sent == 0
    assert "ended" in str(bulk.outcomes[0].reason)


def _must_run(detail: object) -> str | None:
    job = getattr(detail, "job", None)
    return None if job is not None and not job.ended else "it has ended"
