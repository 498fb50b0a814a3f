"""An event loop that does not wait: when all is quiet, its time leaps to what is due next.

Server and client live in the same loop, so whatever one has sent, the other can read at once: a look at the
sockets that finds nothing means that nothing is under way. Threads (the journal's) are waited for.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import time_machine

_THREAD_S = 5.0
_STILL_LOOKS = 2
"""How often the sockets must be found quiet in a row before time may leap."""


class _LeapingSelector(selectors.DefaultSelector):
    """Looks at the sockets, and lets time pass instead of waiting for them."""

    def __init__(self, leap: Callable[[float], None], is_thread_busy: Callable[[], bool]) -> None:
        super().__init__()
        self._leap = leap
        self._is_thread_busy = is_thread_busy

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        for _ in range(_STILL_LOOKS):
            if ready := super().select(0):
                return ready
        if self._is_thread_busy():
            return super().select(_THREAD_S if timeout is None or timeout > 0 else 0)
        if timeout is None:
            return super().select(None)  # nothing is due, ever: only another thread can go on
        if timeout > 0:
            self._leap(timeout)
        return []


class SimulatedLoop(asyncio.SelectorEventLoop):
    """A loop with a time of its own, in seconds since it was made."""

    def __init__(self) -> None:
        self.on_leap: Callable[[float], None] = lambda _seconds: None
        """Told of every leap."""
        self._now_s = 0.0
        self._busy_threads = 0
        super().__init__(_LeapingSelector(self.leap, lambda: self._busy_threads > 0))

    def time(self) -> float:
        return self._now_s

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Any, *args: Any
    ) -> Any:
        """Keep time still while a thread works: what it takes is not what is simulated."""
        future = super().run_in_executor(executor, func, *args)
        self._busy_threads += 1
        future.add_done_callback(self._thread_is_done)
        return future

    def _thread_is_done(self, _future: object) -> None:
        self._busy_threads -= 1

    def leap(self, seconds: float) -> None:
        """Let so much time pass."""
        # A little more than asked for, as a timer's moment is compared with the resolution of a real clock.
        self._now_s += seconds + 1e-6
        self.on_leap(seconds + 1e-6)


@contextmanager
def simulated_time(start: datetime) -> Iterator[SimulatedLoop]:
    """Give a loop; within, every clock of this process is the loop's: the date, and ``time.monotonic``."""
    loop = SimulatedLoop()
    with time_machine.travel(start, tick=False) as calendar, patch.object(time, "monotonic", loop.time):
        loop.on_leap = calendar.shift
        try:
            yield loop
        finally:
            loop.close()


class Calendar:
    """The date, never the same twice: two questions are never asked at one moment, as with a real clock."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self._loop = loop

    def __call__(self) -> datetime:
        self._loop.leap(0.0)
        return datetime.now(UTC)
