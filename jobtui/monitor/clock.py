"""What time it is, for everyone in the monitor."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def since_boot_s() -> float:
    """Seconds that pass whatever is done to the machine's clock; where possible while it sleeps, too."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class SteadyClock:
    """Tell the time in UTC, never backwards and never standing still.

    A machine's clock that is set back is not followed: ages, budgets and “asked later” go on. One that is set
    forward is: what is known is then shown as older, not as younger than it is.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady_s: Callable[[], float] = since_boot_s,
    ) -> None:
        self._wall = wall
        self._steady_s = steady_s
        self._anchor = wall()
        self._anchored_s = steady_s()
        self._last = self._anchor

    def __call__(self) -> datetime:
        wall, steady_s = self._wall(), self._steady_s()
        now = self._anchor + timedelta(seconds=steady_s - self._anchored_s)
        if wall > now:
            self._anchor, self._anchored_s, now = wall, steady_s, wall
        self._last = max(now, self._last + timedelta(microseconds=1))
        return self._last
