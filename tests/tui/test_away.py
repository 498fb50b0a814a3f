"""While you were away: told once on return, dismissed for good, and listed at a key."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from jobtui.errors import Unreachable
from jobtui.insight.when import moment
from jobtui.journal.journal import Journal
from jobtui.model import Hold, JobDetail, JobRef, Kind, State
from jobtui.monitor.away import Digest, News, Sort
from jobtui.tui.format.away import away_line, away_lines
from jobtui.tui.format.spans import text_of, width_of
from jobtui.tui.widgets.line_view import TextLines
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.tui.conftest import a_step
from tests.tui.staged import Server, Stage, staged


def news(sort: Sort, number: int = 1, who: str | None = None, *, ours: bool = False) -> News:
    at = NOW - timedelta(minutes=number)
    return News(JobRef("tiles", str(number)), at, sort, f"title {number}\x1b[2J", "because", who, ours)


DIGEST = Digest(
    NOW - timedelta(hours=7),
    (
        *(news(Sort.ENDED, number) for number in range(5)),
        news(Sort.HELD, 6, "dortiz"),
        news(Sort.HELD, 7, "me", ours=True),
        news(Sort.FAILED, 8),
    ),
)


def test_the_line_counts_what_matters_first_and_leaves_out_our_own_holds() -> None:
    line = away_line(DIGEST, NOW, 100)
    assert text_of(line) == (
        "while you were away (7h): 1 failed, 1 held by dortiz, 5 ended  A: list  Esc: dismiss"
    )
    assert width_of(away_line(DIGEST, NOW, 60)) <= 60
    assert text_of(away_line(DIGEST, NOW, 60)) == (
        "away 7h: 1 failed, 1 held by dortiz, 5 ended  A list  Esc"
    )


def test_the_list_names_each_job_with_its_moment_and_reason() -> None:
    text = "\n".join(text_of(line) for line in away_lines(DIGEST, NOW, 60))
    assert text.index("Failed (1)") < text.index("Held (2)") < text.index("Ended (5)")
    assert "tiles:7" in text
    assert "by me (asked here)" in text
    assert "because" in text
    assert "\x1b" not in text
    assert max(width_of(line) for line in away_lines(DIGEST, NOW, 60)) <= 62


def left_behind(path: Path, looked: datetime, *servers: Server) -> None:
    """Write a journal of somebody who left at a moment, with all jobs running."""
    at = looked - timedelta(minutes=1)
    with Journal(path / "journal.sqlite3") as journal:
        for server in servers:
            for job in server.jobs.values():
                journal.save_detail(JobDetail(replace(job, as_of=at)))
        journal.looks.note_screen(looked)


def away_text(stage: Stage) -> str:
    return " ".join(text_of(line) for line in stage.main.away.lines)


async def test_what_ended_while_nobody_looked_is_told_once_and_dismissed(tmp_path: Path) -> None:
    now = datetime.now(NOW.tzinfo)
    server = Server("tiles")
    for number in range(3):
        server.has(a_job(str(number)))
    left_behind(tmp_path, now - timedelta(hours=7, minutes=5), server)
    ended = now - timedelta(hours=1)
    server.has(
        a_job("0", state=State.FAILED, raw_state="FAILED", ended=True, ended_at=ended, why="disk full")
    )
    server.has(a_job("1", state=State.SUCCEEDED, raw_state="COMPLETE", ended=True, ended_at=ended))
    async with staged(tmp_path, server, size=(100, 30)) as stage:
        await until(lambda: "(7h): 1 failed, 1 ended" in away_text(stage), what="the line")
        await stage.pilot.press("A")
        await until(lambda: len(stage.app.screen_stack) == 2, what="the list")
        await stage.pilot.press("escape")
        await until(lambda: len(stage.app.screen_stack) == 1, what="the list is closed")
        assert away_text(stage)
        await stage.pilot.press("escape")
        assert away_text(stage) == ""
        await stage.main.away.homecoming.tell()
        assert away_text(stage) == "", "dismissed is dismissed"
        await stage.pilot.press("A")
        await until(lambda: len(stage.app.screen_stack) == 2, what="who asks is told all the same")
        await stage.pilot.press("escape")
        await until(lambda: len(stage.app.screen_stack) == 1, what="the list is closed")
        await stage.pilot.press("q")
        await until(lambda: not stage.app.is_running, what="the app has ended")
    with Journal(tmp_path / "journal.sqlite3") as journal:
        looked = journal.looks.screen_looked_at()
    assert looked is not None
    assert looked >= now


async def test_a_hold_by_somebody_else_is_told_with_the_name(tmp_path: Path) -> None:
    now = datetime.now(NOW.tzinfo)
    server = Server("field", Kind.ARCGIS)
    ref = server.has(a_job("9", source="field", kind=Kind.ARCGIS))
    left_behind(tmp_path, now - timedelta(hours=3), server)
    with Journal(tmp_path / "journal.sqlite3") as journal:  # as another process of the same user saw it
        hold = Hold("h1", "s1", by="dortiz", since=now - timedelta(hours=1))
        job = replace(server.jobs["9"], as_of=now - timedelta(minutes=59), state=State.HELD, holds=(hold,))
        journal.save_detail(JobDetail(job, (a_step("s1", State.HELD, holds=(hold,)),)))
    async with staged(tmp_path, server, size=(100, 30)) as stage:
        await until(lambda: "1 held by dortiz" in away_text(stage), what="the hold")
        assert stage.main.away.digest is not None
        assert [one.ref for one in stage.main.away.digest.news] == [ref]


async def test_who_was_away_for_a_moment_is_told_when_asking_only(tmp_path: Path) -> None:
    server = Server("tiles")
    server.has(a_job("0"))
    left_behind(tmp_path, datetime.now(NOW.tzinfo) - timedelta(minutes=1), server)
    server.has(a_job("0", state=State.FAILED, raw_state="FAILED", ended=True))
    async with staged(tmp_path, server) as stage:
        ref, store = JobRef("tiles", "0"), stage.app.monitor.store
        await until(lambda: (job := store.get(ref)) is not None and job.ended, what="it has failed")
        async with asyncio.timeout(10):
            await stage.main.away.homecoming.tell()
        assert away_text(stage) == ""
        await stage.pilot.press("A")
        await until(lambda: len(stage.app.screen_stack) == 2, what=f"the list; {stage.receipt}")
        await until(lambda: "Failed (1)" in listed(stage), what="what failed within that minute")


def listed(stage: Stage) -> str:
    text = stage.app.screen.query_one(TextLines)
    return " ".join(text_of(text.line(row)) for row in range(text.line_count()))


async def test_where_nothing_was_seen_to_happen_it_is_not_said_that_nothing_did(tmp_path: Path) -> None:
    server = Server("tiles")
    server.has(a_job("0"))
    looked = datetime.now(NOW.tzinfo) - timedelta(minutes=2)
    left_behind(tmp_path, looked, server)
    server.has(a_job("1"))
    async with staged(tmp_path, server) as stage:
        await until(lambda: stage.main.away.homecoming.digest is not None, what="what is known is read")
        await stage.pilot.press("A")
        assert stage.app.screen is stage.main
        assert stage.receipt.startswith(f"since {moment(looked, stage.app.now())}, when somebody last looked")
        assert "no end, failure, hold or assignment has been seen" in stage.receipt


async def test_who_looks_for_the_first_time_is_not_told_that_nothing_happened(tmp_path: Path) -> None:
    server = Server("tiles")
    server.has(a_job("0"))
    async with staged(tmp_path, server) as stage:
        await until(lambda: len(stage.main.view) == 1, what="the job")
        await stage.pilot.press("A")
        assert "no earlier look at these jobs is on record" in stage.receipt


async def test_the_last_known_jobs_are_there_before_any_answer_with_their_age(tmp_path: Path) -> None:
    now = datetime.now(NOW.tzinfo)
    server = Server("tiles")
    for number in range(3):
        server.has(a_job(str(number), created=now - timedelta(hours=9)))
    left_behind(tmp_path, now - timedelta(hours=2), server)
    server.list_fault = Unreachable("tiles", "cannot connect: connection refused")
    server.faults = dict.fromkeys("012", server.list_fault)
    async with staged(tmp_path, server) as stage:
        await until(lambda: len(stage.main.view) == 3, what="the jobs as last known")
        await until(lambda: "! tiles NS OFFLINE 2h old" in stage.header[1], what="the age")
        await until(lambda: "stale" in text_of(stage.main.jobs.line(0)), what="the row says so")
