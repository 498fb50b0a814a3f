"""What it costs to do nothing: wake-ups, CPU and bytes of a screen on which nothing changes, against others.

All run at the same time and are counted in the same windows, so that each window is a pair.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.aims import beside
from tests.bench.others import OTHERS
from tests.bench.registry import Options
from tests.bench.scene import environment, served, written_all
from tests.bench.start import BARE, BARE_PROGRAM, shown_here
from tests.bench.starting import Case, drained, end, launched
from tests.bench.table import Table

SAYS = "wake-ups, CPU and bytes a second while nothing changes, against htop, an empty Textual and others"
JOBS = 20
"""Of each of the three sources; none of them goes on."""
OURS, SSH, YARDSTICK = "jobtui", "jobtui over SSH", "htop"
SETTLE_S = 90.0
"""Until ages read in minutes and polls come as seldom as they do when nothing happens."""


_PULSE_S = 100.0
"""Long enough for ages to tick every 5 s, and every minute, too."""


@dataclass(frozen=True, slots=True)
class Window:
    """What one program used in one window, a second."""

    wake_ups: float
    cpu: float
    """Per cent of one core."""
    written: float


def run(options: Options) -> list[Table]:
    """Measure, clean up, and give the table."""
    from tests.bench import pulse  # deferred: it counts as is done here

    moved = pulse.measured(max(_PULSE_S, options.seconds))
    return [table(asyncio.run(measure(options)), options), pulse.table(moved)]


async def measure(
    options: Options, settle_s: float = SETTLE_S, others: bool = True
) -> dict[str, list[Window]]:
    """Count everything in windows of the same time."""
    async with served("tests.bench.crowd", str(JOBS)) as server:
        with tempfile.TemporaryDirectory(prefix="jobtui-bench-") as name:
            folder = Path(name)
            config = written_all(folder / "config.toml", server)
            return await asyncio.to_thread(
                _measured, _cases(config, folder, others), folder, options, settle_s
            )


def _cases(config: Path, folder: Path, others: bool) -> list[Case]:
    ours = (sys.executable, "-m", "jobtui", "--config", str(config))
    cases = [Case(name, ours, "") for name in (OURS, SSH)]
    cases.append(Case(BARE, (sys.executable, "-c", BARE_PROGRAM), ""))
    return cases + (shown_here(folder) if others else [])


def _measured(
    cases: Sequence[Case], folder: Path, options: Options, settle_s: float
) -> dict[str, list[Window]]:
    running: dict[str, tuple[int, int]] = {}
    try:
        for case in cases:
            surroundings = environment(folder)
            surroundings["XDG_STATE_HOME"] = tempfile.mkdtemp(dir=folder)
            if case.name == SSH:
                surroundings["SSH_CONNECTION"] = "192.0.2.1 50000 192.0.2.2 22"
            running[case.name] = launched(case.argv, surroundings)
        drained([keyboard for _, keyboard in running.values()], settle_s)
        measured: dict[str, list[Window]] = {name: [] for name in running}
        for _ in range(options.rounds):
            _window(running, options.seconds, measured)
        return measured
    finally:
        for process, keyboard in running.values():
            end(process, keyboard)


def _window(
    running: Mapping[str, tuple[int, int]], seconds: float, measured: Mapping[str, list[Window]]
) -> None:
    before = {name: used(process) for name, (process, _) in running.items()}
    written = drained([keyboard for _, keyboard in running.values()], seconds)
    for name, (process, keyboard) in running.items():
        switches, cpu_s = (now - then for now, then in zip(used(process), before[name], strict=True))
        window = Window(switches / seconds, 100 * cpu_s / seconds, written[keyboard] / seconds)
        measured[name].append(window)


def used(process: int) -> tuple[float, float]:
    """Give how often all threads of a process went to sleep, and the CPU seconds they have had."""
    switches, cpu_ns = 0, 0
    for thread in Path(f"/proc/{process}/task").iterdir():
        with suppress(OSError):  # it has ended meanwhile
            found_ = re.search(r"^voluntary_ctxt_switches:\s+(\d+)", (thread / "status").read_text(), re.M)
            switches += int(found_[1]) if found_ else 0
            cpu_ns += int((thread / "schedstat").read_text().split()[0])
    return switches, cpu_ns / 1e9


def table(measured: Mapping[str, Sequence[Window]], options: Options) -> Table:
    """Give what each used a second, and its ratio to the yardstick."""
    pairs = measured.get(YARDSTICK)
    rows = [(name, *_figures(windows, pairs)) for name, windows in measured.items()]
    missing = [one.name for one in OTHERS if one.name not in measured]
    notes = [
        f"{options.rounds} windows of {options.seconds:g} s, {SETTLE_S:g} s after the start, of all at once",
        "wake-ups: how often any thread went to sleep and was woken; jobtui asks three sources meanwhile",
        f"aims: CPU ≤ 0.5 × {YARDSTICK}; no bytes when nothing visible changes",
    ]
    if missing:
        notes.append(f"not installed, or show nothing here, and skipped: {', '.join(missing)}")
    return Table(
        f"idle: a screen on which nothing changes, {3 * JOBS} open jobs of three sources",
        ("what", "wake-ups/s", "CPU %", f"× {YARDSTICK}: CPU", "bytes/s", "least", "most"),
        rows,
        tuple(notes),
        {
            "idle.cpu" if name == OURS else beside("idle.cpu", name): _figures(windows, pairs)[2]
            for name, windows in measured.items()
            if name not in (SSH, YARDSTICK)
        },
    )


def _figures(windows: Sequence[Window], pairs: Sequence[Window] | None) -> tuple[float | None, ...]:
    written = [one.written for one in windows]
    ratio = None
    if pairs is not None and all(other.cpu for other in pairs):
        ratio = median(mine.cpu / other.cpu for mine, other in zip(windows, pairs, strict=True))
    return (
        median(one.wake_ups for one in windows),
        median(one.cpu for one in windows),
        ratio,
        median(written),
        min(written),
        max(written),
    )
