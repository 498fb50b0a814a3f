"""Comparing: what the screen says of a job beside others, kept up by what the monitor announces."""

from __future__ import annotations

from collections.abc import Iterable

from jobtui.insight.cause import Causes, Group, group_of
from jobtui.model import Job, JobRef
from jobtui.monitor.events import Change
from jobtui.monitor.monitor import Monitor
from jobtui.tui.format.compared import ALONE, Compared, alike_text, brief_left_text


class Comparing:
    """Knows which jobs failed for the same cause, and asks the monitor what is usual."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._causes = Causes()

    def begin(self) -> None:
        """Take over every job that is known."""
        for job in self._monitor.store:
            self._causes.put(job.ref, job)

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over changes."""
        for change in changes:
            self._causes.put(change.ref, change.after)

    def alike(self, ref: JobRef) -> int:
        """Count the other jobs that failed for the same cause."""
        return self._causes.alike(ref)

    def shared_cause(self, ref: JobRef) -> str | None:
        """Name the cause of a job when others failed for it as well."""
        return self._causes.shared(ref)

    def beside(self, job: Job) -> str:
        """Say in a row how a job stands beside others: how many failed alike, or what is left."""
        if alike := self.alike(job.ref):
            return alike_text(alike)
        left_s = self._monitor.left_s(job)
        return "" if left_s is None else brief_left_text(left_s)

    def of(self, job: Job | None) -> Compared:
        """Compare one job."""
        if job is None:
            return ALONE
        return Compared(self._monitor.usual(job), self._monitor.left_s(job), self.alike(job.ref))

    def groups(self) -> list[Group]:
        """Give every cause with its jobs."""
        found = (
            (cause, [job for job in map(self._monitor.store.get, refs) if job is not None])
            for cause, refs in self._causes.all()
        )
        return [group_of(cause, jobs) for cause, jobs in found if jobs]

    def group(self, ref: JobRef) -> Group | None:
        """Give the jobs that failed for the cause of this one; None when it has none."""
        found = self._causes.of(ref)
        if found is None:
            return None
        cause, refs = found
        jobs = [job for job in map(self._monitor.store.get, refs) if job is not None]
        return group_of(cause, jobs) if jobs else None
