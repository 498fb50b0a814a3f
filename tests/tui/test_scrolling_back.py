"""Scrolling beyond the messages that are held: the journal has them, and the place being read stays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import on
from textual.pilot import Pilot

from jobtui.journal.journal import Journal
from jobtui.model import JobMessage, JobRef
from jobtui.monitor.recorder import Recorder
from jobtui.monitor.scrollback import PAGE, Scrollback
from jobtui.tui.format.spans import Span
from jobtui.tui.scrolling import read_beyond
from jobtui.tui.widgets.message_log import KEPT, MessageLog
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.tui.conftest import Tiny, a_message, shown
from tests.tui.staged import Server, staged

REF = JobRef("tiles", "1")
MANY = KEPT + 3_000


def said(number: int, text: str = "") -> JobMessage:
    """Make the nth of many messages, one second after the one before."""
    return a_message(number, text, at=NOW + timedelta(seconds=number - MANY))


class Reader(Tiny):
    """An app with a log, which reads what it asks for from a journal."""

    def __init__(self, log: MessageLog, journal: Journal) -> None:
        super().__init__(log)
        self.log_pane = log
        self.recorder = Recorder(journal)
        self.receipts: list[str] = []

    @on(MessageLog.Wanted)
    def _read(self, event: MessageLog.Wanted) -> None:
        back = Scrollback(self.recorder)
        self.run_worker(
            read_beyond(event.ask, self.log_pane, back, lambda text, *_: self.receipts.append(text))
        )


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal(tmp_path / "journal.sqlite3") as opened:
        opened.save_messages(said(number) for number in range(MANY))
        yield opened


@asynccontextmanager
async def reading(journal: Journal, first: int = MANY - 100) -> AsyncIterator[tuple[Any, MessageLog, Reader]]:
    """Follow a job of which all messages are in the journal, and those from the first on are held."""
    log = MessageLog(now=lambda: NOW)
    app = Reader(log, journal)
    async with app.run_test(size=(60, 10)) as pilot:
        log.focus()
        log.start(REF)
        log.add(said(number) for number in range(first, MANY))
        await pilot.pause()
        yield pilot, log, app
    await app.recorder.close()


def numbers(log: MessageLog) -> list[int]:
    """Give the numbers of the messages on the screen."""
    return [int(line.rsplit(" ", 1)[1]) for line in shown(log) if "message" in line]


async def settled(pilot: Pilot[None], app: Reader) -> None:
    """Wait until all that was asked for has come."""
    await pilot.pause()
    await app.workers.wait_for_complete()
    await pilot.pause()


async def test_scrolling_above_the_oldest_held_reads_older_ones_and_nothing_jumps(journal: Journal) -> None:
    async with reading(journal) as (pilot, log, app):
        for _ in range(120):
            before = numbers(log)
            await pilot.press("pageup")
            await settled(pilot, app)
            now = numbers(log)
            assert now == list(range(now[0], now[0] + 10)), "no line is missing or twice"
            assert now[0] == before[0] - 9
        assert now[0] < MANY - 100 - PAGE
        assert "PAUSED" in log.title()


async def test_an_answer_that_comes_late_moves_nothing(journal: Journal) -> None:
    async with reading(journal) as (pilot, log, app):
        waiting = asyncio.Event()
        app.recorder.caught_up = lambda _=0: waiting.wait()  # type: ignore[assignment,method-assign,return-value]
        for _ in range(9):
            await pilot.press("pageup")
        before = numbers(log)
        lines = log.line_count()
        waiting.set()
        await settled(pilot, app)
        assert log.line_count() == lines + PAGE
        assert numbers(log) == before


async def test_top_is_the_oldest_message_ever_seen_and_bottom_follows_again(journal: Journal) -> None:
    async with reading(journal, 0) as (pilot, log, app):
        assert log.line_count() == KEPT
        await pilot.press("g")
        await settled(pilot, app)
        assert numbers(log)[0] == 0
        log.add([said(MANY)])
        assert "1 new below" in log.title()
        await pilot.press("G")
        assert numbers(log)[-1] == MANY
        assert log.follows
        await pilot.press("pageup")
        assert numbers(log) == list(range(MANY - 18, MANY - 8))


async def test_scrolling_down_from_the_oldest_reaches_the_newest_without_a_gap(journal: Journal) -> None:
    async with reading(journal, 0) as (pilot, log, app):
        await pilot.press("g")
        await settled(pilot, app)
        seen = numbers(log)
        while not log.follows:
            log.action_move(400)
            await settled(pilot, app)
            rows = range(log.scroll_offset.y, min(log.scroll_offset.y + 10, log.line_count()))
            assert len(rows) == 10
            assert numbers(log) == list(range(numbers(log)[0], numbers(log)[0] + 10))
            assert seen[0] < numbers(log)[0] <= seen[0] + 400
            seen = numbers(log)
            assert log.line_count() <= KEPT + PAGE
        assert seen[-1] == MANY - 1
        log.add([said(MANY)])
        await pilot.pause()
        assert numbers(log)[-1] == MANY


async def test_what_is_read_stays_while_more_comes_than_is_held_and_following_shows_the_newest(
    journal: Journal,
) -> None:
    async with reading(journal, MANY - KEPT) as (_, log, _):
        for _ in range(3):
            log.action_move(-3_000)
        before = numbers(log)
        for start in range(MANY, MANY + 15_000, 2_500):
            log.add(said(number) for number in range(start, start + 2_500))
        assert numbers(log) == before
        assert "15000 new below" in log.title()
        assert log.line_count() <= KEPT
        log.follow(True)
        assert numbers(log)[-1] == MANY + 14_999
        assert log.title() == "following"


async def test_a_search_says_that_older_ones_are_on_disk_and_looks_there(journal: Journal) -> None:
    journal.save_messages([said(-5, "the needle 1"), said(-9, "the needle 2")])
    async with reading(journal, 0) as (pilot, log, app):
        assert log.search("needle") == 0
        assert "0 found, N older on disk" in log.title()
        assert log.match(-1)
        await settled(pilot, app)
        assert "the needle 1" in shown(log)[0]
        assert log.match(-1)
        await settled(pilot, app)
        assert "the needle 2" in shown(log)[0]
        log.search("nowhere at all")
        assert log.match(-1)
        await settled(pilot, app)
        assert app.receipts == ["“nowhere at all” is in no older message that was kept"]


async def test_of_a_job_that_was_left_no_answer_is_taken(journal: Journal) -> None:
    async with reading(journal) as (pilot, log, app):
        await pilot.press("g")
        log.start(JobRef("tiles", "2"))
        await settled(pilot, app)
        assert log.line_count() == 0


async def test_a_journal_that_cannot_be_read_is_said_and_asked_again_later(journal: Journal) -> None:
    async with reading(journal) as (pilot, log, app):
        journal.close()
        await pilot.press("g")
        await settled(pilot, app)
        assert "messages cannot be read" in app.receipts[0]
        assert numbers(log)[0] == MANY - 100
        await until(lambda: True, what="nothing hangs")


async def test_on_the_whole_screen_keys_lead_to_messages_that_only_the_journal_has(tmp_path: Path) -> None:
    server = Server("tiles")
    ref = server.has(a_job())
    async with staged(tmp_path, server, size=(120, 30)) as stage:
        main, log = stage.main, stage.main.log_pane
        await until(lambda: log.ref == ref, what="the job is selected")
        empty = [(Span("reading the messages", "dim"),)]
        await until(lambda: log.why_empty != empty, what="it was asked for")
        told = tuple(said(number) for number in range(MANY))
        main.monitor._follower.take_told(ref, told)
        await until(lambda: log.line_count() == KEPT, what="they are held")
        await stage.pilot.press("3", "g")
        await until(lambda: numbers(log)[:1] == [0], what="the oldest are shown")
        await stage.pilot.press("slash", *"12345", "enter")
        await until(lambda: numbers(log)[:1] == [12_345], what="what is searched for is shown")
        await stage.pilot.press("G")
        await until(lambda: numbers(log)[-1:] == [MANY - 1], what="the newest are shown")
        assert log.follows
