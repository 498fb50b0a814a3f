"""Traffic: how often a source is asked, against what it may be, and how often that failed of late."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from msgspec import Struct

LATELY = timedelta(minutes=5)
"""How far back failures are counted."""


class Traffic(Struct, frozen=True):
    """What asking one source has cost of late."""

    source: str
    per_minute: int
    """Requests sent in the last minute."""
    budget: float
    """Requests that may be sent in a minute."""
    failures: int
    """Rounds that failed in the last five minutes."""


class Failures:
    """The moments at which rounds have failed, as far back as they count."""

    def __init__(self) -> None:
        self._moments: deque[datetime] = deque()

    def note(self, at: datetime) -> None:
        """Take over that a round has failed."""
        self._moments.append(at)
        self.count(at)

    def count(self, now: datetime) -> int:
        """Count those that still count."""
        while self._moments and self._moments[0] <= now - LATELY:
            self._moments.popleft()
        return len(self._moments)
