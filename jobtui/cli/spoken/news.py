"""News: what the monitor announces, as sentences; what was there at the start is summed up, not read out."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from jobtui.cli.spoken.sentences import (
    control_sentence,
    is_told,
    job_sentence,
    source_sentence,
    together_sentence,
)
from jobtui.cli.watch import looks_changed
from jobtui.insight.alert import Alert, HeldBack
from jobtui.model import ControlRequest, Flag, Job, JobRef
from jobtui.monitor.events import (
    AlertTrouble,
    Change,
    Controlled,
    Event,
    HealthChanged,
    JobsChanged,
    JournalStands,
    Link,
    SourceHealth,
)
from jobtui.text import plain
from jobtui.tui.awaited import Awaited
from jobtui.tui.together import Together

_KEPT = 200


class News:
    """Tells each change once; of jobs only what differs from what was told of them."""

    def __init__(self, tell: Callable[[str], None], now: Callable[[], datetime]) -> None:
        self._tell = tell
        self._now = now
        self._told: dict[JobRef, Job] = {}
        self._links: dict[str, tuple[Link, str | None]] = {}
        self._asked: OrderedDict[ControlRequest, Controlled] = OrderedDict()
        self._together: dict[Together, bool] = {}
        """Controls sent together, told in one sentence; and whether it was said how they ended."""
        self.on_changes: list[Callable[[Sequence[Change]], None]] = []
        """Who else takes changes over."""
        self.ring: Callable[[tuple[str, ...], str], None] = lambda _do, _text: None
        """Does what an alert says is to be done."""
        self.caught_up: Callable[[], Awaitable[None]] = _at_once
        """Waits until all that was announced has been heard."""
        self.awaited = Awaited()
        self.is_begun = False
        """Whether changes are told; before that they are taken for what was there already."""

    def hear(self, event: Event) -> None:
        """Take an event over, and tell it."""
        match event:
            case JobsChanged():
                for take in self.on_changes:
                    take(event.changes)
                for change in event.changes:
                    self._job(change.ref, change.after)
            case HealthChanged():
                self._health(event.health)
            case Controlled():
                self._control(event)
            case JournalStands():
                self._tell(f"{event}.")
            case Alert() | HeldBack():
                self.ring(event.do, event.text)
                self._tell(f"{self._clock()}: Alert: {plain(event.text)}.")
            case AlertTrouble():
                self._tell(f"{self._clock()}: {plain(event.text)}.")
            case _:
                return

    def asked_sentences(self) -> list[str]:
        """Say how far each control of this session has come, the latest first."""
        return [control_sentence(event) for event in reversed(self._asked.values())]

    def put_together(self, together: Together) -> None:
        """Tell of controls that are sent together in one sentence."""
        self._together[together] = False

    def sum_up(self, together: Together) -> str:
        """Say how far controls that were sent together have come; what is not over is told when it is."""
        self._together[together] = together.is_settled
        return together_sentence(together, self._now())

    def _job(self, ref: JobRef, job: Job | None) -> None:
        before = self._told.get(ref)
        if job is None:
            self._told.pop(ref, None)
            return
        if Flag.STALE in job.flags or not looks_changed(before, job):
            return
        self._told[ref] = job
        if self.is_begun and _is_news(before, job):
            self._tell(f"{self._clock()}: {job_sentence(job, self._now())}")

    def _health(self, health: SourceHealth) -> None:
        now_is, before = (health.link, health.error), self._links.get(health.source)
        self._links[health.source] = now_is
        is_same = before is not None and (before[1] is None) is (health.error is None)
        if self.is_begun and not is_same:
            self._tell(f"{self._clock()}: {source_sentence(health, None, self._now())}")

    def _control(self, event: Controlled) -> None:
        self.awaited.note(event)
        self._asked[event.outcome.request] = event
        while len(self._asked) > _KEPT:
            self._asked.popitem(last=False)
        of = next((one for one in self._together if one.note(event)), None)
        if of is None:
            if is_told(event):
                self._tell(f"{self._clock()}: {control_sentence(event)}")
        elif of.is_settled and not self._together[of]:
            self._tell(self.sum_up(of))

    def _clock(self) -> str:
        return f"{self._now():%H:%M:%S}"


async def _at_once() -> None:
    return


def _is_news(before: Job | None, job: Job) -> bool:
    """Whether a listener should hear of it: not that a job has come further, nor that it was read better."""
    if before is None:
        return True
    if before.is_brief and before.raw_state == job.raw_state:
        return False
    return _standing(before) != _standing(job)


def _standing(job: Job) -> tuple[object, ...]:
    holds = frozenset(hold.id for hold in job.holds if hold.released is None)
    return (job.state, job.ended, job.why, job.flags - {Flag.BRIEF}, holds)
