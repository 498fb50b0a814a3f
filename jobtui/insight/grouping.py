"""By what the list of jobs can be grouped, and into which group a job belongs. Pure."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from jobtui.insight.attention import has_failed
from jobtui.insight.looks import look_of
from jobtui.model import Job, JobRef

ALONE = "alone"
"""The group of jobs that failed for a cause that no other job shares."""
FINE = "fine"
"""The group of jobs that have not failed."""
_SHARED = "shared "


class Grouping(StrEnum):
    """What jobs of one group have in common."""

    NONE = "none"
    SOURCE = "source"
    STATE = "state"
    CAUSE = "cause"


GroupOf = Callable[[Job], str]


def group_of(grouping: Grouping, cause_of: Callable[[JobRef], str | None]) -> GroupOf | None:
    """Give what names the group of a job, None without groups; ``cause_of`` names a shared cause."""

    def by_cause(job: Job) -> str:
        cause = cause_of(job.ref)
        if cause is not None:
            return _SHARED + cause
        return ALONE if has_failed(job) else FINE

    match grouping:
        case Grouping.NONE:
            return None
        case Grouping.SOURCE:
            return lambda job: job.ref.source
        case Grouping.STATE:
            return look_of
        case Grouping.CAUSE:
            return by_cause


def biggest_first(name: str, count: int) -> tuple[int, int]:
    """Order groups by cause: what most jobs failed for, what single ones did, what has not failed."""
    return ({ALONE: 1, FINE: 2}.get(name, 0), -count)


def title_of(grouping: Grouping, name: str) -> str:
    """Say what the jobs of a group have in common."""
    if grouping is not Grouping.CAUSE:
        return name
    if name.startswith(_SHARED):
        return name.removeprefix(_SHARED)
    return "each for a cause of its own" if name == ALONE else "not failed"
