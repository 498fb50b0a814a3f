"""How long a key takes to the screen: with few jobs, and while very many are taken in and messages pour."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from random import Random

from tests.bench.registry import Options
from tests.bench.scene import environment, served
from tests.bench.table import Cell, Table
from tests.bench.terminal import Terminal, terminal

SAYS = "how long a key takes to the screen, with 100,000 jobs taken in and 10,000 messages a second"
_SCENES = ((1_000, 0), (100_000, 0), (100_000, 10_000))
"""Jobs, and messages a second into the followed one."""
_BOUNDS_MS = (4, 8, 16, 33, 66, 133, 500)
_LIST = range(4, 38)
"""Lines of the screen on which jobs stand."""
_LOST_S = 5.0


def run(options: Options) -> list[Table]:
    """Measure each scene for as long as traffic is counted."""
    found = [asyncio.run(_measured(jobs, rate, options.seconds)) for jobs, rate in _SCENES]
    heads = ("jobs", "messages/s", "keys", "p50 ms", "p99 ms", "worst ms", *_heads())
    rows: list[tuple[Cell, ...]] = [
        (f"{jobs:,}", f"{rate:,}", len(took), _at(took, 0.5), _at(took, 0.99), max(took), *_counts(took))
        for (jobs, rate), took in zip(_SCENES, found, strict=True)
    ]
    notes = (
        "j and k at a terminal of 120x40, 60 to 200 ms apart, until the cursor stands on the other row;",
        "1% of the jobs moves from each poll to the next, every 5 s; the columns count keys",
    )
    return [Table("From key to screen", heads, rows, notes)]


async def _measured(jobs: int, rate: int, seconds: float) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="jobtui-bench-") as folder:
        async with served("tests.bench.tiles", str(jobs)) as server:
            argv = [sys.executable, "-m", "tests.bench.loaded", server.url, str(rate), folder]
            async with terminal(argv, environment(Path(folder))) as opened:
                await opened.until(rf"Jobs +{jobs:,}\b|Jobs +{jobs}\b", timeout_s=180.0)
                await asyncio.sleep(3.0)
                return await _press(opened, seconds)


async def _press(opened: Terminal, seconds: float) -> list[float]:
    dice, took = Random(7), []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        row = _cursor(opened)  # rows move by themselves, too
        down = row < _LIST.start + 3 or (row < _LIST.stop - 12 and dice.random() < 0.55)
        began = time.monotonic()
        opened.press("j" if down else "k")
        while _cursor(opened) == row:
            if time.monotonic() - began > _LOST_S:
                raise AssertionError("\n".join(["the cursor never moved:", *opened.lines]))
            await asyncio.sleep(0.0005)
        took.append((time.monotonic() - began) * 1000)
        await asyncio.sleep(dice.uniform(0.06, 0.2))
    return took


def _cursor(opened: Terminal) -> int:
    """Give the line of the cursor."""
    return next((y for y in _LIST if opened.begins(y, ">")), -1)


def _at(took: list[float], share: float) -> float:
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]


def _heads() -> list[str]:
    return [*(f"≤{bound}" for bound in _BOUNDS_MS), f">{_BOUNDS_MS[-1]}"]


def _counts(took: list[float]) -> list[int]:
    edges = [0.0, *map(float, _BOUNDS_MS), float("inf")]
    return [sum(low < one <= high for one in took) for low, high in pairwise(edges)]
