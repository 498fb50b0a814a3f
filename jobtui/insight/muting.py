"""Muted jobs: problems that somebody knows of and wants out of the way until they change. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from jobtui.insight.attention import needs_you
from jobtui.insight.looks import look_of
from jobtui.insight.sorting import Order, Sorting
from jobtui.model import Flag, Job, JobRef

MOST_MUTED = 500
"""Mutes that are kept; beyond that the oldest come back."""


def condition(job: Job) -> str:
    """Say in what condition a job is: muted in one, it comes back in any other."""
    moment = job.ended_at or job.unchanged_since
    return f"{look_of(job)} {'' if moment is None else moment.isoformat()} {job.why or ''}"


class Mutes:
    """Which jobs are muted, each in the condition that it was in."""

    def __init__(self, conditions: Mapping[str, str] | None = None) -> None:
        self._conditions = dict(conditions or {})
        self._met: set[JobRef] = set()
        """Jobs that were in their muted condition since the start: from then on another one counts."""

    def __len__(self) -> int:
        return len(self._conditions)

    @property
    def conditions(self) -> dict[str, str]:
        """Give the condition of each muted job by its ref, the oldest first, for the next start."""
        return dict(self._conditions)

    def is_muted(self, job: Job) -> bool:
        """Whether a job is muted as it stands."""
        return bool(self._conditions) and self._conditions.get(str(job.ref)) == condition(job)

    def needs_me(self, job: Job, now: datetime) -> bool:
        """Whether a job needs a person and is not muted."""
        return needs_you(job, now) and not self.is_muted(job)

    def toggle(self, jobs: Sequence[Job]) -> bool:
        """Mute jobs, or when all are muted take that back; True when they are muted now."""
        are_muted = all(map(self.is_muted, jobs))
        for job in jobs:
            self._conditions.pop(str(job.ref), None)
            if not are_muted:
                self._conditions[str(job.ref)] = condition(job)
                self._met.add(job.ref)
        for oldest in list(self._conditions)[:-MOST_MUTED]:
            del self._conditions[oldest]
        return not are_muted

    def notice(self, ref: JobRef, job: Job | None) -> bool:
        """Note how a job stands now; True when that ends its mute."""
        if (
            not self._conditions
            or str(ref) not in self._conditions
            or job is None
            or job.is_brief
            or Flag.FORGOTTEN in job.flags
        ):
            return False
        if self.is_muted(job):
            self._met.add(ref)
        elif ref in self._met:
            del self._conditions[str(ref)]
            return True
        return False

    def key(self, order: Order) -> Sorting:
        """Give what jobs are sorted by: in the order of need, what is muted comes last."""
        return Sorting(order, self.is_muted)
