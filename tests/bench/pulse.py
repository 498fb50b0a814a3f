"""What moves while nothing changes: wake-ups between polls, and bytes against the least for their cells."""

from __future__ import annotations

import asyncio
import os
import select
import sys
import tempfile
import time
from codecs import getincrementaldecoder
from dataclasses import dataclass
from pathlib import Path

from tests.bench.counting import Traffic, counting_proxy
from tests.bench.idle import used
from tests.bench.least import least
from tests.bench.scene import environment, served, through, written_all
from tests.bench.starting import end, launched
from tests.bench.table import Cell, Table
from tests.bench.terminal import COLUMNS, LINES
from tests.tui.emulator import Emulator

JOBS = 20
"""Of each of the three sources; none of them goes on."""
SETTLE_S = 10.0
_BEAT_S = 0.2
_READ_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True)
class Beat:
    """A moment's share of it."""

    seconds: float
    wake_ups: float
    requests: float
    written: int
    least: int
    """The fewest bytes for the cells that differ since the last moment."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What moved in all."""

    seconds: float
    requests: float
    quiet_s: float
    """Of these, those in which nothing was asked, nor just before or after."""
    quiet_wake_ups: float
    written: int
    least: int
    needless: int
    """Bytes that were written where no cell differs."""


def measured(seconds: float, settle_s: float = SETTLE_S) -> Measured:
    """Watch for so long, and add up."""
    return summed(asyncio.run(_watched(seconds, settle_s)))


async def _watched(seconds: float, settle_s: float) -> list[Beat]:
    async with served("tests.bench.crowd", str(JOBS)) as server, counting_proxy(server.url) as proxied:
        with tempfile.TemporaryDirectory(prefix="jobtui-bench-") as name:
            folder = Path(name)
            config = written_all(folder / "config.toml", through(server, proxied.url))
            argv = (sys.executable, "-m", "jobtui", "--config", str(config))
            return await asyncio.to_thread(_beats, argv, folder, proxied.traffic, seconds, settle_s)


def _beats(
    argv: tuple[str, ...], folder: Path, traffic: Traffic, seconds: float, settle_s: float
) -> list[Beat]:
    process, keyboard = launched(argv, environment(folder))
    try:
        screen = _Screen(keyboard)
        screen.read(settle_s)
        beats, deadline = [], time.monotonic() + seconds
        screen.count()
        while (began := time.monotonic()) < deadline:
            wake_ups, requests = used(process)[0], traffic.requests
            screen.read(_BEAT_S)
            wake_ups, requests = used(process)[0] - wake_ups, traffic.requests - requests
            beats.append(Beat(time.monotonic() - began, wake_ups, requests, *screen.count()))
        return beats
    finally:
        end(process, keyboard)


class _Screen:
    """What stands on the terminal, and what was written since it was last counted."""

    def __init__(self, keyboard: int) -> None:
        self._keyboard = keyboard
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._emulator = Emulator(COLUMNS, LINES)
        self._before = self._emulator.cells()
        self._written = 0

    def read(self, seconds: float) -> None:
        """Read for so long."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if select.select([self._keyboard], [], [], left)[0]:
                data = os.read(self._keyboard, _READ_AT_ONCE)
                self._written += len(data)
                self._emulator.feed(self._decode(data))

    def count(self) -> tuple[int, int]:
        """Give what was written, and the fewest bytes that would have done."""
        written, self._written = self._written, 0
        if not written:
            return 0, 0
        cells = self._emulator.cells()
        fewest = least(self._before, cells)[1]
        self._before = cells
        return written, fewest


def summed(beats: list[Beat]) -> Measured:
    """Add up; quiet is a moment that has no request in it, nor has the one before or after."""
    asked = [bool(beat.requests) for beat in beats]
    quiet = [beat for at, beat in enumerate(beats) if not any(asked[max(0, at - 1) : at + 2])]
    return Measured(
        sum(beat.seconds for beat in beats),
        sum(beat.requests for beat in beats),
        sum(beat.seconds for beat in quiet),
        sum(beat.wake_ups for beat in quiet),
        sum(beat.written for beat in beats),
        sum(beat.least for beat in beats),
        sum(beat.written for beat in beats if not beat.least),
    )


def table(one: Measured) -> Table:
    """Give what moved."""
    per_s = one.quiet_wake_ups / one.quiet_s if one.quiet_s else None
    ratio = one.written / one.least if one.least else None
    rows: list[tuple[Cell, ...]] = [
        ("requests a minute", one.requests / one.seconds * 60),
        ("seconds between polls, of all", f"{one.quiet_s:.0f} of {one.seconds:.0f}"),
        ("wake-ups a second in these", per_s),
        ("bytes written", one.written),
        ("… the least for what changed", one.least),
        ("… × the least", ratio),
        ("… where nothing visible changed", one.needless),
    ]
    return Table(
        f"idle: what moves, {3 * JOBS} open jobs of three sources at which nothing happens",
        ("what", "jobtui"),
        rows,
        (f"counted every {_BEAT_S:g} s, from {SETTLE_S:g} s after the start: ages tick every 5 s at first",),
        {"idle.wake-ups": per_s, "idle.bytes": ratio, "idle.needless": one.needless},
    )
