"""Why a job failed, waits or stands still: the one sentence of its row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from jobtui.insight.when import moment
from jobtui.model import Flag, Hold, HoldKind, Job, Kind, State

CLOCK_AHEAD = "clock ahead"
_MOST_SAID = 4
"""Sorts of holds that one sentence names."""
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_SAME_TIME = timedelta(seconds=1)
"""Clocks that agree this well are the same clock."""


def is_unheard_of(job: Job) -> bool:
    """Whether it is only an id that was asked for: its server knows no such job, and never told of one."""
    return bool(job.flags) and Flag.FORGOTTEN in job.flags and not job.raw_state


def why(job: Job, now: datetime) -> str | None:
    """Say why the job is in its state, or None when there is nothing to say.

    ``now`` is aware; moments are given in its zone.
    """
    if Flag.CANCELLING in job.flags:
        return "cancel asked; the server has not shown its end yet"
    if is_unheard_of(job):
        return job.why
    if Flag.FORGOTTEN in job.flags:
        return "; ".join(filter(None, [job.why, "forgotten by the server, kept here"]))
    if Flag.STALLED in job.flags and job.unchanged_since is not None and not job.ended:
        still = f"nothing new for {span(now - job.unchanged_since)}"
        return f"{still}; {job.why}" if job.why else still
    if job.state is State.HELD:
        held = holds_text([hold for hold in job.holds if hold.is_active(now)], now)
        failed = job.why if Flag.FAILED in job.flags else None
        return "; ".join(filter(None, [failed, held])) or job.why
    if job.why is None and _waits_to_start(job) and job.created is not None:
        return f"waiting to start for {age(now - job.created)}"
    return job.why


def holds_text(holds: list[Hold], now: datetime) -> str | None:
    """Say what keeps a step: ``2 holds: dortiz since 3d; until Mon 08:00``; None without holds.

    Holds that differ only in when they were made are said once, with how many they are.
    """
    if not holds:
        return None
    alike = holds_alike(holds)
    parts = [
        hold_text(hold, now) + (f" ({count})" if 1 < count < len(holds) else "") for hold, count in alike
    ]
    more = f"; {len(alike) - _MOST_SAID} more" if len(alike) > _MOST_SAID else ""
    return f"{len(holds)} hold{'s' if len(holds) > 1 else ''}: {'; '.join(parts[:_MOST_SAID])}{more}"


def holds_alike(holds: Sequence[Hold]) -> list[tuple[Hold, int]]:
    """Give the oldest of each sort of hold, of whom and until what, and how many there are of it."""
    sorts: dict[object, list[Hold]] = {}
    for hold in holds:
        is_over = hold.released is not None
        sorts.setdefault((hold.by, hold.until, hold.after, hold.hook, is_over), []).append(hold)
    return [(min(alike, key=_made_at), len(alike)) for alike in sorts.values()]


def _made_at(hold: Hold) -> float:
    return hold.since.timestamp() if hold.since is not None else float("inf")


def hold_text(hold: Hold, now: datetime) -> str:
    """Say who or what keeps a step, and what ends it."""
    by = hold.by or "somebody"
    if hold.kind is HoldKind.DEPENDENCY:
        return f"after {hold.after or hold.hook} (by {by})"
    if hold.until is not None:
        return f"until {moment(hold.until, now)} (by {by})"
    return f"{by} since {age(now - hold.since)}" if hold.since else f"by {by}"


def span(length: timedelta) -> str:
    """Say a length of time in one unit, hours up to two days; coarse, and never negative.

    Every face says a time so: an age and a reason in one row do not differ about it.
    """
    seconds = int(length.total_seconds())
    if seconds < 10:  # what is asked every few seconds would else flicker between two small numbers
        return "<10s"
    if seconds < _MINUTE:
        return f"{seconds // 5 * 5}s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE}m"
    return f"{seconds // _HOUR}h" if seconds < 2 * _DAY else f"{seconds // _DAY}d"


def age(length: timedelta) -> str:
    """Say how long ago something was; what is yet to come by our clock is 0s, and marked."""
    return f"0s ({CLOCK_AHEAD})" if is_ahead(length) else span(length)


def is_ahead(length: timedelta) -> bool:
    """Whether an age is negative by so much that the server's clock must be ahead of ours."""
    return length < -_SAME_TIME


def _waits_to_start(job: Job) -> bool:
    return job.kind is Kind.NEXTSPACE and job.state is State.QUEUED
