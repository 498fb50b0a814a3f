"""Stalls: derived from what was seen to move, shown at once, taken back at once, never written down."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from jobtui.demo import DemoServer
from jobtui.insight.attention import needs_you, rank
from jobtui.insight.usual import FLOOR_S, Usual
from jobtui.insight.why import why
from jobtui.journal.journal import Journal
from jobtui.model import Flag, Job, JobMessage, JobRef, Kind, Level, Progress, State
from jobtui.monitor.events import Event, JobsChanged
from jobtui.monitor.stalls import LOOK_S, Stalls
from jobtui.monitor.store import Store
from tests.factory import NOW, a_job
from tests.monitor.conftest import Watch
from tests.monitor.scripted import Scripted, monitor_of

FLOOR = timedelta(seconds=FLOOR_S)
REF = JobRef("tiles", "1")


class Seen:
    """A store whose answers a test gives, and what the rules make of them."""

    def __init__(self, usual: Usual | None = None) -> None:
        self.store = Store()
        self.stalls = Stalls(self.store, lambda _job: usual)

    def answer(self, at: datetime, **fields: Any) -> Job:
        """Take over an answer of a moment, as the monitor does."""
        changes = self.store.apply([a_job("1", as_of=at, **fields)], at)
        self.stalls.note(changes)
        self.stalls.judge()
        return self.job

    @property
    def job(self) -> Job:
        job = self.store.get(REF)
        assert job is not None
        return job

    def has_stalled(self) -> bool:
        return Flag.STALLED in self.job.flags


def test_a_job_whose_server_dates_its_last_sign_of_life_long_ago_has_stalled_at_first_sight() -> None:
    seen = Seen()
    seen.answer(NOW, updated=NOW - FLOOR, progress=Progress(0.61))
    assert seen.has_stalled()
    assert seen.job.unchanged_since == NOW - FLOOR
    assert needs_you(seen.job, NOW)
    assert rank(seen.job, NOW) < rank(a_job("2", state=State.HELD), NOW)
    assert why(seen.job, NOW) == "nothing new for 10m"


def test_a_job_whose_server_dates_nothing_stalls_by_our_own_watching() -> None:
    seen = Seen()
    seen.answer(NOW, progress=Progress(0.61))
    seen.answer(NOW + FLOOR / 2, progress=Progress(0.61))
    assert not seen.has_stalled()
    seen.answer(NOW + FLOOR, progress=Progress(0.61))
    assert seen.has_stalled()


def test_whatever_moves_takes_it_back_at_once() -> None:
    for moved in ({"progress": Progress(0.62)}, {"updated": NOW + FLOOR}, {"state": State.HELD}):
        seen = Seen()
        seen.answer(NOW, updated=NOW - FLOOR, progress=Progress(0.61))
        assert seen.has_stalled()
        seen.answer(NOW + FLOOR, **({"updated": NOW - FLOOR, "progress": Progress(0.61)} | moved))
        assert not seen.has_stalled()
        assert seen.job.unchanged_since is None


def test_an_end_takes_it_back() -> None:
    seen = Seen()
    seen.answer(NOW, updated=NOW - FLOOR)
    seen.answer(NOW + FLOOR, updated=NOW - FLOOR, state=State.FAILED, ended=True)
    assert not seen.has_stalled()


def test_a_message_is_a_sign_of_life() -> None:
    seen = Seen()
    seen.answer(NOW, updated=NOW - FLOOR)
    message = JobMessage(REF, "m1", NOW - timedelta(seconds=5), Level.INFO, "INFO", "still reading")
    (change,) = seen.stalls.heard([message])
    assert not seen.has_stalled()
    assert change.before is not None
    assert Flag.STALLED in change.before.flags
    seen.stalls.judge()
    assert not seen.has_stalled()


def test_an_old_message_is_none() -> None:
    seen = Seen()
    seen.answer(NOW, updated=NOW - FLOOR)
    old = JobMessage(REF, "m1", NOW - 2 * FLOOR, Level.INFO, "INFO", "begun")
    assert seen.stalls.heard([old, structs.replace(old, id="m2", at=None)]) == ()
    assert seen.has_stalled()


def test_a_silent_source_proves_nothing() -> None:
    seen = Seen()
    seen.answer(NOW, progress=Progress(0.61))
    assert seen.stalls.judge() == ()  # whatever the time is: nothing has been heard since
    assert not seen.has_stalled()


def test_a_job_that_we_see_move_has_not_stalled_though_its_servers_clock_is_hours_behind() -> None:
    seen, behind = Seen(), timedelta(hours=3)
    for minute in range(12):
        at = NOW + timedelta(minutes=minute)
        seen.answer(at, updated=at - behind, progress=Progress(minute / 20))
        assert minute == 0 or not seen.has_stalled()


def test_history_of_jobs_that_take_long_gives_patience() -> None:
    seen = Seen(Usual(9, 80_000.0, 86_400.0))
    seen.answer(NOW, updated=NOW - 2 * FLOOR, progress=Progress(0.61))
    assert not seen.has_stalled()


def test_what_waits_or_is_held_never_stalls() -> None:
    for state in (State.WAITING, State.HELD, State.QUEUED, State.STOPPED):
        seen = Seen()
        seen.answer(NOW, updated=NOW - 100 * FLOOR, state=state)
        assert not seen.has_stalled()


def test_progress_that_we_saw_grow_is_remembered_until_it_falls() -> None:
    seen = Seen()
    for minute in range(6):
        seen.answer(NOW + timedelta(minutes=minute), progress=Progress(minute / 10))
    assert [share for _, share in seen.stalls.points(REF)] == [0.1, 0.2, 0.3, 0.4, 0.5]
    seen.answer(NOW + timedelta(minutes=9), progress=Progress(0.05))
    assert seen.stalls.points(REF) == ()


async def test_it_is_announced_and_never_written_to_the_journal(tmp_path: Path) -> None:
    backend, events = Scripted(), list[Event]()
    monitor = monitor_of(backend, tmp_path / "journal", events=events)
    now = monitor.now()
    ref = backend.has(a_job("1", as_of=now, updated=now - 2 * FLOOR, progress=Progress(0.61)))
    await monitor.list_jobs("tiles")
    job = monitor.store.get(ref)
    assert job is not None
    assert Flag.STALLED in job.flags
    announced = [change for event in events if isinstance(event, JobsChanged) for change in event.changes]
    assert announced[-1].after == job
    detail = await monitor.read(ref)
    assert Flag.STALLED in detail.job.flags
    await monitor.stop()
    with Journal(tmp_path / "journal") as journal:
        kept = journal.job(ref)
        assert kept is not None
        assert (kept.flags & {Flag.STALLED}, kept.unchanged_since) == (frozenset(), None)
        assert [told.progress for told in journal.past.told(ref)] == [Progress(0.61)]


async def test_since_when_a_batch_has_stood_still_outlives_a_restart(tmp_path: Path) -> None:
    backend = Scripted(Kind.ZENDESK)
    path = tmp_path / "journal"
    with Journal(path) as journal:
        long_ago = a_job("1", as_of=NOW, kind=Kind.ZENDESK, progress=Progress(0.4, 4, 10))
        journal.save_jobs([long_ago])
    monitor = monitor_of(backend, path)
    ref = backend.has(replace(long_ago, as_of=monitor.now()))
    await monitor.list_jobs("tiles")
    job = monitor.store.get(ref)
    assert job is not None
    assert job.unchanged_since == NOW
    await monitor.stop()


async def test_what_is_usual_is_learnt_from_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    monitor = monitor_of(Scripted(), path)
    now = monitor.now()
    with Journal(path) as journal:
        journal.save_jobs(
            a_job(
                str(number),
                title=f"Tileset build {number}",
                state=State.SUCCEEDED,
                ended=True,
                as_of=now,
                started=now - timedelta(minutes=20 + number),
                ended_at=now - timedelta(minutes=10),
            )
            for number in range(5)
        )
    job = a_job("9", title="Tileset build 77", started=now - timedelta(minutes=5), as_of=now)
    assert monitor.usual(job) is None
    await monitor.start()
    async with asyncio.timeout(30):
        while monitor.usual(job) is None:  # noqa: ASYNC110 - nothing announces that it has been read
            await asyncio.sleep(0.01)
    assert monitor.usual(job) == Usual(5, 720.0, 840.0)
    assert monitor.left_s(job) == pytest.approx(420.0, abs=30.0)
    await monitor.stop()


async def test_the_demos_hanging_job_is_shown_as_stalled(watch: Watch, demo: DemoServer) -> None:
    jobs = await watch.monitor.list_jobs("tiles")
    stalled = [job for job in jobs if Flag.STALLED in job.flags]
    assert all(job.state is State.RUNNING and job.progress is not None for job in stalled)
    hanging = [action for action in demo.world.actions.by_id.values() if action.stalls < 0]
    assert [job.ref.job_id for job in stalled] == [str(action.action_id) for action in hanging]
    assert len(stalled) == 1


async def test_what_is_remembered_is_judged_as_soon_as_what_is_usual_is_known_though_nobody_answers() -> None:
    seen, announced = Seen(), asyncio.Event()
    seen.store.apply([a_job("1", as_of=NOW, updated=NOW - FLOOR)], NOW)
    is_known = asyncio.Event()
    judging = asyncio.create_task(seen.stalls.run(lambda _: announced.set(), is_known.wait))
    await asyncio.sleep(0.05)
    assert not seen.has_stalled()
    is_known.set()
    async with asyncio.timeout(LOOK_S / 2):
        await announced.wait()
    assert seen.has_stalled()
    judging.cancel()
