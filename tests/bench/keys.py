"""How long a key takes to the screen: with few jobs, and while very many are taken in and messages pour."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random

from tests.bench.loaded import reported
from tests.bench.registry import Options
from tests.bench.scene import environment, served
from tests.bench.stretches import Stretch, longest_ms
from tests.bench.table import Cell, Table
from tests.bench.terminal import Terminal, terminal

SAYS = "how long a key takes to the screen, with 100,000 jobs taken in and 10,000 messages a second"
MANY, POURING = 100_000, 10_000
SCENES = ((1_000, 0), (MANY, 0), (MANY, POURING))
"""Jobs, and messages a second into the followed one."""
POLL_S = 5.0
_BOUNDS_MS = (4, 8, 16, 33, 66, 133, 500)
_LIST, _JOB = range(4, 38), slice(2, 70)
"""Lines of the screen on which jobs stand, and where on them."""
_LOST_S = 10.0
_READ_S = 300.0
_SHOWN = 5
"""Of the longest stretches, those that are named."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One scene."""

    jobs: int
    rate: int
    took: Sequence[float]
    """Milliseconds of each key, in their order."""
    stretches: Sequence[Stretch]
    """What the loop did meanwhile without a pause."""

    def at(self, share: float) -> float:
        """Give what this share of the keys took at most."""
        return sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * share))]


def run(options: Options) -> list[Table]:
    """Measure each scene for as long as traffic is counted, and at least for some rounds of polling."""
    seconds = max(options.seconds, 6 * POLL_S)
    found = [asyncio.run(measure(jobs, rate, seconds)) for jobs, rate in SCENES]
    return [table(found), longest(found[-1])]


async def measure(jobs: int, rate: int, seconds: float) -> Measured:
    """Press keys for so long, from when all jobs have been read once."""
    with tempfile.TemporaryDirectory(prefix="jobtui-bench-") as name:
        folder = Path(name)
        async with served("tests.bench.tiles", str(jobs)) as server:
            argv = [sys.executable, "-m", "tests.bench.loaded", server.url, str(rate), str(POLL_S), name]
            async with terminal(argv, environment(folder)) as opened:
                await opened.until(rf"Jobs +{jobs:,}\b|Jobs +{jobs}\b", timeout_s=_READ_S)
                await asyncio.sleep(2 * POLL_S)
                began = time.monotonic()
                took = await _press(opened, seconds)
                ended = time.monotonic()
                await opened.left_by("q")
        return Measured(jobs, rate, took, [one for one in reported(folder) if began <= one.at <= ended])


async def _press(opened: Terminal, seconds: float) -> list[float]:
    dice, took = Random(7), []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        row, job = _cursor(opened)
        down = row < _LIST.start + 3 or (row < _LIST.stop - 12 and dice.random() < 0.55)
        moved = asyncio.ensure_future(opened.once(partial(_has_left, opened, row, job), timeout_s=_LOST_S))
        await asyncio.sleep(0)  # it looks from now on
        began = time.monotonic()
        opened.press("j" if down else "k")
        took.append((await moved - began) * 1000)
        await asyncio.sleep(dice.uniform(0.06, 0.2))
    return took


def _has_left(opened: Terminal, row: int, job: str) -> bool:
    # Rows move by themselves, too: a key may take the cursor back to where it was, but not to the same job.
    return _cursor(opened) != (row, job)


def _cursor(opened: Terminal) -> tuple[int, str]:
    """Give the line of the cursor, and the job on it."""
    row = next((y for y in _LIST if opened.begins(y, ">")), -1)
    return row, opened.line(row)[_JOB]


def table(found: Sequence[Measured]) -> Table:
    """Give how many keys took how long."""
    bounds = (*(f"≤{bound}" for bound in _BOUNDS_MS), f">{_BOUNDS_MS[-1]}")
    heads = ("jobs", "messages/s", "keys", "p50 ms", "p99 ms", "worst ms", *bounds, "longest stretch ms")
    rows: list[tuple[Cell, ...]] = [
        (
            *(f"{one.jobs:,}", f"{one.rate:,}", len(one.took), one.at(0.5), one.at(0.99), max(one.took)),
            *(*_counts(one.took), longest_ms(one.stretches)),
        )
        for one in found
    ]
    notes = (
        "j and k at a terminal of 120x40, 60 to 200 ms apart, until the cursor stands on another job;",
        f"1% of the jobs moves from poll to poll, every {POLL_S:g} s; ≤4 to >500: keys, by milliseconds;",
        "the longest stretch: what the loop did without a pause, of CPU time",
    )
    full = [one for one in found if (one.jobs, one.rate) == SCENES[-1]]
    figures = {"keys.p99": full[0].at(0.99), "keys.blocked": longest_ms(full[0].stretches)} if full else {}
    return Table("keys: from key to screen", heads, rows, notes, figures)


def longest(one: Measured) -> Table:
    """Name the longest stretches of a scene."""
    worst = sorted(one.stretches, key=lambda each: -each.ms)[:_SHOWN]
    rows = [(each.ms, each.what.replace("\n", " ")) for each in worst]
    return Table(
        f"keys: what the loop did longest, {one.jobs:,} jobs, {one.rate:,} messages/s",
        ("CPU ms", "what"),
        rows,
    )


def _counts(took: Sequence[float]) -> list[int]:
    edges = [0.0, *map(float, _BOUNDS_MS), float("inf")]
    return [sum(low < one <= high for one in took) for low, high in pairwise(edges)]
