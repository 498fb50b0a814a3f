"""How much the machine did for others while something was measured, and how fast it was itself."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

_STAT = Path("/proc/stat")
_IDLE = (3, 4)
_STOLEN = 7
_PULSE = """
import time
while True:
    began = time.thread_time()
    for number in range(20_000):
        number * number % 7
    print(time.thread_time() - began, flush=True)
    time.sleep(1)
"""
"""Says each second how long the same work takes: of a shared machine that may differ by more than twice."""


@dataclass(frozen=True, slots=True)
class _Moment:
    busy_s: float
    total_s: float
    stolen_s: float
    ours_s: float


class Noise:
    """Counts while its context lasts; our own share includes the processes that we started and that ended."""

    def __init__(self) -> None:
        self._began = _now()
        self._pulse = subprocess.Popen((sys.executable, "-c", _PULSE), stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._beats()

    def line(self) -> str:
        """Say what machine this is, how fast it was and how busy others kept it, in one line; once."""
        machine = (
            f"machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
            f"Python {platform.python_version()}, Textual {version('textual')}{self._speed()}"
        )
        began, now = self._began, _now()
        if began is None or now is None or now.total_s == began.total_s:
            return f"{machine}; how busy others kept it is not known here"
        total_s, ours_s = now.total_s - began.total_s, now.ours_s - began.ours_s
        others_s = max(0.0, now.busy_s - began.busy_s - ours_s)
        stolen_s = now.stolen_s - began.stolen_s
        return (
            f"{machine}; of all CPU time {ours_s / total_s:.0%} ours, {others_s / total_s:.0%} others', "
            f"{stolen_s / total_s:.0%} stolen"
        )

    def _beats(self) -> str:
        """End the pulse; gives what it has said, once."""
        if self._pulse.returncode is not None:
            return ""
        self._pulse.kill()
        return self._pulse.communicate()[0]

    def _speed(self) -> str:
        took = sorted(float(line) * 1000 for line in self._beats().splitlines() if line)
        if not took:
            return ""
        middle = took[len(took) // 2]
        return f"; the same work took {took[0]:.1f} to {took[-1]:.1f} ms of CPU, mostly {middle:.1f}"


def _now() -> _Moment | None:
    if not _STAT.exists():
        return None
    tick_s = 1 / os.sysconf("SC_CLK_TCK")
    fields = [int(word) * tick_s for word in _STAT.read_text("ascii").partition("\n")[0].split()[1:9]]
    idle_s, stolen_s = sum(fields[place] for place in _IDLE), fields[_STOLEN]
    used = os.times()
    ours_s = used.user + used.system + used.children_user + used.children_system
    return _Moment(sum(fields) - idle_s - stolen_s, sum(fields), stolen_s, ours_s)
