"""What is usual for jobs alike, and what follows for one: whether it has stalled, the time left. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from jobtui.model import Flag, Job, Kind, State

ENOUGH = 5
"""Jobs alike that must have ended well before they say what is usual."""
FLOOR_S = 600.0
"""No job is called stalled before it has shown nothing new for so long."""
_SHARE = 0.25
"""Of the time that jobs alike take, the part in which one that tells its progress shows at least some."""
_PAUSES = 3.0
"""A job that has paused for long before may do so again, that many times as long."""
_LEAST_POINTS = 5
_STEADY = 1.5
"""Two halves of a steady progress differ in pace by no more than this factor."""
_SPREAD = 2.0
"""Nine in ten jobs alike end within so many medians, or the median says nothing of the next one."""

Point = tuple[datetime, float]
"""When a share of the whole was first seen, and that share."""


class Usual(Struct, frozen=True):
    """How long jobs alike took that ended well."""

    count: int
    median_s: float
    p90_s: float

    @property
    def is_known(self) -> bool:
        """Whether so many have ended that they say what is usual."""
        return self.count >= ENOUGH


def runs_s(job: Job, now: datetime) -> float | None:
    """Seconds that a job has run, to its end if that is known; None when its server does not say."""
    began, until = job.started or job.created, job.ended_at if job.ended else now
    return None if began is None or until is None else max(0.0, (until - began).total_seconds())


def patience_s(job: Job, usual: Usual | None, longest_pause_s: float = 0.0) -> float | None:
    """Seconds without anything new after which a running job has stalled; None when nobody can say.

    Steps of a workflow belong to persons, who take as long as they take: only history tells what is long.
    """
    known = usual if usual is not None and usual.is_known else None
    is_measured = job.kind is not Kind.ARCGIS and job.progress is not None
    if known is None and job.kind is Kind.ARCGIS:
        return None
    by_history = 0.0 if known is None else known.p90_s * (_SHARE if is_measured else 1.0)
    return max(FLOOR_S, by_history, _PAUSES * longest_pause_s)


def can_stall(job: Job) -> bool:
    """Whether a job is of those that are expected to move."""
    return job.state is State.RUNNING and not job.ended and Flag.FORGOTTEN not in job.flags


def left_s(job: Job, usual: Usual | None, points: Sequence[Point], now: datetime) -> float | None:
    """Seconds that a running job may still take; None unless a steady progress or enough history tells."""
    if not can_stall(job) or Flag.STALLED in job.flags or Flag.STALE in job.flags:
        return None
    by_pace = left_by_pace(points, now)
    return by_pace if by_pace is not None else _left_by_history(job, usual, now)


def left_by_pace(points: Sequence[Point], now: datetime) -> float | None:
    """Seconds left by a progress that has been steady for as long as we have watched it; else None."""
    if len(points) < _LEAST_POINTS:
        return None
    first, middle, last = points[0], points[len(points) // 2], points[-1]
    paces = [_pace(first, middle), _pace(middle, last)]
    if min(paces) <= 0 or max(paces) > _STEADY * min(paces):
        return None
    left = (1.0 - last[1]) / _pace(first, last) - (now - last[0]).total_seconds()
    return left if left > 0 else None


def _pace(begin: Point, end: Point) -> float:
    took = (end[0] - begin[0]).total_seconds()
    return (end[1] - begin[1]) / took if took > 0 else 0.0


def _left_by_history(job: Job, usual: Usual | None, now: datetime) -> float | None:
    ran = runs_s(job, now)
    if ran is None or usual is None or not usual.is_known or usual.p90_s > _SPREAD * usual.median_s:
        return None
    left = usual.median_s - ran
    return left if left > 0 else None
