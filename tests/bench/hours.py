"""Eight hours of watching jobs at which nothing happens: CPU seconds, wake-ups and bytes to the terminal.

jobtui and its server live through them in minutes, as their clocks run so much faster and all they wait for
comes so much sooner; what they work costs what it costs. The others are measured in these minutes.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench.aims import beside
from tests.bench.counting import Traffic, counting_proxy
from tests.bench.idle import used
from tests.bench.registry import Options
from tests.bench.scene import environment, served, through, written_all
from tests.bench.start import BARE, BARE_PROGRAM, shown_here
from tests.bench.starting import Case, drained, end, launched
from tests.bench.table import Cell, Table

SAYS = "eight simulated hours of watching while nothing happens: CPU and bytes, against htop for as long"
HOURS, TIMES = 8.0, 60.0
JOBS = 20
"""Of each of three sources."""
OURS, YARDSTICK = "jobtui", "htop"
_SETTLED_S = 10.0
"""Real seconds, in which everything starts: not counted."""
_BESIDE = ("htop", "btop")


@dataclass(frozen=True, slots=True)
class Used:
    """What a program used in some time of its own."""

    hours: float
    cpu_s: float
    wake_ups: float
    written: int
    requests: float | None = None

    def __sub__(self, before: Used) -> Used:
        """Give what was added."""
        asked = None if self.requests is None or before.requests is None else self.requests - before.requests
        return Used(
            self.hours - before.hours,
            self.cpu_s - before.cpu_s,
            self.wake_ups - before.wake_ups,
            self.written - before.written,
            asked,
        )


def run(options: Options) -> list[Table]:
    """Measure, clean up, and give the table; how long traffic is counted does not matter here."""
    del options
    return [table(asyncio.run(measure(HOURS, TIMES)), HOURS, TIMES)]


async def measure(hours: float, times: float, settled_s: float = _SETTLED_S) -> dict[str, list[Used]]:
    """Give what each had used by the end of each hour, beginning with none; an hour of ours is shorter."""
    origin = str(time.time())
    crowd = ("tests.bench.hurried", origin, str(times), "tests.bench.crowd", str(JOBS))
    async with served(*crowd) as server, counting_proxy(server.url) as proxied:
        with tempfile.TemporaryDirectory(prefix="jobtui-bench-") as name:
            folder = Path(name)
            config = written_all(folder / "config.toml", through(server, proxied.url))
            cases = _cases(config, folder, origin, times)
            return await asyncio.to_thread(
                _measured, cases, folder, proxied.traffic, _ends(hours), times, settled_s
            )


def _ends(hours: float) -> list[float]:
    """Give when an hour ends, in hours; the last may be a shorter one."""
    return [float(number) for number in range(1, int(hours) + 1)] + ([hours] if hours % 1 else [])


def _cases(config: Path, folder: Path, origin: str, times: float) -> list[Case]:
    hurried = (sys.executable, "-m", "tests.bench.hurried", origin, str(times))
    ours = Case(OURS, (*hurried, "jobtui", "--config", str(config)), "")
    bare = Case(BARE, (sys.executable, "-c", BARE_PROGRAM), "")
    return [ours, bare, *(case for case in shown_here(folder) if case.name in _BESIDE)]


def _measured(
    cases: Sequence[Case],
    folder: Path,
    traffic: Traffic,
    ends: Sequence[float],
    times: float,
    settled_s: float,
) -> dict[str, list[Used]]:
    running: dict[str, tuple[int, int]] = {}
    try:
        for case in cases:
            running[case.name] = launched(case.argv, environment(folder))
        drained([keyboard for _, keyboard in running.values()], settled_s)
        written = dict.fromkeys(running, 0)
        began = time.monotonic()
        measured = {name: [_used(running[name][0], name, 0.0, times, 0, traffic)] for name in running}
        for hour in ends:
            left_s = began + hour * 3_600 / times - time.monotonic()
            counts = drained([keyboard for _, keyboard in running.values()], left_s)
            real_s = time.monotonic() - began
            for name, (process, keyboard) in running.items():
                written[name] += counts[keyboard]
                measured[name].append(_used(process, name, real_s, times, written[name], traffic))
        return measured
    finally:
        for process, keyboard in running.values():
            end(process, keyboard)


def _used(process: int, name: str, real_s: float, times: float, written: int, traffic: Traffic) -> Used:
    wake_ups, _ = used(process)
    if name == OURS:
        return Used(real_s * times / 3_600, _cpu_s(process), wake_ups, written, traffic.requests)
    return Used(real_s / 3_600, _cpu_s(process), wake_ups, written)


def _cpu_s(process: int) -> float:
    """Give the CPU seconds of a process, with those of its threads that have ended."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def table(measured: Mapping[str, Sequence[Used]], hours: float, times: float) -> Table:
    """Give what each used in so many hours, and ours hour by hour at both ends."""
    whole = {name: _for(used_[-1] - used_[0], hours) for name, used_ in measured.items()}
    pair = whole.get(YARDSTICK)
    rows: list[tuple[Cell, ...]] = []
    for name, one in whole.items():
        rows.append((name, *_figures(one, pair)))
        if name == OURS and len(measured[name]) > 2:
            each = [after - before for before, after in zip(measured[name], measured[name][1:], strict=False)]
            rows += [(f"… hour {number}", *_figures(each[number - 1], None)) for number in (1, len(each))]
    notes = [
        f"{3 * JOBS} open jobs of three sources; counted from when everything has started",
        f"jobtui and its server lived {times:g} times as fast: {hours:g} h in {hours * 60 / times:.3g} min",
        "the others were measured for these minutes, and multiplied",
    ]
    missing = [name for name in _BESIDE if name not in measured]
    if missing:
        notes.append(f"not installed, or show nothing here, and skipped: {', '.join(missing)}")
    return Table(
        f"hours: {hours:g} hours of a screen on which nothing changes",
        ("what", "CPU s", f"× {YARDSTICK}", "kB", f"× {YARDSTICK}", "wake-ups/s", "requests/min"),
        rows,
        tuple(notes),
        {
            "hours.cpu" if name == OURS else beside("hours.cpu", name): one.cpu_s / pair.cpu_s
            for name, one in whole.items()
            if name != YARDSTICK and pair is not None and pair.cpu_s
        },
    )


def _for(one: Used, hours: float) -> Used:
    """Multiply what was used up to so many hours."""
    factor = hours / one.hours
    return replace(
        one,
        hours=hours,
        cpu_s=one.cpu_s * factor,
        wake_ups=one.wake_ups * factor,
        written=round(one.written * factor),
        requests=None if one.requests is None else one.requests * factor,
    )


def _figures(one: Used, pair: Used | None) -> tuple[float | None, ...]:
    return (
        one.cpu_s,
        one.cpu_s / pair.cpu_s if pair is not None and pair.cpu_s else None,
        one.written / 1_000,
        one.written / pair.written if pair is not None and pair.written else None,
        one.wake_ups / one.hours / 3_600,
        None if one.requests is None else one.requests / one.hours / 60,
    )
