"""Moments and durations as people type and read them: “+2h”, “08:00”, “Mon 08:00”, “10m”. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from jobtui.text import plain

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
_DURATION = re.compile(rf"(?:{_PART.pattern}\s*)+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CLOCK = re.compile(r"(?:(?P<day>[a-z]+)\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST = timedelta(days=3_660)
_A_WEEKDAY_IS_CLEAR = timedelta(days=6)
_MOST_QUOTED = 60
"""Characters of a text that an error quotes."""


def examples(now: datetime) -> str:
    """Say how a moment to come is written, with none that has passed."""
    return f"write 18:00, +2h, tomorrow 08:00, Mon 08:00 or {another_day(now, 1)}T08:00"


def another_day(now: datetime, ahead: int) -> str:
    """Give the date of a day so many days ahead of now, or before it."""
    return f"{now.date() + timedelta(days=ahead)}"


def moment(at: datetime, now: datetime) -> str:
    """Say a moment as briefly as can be understood now: ``08:00``, ``Mon 08:00``, ``2026-12-24 08:00``."""
    local = at.astimezone(now.tzinfo)
    if local.date() == now.date():
        return f"{local:%H:%M}"
    if abs(local - now) < _A_WEEKDAY_IS_CLEAR:
        return f"{local:%a %H:%M}"
    return f"{local:%Y-%m-%d %H:%M}"


def moment_and_zone(at: datetime, now: datetime) -> str:
    """Say a moment where somebody is about to rely on it: ``Mon 08:00 CET``."""
    return f"{moment(at, now)} {at.astimezone(now.tzinfo).tzname() or ''}".rstrip()


def parse_duration(text: str) -> timedelta:
    """Read “90s”, “10m”, “1h30m”, “2d”; a bare number means seconds.

    Raises ValueError with one sentence when it is no duration, or longer than ten years.
    """
    typed = text.strip().lower()
    if _NUMBER.fullmatch(typed):
        seconds = float(typed)
    elif _DURATION.fullmatch(typed):
        seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(typed))
    else:
        raise ValueError(f"{_quoted(text)} is not a duration; write 90s, 10m, 8h or 2d")
    if seconds > _LONGEST.total_seconds():
        raise ValueError(f"{_quoted(text)} is longer than ten years")
    return timedelta(seconds=seconds)


def parse_when(text: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """Read a moment to come: an ISO time, “HH:MM” (the next such), “+2h”, “tomorrow 08:00”, “Mon 08:00”.

    A time without an offset is of ``zone``, or of the machine's own zone. Gives aware UTC after ``now``.
    Raises ValueError with one sentence when it cannot be read or has passed.
    """
    typed = " ".join(text.split())
    at = _relative(typed, now) or _on_the_clock(typed, now, zone) or _iso(typed, zone)
    if at is None:
        raise ValueError(f"{_quoted(text)} is not a time; {examples(now)}")
    at = at.replace(microsecond=0)
    if at <= now:
        raise ValueError(f"{_quoted(text)} has passed; {examples(now)}")
    return at


def parse_since(text: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """Read a moment gone by: a duration before now (“8h”) or an ISO time. Gives aware UTC.

    Raises ValueError with one sentence when it is neither.
    """
    at = _iso(text.strip(), zone)
    if at is not None:
        return at
    try:
        return now.astimezone(UTC) - parse_duration(text)
    except ValueError as error:
        text = f"{_quoted(text)} is not a time span; write 8h, 2d or {another_day(now, -1)}T08:00"
        raise ValueError(text) from error


def _quoted(text: str) -> str:
    """Quote what somebody typed or pasted: harmless, and no longer than is needed to know it again."""
    return f"“{plain(text, limit=_MOST_QUOTED)}”"


def _relative(typed: str, now: datetime) -> datetime | None:
    if typed.startswith("+"):
        rest = typed[1:].strip()
    elif typed.lower().startswith("in "):
        rest = typed[3:].strip()
    else:
        rest = typed
    if not _DURATION.fullmatch(rest.lower()):
        return None
    return now.astimezone(UTC) + parse_duration(rest)


def _on_the_clock(typed: str, now: datetime, zone: tzinfo | None) -> datetime | None:
    match = _CLOCK.fullmatch(typed.lower())
    if match is None:
        return None
    try:
        clock = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        return None
    today = now.astimezone(zone).date()
    moments = [
        _local(datetime.combine(today + timedelta(days=ahead), clock), zone)
        for ahead in _days_ahead(match["day"], today)
    ]
    return next((at for at in moments if at > now), moments[-1] if moments else None)


def _days_ahead(day: str | None, today: date) -> tuple[int, ...]:
    """Days from today to try, in order; empty when the word is no day."""
    if day is None:
        return (0, 1)
    if day == "today":
        return (0,)
    if day == "tomorrow":
        return (1,)
    named = [number for number, name in enumerate(_DAYS) if len(day) >= 2 and name.startswith(day)]
    if len(named) != 1:
        return ()
    ahead = (named[0] - today.weekday()) % 7
    return (ahead, ahead + 7)


def _iso(typed: str, zone: tzinfo | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return None
    try:
        return _local(at, zone) if at.tzinfo is None else at.astimezone(UTC)
    except (OverflowError, OSError):
        return None


def _local(naive: datetime, zone: tzinfo | None) -> datetime:
    """Place a wall-clock time in a zone; without one, in the machine's, which knows its own summer time."""
    placed = naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
    return placed.astimezone(UTC)
