"""How much the machine did for others while something was measured."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

_STAT = Path("/proc/stat")
_IDLE = (3, 4)
_STOLEN = 7


@dataclass(frozen=True, slots=True)
class _Moment:
    busy_s: float
    total_s: float
    stolen_s: float
    ours_s: float


class Noise:
    """Counts from when it is made; our own share includes the processes that we started and that ended."""

    def __init__(self) -> None:
        self._began = _now()

    def line(self) -> str:
        """Say what machine this is and how busy others kept it, in one line."""
        machine = (
            f"machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
            f"Python {platform.python_version()}, Textual {version('textual')}"
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


def _now() -> _Moment | None:
    if not _STAT.exists():
        return None
    tick_s = 1 / os.sysconf("SC_CLK_TCK")
    fields = [int(word) * tick_s for word in _STAT.read_text("ascii").partition("\n")[0].split()[1:9]]
    idle_s, stolen_s = sum(fields[place] for place in _IDLE), fields[_STOLEN]
    used = os.times()
    ours_s = used.user + used.system + used.children_user + used.children_system
    return _Moment(sum(fields) - idle_s - stolen_s, sum(fields), stolen_s, ours_s)
