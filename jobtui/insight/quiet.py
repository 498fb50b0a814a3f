"""Quiet hours: a time of day, from one clock time to another, in which nobody is to be disturbed. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from msgspec import Struct

_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|–|to)\s*(\d{1,2}):(\d{2})")


class QuietHours(Struct, frozen=True):
    """From one time of day to another, perhaps over midnight; moments are asked of in their own zone."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def holds(self, at: datetime) -> bool:
        """Whether a moment is within them: from the first minute on, up to the last."""
        clock = at.timetz().replace(tzinfo=None)
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def began(self, at: datetime) -> datetime:
        """Say when those began that a moment is in, or else the latest before it."""
        return _latest(self.start, at)

    def ended(self, at: datetime) -> datetime:
        """Say when they ended the last time before a moment."""
        return _latest(self.end, at)


def parse_quiet(text: str) -> QuietHours:
    """Read “22:00-07:00”. Raises ValueError with one clause."""
    found = _HOURS.fullmatch(text.strip())
    try:
        if found is not None:
            hours = QuietHours(time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4])))
            if hours.start != hours.end:
                return hours
    except ValueError:
        pass
    raise ValueError(f"“{text[:24]}” is no span of hours; write 22:00-07:00")


def _latest(clock: time, at: datetime) -> datetime:
    naive = at.replace(tzinfo=None)
    moment = datetime.combine(naive.date(), clock)
    if moment > naive:
        moment -= timedelta(days=1)
    # The machine's own zone knows which offset held then; any other is fixed.
    return moment.astimezone() if at.tzinfo is None else moment.replace(tzinfo=at.tzinfo)
