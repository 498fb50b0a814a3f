"""What a job that is held takes of memory, with all that is kept about it; each size in a fresh process."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jobtui import collecting
from tests.bench.chain import chain
from tests.bench.registry import Options
from tests.bench.scene import environment, served
from tests.bench.table import Table
from tests.bench.terminal import ROOT
from tests.soak.memory import held_bytes, resident_bytes

SAYS = "bytes per job held, and of the whole process"
SIZES = (1_000, 10_000, 100_000)
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """What so many jobs take."""

    jobs: int
    held: float
    """Bytes a job, of the objects that are reached from what is known and from the backend."""
    grown: float
    """Bytes a job, of what the process has grown by."""
    resident_mib: float


def run(options: Options) -> list[Table]:
    """Measure, and give the table."""
    return [table([_median([_in_a_process(jobs) for _ in range(_times(jobs, options))]) for jobs in SIZES])]


def _times(jobs: int, options: Options) -> int:
    return options.rounds if jobs < max(SIZES) else 1


def _in_a_process(jobs: int) -> Measured:
    return asyncio.run(_asked(jobs))


async def _asked(jobs: int) -> Measured:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.memory", str(jobs)),
        cwd=ROOT,
        env=environment(Path(tempfile.gettempdir())),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    return Measured(jobs, *json.loads(told))


def _median(measured: Sequence[Measured]) -> Measured:
    return sorted(measured, key=lambda one: one.held)[len(measured) // 2]


async def measure(jobs: int) -> Measured:
    """Measure in this process, after some rounds."""
    async with served("tests.bench.tiles", str(jobs)) as server:
        with tempfile.TemporaryDirectory(prefix="jobtui-bench-") as folder:
            before = resident_bytes()
            async with chain(server.url, Path(folder)) as ours:
                for _ in range(_ROUNDS):
                    await ours.round()
                gc.collect()
                resident = resident_bytes()
                held = held_bytes((ours.known, ours.reader), without=(ours.recorder,))
    return Measured(jobs, held / jobs, (resident - before) / jobs, resident / 2**20)


def table(measured: Sequence[Measured]) -> Table:
    """Give the figures of each number of jobs."""
    rows = [(one.jobs, one.held, one.grown, one.resident_mib) for one in measured]
    return Table(
        "memory: open jobs of one source, after three rounds",
        ("jobs", "bytes a job held", "… of the process grown by", "process MiB"),
        rows,
        (
            "held: objects reached from what is known and from the backend, with connections and all",
            "medians of fresh processes (100,000: of one), without a screen, with the libraries",
        ),
        {"memory.job": measured[-1].held} if measured[-1].jobs >= SIZES[-1] else {},
    )


if __name__ == "__main__":
    collecting.begin()  # as the program itself does
    collecting.go_on()
    one = asyncio.run(measure(int(sys.argv[1])))
    sys.stdout.write(json.dumps([one.held, one.grown, one.resident_mib]))
