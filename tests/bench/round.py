"""What one poll round costs in which one job of a hundred has moved: CPU, and the loop's longest stretch.

Ours is everything from the answer to the announcement, the journal included, without the screen; the
yardstick is httpx, json and a Textual DataTable that is drawn without a terminal.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from jobtui import collecting
from tests.bench.chain import chain
from tests.bench.plain_table import PlainTable
from tests.bench.registry import Options
from tests.bench.scene import served
from tests.bench.stretches import longest_ms, stretches
from tests.bench.table import Table

SAYS = "CPU of a poll round against httpx + json + DataTable, and how long it blocks the loop at a stretch"
PAIRED = (1_000, 10_000)
ALONE = 100_000
"""So many that the yardstick takes minutes to fill its table."""
_SERVER = "tests.bench.tiles"
_WARM = 2
_USUAL = gc.get_threshold()


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians of the rounds with so many jobs."""

    jobs: int
    cpu_ms: float
    yardstick_ms: float | None
    ratio: float | None
    """Of the paired rounds, one by one."""
    blocked_ms: float
    """The longest stretch of the loop's own time in any round."""
    first_blocked_ms: float
    """The same while all jobs are new."""


def run(options: Options) -> list[Table]:
    """Measure, clean up, and give the table."""
    collecting.begin()  # as the program itself does
    collecting.go_on()
    return [table([asyncio.run(measure(jobs, options)) for jobs in (*PAIRED, ALONE)], options)]


async def measure(jobs: int, options: Options) -> Measured:
    """Measure ours and the yardstick, round by round in turn, each against a server of its own."""
    if jobs > max(PAIRED):
        return await measure_alone(jobs, options)
    async with served(_SERVER, str(jobs)) as first, served(_SERVER, str(jobs)) as second:
        with tempfile.TemporaryDirectory(prefix="jobtui-bench-") as folder:
            plain = PlainTable(second.url)
            async with chain(first.url, Path(folder)) as ours, plain.run_test(size=(120, 40)) as pilot:
                pairs, blocked, first_blocked = [], 0.0, 0.0
                for number in range(_WARM + options.rounds):
                    with stretches() as took:
                        began = time.process_time()
                        await ours.round()
                        ours_ms = (time.process_time() - began) * 1_000
                    first_blocked = longest_ms(took) if not number else first_blocked
                    with _collected_as_usual():
                        began = time.process_time()
                        await plain.poll()
                        await pilot.pause()
                        yardstick_ms = (time.process_time() - began) * 1_000
                    if number >= _WARM:
                        pairs.append((ours_ms, yardstick_ms))
                        blocked = max(blocked, longest_ms(took))
                await plain.aclose()
    return _measured(jobs, pairs, blocked, first_blocked)


@contextmanager
def _collected_as_usual() -> Iterator[None]:
    """Have garbage collected as in a program that says nothing of it; ours does, and that is a part of it."""
    ours = gc.get_threshold()
    gc.set_threshold(*_USUAL)
    try:
        yield
    finally:
        gc.set_threshold(*ours)


async def measure_alone(jobs: int, options: Options) -> Measured:
    """Measure ours without the yardstick."""
    async with served(_SERVER, str(jobs)) as server:
        with tempfile.TemporaryDirectory(prefix="jobtui-bench-") as folder:
            async with chain(server.url, Path(folder)) as ours:
                took_ms, blocked, first_blocked = [], 0.0, 0.0
                for number in range(_WARM + options.rounds):
                    with stretches() as took:
                        began = time.process_time()
                        await ours.round()
                        ours_ms = (time.process_time() - began) * 1_000
                    first_blocked = longest_ms(took) if not number else first_blocked
                    if number >= _WARM:
                        took_ms.append(ours_ms)
                        blocked = max(blocked, longest_ms(took))
    return Measured(jobs, median(took_ms), None, None, blocked, first_blocked)


def _measured(jobs: int, pairs: Sequence[tuple[float, float]], blocked: float, first: float) -> Measured:
    return Measured(
        jobs,
        median(ours for ours, _ in pairs),
        median(yardstick for _, yardstick in pairs),
        median(ours / yardstick for ours, yardstick in pairs),
        blocked,
        first,
    )


def table(measured: Sequence[Measured], options: Options) -> Table:
    """Give the figures of each number of jobs."""
    rows = [
        (one.jobs, one.cpu_ms, one.yardstick_ms, one.ratio, one.blocked_ms, one.first_blocked_ms)
        for one in measured
    ]
    figures: dict[str, float | None] = {f"round.{one.jobs}": one.ratio for one in measured if one.ratio}
    if measured[-1].jobs >= ALONE:
        figures["round.blocked"] = measured[-1].blocked_ms
    return Table(
        "round: one poll round in which 1% of the open jobs have moved",
        ("jobs", "CPU ms", "yardstick ms", "× yardstick", "longest stretch ms", "… while all are new"),
        rows,
        (
            f"medians of {options.rounds} paired rounds, CPU of all; stretches: the most of all rounds",
            "ours: read, decode, compare, journal, announce; no screen. Yardstick: httpx, json, DataTable",
            "both ask for up to 1,000 rows at once",
        ),
        figures,
    )
