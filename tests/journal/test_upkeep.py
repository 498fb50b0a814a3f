"""The journal stays within bounds, gives room back, and never gives up what somebody still needs."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from jobtui.journal import prune, upkeep
from jobtui.journal.journal import Batch, Journal
from jobtui.journal.prune import Limits
from jobtui.model import Effect, JobDetail, JobMessage, JobRef, Level, State, Step, Verdict
from tests.journal.samples import NOW, job, later, outcome, request
from tests.journal.test_opening import first_version

TABLES = ("jobs", "steps", "messages", "told", "told_steps", "holds", "item_errors", "looks")


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    """A new journal, on the day of NOW."""
    with Journal(path, clock=lambda: NOW) as opened:
        yield opened


def remember(
    journal: Journal, job_id: str, days_ago: float, *, ended: bool = True, messages: int = 5
) -> None:
    at = NOW - timedelta(days=days_ago)
    ref = JobRef("field", job_id)
    made = job(job_id, as_of=at, ended_at=at if ended else None)
    journal.save_detail(JobDetail(made, (Step("a", "Check", State.FAILED, message="no"),)))
    said = [JobMessage(ref, str(n), at, Level.INFO, "INFO", "x" * 400) for n in range(messages)]
    journal.keep(Batch(messages=said, looks={ref: at}))


def left(journal: Journal) -> set[str]:
    return {found.ref.job_id for found in journal.jobs("field")}


def rows_of(journal: Journal, job_id: str) -> int:
    return sum(
        len(journal._database.rows(f"SELECT 1 FROM {table} WHERE job_id = ?", (job_id,)))  # noqa: S608
        for table in TABLES
    )


# --- what goes ----------------------------------------------------------------------------------------------
def test_a_job_that_goes_goes_whole(journal: Journal) -> None:
    remember(journal, "old", 91)
    remember(journal, "new", 89)
    assert rows_of(journal, "old") == rows_of(journal, "new") > 8
    planned = journal.upkeep.prune()
    assert (planned.jobs, planned.messages) == ((JobRef("field", "old"),), 5)
    assert (rows_of(journal, "old"), left(journal)) == (0, {"new"})


def test_what_somebody_still_needs_stays_whatever_the_limits(journal: Journal) -> None:
    for name in ("watched", "awaited", "unanswered", "seen", "refused", "plain"):
        remember(journal, name, 200)
    remember(journal, "open", 200, ended=False)
    remember(journal, "open, unheard of for years", 500, ended=False)
    journal.watch(JobRef("field", "watched"), NOW)
    for name, verdict in (
        ("awaited", Verdict.UNKNOWN),
        ("unanswered", None),
        ("seen", Verdict.ACCEPTED),
        ("refused", Verdict.REFUSED),
    ):
        asked = request(ref=JobRef("field", name), at=later(-3_600))
        entry_id = journal.asked(asked, "me")
        if verdict is not None:
            journal.answered(entry_id, outcome(asked, verdict))
        if name == "seen":
            journal.settled(entry_id, Effect("done"), later(-3_000))
    journal.upkeep.prune(Limits(older=timedelta(0), larger=0))
    assert left(journal) == {"watched", "awaited", "unanswered", "open"}
    assert len(journal.audit()) == 4, "controls stay"


def test_one_that_is_put_on_the_watch_list_meanwhile_stays(journal: Journal) -> None:
    remember(journal, "a", 200)
    remember(journal, "b", 200)
    planned = journal.upkeep.plan()
    journal.watch(JobRef("field", "a"), NOW)
    assert list(prune.carry_out(journal._database, planned))
    assert left(journal) == {"a"}


def test_controls_stay_for_longer_than_a_year(journal: Journal) -> None:
    for days in (399, 401):
        journal.asked(request(at=NOW - timedelta(days=days)), str(days))
    assert journal.upkeep.prune().controls == 1
    assert [entry.who for entry in journal.audit()] == ["399"]


def test_messages_of_a_job_that_was_never_kept_go_by_their_age(journal: Journal, path: Path) -> None:
    said = JobMessage(JobRef("field", "stray"), "1", NOW, Level.INFO, "INFO", "x")
    with Journal(path, clock=lambda: NOW - timedelta(days=100)) as earlier:
        earlier.save_messages([said])
    assert journal.upkeep.prune().messages == 1
    assert journal.messages(said.ref) == []


def test_the_least_recently_heard_of_go_first_when_it_is_too_large(journal: Journal) -> None:
    for number in range(60):
        remember(journal, f"{number:02}", 60 - number, messages=30)
    before = prune._used(journal._database)
    planned = journal.upkeep.prune(Limits(larger=before // 2))
    kept = sorted(left(journal))
    assert kept == [f"{number:02}" for number in range(60 - len(kept), 60)]
    assert 20 <= len(kept) <= 40
    assert planned.freed >= before - before // 2
    assert prune._used(journal._database) <= before * 0.6


# --- the room -----------------------------------------------------------------------------------------------
def test_the_file_really_shrinks(journal: Journal, path: Path) -> None:
    for number in range(50):
        remember(journal, str(number), 100, messages=50)
    journal._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.stat().st_size
    journal.upkeep.prune()
    assert path.stat().st_size < before / 4
    assert prune.bytes_of(path) < before / 2


def test_a_journal_of_the_first_version_shrinks_too(path: Path) -> None:
    first_version(path, [job(str(n), title="x" * 1_000, ended_at=NOW) for n in range(500)], broken="b")
    before = path.stat().st_size
    with Journal(path, clock=lambda: NOW + timedelta(days=100)) as journal:
        assert len(journal.upkeep.prune().jobs) == 500
        assert path.stat().st_size < before / 2
        assert journal._database.rows("PRAGMA auto_vacuum") == [(2,)]
        assert journal.jobs("field") == []


# --- once a day ---------------------------------------------------------------------------------------------
def test_one_of_several_processes_prunes_once_a_day(path: Path) -> None:
    now = [NOW]
    with Journal(path, clock=lambda: now[0]) as one, Journal(path, clock=lambda: now[0]) as other:
        remember(one, "old", 91)
        assert list(one.upkeep.daily())
        assert list(other.upkeep.daily()) == []
        assert left(one) == set()
        remember(one, "older", 92)
        now[0] += timedelta(hours=23)
        assert list(other.upkeep.daily()) == []
        now[0] += timedelta(hours=1)
        assert list(other.upkeep.daily())
        assert left(one) == set()


def test_a_time_of_pruning_in_the_future_was_a_wrong_clocks(path: Path) -> None:
    now: list[datetime] = [NOW + timedelta(days=900)]
    with Journal(path, clock=lambda: now[0]) as journal:
        assert list(journal.upkeep.daily())
        now[0] = NOW
        assert list(journal.upkeep.daily())


def test_much_is_given_up_in_several_plans(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "_JOBS_AT_ONCE", 4)
    for number in range(10):
        remember(journal, f"{number}", 100 + number, messages=1)
    journal.watch(JobRef("field", "3"), NOW)
    assert sum(journal.upkeep.daily()) > 6
    assert left(journal) == {"3"}


def test_an_intent_that_a_crash_left_long_ago_keeps_no_job(journal: Journal) -> None:
    remember(journal, "a", 100)
    journal.asked(request(ref=JobRef("field", "a"), at=NOW - timedelta(days=100)), "me")
    assert list(journal.upkeep.daily())
    assert left(journal) == set()
    assert len(journal.audit()) == 1


def test_others_write_between_the_steps_of_pruning(journal: Journal, path: Path) -> None:
    for number in range(prune._AT_ONCE * 2 + 1):
        remember(journal, str(number), 100, messages=1)
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    for _ in journal.upkeep.daily():
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    other.close()
    assert left(journal) == set()


def test_copies_from_before_a_migration_go_after_a_month(journal: Journal, path: Path) -> None:
    copy = path.with_name(f"{path.name}.v1")
    copy.write_bytes(b"x")
    assert journal.upkeep.prune().copies == ()
    long_ago = (NOW - timedelta(days=31)).timestamp()
    os.utime(copy, (long_ago, long_ago))
    assert journal.upkeep.prune().copies == (copy,)
    assert not copy.exists()


def test_a_new_journal_has_no_copy_of_nothing(journal: Journal) -> None:
    summary = journal.upkeep.summary()
    assert (summary.copies, summary.set_aside, summary.oldest) == ((), (), None)
    remember(journal, "1", 3)
    assert journal.upkeep.summary().oldest == NOW - timedelta(days=3)
