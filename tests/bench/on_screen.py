"""What a change and a few keys cost on a screen of so many jobs: CPU until all is written, and bytes.

``python -m tests.bench.on_screen JOBS ROUNDS`` prints it as JSON: each size has a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from jobtui import collecting
from tests.bench.diff import Watched, board, change_one, pressing
from tests.bench.scene import environment
from tests.bench.terminal import ROOT

CHANGE, PAGE, SORT, FILTER = "one job changes", "page down", "another order", "a letter in the filter"
STEPS = (CHANGE, PAGE, SORT, FILTER)
_SETTLED_S = 0.35
_LETTERS = "coa"


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one step, the median of rounds."""

    ms: float
    """Of CPU time, from the key or the answer to the last byte."""
    written: float


def asked(jobs: int, rounds: int) -> dict[str, Cost]:
    """Measure in a process of its own."""
    return asyncio.run(_asked(jobs, rounds))


async def _asked(jobs: int, rounds: int) -> dict[str, Cost]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.on_screen", str(jobs), str(rounds)),
        cwd=ROOT,
        env=environment(Path.home()),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    return {what: Cost(*cost) for what, cost in json.loads(told).items()}


async def measure(jobs: int, rounds: int) -> dict[str, Cost]:
    """Measure in this process."""
    costs: dict[str, list[tuple[float, int]]] = {}
    async with board(jobs) as (stage, watched):
        await stage.pilot.pause(_SETTLED_S)
        for number in range(rounds + 1):
            for what, act in _acts(stage, number):
                cost = await _cost(stage, watched, act)
                if what and number:  # the first round only warms up
                    costs.setdefault(what, []).append(cost)
    return {
        what: Cost(median(ms for ms, _ in each), median(written for _, written in each))
        for what, each in costs.items()
    }


async def _cost(stage: Any, watched: Watched, act: Callable[[], Awaitable[None]]) -> tuple[float, int]:
    watched.count()
    began = watched.wrote_at = time.thread_time()
    await act()
    await stage.pilot.pause(_SETTLED_S)
    return (watched.wrote_at - began) * 1_000, watched.count().ours


def _acts(stage: Any, number: int) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
    """Give what is done in one round; what has no name only gets ready for the next."""

    async def one_changes() -> None:
        change_one(stage, number)

    return [
        ("", pressing(stage, "g")),
        (CHANGE, one_changes),
        (PAGE, pressing(stage, "pagedown")),
        ("", pressing(stage, "g")),
        (SORT, pressing(stage, "greater_than_sign")),
        ("", pressing(stage, "less_than_sign")),
        ("", pressing(stage, "slash")),
        *((FILTER, pressing(stage, letter)) for letter in _LETTERS),
        ("", pressing(stage, "escape")),
    ]


def main(jobs: int, rounds: int) -> None:
    """Measure, and print it."""
    costs = asyncio.run(measure(jobs, rounds))
    sys.stdout.write(json.dumps({what: (cost.ms, cost.written) for what, cost in costs.items()}))


if __name__ == "__main__":
    os.environ["TEXTUAL_COLOR_SYSTEM"] = "256"  # before Textual is there: it looks only once
    collecting.begin()  # as the program itself does
    main(int(sys.argv[1]), int(sys.argv[2]))
