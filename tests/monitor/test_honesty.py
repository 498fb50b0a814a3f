"""What must hold when answers come late, halfway or never: found by review, kept by these."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jobtui.backends.base import ManyJobs
from jobtui.errors import Forbidden, JournalError, Unreachable
from jobtui.journal.journal import Batch
from jobtui.model import Control, Flag, Job, Kind, Progress, State, Verdict
from jobtui.monitor.cadence import RHYTHMS
from jobtui.monitor.events import Event, Link
from jobtui.monitor.monitor import Monitor
from tests import factory
from tests.conftest import until
from tests.monitor.scripted import Scripted, monitor_of

BRIEF = frozenset({Flag.BRIEF})


def a_job(job_id: str, **fields: Any) -> Job:
    """Make a job known just now."""
    return factory.a_job(job_id, as_of=datetime.now(UTC), **fields)


@pytest.fixture
def backend() -> Scripted:
    return Scripted()


@pytest.fixture
async def monitor(backend: Scripted, tmp_path: Path) -> AsyncIterator[Monitor]:
    made = monitor_of(backend, tmp_path / "journal.db")
    yield made
    await end(made)


async def end(monitor: Monitor) -> None:
    """Stop a monitor and close its journal, as its owner would."""
    await monitor.stop()
    monitor._journal.close()


def known(monitor: Monitor, job: Job) -> Job:
    found = monitor.store.get(job.ref)
    assert found is not None
    return found


async def test_one_job_that_cannot_be_read_does_not_blind_its_source(
    backend: Scripted, monitor: Monitor
) -> None:
    good, bad = a_job("1", flags=BRIEF), a_job("2", flags=BRIEF)
    backend.listed = [good, bad]
    backend.jobs = {"1": a_job("1", owner="dortiz"), "2": a_job("2")}
    backend.faults["2"] = Forbidden("tiles", "not yours")
    await monitor.start()
    await until(lambda: monitor.store.get(good.ref) and known(monitor, good).owner == "dortiz")
    await until(lambda: monitor.health("tiles").link in (Link.LIVE, Link.SLOW))
    rounds = backend.asked.count("list")
    await until(lambda: backend.asked.count("list") > rounds + 3)
    assert backend.asked.count("2") == 1, "it is left alone for a while"


async def test_giving_up_before_the_sending_sends_nothing(backend: Scripted, monitor: Monitor) -> None:
    reading = asyncio.Event()
    go_on = asyncio.Event()

    async def wait() -> None:
        reading.set()
        await go_on.wait()

    ref = backend.has(a_job("1"))
    backend.before_get = wait
    request = monitor.propose(Control.CANCEL, ref).request
    task = asyncio.create_task(monitor.carry_out(request))
    await reading.wait()
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert backend.sent == 0
    standing = monitor.standing(request)
    assert (standing.verdict, standing.sent) == (Verdict.REFUSED, False)


async def test_the_same_control_twice_at_once_is_sent_once(backend: Scripted, monitor: Monitor) -> None:
    ref = backend.has(a_job("1"))
    request = monitor.propose(Control.CANCEL, ref).request
    outcomes = await asyncio.gather(monitor.carry_out(request), monitor.carry_out(request))
    assert backend.sent == 1
    assert sorted(outcome.sent for outcome in outcomes) == [False, True]


async def test_whatever_breaks_while_sending_is_an_unknown_outcome(
    backend: Scripted, monitor: Monitor
) -> None:
    async def break_() -> None:
        raise RuntimeError("a bug with a secret in it")

    ref = backend.has(a_job("1"))
    backend.sending = break_
    outcome = await monitor.carry_out(monitor.propose(Control.CANCEL, ref).request)
    assert (outcome.verdict, outcome.sent) == (Verdict.UNKNOWN, True)
    assert "secret" not in str(outcome.reason)
    backend.has(a_job("1", state=State.CANCELLED, ended=True))
    assert (await monitor.wait_for_effect(outcome, 10)).verdict is Verdict.CONFIRMED


async def test_open_jobs_that_fell_off_a_full_list_are_still_asked_for(
    backend: Scripted, tmp_path: Path
) -> None:
    monitor = monitor_of(backend, tmp_path / "full.db", limit=2)
    refs = [backend.has(a_job(str(number))) for number in (1, 2)]
    await monitor.start()
    await until(lambda: len(monitor.store) == 2)
    backend.listed = []
    for ref in refs:
        backend.has(a_job(ref.job_id, state=State.FAILED, ended=True), listed=False)
    backend.has(a_job("3"))
    backend.has(a_job("4"))
    await until(lambda: all(job.state is State.FAILED for job in monitor.store if job.ref in refs))
    await end(monitor)


async def test_an_ended_job_that_a_list_still_gives_is_not_stale(backend: Scripted, monitor: Monitor) -> None:
    ended = a_job("1", state=State.FAILED, ended=True, why="disk full")
    backend.has(ended)
    await monitor.read(ended.ref)
    backend.listed = [replace(ended, flags=BRIEF, why=None)]
    await monitor.list_jobs("tiles")
    job = known(monitor, ended)
    assert Flag.STALE not in job.flags
    assert job.why == "disk full"


async def test_a_row_of_an_open_workflow_job_does_not_undo_its_state(tmp_path: Path) -> None:
    backend = Scripted(Kind.ARCGIS)
    monitor = monitor_of(backend, tmp_path / "arcgis.db")
    failed = a_job("1", state=State.FAILED, why="tool broke", raw_state="Ready")
    backend.has(failed, listed=False)
    await monitor.read(failed.ref)
    row = replace(failed, kind=Kind.ARCGIS, state=State.WAITING, raw_state="In review", why=None, flags=BRIEF)
    backend.listed = [row]
    backend.jobs.clear()
    backend.faults["1"] = Forbidden("tiles", "no")
    await monitor.list_jobs("tiles")
    job = known(monitor, failed)
    assert (job.state, job.why, job.raw_state) == (State.FAILED, "tool broke", "In review")
    await end(monitor)


async def test_an_answer_that_was_overtaken_is_neither_shown_nor_kept(
    backend: Scripted, monitor: Monitor, tmp_path: Path
) -> None:
    overtaken = asyncio.Event()
    ref = backend.has(a_job("1"))
    await monitor.read(ref)

    async def wait() -> None:
        await overtaken.wait()

    backend.before_get = wait
    reading = asyncio.create_task(monitor.read(ref))
    await until(lambda: backend.asked.count("1") == 2)
    backend.before_get = None
    backend.has(a_job("1", state=State.SUCCEEDED, ended=True))
    await monitor.list_jobs("tiles")
    overtaken.set()
    assert (await reading).job.state is State.SUCCEEDED
    assert known(monitor, a_job("1")).state is State.SUCCEEDED


async def test_how_a_job_stood_by_a_row_that_was_overtaken_is_part_of_its_history(tmp_path: Path) -> None:
    backend = Scripted(Kind.ZENDESK)
    monitor = monitor_of(backend, tmp_path / "desk.db")
    at = datetime.now(UTC)
    batch = factory.a_job(
        "1", kind=Kind.ZENDESK, as_of=at, raw_state="working", progress=Progress(0.9, 9, 10), owner="mia"
    )
    row = replace(
        batch, as_of=at - timedelta(seconds=3), progress=Progress(0.4, 4, 10), flags=BRIEF, owner=None
    )
    monitor._known.take_jobs("tiles", [batch], batch.as_of)
    monitor._known.take_jobs("tiles", [row], row.as_of)
    await monitor._known.recorder.caught_up()
    told = monitor._journal.past.told(batch.ref)
    assert [(each.progress, each.owner) for each in told] == [(row.progress, "mia"), (batch.progress, "mia")]
    assert known(monitor, batch) == batch
    await end(monitor)


async def test_zendesk_is_as_old_as_its_last_list(tmp_path: Path) -> None:
    backend = Scripted(Kind.ZENDESK)
    monitor = monitor_of(backend, tmp_path / "desk.db")
    backend.has(a_job("1", state=State.SUCCEEDED, ended=True))
    await monitor.start()
    await until(lambda: monitor.health("tiles").link in (Link.LIVE, Link.SLOW))
    first = monitor.health("tiles").fresh_at
    seen = monitor.health("tiles").next_at
    await until(lambda: monitor.health("tiles").next_at != seen)
    assert RHYTHMS[Kind.ZENDESK].list_every_s > 1
    assert backend.asked.count("list") == 1
    assert monitor.health("tiles").fresh_at == first
    await end(monitor)


async def test_an_abbreviated_ended_batch_is_read_whole_once(tmp_path: Path) -> None:
    backend = Scripted(Kind.ZENDESK)
    monitor = monitor_of(backend, tmp_path / "desk.db")
    ended = a_job("1", state=State.SUCCEEDED, raw_state="completed", ended=True)
    backend.has(replace(ended, state=State.PARTIAL, why="2 of 9 items failed"), listed=False)
    backend.listed = [replace(ended, kind=Kind.ZENDESK, flags=BRIEF)]
    await monitor.start()
    await until(lambda: monitor.store.get(ended.ref) and known(monitor, ended).state is State.PARTIAL)
    monitor.refresh()
    await until(lambda: backend.asked.count("list") >= 2)
    assert backend.asked.count("1") == 1
    await end(monitor)


async def test_a_forgotten_job_is_not_cancelling_and_nothing_waits_for_it(
    backend: Scripted, monitor: Monitor
) -> None:
    ref = backend.has(a_job("1"))
    await monitor.list_jobs("tiles")
    outcome = await monitor.carry_out(monitor.propose(Control.CANCEL, ref).request)
    backend.jobs.clear()
    backend.listed.clear()
    followed = await monitor.wait_for_effect(outcome, 10)
    assert "no longer knows" in str(followed.reason)
    assert known(monitor, a_job("1")).flags == {Flag.FORGOTTEN}


async def test_a_face_that_breaks_does_not_end_the_watching(backend: Scripted, tmp_path: Path) -> None:
    events: list[Event] = []
    monitor = monitor_of(backend, tmp_path / "face.db", events=events)

    def broken(event: Event) -> None:
        events.append(event)
        raise RuntimeError("a face fell over")

    monitor._known._publish = broken
    backend.has(a_job("1"))
    await monitor.start()
    await until(lambda: backend.asked.count("list") >= 3)
    assert len(events) >= 3
    await end(monitor)


async def test_what_the_journal_could_not_take_is_written_later(
    backend: Scripted, monitor: Monitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = monitor._journal
    keep, faults = journal.keep, [JournalError("disk full")]

    def sometimes(told: Batch) -> None:
        if faults:
            raise faults.pop()
        keep(told)

    monkeypatch.setattr(journal, "keep", sometimes)
    ref = backend.has(a_job("1"))
    await monitor.list_jobs("tiles")
    await until(lambda: monitor.journal_fault is not None)
    assert journal.job(ref) is None
    await until(lambda: journal.job(ref) is not None)
    await until(lambda: monitor.journal_fault is None)


async def test_a_journal_that_could_not_be_read_once_is_read_again(
    backend: Scripted, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = monitor._journal
    watched, faults = journal.watched, [JournalError("locked")]

    def sometimes(source: str | None = None) -> object:
        if faults:
            raise faults.pop()
        return watched(source)

    ref = backend.has(a_job("7"), listed=False)
    await monitor.add(ref)
    monkeypatch.setattr(journal, "watched", sometimes)
    with pytest.raises(JournalError):
        await monitor.load()
    await monitor.load()
    assert monitor.store.get(ref) is not None


async def test_looking_for_effects_costs_one_question_a_job(backend: Scripted, monitor: Monitor) -> None:
    refs = [backend.has(a_job(str(number))) for number in range(5)]
    for ref in refs:
        await monitor.carry_out(monitor.propose(Control.CANCEL, ref).request)
    before = len(backend.asked)
    await asyncio.sleep(1.2)
    looked = [asked for asked in backend.asked[before:] if asked != "list"]
    assert len(looked) <= 3 * len(refs)


async def test_what_may_never_have_arrived_is_not_confirmed_by_what_was_asked_again(
    backend: Scripted, monitor: Monitor
) -> None:
    async def break_() -> None:
        raise RuntimeError("lost")

    ref = backend.has(a_job("1"))
    backend.sending = break_
    lost = await monitor.carry_out(monitor.propose(Control.CANCEL, ref).request)
    backend.sending = None
    again = await monitor.carry_out(monitor.propose(Control.CANCEL, ref).request)
    backend.has(a_job("1", state=State.CANCELLED, ended=True))
    assert (await monitor.wait_for_effect(again, 10)).verdict is Verdict.CONFIRMED
    followed = await monitor.wait_for_effect(lost, 10)
    assert (lost.verdict, followed.verdict) == (Verdict.UNKNOWN, Verdict.UNKNOWN)
    assert "may or may not" in str(followed.reason)


async def test_what_was_told_before_the_source_broke_is_kept(
    backend: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = [backend.has(a_job(str(number)), listed=False) for number in (1, 2)]

    async def half(job_ids: Sequence[str]) -> ManyJobs:
        return ManyJobs((backend.jobs[job_ids[0]],), (), error=Unreachable("tiles", "connection lost"))

    monkeypatch.setattr(backend, "get_many", half)
    monitor = monitor_of(backend, tmp_path / "journal.sqlite3")
    await monitor.start()
    for ref in refs:
        await monitor.add(ref)
    monitor.refresh()
    await until(lambda: monitor.health("tiles").link is Link.OFFLINE)
    told = [job for ref in refs if (job := monitor.store.get(ref)) is not None and job.raw_state]
    assert len(told) == 1
    await monitor.stop()
