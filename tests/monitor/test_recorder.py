"""The recorder: everything told reaches the journal, whatever the journal does meanwhile."""

from __future__ import annotations

import asyncio
import dataclasses
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from jobtui.errors import JournalError
from jobtui.journal import opening
from jobtui.journal.journal import Batch, Journal
from jobtui.model import (
    Control,
    Flag,
    Job,
    JobDetail,
    JobMessage,
    JobRef,
    Kind,
    Level,
    Progress,
    State,
    Step,
    Verdict,
)
from jobtui.monitor import pending, recorder
from jobtui.monitor.recorder import Recorder
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.journal.samples import later, outcome, request
from tests.journal.test_processes import start
from tests.monitor.scripted import Scripted, monitor_of

REF = JobRef("tiles", "1")


@pytest.fixture
def journal(journal_path: Path) -> Iterator[Journal]:
    with Journal(journal_path) as opened:
        yield opened


@pytest.fixture
async def writer(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Recorder]:
    """A recorder that tries again soon."""
    monkeypatch.setattr(recorder, "AGAIN_S", (0.02,))
    made = Recorder(journal)
    yield made
    await made.close()


class Hanging:
    """A journal whose writes of batches hang until they are let go."""

    def __init__(self, journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
        self._keep, self.go, self.reached = journal.keep, threading.Event(), threading.Event()
        monkeypatch.setattr(journal, "keep", self._wait)

    def _wait(self, told: Batch) -> None:
        self.reached.set()
        assert self.go.wait(30)
        self._keep(told)


@pytest.fixture
def hanging(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    made = Hanging(journal, monkeypatch)
    yield made
    made.go.set()


def running(percent: int, **fields: object) -> Job:
    """The job at some progress, told one second later each."""
    return a_job("1", as_of=later(percent), progress=Progress(percent / 100), **fields)


def message(number: int, text: str = "x") -> JobMessage:
    return JobMessage(REF, str(number), NOW, Level.INFO, "INFO", text)


# --- nothing in between is lost -----------------------------------------------------------------------------
async def test_every_state_told_while_the_journal_was_busy_is_in_it(
    writer: Recorder, journal: Journal, hanging: Hanging
) -> None:
    writer.keep_jobs([running(1)])
    await until(hanging.reached.is_set)
    for percent in range(2, 9):
        writer.keep_jobs([running(percent)])
    writer.keep_jobs([running(9, state=State.SUCCEEDED, raw_state="COMPLETE", ended=True)])
    hanging.go.set()
    await until(lambda: len(journal.past.told(REF)) == 9, what="nine states")
    told = journal.past.told(REF)
    assert [each.progress for each in told] == [Progress(n / 100) for n in range(1, 10)]
    assert [each.state for each in told] == [State.RUNNING] * 8 + [State.SUCCEEDED]


async def test_every_way_a_step_stood_is_in_it_though_only_the_latest_steps_are(
    writer: Recorder, journal: Journal, hanging: Hanging
) -> None:
    def read(second: int, state: State) -> JobDetail:
        job = a_job("1", as_of=later(second), kind=Kind.ARCGIS)
        return JobDetail(job, (Step("a", "Check", state, raw_state=state.value),))

    writer.keep_jobs([a_job("1")])
    await until(hanging.reached.is_set)
    for second, state in enumerate((State.QUEUED, State.RUNNING, State.HELD, State.RUNNING), 1):
        writer.keep_detail(read(second, state))
    hanging.go.set()
    await until(lambda: len(journal.past.steps(REF)) == 4, what="four states of the step")
    kept = journal.detail(REF)
    assert kept is not None
    assert [step.state for step in kept.steps] == [State.RUNNING]


async def test_an_answer_that_something_newer_had_overtaken_was_told_too(tmp_path: Path) -> None:
    monitor = monitor_of(Scripted(), tmp_path / "journal.db")
    known, journal = monitor._known, monitor._journal
    known.take_jobs("tiles", [running(1)], later(1))
    known.take_jobs("tiles", [running(5)], later(5))
    known.take_jobs("tiles", [running(3)], later(3))
    await until(lambda: len(journal.past.told(REF)) == 3)
    assert [each.at for each in journal.past.told(REF)] == [later(1), later(3), later(5)]
    assert monitor.store.get(REF) == running(5)
    await monitor.stop()
    journal.close()


async def test_what_came_back_from_the_journal_or_grew_old_is_no_news_but_a_row_that_says_more_is(
    tmp_path: Path,
) -> None:
    monitor = monitor_of(Scripted(Kind.ARCGIS), tmp_path / "journal.db")
    known, journal = monitor._known, monitor._journal
    stale = frozenset({Flag.STALE})
    whole = a_job("1", kind=Kind.ARCGIS, progress=Progress(0.1), as_of=later(1))
    known.take_jobs("tiles", [dataclasses.replace(whole, flags=stale)], later(1))
    await known.recorder.run(lambda: None)
    assert journal.past.told(REF) == []
    row = dataclasses.replace(
        whole, flags=frozenset({Flag.BRIEF}), progress=Progress(0.2), as_of=later(9), state=State.WAITING
    )
    known.take_jobs("tiles", [row], later(9))
    await until(lambda: journal.past.told(REF))
    (told,) = journal.past.told(REF)
    assert (told.at, told.state, told.progress) == (later(9), State.RUNNING, Progress(0.2))
    await monitor.stop()
    journal.close()


# --- bounds -------------------------------------------------------------------------------------------------
async def test_memory_is_bounded_when_the_journal_hangs_and_what_was_given_up_is_written_down(
    writer: Recorder, journal: Journal, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "MOST_STATES", 100)
    monkeypatch.setattr(pending, "MOST_MESSAGES", 50)
    writer.keep_jobs([running(0)])
    await until(hanging.reached.is_set)
    for number in range(300):
        writer.keep_jobs([a_job("1", as_of=later(number + 1), progress=Progress(None, number))])
        writer.keep_messages([message(number)])
    assert len(writer._pending) <= 150
    control = asyncio.create_task(writer.run(lambda: journal.asked(request(), "me")))
    hanging.go.set()
    assert await control > 0, "a control waits, and is never given up"
    await until(lambda: journal.upkeep.summary().lost_states)
    summary = journal.upkeep.summary()
    assert (summary.lost_states, summary.lost_messages) == (200, 250)
    assert [each.id for each in journal.messages(REF)] == [str(n) for n in range(250, 300)], "the oldest go"
    assert writer.fault is None


async def test_messages_are_bounded_by_their_characters_too(
    writer: Recorder, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "MOST_CHARACTERS", 1_000)
    writer.keep_jobs([running(0)])
    await until(hanging.reached.is_set)
    writer.keep_messages([message(number, "x" * 100) for number in range(30)])
    assert (len(writer._pending), writer._pending.lost_messages) == (10, 20)


async def test_jobs_that_come_and_go_while_the_journal_hangs_are_bounded_too(
    writer: Recorder, journal: Journal, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "MOST_JOBS", 10)
    writer.keep_jobs([running(0)])
    await until(hanging.reached.is_set)
    for number in range(100, 150):
        writer.keep_jobs([a_job(str(number))])
        writer.keep_detail(JobDetail(a_job(str(number))))
    hanging.go.set()
    await until(lambda: len(journal.jobs("tiles")) == 11)
    assert journal.job(JobRef("tiles", "149")) is not None
    assert len(journal.past.told(JobRef("tiles", "100"))) == 1, "how it stood is kept all the same"


async def test_a_control_waits_for_one_batch_and_not_for_all(
    writer: Recorder, journal: Journal, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "AT_ONCE", 10)
    writer.keep_messages([message(0)])
    await until(hanging.reached.is_set)
    writer.keep_messages([message(number) for number in range(1, 1_000)])
    control = asyncio.create_task(
        writer.run(lambda: (journal.asked(request(), "me"), len(journal.messages(REF))))
    )
    await asyncio.sleep(0)
    hanging.go.set()
    assert (await control)[1] <= 11
    await until(lambda: len(journal.messages(REF)) == 1_000)


# --- faults -------------------------------------------------------------------------------------------------
async def test_a_full_disk_is_said_and_what_it_kept_out_is_written_when_there_is_room(
    writer: Recorder, journal: Journal
) -> None:
    pages = journal._database.rows("PRAGMA page_count")[0][0]
    journal._database.rows(f"PRAGMA max_page_count = {pages}")
    for number in range(200):
        writer.keep_messages([message(number, "x" * 1_000)])
    await until(lambda: writer.fault)
    assert "no room left on the disk" in str(writer.fault)
    with pytest.raises(JournalError, match="no room"):
        await writer.run(lambda: journal.asked(request(), "x" * 500_000))
    journal._database.rows("PRAGMA max_page_count = 1000000")
    await until(lambda: writer.fault is None)
    await until(lambda: len(journal.messages(REF)) == 200)


LIMITED = """
import asyncio, resource, sys
from pathlib import Path
from jobtui.journal.journal import Journal
from jobtui.monitor import recorder
from tests.conftest import until
from tests.monitor.test_recorder import REF, message

recorder.AGAIN_S = (0.02,)

async def main() -> None:
    with Journal(Path(sys.argv[1])) as journal:
        writer = recorder.Recorder(journal)
        most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, most))
        for number in range(500):
            writer.keep_messages([message(number, "x" * 1_000)])
        await until(lambda: writer.fault)
        fault = writer.fault
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        await until(lambda: writer.fault is None)
        await until(lambda: len(journal.messages(REF)) == 500)
        await writer.close()
        print(fault, journal._database.rows("PRAGMA integrity_check"), flush=True)

asyncio.run(main())
"""


def test_a_limit_on_the_size_of_files_costs_nothing_once_it_is_lifted(journal_path: Path) -> None:
    ran = start(LIMITED, str(journal_path)).communicate(timeout=60)[0]
    assert "the disk does not take the journal" in ran
    assert "[('ok',)]" in ran


async def test_a_locked_journal_is_said_and_written_when_it_is_free(
    journal_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_S", 0.01)
    monkeypatch.setattr(recorder, "AGAIN_S", (0.02,))
    journal = Journal(journal_path)
    writer = Recorder(journal)
    hog = sqlite3.connect(journal_path, isolation_level=None)
    hog.execute("BEGIN IMMEDIATE")
    writer.keep_jobs([running(1)])
    writer.keep_jobs([running(2)])
    writer.soon(lambda: journal.watch(REF, NOW))
    await until(lambda: writer.fault)
    assert "kept the journal locked" in str(writer.fault)
    hog.execute("ROLLBACK")
    hog.close()
    await until(lambda: writer.fault is None and len(journal.past.told(REF)) == 2)
    assert [entry.ref for entry in journal.watched()] == [REF]
    await writer.close()
    journal.close()


async def test_what_the_journal_refuses_for_what_it_is_is_not_asked_again(writer: Recorder) -> None:
    asked: list[int] = []

    def refused() -> None:
        asked.append(1)
        writer.journal.answered(999, outcome(request()))

    writer.soon(refused)
    await until(lambda: writer.fault)
    writer.keep_messages([message(1)])
    await until(lambda: writer.journal.messages(REF))
    await until(lambda: writer.fault is None)
    assert asked == [1]


async def test_a_bug_in_writing_does_not_end_the_writing(
    writer: Recorder, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, faults = journal.keep, [RuntimeError("bug")]

    def sometimes(told: Batch) -> None:
        if faults:
            raise faults.pop()
        keep(told)

    monkeypatch.setattr(journal, "keep", sometimes)
    writer.keep_messages([message(1)])
    await until(lambda: writer.fault)
    assert writer.fault == "internal error of the journal: RuntimeError"
    await until(lambda: journal.messages(REF) and writer.fault is None)


async def test_an_answer_that_could_not_be_written_is_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "AGAIN_S", (0.02,))
    backend = Scripted()
    monitor = monitor_of(backend, tmp_path / "journal.db")
    journal = monitor._journal
    answered, faults = journal.answered, [OSError("full"), OSError("full")]

    def sometimes(entry_id: int, given: object) -> None:
        if faults:
            raise JournalError("no room") from faults.pop()
        answered(entry_id, given)  # type: ignore[arg-type]

    monkeypatch.setattr(journal, "answered", sometimes)
    ref = backend.has(a_job("1"))
    await monitor.carry_out(monitor.propose(Control.CANCEL, ref).request)
    await until(lambda: journal.audit()[0].outcome, what="the outcome in the journal")
    (entry,) = journal.audit()
    assert entry.outcome is not None
    assert (entry.outcome.verdict, backend.sent) == (Verdict.ACCEPTED, 1)
    await monitor.stop()
    journal.close()


# --- the end ------------------------------------------------------------------------------------------------
async def test_closing_writes_what_is_pending(journal: Journal) -> None:
    writer = Recorder(journal)
    writer.keep_jobs([running(n) for n in range(1, 50)])
    writer.keep_messages([message(number) for number in range(5_000)])
    writer.keep_look(REF, NOW)
    await writer.close(patience_s=30)
    assert len(journal.past.told(REF)) == 49
    assert len(journal.messages(REF)) == 5_000
    assert journal.looks.last("tiles") == [(REF, NOW)]


async def test_a_journal_that_hangs_is_not_waited_for(journal: Journal, hanging: Hanging) -> None:
    writer = Recorder(journal)
    writer.keep_jobs([running(1)])
    await until(hanging.reached.is_set)
    async with asyncio.timeout(5):
        await writer.close(patience_s=0.05)


async def test_the_journal_is_pruned_in_the_background_of_a_watch(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.db") as before:
        before.save_jobs([a_job("old", as_of=NOW.replace(year=2020), ended=True)])
    monitor = monitor_of(Scripted(), tmp_path / "journal.db")
    journal = monitor._journal
    await monitor.start()
    await until(lambda: journal.upkeep.summary().pruned_at is not None)
    await until(lambda: journal.jobs("tiles") == [])
    await monitor.stop()
    journal.close()
