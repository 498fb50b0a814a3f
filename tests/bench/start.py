"""How soon the screen stands, is live and answers, and how soon a command has ended, against others.

A round starts every program once, so that each has its pair in the yardstick of the same round: what a
machine does beside is the same for both.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

from tests.bench.aims import beside
from tests.bench.others import OTHERS, found
from tests.bench.registry import Options
from tests.bench.scene import NAMES, environment, served, written_all
from tests.bench.starting import ENDED, Case, Start, shows, start, visit
from tests.bench.table import Table

SAYS = "the last screen, the live one, --help and ls: how soon, against an empty Python, Textual and others"
JOBS = 1_002
"""Of all three sources together."""
NOTHING, BARE = "python -c pass", "a bare Textual app"
LAST, LIVE, ANSWERS, FIRST = (
    "jobtui: last screen",
    "jobtui: live",
    "jobtui: a key answered",
    "jobtui: first start",
)
HELP, AUDIT, LS = "jobtui --help", "jobtui audit (journal only)", "jobtui ls (sources asked)"
AIMS = {
    LAST: (NOTHING, "≤ 5 ×"),
    ANSWERS: (BARE, "≤ 1.25 ×"),
    HELP: (NOTHING, "≤ 2 × + 60 ms"),
    AUDIT: (NOTHING, "≤ 2 × + 120 ms"),
}
_LOOK_S = 12.0
"""Long enough for every source to have told all its jobs."""
_ROWS = r"\b(QUEUE|RUN|WAIT)\b"
"""By this it is seen that jobs are listed."""
BARE_PROGRAM = """\
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("here it is")
Bare().run()
"""


def run(options: Options) -> list[Table]:
    """Measure, clean up, and give the table."""
    return [table(asyncio.run(measure(options)))]


async def measure(options: Options, jobs: int = JOBS, others: bool = True) -> dict[str, list[Start]]:
    """Start everything once per round, in another order each."""
    measured: dict[str, list[Start]] = {}
    async with _looked_at(jobs) as (config, folder):
        cases = list(_cases(config))
        if others:
            cases += await asyncio.to_thread(shown_here, folder)
        for number in range(options.rounds + 1):
            for case in cases[number % 2 :] + cases[: number % 2]:
                surroundings = environment(folder)
                if case.name == FIRST:
                    surroundings["XDG_STATE_HOME"] = tempfile.mkdtemp(dir=folder)
                took = await asyncio.to_thread(start, case, surroundings)
                if number:  # the first round only warms up
                    measured.setdefault(case.name, []).append(took)
    return measured


def _cases(config: Path) -> Iterator[Case]:
    ours = (sys.executable, "-m", "jobtui", "--config", str(config))
    yield Case(NOTHING, (sys.executable, "-c", "pass"), ENDED)
    yield Case(BARE, (sys.executable, "-c", BARE_PROGRAM), "here it is")
    yield Case(LAST, ours, "connecting")
    yield Case(LIVE, ours, r"connecting[\s\S]*(STARTING|LIVE)")
    yield Case(ANSWERS, ours, "Help", keys="?")
    yield Case(FIRST, ours, _ROWS)
    yield Case(HELP, (sys.executable, "-m", "jobtui", "--help"), ENDED)
    yield Case(AUDIT, (*ours, "audit"), ENDED)
    yield Case(LS, (*ours, "ls"), ENDED)


def shown_here(folder: Path) -> list[Case]:
    """Give the programs of others that are installed, and that have anything to show here."""
    cases = [Case(one.name, one.argv(folder), one.first) for one in found(OTHERS)]
    return [case for case in cases if shows(case, environment(folder))]


@asynccontextmanager
async def _looked_at(jobs: int) -> AsyncIterator[tuple[Path, Path]]:
    """Give a configuration of three sources that jobtui has looked at and left; a silent one beside it."""
    async with served("tests.bench.crowd", str(jobs // len(NAMES))) as server:
        with tempfile.TemporaryDirectory(prefix="jobtui-bench-") as name:
            folder = Path(name)
            config = written_all(folder / "config.toml", server)
            command = (sys.executable, "-m", "jobtui", "--config", str(config))
            looking = Case("the first look", command, _ROWS)
            await asyncio.to_thread(visit, looking, environment(folder), seconds=_LOOK_S, leave="q")
            yield config, folder


def table(measured: Mapping[str, Sequence[Start]]) -> Table:
    """Give the times, and their ratios to both yardsticks, as a table."""
    rows = [(name, *_figures(measured, name), *AIMS.get(name, ("", ""))) for name in measured]
    missing = [one.name for one in OTHERS if one.name not in measured]
    notes = ["from the start of the process to the bytes on the terminal, 120x40; medians of paired rounds"]
    if missing:
        notes.append(f"not installed, or show nothing here, and skipped: {', '.join(missing)}")
    return Table(
        f"start: {len(next(iter(measured.values())))} rounds, {JOBS:,} jobs of three sources",
        ("what", "ms", "worst ms", f"× {NOTHING}", f"× {BARE}", "bytes", "RSS MiB", "yardstick", "aim"),
        rows,
        tuple(notes),
        _held(measured),
    )


def _held(measured: Mapping[str, Sequence[Start]]) -> dict[str, float | None]:
    """Give what is held against an aim."""
    times = {name: [one.seconds for one in starts] for name, starts in measured.items()}
    nothing, bare = measured[NOTHING], measured[BARE]
    ratios = {"last": (LAST, nothing), "live": (LIVE, bare), "answers": (ANSWERS, bare)}
    over = {"help": HELP, "audit": AUDIT}
    others = {one.name: times[one.name] for one in OTHERS if one.name in times}
    return {
        **{beside("start.live", name): _ratio(taken, bare) for name, taken in others.items()},
        **{f"start.{key}": _ratio(times[name], to) for key, (name, to) in ratios.items() if name in times},
        **{f"start.{key}": _over_ms(times[name], nothing) for key, name in over.items() if name in times},
    }


def _over_ms(times: Sequence[float], pairs: Sequence[Start]) -> float:
    """Say how much longer it took than twice the yardstick of its round."""
    return 1_000 * median(mine - 2 * other.seconds for mine, other in zip(times, pairs, strict=True))


def _figures(measured: Mapping[str, Sequence[Start]], name: str) -> tuple[float | None, ...]:
    starts = measured[name]
    times = [one.seconds for one in starts]
    held = [one.rss for one in starts if one.rss is not None]
    return (
        median(times) * 1_000,
        max(times) * 1_000,
        _ratio(times, measured[NOTHING]),
        _ratio(times, measured[BARE]),
        median(one.written for one in starts),
        median(held) if held else None,
    )


def _ratio(times: Sequence[float], pairs: Sequence[Start]) -> float:
    return median(mine / other.seconds for mine, other in zip(times, pairs, strict=True))
