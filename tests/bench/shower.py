"""A program at a terminal that is told so many messages a second: one widget, or the whole of jobtui.

``python -m tests.bench.shower KIND RATE SECONDS REPORT`` writes what it cost into a file, and ends.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import Log, RichLog

from jobtui.journal.journal import Journal
from jobtui.model import JobMessage, JobRef, Kind, Level, Source
from jobtui.monitor.events import Publish
from jobtui.monitor.monitor import Monitor
from jobtui.tui import app
from jobtui.tui.cell_diff import CellDiff
from jobtui.tui.pace import Pace
from jobtui.tui.themes import load_themes
from jobtui.tui.widgets.message_log import KEPT, MessageLog
from tests.factory import a_job
from tests.monitor.scripted import Scripted

RICH, LOG, PANE, WHOLE = "RichLog", "Log", "jobtui's pane", "jobtui, whole"
KINDS = (RICH, LOG, PANE, WHOLE)
_TICK_S = 0.01
_MOST_AT_ONCE = 20
"""Ticks that are made up for at once, by who falls behind."""
_SETTLED_S = 1.0
_WARM = 500
_REF = JobRef("tiles", "1")


def a_message(number: int) -> JobMessage:
    """Make the nth message, of an ordinary length, long enough to go on in a second line now and then."""
    text = f"tile {number} of 4000000 rendered at level {number % 19}, {number % 977} ms"
    if number % 5 == 0:
        text += ", nearest neighbours missing, sampled again from the level above, which took as long"
    return JobMessage(_REF, f"m-{number}", datetime.now(UTC), Level.INFO, "INFO", text)


class Shower:
    """Gives messages in time, counts what that costs this process, and writes it into a file."""

    def __init__(self, rate: int, seconds: float, report: Path) -> None:
        self._rate = rate
        self._seconds = seconds
        self._report = report

    async def run(self, give: Callable[[list[JobMessage]], object]) -> None:
        """Give messages until the time is over; a file beside the report is made at the first."""
        await asyncio.sleep(_SETTLED_S)
        self._report.with_suffix(".begun").touch()
        began, cpu, given = time.monotonic(), time.process_time(), 0
        while (elapsed := time.monotonic() - began) < self._seconds:
            due = int(elapsed * self._rate) - given
            due = min(due, max(1, int(self._rate * _TICK_S * _MOST_AT_ONCE)))
            if due > 0:
                give([a_message(given + number) for number in range(due)])
                given += due
            await asyncio.sleep(_TICK_S)
        elapsed, cpu = time.monotonic() - began, time.process_time() - cpu
        cost = {"taken": given / elapsed, "cpu": cpu / elapsed, "seconds": elapsed}
        self._report.write_text(json.dumps(cost), "utf-8")


class OneWidget(App[None]):
    """An app with one widget, drawn as jobtui is drawn when it is jobtui's."""

    def __init__(self, kind: str, shower: Shower | None = None) -> None:
        super().__init__()
        self.cells = CellDiff() if kind == PANE else None
        self.shower = shower
        self.waiting: list[JobMessage] = []
        self.pace = Pace(self._take_over, self.set_timer)
        self.widget = _widget(kind)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return load_themes()["harbour"].variables

    def compose(self) -> ComposeResult:
        yield self.widget

    def _display(self, screen: Any, renderable: Any) -> None:
        super()._display(screen, self.cells.less(self, renderable) if self.cells else renderable)

    def on_mount(self) -> None:
        if isinstance(self.widget, MessageLog):
            self.widget.start(_REF)
        if self.shower is not None:
            self.run_worker(self._run_shower(self.shower))

    async def _run_shower(self, shower: Shower) -> None:
        await shower.run(self.give)
        self.exit()

    def give(self, messages: list[JobMessage]) -> None:
        """Give messages to the widget in the way that it is meant to be used."""
        if isinstance(self.widget, MessageLog):
            self.waiting += messages
            self.pace.news()
        elif isinstance(self.widget, Log):
            self.widget.write_lines([f"{one.at:%H:%M:%S} {one.text}" for one in messages])
        elif isinstance(self.widget, RichLog):
            for one in messages:
                self.widget.write(f"{one.at:%H:%M:%S} {one.text}")

    def _take_over(self) -> None:
        waiting, self.waiting = self.waiting, []
        if isinstance(self.widget, MessageLog):
            self.widget.add(waiting)


def _widget(kind: str) -> Widget:
    if kind == RICH:
        return RichLog(max_lines=KEPT, wrap=True)
    return Log(max_lines=KEPT) if kind == LOG else MessageLog(now=lambda: datetime.now(UTC))


class Whole(app.JobtuiApp):
    """All of jobtui over a server that tells of one job; what is told is also written to a journal."""

    CSS_PATH = str(Path(app.__file__).with_name("jobtui.tcss"))

    def __init__(self, shower: Shower, folder: Path) -> None:
        self._server = Scripted()
        self._server.has(a_job(job_id=_REF.job_id, as_of=datetime.now(UTC)))
        self._folder = folder
        self._shower = shower
        super().__init__(self._watched, select=_REF)

    def _watched(self, publish: Publish) -> Monitor:
        journal = Journal(self._folder / "journal.sqlite3")
        source = Source("tiles", Kind.NEXTSPACE)
        return Monitor([source], {"tiles": self._server}, journal, publish=publish, who="bench")

    def on_mount(self) -> None:
        self.run_worker(self._run_shower())

    async def _run_shower(self) -> None:
        await asyncio.sleep(_SETTLED_S)
        await self._shower.run(lambda new: self.monitor._follower.take_told(_REF, tuple(new)))
        self.exit()


async def memory(kind: str, count: int) -> float:
    """Say how many bytes a widget takes for each message kept, the message itself among them."""
    shown = OneWidget(kind)
    async with shown.run_test(size=(100, 40)) as pilot:
        for start in range(0, _WARM, 100):  # what a screen takes, however many there are, is not counted
            shown.give([a_message(number) for number in range(start, start + 100)])
            shown.pace.at_once()
            await pilot.pause()
        gc.collect()
        tracemalloc.start()
        for start in range(_WARM, count, 100):
            shown.give([a_message(number) for number in range(start, start + 100)])
        shown.pace.at_once()
        await pilot.pause(0.5)
        gc.collect()
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
    return held / (count - _WARM)


def main(argv: list[str]) -> int:
    """Run as one of KINDS; the report says what it cost, or with no seconds what a message kept takes."""
    kind, rate, seconds, report = argv[0], int(argv[1]), float(argv[2]), Path(argv[3])
    if not seconds:
        report.write_text(json.dumps({"kept": asyncio.run(memory(kind, rate))}), "utf-8")
        return 0
    shower = Shower(rate, seconds, report)
    if kind == WHOLE:
        with tempfile.TemporaryDirectory(prefix="jobtui-bench-") as folder:
            Whole(shower, Path(folder)).run()
    else:
        OneWidget(kind, shower).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
