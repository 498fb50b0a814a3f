"""How much memory a thing holds: the watcher's share of a process that has its servers in it, too."""

from __future__ import annotations

import gc
import subprocess
import sys
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, ModuleType
from typing import Any

_SHARED = (type, ModuleType, FunctionType, BuiltinFunctionType, CodeType, FrameType)


def held_bytes(root: object, *, without: tuple[object, ...] = ()) -> int:
    """Add up the sizes of what can be reached, but for code, classes and what is left out by name."""
    seen = {id(each) for each in without}
    pending: list[Any] = [root]
    total = 0
    while pending:
        each = pending.pop()
        if id(each) in seen or isinstance(each, _SHARED):
            continue
        seen.add(id(each))
        total += sys.getsizeof(each, 0)
        pending.extend(gc.get_referents(each))
    return total


def resident_bytes() -> int:
    """Give what this whole process has in memory, 0 where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * 4096
    except OSError:
        return 0


_IDLE = """
import asyncio, httpx, websockets
import jobtui.wiring, jobtui.cli.watch, jobtui.monitor.monitor
import jobtui.backends.nextspace.client, jobtui.backends.zendesk.client, jobtui.backends.arcgis.client
from tests.soak.memory import resident_bytes
print(resident_bytes())
"""


def idle_bytes() -> int:
    """Give what a process takes that has loaded all that watching wants, and watches nothing."""
    said = subprocess.run([sys.executable, "-c", _IDLE], capture_output=True, check=True)
    return int(said.stdout)
