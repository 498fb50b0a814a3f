"""A Python program for which time runs so many times as fast: its clocks, and all that it waits for.

``python -m tests.bench.hurried ORIGIN TIMES MODULE [ARGUMENT]...`` runs a module so. For all that have the
same origin, a moment of the world's clock, it is the same time. What they work they do no faster.
"""

from __future__ import annotations

import runpy
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

_REAL_S = time.monotonic
_PASSING = ("CLOCK_MONOTONIC", "CLOCK_BOOTTIME", "CLOCK_MONOTONIC_RAW")


def hurry(origin: float, times: float) -> None:
    """Make this process one in which time runs faster; to be called before anything has looked at a clock."""
    _hurry_calendar(origin, times)  # the first: it wants the functions that the others put something else for
    _hurry_passing(times)
    _hurry_waiting(times)


def _hurry_passing(times: float) -> None:
    began = _REAL_S()
    look = time.clock_gettime
    passing = {getattr(time, name) for name in _PASSING if hasattr(time, name)}

    def monotonic() -> float:
        return began + (_REAL_S() - began) * times

    def clock_gettime(which: int) -> float:
        return monotonic() if which in passing else look(which)

    time.monotonic = monotonic
    time.monotonic_ns = lambda: int(monotonic() * 1e9)
    time.clock_gettime = clock_gettime


def _hurry_waiting(times: float) -> None:
    # Deferred, as is all that may look at a clock while it is loaded.
    import select
    import selectors
    import threading

    def sooner(wait: Callable[..., Any], place: int) -> Callable[..., Any]:
        """Give what waits a part of the time that is its argument there, if it is any."""

        def waits(*given: Any, timeout: float | None = None) -> Any:
            until = given[place] if len(given) > place else timeout
            return wait(*given[:place], None if until is None else until / times)

        return waits

    sleep = time.sleep
    time.sleep = sooner(sleep, 0)
    select.select = sooner(select.select, 3)
    for one in (selectors.SelectSelector, selectors.PollSelector, selectors.DefaultSelector):
        one.select = sooner(one.select, 1)  # type: ignore[method-assign]
    threading.Condition.wait = sooner(threading.Condition.wait, 1)  # type: ignore[method-assign]


def _hurry_calendar(origin: float, times: float) -> None:
    import time_machine

    began, real_s = _REAL_S(), time.time()

    def time_ns(_: object) -> int:
        since = real_s - origin + (_REAL_S() - began)
        return int((origin + since * times) * 1e9)

    time_machine.Traveller.time_ns = time_ns  # type: ignore[method-assign,assignment]
    time_machine.travel(datetime.now(UTC), tick=True).start()


if __name__ == "__main__":
    first, fast, module = float(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    del sys.argv[:3]
    hurry(first, fast)
    runpy.run_module(module, run_name="__main__", alter_sys=True)
