"""What everything costs as there are more jobs: what the screen does should not ask how many there are."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from jobtui import collecting
from tests.bench import round as rounds_of
from tests.bench.on_screen import CHANGE, FILTER, PAGE, SORT, Cost, asked
from tests.bench.registry import Options
from tests.bench.scene import environment, served, written_tiles
from tests.bench.starting import Case, Start, resident_mib, start
from tests.bench.table import Cell, Table
from tests.bench.terminal import terminal

SAYS = "start, one change, sort, filter, page, memory and a poll round, with 10 to 100,000 jobs"
SIZES = (10, 100, 1_000, 10_000, 100_000)
FEW, MANY = 1_000, SIZES[-1]
"""What is held against what."""
_READ_S = 300.0
_WRITTEN_S = 6.0
"""Until what was read is in the journal, too, and a second round has come."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What it costs with so many jobs."""

    jobs: int
    last: Sequence[Start]
    """Until the last screen stands."""
    answers: Sequence[Start]
    """Until a key that was typed at once is answered."""
    resident_mib: float | None
    """Of the whole program, once all is read."""
    on_screen: dict[str, Cost]
    round: rounds_of.Measured


def run(options: Options) -> list[Table]:
    """Measure every size, clean up, and give the table."""
    collecting.begin()  # as the program itself does
    collecting.go_on()
    return [table([asyncio.run(measure(jobs, options)) for jobs in SIZES], options)]


async def measure(jobs: int, options: Options) -> Measured:
    """Measure one size."""
    last, answers, held = await _started(jobs, options.rounds)
    on_screen = await asyncio.to_thread(asked, jobs, options.rounds)
    round_ = await rounds_of.measure_alone(jobs, options)
    return Measured(jobs, last, answers, held, on_screen, round_)


async def _started(jobs: int, rounds: int) -> tuple[list[Start], list[Start], float | None]:
    """Look at a source until all of it is known and written; then start again and again."""
    async with served("tests.bench.tiles", str(jobs)) as server:
        with tempfile.TemporaryDirectory(prefix="jobtui-bench-") as name:
            folder = Path(name)
            config = written_tiles(folder / "config.toml", server.url, limit=jobs, budget=1_000_000)
            argv = (sys.executable, "-m", "jobtui", "--config", str(config))
            async with terminal(argv, environment(folder)) as opened:
                await opened.until(rf"Jobs +{jobs:,}\b|Jobs +{jobs}\b", timeout_s=_READ_S)
                await asyncio.sleep(_WRITTEN_S)
                held = resident_mib(opened.process)
                await opened.left_by("q")
            cases = (Case("last", argv, "connecting"), Case("answers", argv, "Help", keys="?"))
            took: dict[str, list[Start]] = {case.name: [] for case in cases}
            for number in range(rounds + 1):
                for case in cases:
                    one = await asyncio.to_thread(start, case, environment(folder))
                    took[case.name] += [one] if number else []  # the first round only warms up
    return took["last"], took["answers"], held


def table(measured: Sequence[Measured], options: Options) -> Table:
    """Give a line for each cost, a column for each number of jobs."""
    rows: list[tuple[Cell, ...]] = [
        (what, *(of(one) for one in measured), _ratio(of(measured[-1]), of(measured[0])))
        for what, of in _LINES
    ]
    notes = (
        f"medians of {options.rounds} rounds; from a key or a change on: CPU until the last byte;",
        "start: from the process to the bytes on the terminal; so many jobs in journal and source;",
        "a poll round: no screen, 1% moved; process: the whole program with its screen, at a terminal",
    )
    return Table(
        "curves: what it costs with so many jobs",
        ("what", *(f"{one.jobs:,}" for one in measured), "last / first"),
        rows,
        notes,
        _held({one.jobs: one for one in measured}),
    )


def _held(by_size: dict[int, Measured]) -> dict[str, float | None]:
    """Give what is held against an aim."""
    if FEW not in by_size or MANY not in by_size:
        return {}
    few, many = by_size[FEW], by_size[MANY]
    return {
        "curves.start": _ms(many.answers) / _ms(few.answers),
        "curves.page": many.on_screen[PAGE].ms,
        "curves.resident": many.resident_mib,
    }


def _ratio(many: float | None, few: float | None) -> float | None:
    return many / few if many is not None and few else None


def _ms(starts: Sequence[Start]) -> float:
    return 1_000 * median(one.seconds for one in starts)


def _cost(what: str) -> Callable[[Measured], float]:
    return lambda one: one.on_screen[what].ms


def _written(what: str) -> Callable[[Measured], float]:
    return lambda one: one.on_screen[what].written


_LINES: tuple[tuple[str, Callable[[Measured], float | None]], ...] = (
    ("start: the last screen, ms", lambda one: _ms(one.last)),
    ("start: a key answered, ms", lambda one: _ms(one.answers)),
    ("one job changes, ms", _cost(CHANGE)),
    ("… bytes", _written(CHANGE)),
    ("page down, ms", _cost(PAGE)),
    ("… bytes", _written(PAGE)),
    ("another order, ms", _cost(SORT)),
    ("a letter in the filter, ms", _cost(FILTER)),
    ("… bytes", _written(FILTER)),
    ("a poll round, CPU ms", lambda one: one.round.cpu_ms),
    ("… longest stretch, ms", lambda one: one.round.blocked_ms),
    ("process, MiB", lambda one: one.resident_mib),
)
