"""Two clocks and a calendar: world seconds, and how they are written on the wire.

The world counts *world seconds* since its start; its past is negative. `--speed` makes that count run
faster, and the calendar divides by the same speed when it writes a time. So at every speed a thing that
happens now is stamped now, an age on the screen is an age on the wall, and a hold until 08:00 ends at
08:00: only the story is quicker. A jump made with `advance` is not undone by the calendar: it stamps the
future, as a clock that is fast would.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Clock = Callable[[], float]
"""World seconds since the world's start."""


class ScaledClock:
    """Count world seconds: real seconds since it was made, times `speed`."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._born = time.monotonic()

    def __call__(self) -> float:
        return (time.monotonic() - self._born) * self._speed


class ManualClock:
    """Stand still until told to move: the clock of tests."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def move(self, seconds: float) -> None:
        """Move forward by `seconds`; never backward."""
        self.now += max(0.0, seconds)


@dataclass(frozen=True)
class Calendar:
    """Turn world seconds into moments and back."""

    start: datetime
    """The moment of world second 0; aware UTC, on a full millisecond."""
    speed: float = 1.0

    def moment(self, at: float) -> datetime:
        """Give the aware UTC moment of a world second, to the millisecond."""
        return self.start + timedelta(milliseconds=round(at / self.speed * 1000.0))

    def stamp(self, at: float) -> str:
        """Write a world second as ISO 8601 with milliseconds and `Z`."""
        moment = self.moment(at)
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"

    def stamp_or_none(self, at: float | None) -> str | None:
        """Write a world second, or None where there is none."""
        return None if at is None else self.stamp(at)

    def world_second(self, text: str) -> float:
        """Read an ISO 8601 time; one without a zone is UTC. Raises ValueError."""
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return (moment - self.start).total_seconds() * self.speed
