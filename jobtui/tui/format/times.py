"""Ages and moments: coarse on purpose, so that an idle screen stays still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from jobtui.insight.when import moment as insight_moment
from jobtui.insight.why import span as insight_span

_MINUTE = 60


def age(since: datetime | None, now: datetime, *, unknown: str = "—") -> str:
    """Say how long ago: steps of 5 s up to a minute, then minutes, hours, days; never negative."""
    if since is None:
        return unknown
    return span((now - since).total_seconds())


def span(seconds: float) -> str:
    """Say how long a stretch of time is; coarse."""
    return insight_span(timedelta(seconds=seconds))


def ahead(at: datetime, now: datetime) -> str:
    """Say how long it is until a moment that somebody chose: ``50m``, ``2h``, ``1h 50m``, ``3d 4h``."""
    minutes = max(0, round((at - now).total_seconds() / _MINUTE))
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        parts = (f"{hours}h" if hours else "", f"{minutes}m" if minutes or not hours else "")
    else:
        parts = (f"{hours // 24}d", f"{hours % 24}h" if hours % 24 else "")
    return " ".join(filter(None, parts))


def took(seconds: float) -> str:
    """Say how long something that is over took, to the second: ``0:04``, ``1:12:40``."""
    minutes, rest = divmod(max(0, int(seconds)), _MINUTE)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def moment(at: datetime | None, now: datetime, *, zone: tzinfo | None = None, unknown: str = "—") -> str:
    """Name a moment in local time: the clock today, the weekday within a week, else the date."""
    if at is None:
        return unknown
    return insight_moment(at, now.astimezone(zone))


def clock(at: datetime | None, now: datetime, *, zone: tzinfo | None = None) -> str:
    """Give hours, minutes and seconds in local time, another day with its date; blank when unknown."""
    if at is None:
        return " " * 8
    there = at.astimezone(zone)
    return f"{there:%H:%M:%S}" if there.date() == now.astimezone(zone).date() else f"{there:%m-%d %H:%M}"


def stamp(at: datetime | None, *, zone: tzinfo | None = None, unknown: str = "—") -> str:
    """Give a moment in full, with its offset from UTC."""
    return unknown if at is None else at.astimezone(zone).isoformat(sep=" ", timespec="seconds")


def utc_now() -> datetime:
    """Give the time of the machine, aware UTC."""
    return datetime.now(UTC)
