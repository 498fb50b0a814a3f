"""What the parts of the monitor share: the store, the details read, and the way to announce."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime

from jobtui.model import Flag, Job, JobDetail, JobRef
from jobtui.monitor.clock import Clock
from jobtui.monitor.events import Change, Event, JobsChanged, Publish
from jobtui.monitor.recorder import Recorder
from jobtui.monitor.store import Store

DetailListener = Callable[[JobDetail, datetime], None]
_DETAILS_KEPT = 500


class Known:
    """Takes in every answer, whoever asked: into the store, the journal, and to those who listen."""

    def __init__(self, recorder: Recorder, clock: Clock, publish: Publish | None) -> None:
        self.store = Store()
        self.recorder = recorder
        self.clock = clock
        self._publish = publish
        self._details: OrderedDict[JobRef, JobDetail] = OrderedDict()
        self._listeners: list[DetailListener] = []

    def on_detail(self, listener: DetailListener) -> None:
        """Have a listener told of every job that was read whole, with when it was asked for."""
        self._listeners.append(listener)

    def publish(self, event: Event) -> None:
        if self._publish is not None:
            self._publish(event)

    def take_jobs(self, source: str, jobs: Iterable[Job], asked_at: datetime) -> tuple[Change, ...]:
        """Take over jobs of one answer and announce what changed."""
        return self.announce(source, self.store.apply(jobs, asked_at))

    def take_detail(self, detail: JobDetail, asked_at: datetime) -> JobDetail:
        """Take over one job read whole; gives what is known now, which may be newer."""
        ref = detail.job.ref
        if not self.store.is_newer(ref, asked_at):
            return self.detail(ref) or detail
        self.take_jobs(ref.source, [detail.job], asked_at)
        detail = JobDetail(self.store.get(ref) or detail.job, detail.steps)
        self._keep(detail)
        for listener in self._listeners:
            listener(detail, asked_at)
        return detail

    def detail(self, ref: JobRef) -> JobDetail | None:
        """The whole job as last read, with the job as known now."""
        detail = self._details.get(ref)
        job = self.store.get(ref)
        return detail if detail is None or job is None else JobDetail(job, detail.steps)

    def mark(self, ref: JobRef, flag: Flag, *, on: bool) -> None:
        self.announce(ref.source, self.store.mark(ref, flag, on=on))

    def announce(self, source: str, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """Announce changes and have them written to the journal."""
        if changes:
            self.recorder.keep_jobs(
                change.after
                for change in changes
                if change.after is not None and Flag.STALE not in change.after.flags
            )
            self.publish(JobsChanged(source, changes))
        return changes

    def _keep(self, detail: JobDetail) -> None:
        ref = detail.job.ref
        self._details[ref] = detail
        self._details.move_to_end(ref)
        if len(self._details) > _DETAILS_KEPT:
            self._details.popitem(last=False)
