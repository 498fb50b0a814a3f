"""The bytes of a change on the screen: ours, Textual's own, and the least there could be."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.least import least
from tests.bench.many import many_jobs
from tests.bench.registry import Options
from tests.bench.table import Cell, Table
from tests.tui.emulator import Emulator

SAYS = "bytes of one row, a page, a dialog with 1,000 and 10,000 jobs, against the least there could be"
SIZES = (1_000, 10_000)
COLUMNS, LINES = 120, 40
_QUIET_S = 0.3
_PATIENCE_S = 60.0
ROW = "one row changes"


@dataclass(slots=True)
class Counted:
    """What one change came to."""

    ours: int = 0
    whole: int = 0
    least: int = 0
    cells: int = 0
    ms: float = 0.0
    """For reading the update, comparing, and writing."""


class Watched:
    """The terminal of an app, and what Textual would have written to it."""

    def __init__(self) -> None:
        self._emulator = Emulator(COLUMNS, LINES)
        self._now = Counted()
        self._before = self._emulator.cells()
        self.wrote_at = 0.0
        """The CPU time of this thread at the last byte."""

    def write(self, data: str) -> None:
        """Take what the app writes."""
        self._now.ours += len(data.encode())
        self.wrote_at = time.thread_time()
        self._emulator.feed(data)

    def less(self, before: Callable[..., Any]) -> Callable[..., Any]:
        """Count around the diff itself."""

        def less(app: Any, update: Any) -> Any:
            if update is None:
                return None
            self._now.whole += len(update.render_segments(app.console).encode())
            began = time.thread_time()
            result = before(app, update)
            self._now.ms += (time.thread_time() - began) * 1_000
            return result

        return less

    def count(self) -> Counted:
        """Give what came since the last time."""
        counted, cells = self._now, self._emulator.cells()
        counted.cells, counted.least = least(self._before, cells)
        self._now, self._before = Counted(), cells
        return counted


def run(options: Options) -> list[Table]:
    """Measure, clean up, and give a table for each number of jobs."""
    # Textual reads both once, when it is first imported: as on a usual terminal over a line.
    os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", "256")
    return [table(size, asyncio.run(measure(size, options.rounds)), options.rounds) for size in SIZES]


async def measure(size: int, rounds: int) -> dict[str, list[Counted]]:
    """Give what each change came to, in every round."""
    counted: dict[str, list[Counted]] = {}
    async with board(size) as (stage, watched):
        for number in range(rounds):
            for what, change in _changes(stage, number):
                watched.count()
                await change()
                await stage.pilot.pause(_QUIET_S)
                counted.setdefault(what, []).append(watched.count())
    return counted


def _changes(stage: Any, number: int) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    async def one_row() -> None:
        change_one(stage, number)

    return [
        ("(to the top)", pressing(stage, "g")),
        (ROW, one_row),
        ("cursor down", pressing(stage, "down")),
        ("page down", pressing(stage, "pagedown")),
        ("a dialog opens: help", pressing(stage, "question_mark")),
        ("it closes", pressing(stage, "escape")),
        ("a letter of a filter", pressing(stage, "slash", "r")),
        ("the filter is dropped", pressing(stage, "escape")),
        ("sorted by another column", pressing(stage, "greater_than_sign")),
        ("and back", pressing(stage, "less_than_sign")),
    ]


def pressing(stage: Any, *keys: str) -> Callable[[], Awaitable[None]]:
    """Give what presses keys."""
    return lambda: stage.pilot.press(*keys)


def change_one(stage: Any, number: int) -> None:
    """Have one visible job say something else of itself."""
    from jobtui.monitor.events import JobsChanged

    store, now = stage.main.monitor.store, datetime.now(UTC) + timedelta(seconds=number)
    job = store.get(stage.main.jobs.visible_refs_in_order()[5])
    changed = replace(job, why=f"{number + 4} of 40 failed: no such user")
    stage.main.receive(JobsChanged(job.ref.source, store.apply([changed], now)))


@asynccontextmanager
async def board(size: int) -> AsyncIterator[tuple[Any, Watched]]:
    """Run the real app on a terminal of ours, with so many jobs in its store."""
    # Deferred: Textual reads the environment when it is imported.
    from textual.drivers import headless_driver

    from jobtui.monitor.events import JobsChanged
    from tests.tui.staged import Server, staged

    watched = Watched()

    class Driver(headless_driver.HeadlessDriver):
        is_headless = False

        def write(self, data: str) -> None:
            watched.write(data)

    usual = headless_driver.HeadlessDriver
    headless_driver.HeadlessDriver = Driver  # type: ignore[misc]
    try:
        with tempfile.TemporaryDirectory(prefix="jobtui-bench-") as folder:
            servers = [Server(name) for name in ("tiles", "desk", "field")]
            async with staged(Path(folder), *servers, size=(COLUMNS, LINES), poll_s=3_600.0) as stage:
                await _answered(stage)
                cells: Any = stage.app.cells
                cells.less = watched.less(cells.less)
                now = datetime.now(UTC)
                jobs = [replace(job, as_of=now) for job in many_jobs(size)]
                for server in servers:  # who is asked for one of them knows it
                    server.jobs = {job.ref.job_id: job for job in jobs if job.ref.source == server.source}
                changes = stage.main.monitor.store.apply(jobs, now)
                stage.main.receive(JobsChanged("tiles", changes))
                await stage.pilot.pause(1.0)
                yield stage, watched
    finally:
        headless_driver.HeadlessDriver = usual  # type: ignore[misc]


async def _answered(stage: Any) -> None:
    """Wait until every source has told its list: a later one would take the oldest jobs away again."""
    from jobtui.monitor.events import Link

    monitor, until = stage.main.monitor, time.monotonic() + _PATIENCE_S
    while any(monitor.health(name).link is Link.STARTING for name in monitor.sources):
        assert time.monotonic() < until, "a source never answered"
        await stage.pilot.pause(_QUIET_S / 10)


def table(size: int, counted: dict[str, list[Counted]], rounds: int) -> Table:
    """Give it as a table."""
    heads = ("bytes", "cells", "least", "ours", "Textual's own", "of the least", "of its own", "ms")
    rows: list[tuple[Cell, ...]] = []
    for what, each in counted.items():
        cells, fewest, ours, whole, ms = (
            median(getattr(one, name) for one in each) for name in ("cells", "least", "ours", "whole", "ms")
        )
        ratios = (ours / fewest if fewest else None, ours / whole if whole else None)
        rows.append((what, cells, fewest, ours, whole, *ratios, ms))
    notes = (f"medians of {rounds} rounds; ms: reading, comparing and writing, of one processor",)
    fewest, ours = (sum(getattr(one, name) for one in counted[ROW]) for name in ("least", "ours"))
    return Table(
        f"a change on the screen, {size:,} jobs, {COLUMNS}x{LINES}",
        heads,
        rows,
        notes,
        {"diff.row": ours / fewest},
    )
