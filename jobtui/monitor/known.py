"""What the parts of the monitor share: the store, the details read, and the way to announce."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from jobtui.journal.told import told_of
from jobtui.model import Flag, Job, JobDetail, JobMessage, JobRef, State
from jobtui.monitor.clock import Clock
from jobtui.monitor.events import Change, Event, JobsChanged, Publish
from jobtui.monitor.merge import overtaken
from jobtui.monitor.recorder import Recorder
from jobtui.monitor.stalls import Stalls
from jobtui.monitor.store import Store, stalled
from jobtui.monitor.usuals import Usuals

log = logging.getLogger(__name__)
DetailListener = Callable[[JobDetail, datetime], None]
_DETAILS_KEPT = 100


class Known:
    """Takes in every answer, whoever asked: into the store, the journal, and to those who listen."""

    def __init__(self, recorder: Recorder, clock: Clock, publish: Publish | None) -> None:
        self.store = Store()
        self.usuals = Usuals(recorder, clock)
        """How long jobs of each sort usually take."""
        self.stalls = Stalls(self.store, self.usuals.of)
        """Which jobs have shown nothing new for too long."""
        self.recorder = recorder
        self.clock = clock
        self._publish = publish
        self.cancelled_by: dict[JobRef, str] = {}
        """Who asked for the cancels that were accepted here, as no API tells."""
        self._details: OrderedDict[JobRef, tuple[JobDetail, datetime]] = OrderedDict()
        self._listeners: list[DetailListener] = []
        self.heard: list[Callable[[Event], None]] = []
        """Told of every event before the face is."""
        self.overheard: list[Callable[[tuple[JobMessage, ...]], None]] = []
        """Told of all messages that come to light, of whatever job; some more than once."""

    def on_detail(self, listener: DetailListener) -> None:
        """Have a listener told of every job that was read whole, with when it was asked for."""
        self._listeners.append(listener)

    def publish(self, event: Event) -> None:
        self.stalls.news.set()
        for listener in self.heard:
            listener(event)
        if self._publish is None:
            return
        try:
            self._publish(event)
        except Exception:
            # A face that cannot take an event must not end the watching.
            log.exception("announcing %s", type(event).__name__)

    def take_jobs(
        self, source: str, jobs: Iterable[Job], asked_at: datetime, told_at: datetime | None = None
    ) -> tuple[Change, ...]:
        """Take over jobs of one answer and announce what changed.

        With ``told_at`` they may be the very objects of an earlier answer, and say the same again as of then.
        """
        late: list[Job] = []
        changes = self.store.apply(map(self._with_canceller, jobs), asked_at, told_at, late)
        if late:
            # Told all the same, and a part of how the job went.
            stood = (overtaken(self.store.get(job.ref), job) for job in late)
            self.recorder.keep_late(job for job in stood if job is not None)
        return self.announce(source, changes, asked_at)

    def take_detail(self, detail: JobDetail, asked_at: datetime) -> JobDetail:
        """Take over one job read whole; gives what is known now, which may be newer."""
        ref = detail.job.ref
        is_newer = self.store.is_newer(ref, asked_at)
        self.keep_messages(detail.messages)
        self.take_jobs(ref.source, [detail.job], asked_at)
        detail = JobDetail(self.store.get(ref) or detail.job, detail.steps)
        if not is_newer:
            # Something asked later has answered first: what is known of the job stays, and nothing is kept.
            return self.detail(ref) or detail
        self._keep(detail, asked_at)
        for listener in self._listeners:
            listener(detail, asked_at)
        return detail

    def detail(self, ref: JobRef) -> JobDetail | None:
        """The whole job as last read, with the job as known now."""
        kept, job = self._details.get(ref), self.store.get(ref)
        if kept is None:
            return None
        return kept[0] if job is None else JobDetail(job, kept[0].steps)

    def read_at(self, ref: JobRef) -> datetime | None:
        """When the job was last read whole; its steps are no younger."""
        kept = self._details.get(ref)
        return None if kept is None else kept[1]

    def drop(self, ref: JobRef) -> None:
        """Forget a job that is no longer shown; the journal has it."""
        self._details.pop(ref, None)
        self.announce(ref.source, self.store.remove(ref))

    def mark(self, ref: JobRef, flag: Flag, *, on: bool) -> None:
        self.announce(ref.source, self.store.mark(ref, flag, on=on))

    def announce(
        self, source: str, changes: tuple[Change, ...], asked_at: datetime | None = None
    ) -> tuple[Change, ...]:
        """Announce changes and have them written to the journal, as answers to a question asked then."""
        if changes:
            changes = (*changes, *self.stalls.note(changes))
            self.recorder.keep_jobs(filter(None, map(_news, changes)), asked_at)
            self.publish(JobsChanged(source, changes))
        return changes

    def keep_messages(self, messages: Iterable[JobMessage]) -> None:
        """Have messages written soon; who speaks has not stalled."""
        messages = tuple(messages)
        self.recorder.keep_messages(messages)
        for listener in self.overheard:
            listener(messages)
        self.publish_found(self.stalls.heard(messages))

    def publish_found(self, changes: Iterable[Change]) -> None:
        """Announce what we have found out ourselves, of jobs of whatever source; no news for the journal."""
        by_source: dict[str, list[Change]] = {}
        for change in changes:
            by_source.setdefault(change.ref.source, []).append(change)
        for source, found in by_source.items():
            self.publish(JobsChanged(source, tuple(found)))

    def _with_canceller(self, job: Job) -> Job:
        if job.state is not State.CANCELLED:
            return job
        who = self.cancelled_by.get(job.ref) if job.why is None else None
        return job if who is None else replace(job, why=f"cancel asked by {who}")

    def _keep(self, detail: JobDetail, asked_at: datetime) -> None:
        ref = detail.job.ref
        self._details[ref] = detail, asked_at
        self._details.move_to_end(ref)
        self.recorder.keep_detail(JobDetail(stalled(detail.job, None), detail.steps))
        if len(self._details) > _DETAILS_KEPT:
            self._details.popitem(last=False)


def _news(change: Change) -> Job | None:
    """Give what a change brings for the journal, if anything.

    What no server has said anything of yet is no memory. A job that is stale came back from the journal or
    grew old, which is no news, unless a list row has said something new of it.
    """
    before, after = change.before, change.after
    if after is None or not after.raw_state:
        return None
    if after.unchanged_since != (before.unchanged_since if before is not None else None):
        # That a job has stalled is derived, and no word of its server.
        before, after = stalled(before, None) if before is not None else None, stalled(after, None)
        if before == after:
            return None
    after = stalled(after, None)
    if Flag.STALE not in after.flags:
        return after
    if before is None or told_of(before).says_the_same(told_of(after)):
        return None
    return replace(after, flags=after.flags - {Flag.STALE})
