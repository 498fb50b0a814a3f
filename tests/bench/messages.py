"""Many messages a second into what shows them: CPU, bytes to the terminal, and memory per message kept.

The yardsticks are Textual's own ``Log`` and ``RichLog``, at a terminal of the same size, one after the other
in every round. All are told the same messages at the same rate, and keep as many of them.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.registry import Options
from tests.bench.scene import environment
from tests.bench.shower import KINDS, LOG, PANE, RICH, WHOLE
from tests.bench.table import Table
from tests.bench.terminal import terminal

SAYS = "1,000 and 10,000 messages a second: CPU, bytes to the terminal and memory, against Log and RichLog"
RATES = (1_000, 10_000)
_KEPT = 10_000
_MOST_S = 5.0
"""How long messages come in one round, at most."""
_LOOK_S = 0.005
_PATIENCE_S = 60.0


@dataclass(slots=True)
class Measured:
    """What one of them cost at one rate, round by round."""

    kind: str
    rate: int
    taken: list[float] = field(default_factory=list)
    """Messages a second."""
    cpu: list[float] = field(default_factory=list)
    """Of one core."""
    written: list[float] = field(default_factory=list)
    """Bytes a second to the terminal."""


def run(options: Options) -> list[Table]:
    """Measure, clean up, and give the tables."""
    return [table(asyncio.run(measure(options))), kept_table(asyncio.run(kept()))]


async def measure(
    options: Options, *, rates: Sequence[int] = RATES, kinds: Sequence[str] = KINDS
) -> list[Measured]:
    """Measure all of them in turn, round by round."""
    seconds = min(options.seconds, _MOST_S)
    measured = [Measured(kind, rate) for rate in rates for kind in kinds]
    for _ in range(options.rounds):
        for one in measured:
            await _round(one, seconds)
    return measured


async def _round(one: Measured, seconds: float) -> None:
    with tempfile.TemporaryDirectory(prefix="jobtui-bench-") as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "tests.bench.shower", one.kind, str(one.rate), str(seconds)]
        async with terminal([*command, str(report)], environment(Path(folder)), draws=False) as opened:
            await _made(report.with_suffix(".begun"))
            before = opened.written
            await _made(report)
            written = opened.written - before
        cost = _read(report)
    one.taken.append(cost["taken"])
    one.cpu.append(cost["cpu"])
    one.written.append(written / cost["seconds"])


async def kept(kinds: Sequence[str] = (RICH, LOG, PANE)) -> dict[str, float]:
    """Measure what a message kept takes in memory, each in a process of its own."""
    found = {}
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="jobtui-bench-") as folder:
            report = Path(folder, "report.json")
            argv = ["-m", "tests.bench.shower", kind, str(_KEPT), "0", str(report)]
            process = await asyncio.create_subprocess_exec(sys.executable, *argv)
            async with asyncio.timeout(_PATIENCE_S):
                await process.wait()
            found[kind] = _read(report)["kept"]
    return found


async def _made(path: Path) -> None:
    """Wait until a file is there, and has something in it unless it is a mere mark."""
    until = time.monotonic() + _PATIENCE_S
    while not _is_made(path):
        if time.monotonic() > until:
            raise AssertionError(f"{path.name} was never made")
        await asyncio.sleep(_LOOK_S)


def _is_made(path: Path) -> bool:
    return path.exists() and (path.suffix == ".begun" or path.stat().st_size > 0)


def _read(path: Path) -> dict[str, float]:
    report: dict[str, float] = json.loads(path.read_text("utf-8"))
    return report


def table(measured: Sequence[Measured]) -> Table:
    """Give what they cost, with the median of the paired ratios to ``Log``."""
    logs = {one.rate: one for one in measured if one.kind == LOG}
    rows = [
        (
            f"{one.rate:,}/s",
            one.kind,
            median(one.taken),
            100 * median(one.cpu),
            _ratio(one.cpu, logs[one.rate].cpu) if one.rate in logs else None,
            median(one.written),
            _ratio(one.written, logs[one.rate].written) if one.rate in logs else None,
        )
        for one in measured
    ]
    heads = ("told", "what", "taken/s", "CPU %", "× Log", "bytes/s", "× Log")
    notes = (
        "Bytes are those to the terminal. Making the messages is in every CPU %.",
        f"“{WHOLE}” also follows the job, and writes every message to its journal.",
    )
    return Table("Messages into the followed job", heads, rows, notes, _held(measured, logs))


def _held(measured: Sequence[Measured], logs: Mapping[int, Measured]) -> dict[str, float | None]:
    """Give what is held against an aim, at the highest rate."""
    top = {one.kind: one for one in measured if one.rate == RATES[-1]}
    ours = [one for kind, one in top.items() if kind in (PANE, WHOLE)]
    if not ours or RATES[-1] not in logs:
        return {}
    names = {PANE: "messages.pane", WHOLE: "messages.whole"}
    return {
        **{names[one.kind]: _ratio(one.cpu, logs[one.rate].cpu) for one in ours},
        "messages.bytes": max(median(one.written) for one in ours) / 1_000,
    }


def kept_table(measured: dict[str, float]) -> Table:
    """Give what a message kept takes."""
    rows = list(measured.items())
    return Table(
        "Memory per message kept",
        ("what", "bytes"),
        rows,
        ("The message itself is in it.",),
        {"messages.kept": measured.get(PANE)},
    )


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return median(our / their for our, their in zip(ours, theirs, strict=True) if their)
