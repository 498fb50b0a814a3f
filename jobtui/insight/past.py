"""Moments gone by, as people type them: “14:31”, “Fri 14:31”, “yesterday 09:00”, “2h”, an ISO time. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, tzinfo

from jobtui.insight.when import another_day, parse_since

_CLOCK = re.compile(r"(?:(?P<day>[a-z]+)\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def parse_past(text: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """Read a moment gone by; a time of day is the last such. Gives an aware time, at most ``now``.

    Raises ValueError with one sentence when it cannot be read or is still to come.
    """
    typed = " ".join(text.split()).lower()
    try:
        at = _on_the_clock(typed, now, zone) or parse_since(
            typed.upper() if "t" in typed else typed, now, zone
        )
    except ValueError as error:
        raise ValueError(f"“{text}” is not a moment gone by; {_examples(now)}") from error
    if at > now:
        raise ValueError(f"“{text}” is still to come; {_examples(now)}")
    return at


def _examples(now: datetime) -> str:
    return f"write 14:31, yesterday 14:31, Fri 14:31, 2h (that long ago) or {another_day(now, -1)}T14:31"


def _on_the_clock(typed: str, now: datetime, zone: tzinfo | None) -> datetime | None:
    match = _CLOCK.fullmatch(typed)
    if match is None:
        return None
    clock = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    today = now.astimezone(zone).date()
    moments = [
        _placed(datetime.combine(today - timedelta(days=back), clock), zone)
        for back in _days_back(match["day"], today.weekday())
    ]
    return next((at for at in moments if at <= now), moments[0])


def _days_back(day: str | None, weekday: int) -> tuple[int, ...]:
    """Days before today to try, the latest first. Raises ValueError for what is no day."""
    if day is None:
        return (0, 1)
    if day in ("today", "yesterday"):
        return (int(day == "yesterday"),)
    named = [number for number, name in enumerate(_DAYS) if len(day) >= 2 and name.startswith(day)]
    if len(named) != 1:
        raise ValueError(f"“{day}” is no day")
    back = (weekday - named[0]) % 7
    return (back, back + 7)


def _placed(naive: datetime, zone: tzinfo | None) -> datetime:
    # Without a zone it is of the machine's, which knows its own summer time.
    return naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
