"""What frames have told of jobs, until history tells it too: step events, messages, where a job stands. Pure.

History is the record; frames are quicker and say more: that a question is asked, that a stop is under way,
how far a step is. So a frame's event counts only until history has the same event, or a later one of that
step; what history records anyway is left to it after ``GRACE_S``.

A happening is a message once. What history records is left to history, and the frame is only a hint. What
only frames tell is a message at once, with an id made of the frame itself: every process that hears it
makes the same. What history may or may not record (how a step failed, that it was stopped) is told by
``messages`` when history has had its time and is silent. A standing is no happening, and gives no message
unless it dates what it repeats.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from msgspec import Struct, field
from msgspec.structs import replace

from jobtui.backends.arcgis.frames import News
from jobtui.backends.arcgis.history import EventKind, EventLog, StepEvent, with_events
from jobtui.backends.arcgis.messages import frame_message
from jobtui.backends.arcgis.plans import Newest
from jobtui.backends.arcgis.weighing import (
    ENDINGS,
    GRACE_S,
    RUNNING,
    Told,
    counted,
    is_said,
    last_kind,
    speaks,
)
from jobtui.backends.arcgis.wire import CurrentStep, JobRecord
from jobtui.backends.base import Pushed
from jobtui.model import JobMessage, JobRef

_MOST_JOBS = 400
_MOST_MESSAGES = 200
_MOST_STEPS = 1_000
_OVER_S = 900.0
"""Seconds for which a job that was read as ended is remembered: by then history has all it will have."""
_IDLE_S = 3_600.0
"""Seconds for which a job is remembered that is neither read nor heard of: one that has left the list."""
_FORGET_S = 60.0
"""How often it is looked for what can be forgotten."""

_SAID_AT_ONCE = frozenset({EventKind.PROGRESS, EventKind.INFO_REQUIRED, EventKind.STOPPING, EventKind.OTHER})
_SAID_IF_HISTORY_DOES_NOT = frozenset({EventKind.ERROR, EventKind.STOPPED, EventKind.WARNING_STOPPED})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Names = Mapping[str, str]
"""Titles of steps by id."""
Naming = Callable[[str], Names]
"""The titles of the steps of a job, by its id."""


class _Heard(Struct):
    """What was heard of one job."""

    steps: dict[str, Told] = field(default_factory=dict)
    said: deque[tuple[StepEvent, float]] = field(default_factory=lambda: deque(maxlen=_MOST_MESSAGES))
    """Events that are messages of their own, oldest first, and when they were heard."""
    left: frozenset[str] = frozenset()
    """Steps that the last finish left behind."""
    current: tuple[CurrentStep, ...] = ()
    """The steps that were current after it."""
    left_s: float = float("-inf")


class _Standing(Struct, frozen=True):
    """How a job stood when it was last read: what a frame can be compared with."""

    status: str
    percent: float | None
    doing: Mapping[str, EventKind | None]
    """By current step, its last event that says how it does."""


class Ear:
    """Remembers what frames told of the jobs heard of last; bounded, whatever a server sends.

    All times in seconds are of one monotonic clock.
    """

    def __init__(self, on_forget: Callable[[str], None] = lambda _job_id: None) -> None:
        """``on_forget`` is told of each job that nobody asks about any more."""
        self._on_forget = on_forget
        self._jobs: Newest[str, _Heard] = Newest(_MOST_JOBS)
        self._standings: Newest[str, _Standing] = Newest(_MOST_JOBS)
        self._used_s: dict[str, float] = {}
        """When each job was last read or heard of."""
        self._forgot_s = float("-inf")
        self._over: dict[str, float] = {}
        """Jobs that were read as ended, and when that was first."""

    def hear(self, ref: JobRef, news: News, names: Names, heard_s: float) -> Pushed:
        """Take a frame in; say what of it is new to whoever read the job before."""
        heard = self._jobs.get(ref.job_id) or _Heard()
        self._jobs.keep(ref.job_id, heard)
        self._used_s[ref.job_id] = heard_s
        if news.is_standing:
            _take_standing(heard, news, heard_s)
            is_hint = not self._stands_as_read(ref, news)
        else:
            is_hint = _tells_more_than_progress(heard, news)
            _take_events(heard, news, heard_s)
        said = [event for event in news.events if event.at is not None and _is_new(heard, event)]
        heard.said.extend((event, heard_s) for event in said)
        at_once = (event for event in said if event.kind in _SAID_AT_ONCE)
        return Pushed(ref, tuple(frame_message(ref, event, names) for event in at_once), is_hint)

    def onto(self, record: JobRecord, log: EventLog, asked_s: float) -> tuple[JobRecord, EventLog]:
        """Add what frames told to what was read; ``asked_s`` is when the reading began."""
        heard = self._jobs.get(record.ref.job_id)
        if heard is not None:
            past = log.by_step()
            more = (
                counted(told, past.get(step_id, ()), asked_s, log.readable)
                for step_id, told in heard.steps.items()
            )
            record, log = _moved_on(record, heard, asked_s), with_events(log, filter(None, more))
        self._standings.keep(record.ref.job_id, _standing_of(record, log))
        self._used_s[record.ref.job_id] = asked_s
        if record.ended:
            self._over.setdefault(record.ref.job_id, asked_s)
        else:
            self._over.pop(record.ref.job_id, None)
        self._forget(asked_s)
        return record, log

    def messages(self, ref: JobRef, log: EventLog, names: Names, asked_s: float) -> list[JobMessage]:
        """Return what frames said that history does not, oldest first."""
        heard = self._jobs.get(ref.job_id)
        if heard is None:
            return []
        past = log.by_step()
        return [
            frame_message(ref, event, names)
            for event, heard_s in heard.said
            if event.kind not in _SAID_IF_HISTORY_DOES_NOT
            or not log.readable
            or (asked_s - heard_s > GRACE_S and not is_said(event, past.get(event.step_id or "", ())))
        ]

    def _forget(self, now_s: float) -> None:
        """Forget the jobs that have been over for long, and those that nobody asks about."""
        if now_s - self._forgot_s < _FORGET_S:
            return
        self._forgot_s = now_s
        over = [each for each, over_s in self._over.items() if now_s - over_s > _OVER_S]
        idle = [each for each, used_s in self._used_s.items() if now_s - used_s > _IDLE_S]
        for job_id in {*over, *idle}:
            self._over.pop(job_id, None)
            self._used_s.pop(job_id, None)
            self._jobs.drop(job_id)
            self._standings.drop(job_id)
            self._on_forget(job_id)

    def _stands_as_read(self, ref: JobRef, news: News) -> bool:
        """Whether a standing tells nothing that the last reading did not."""
        read = self._standings.get(ref.job_id)
        if read is None or news.current is None:
            return False
        doing = {event.step_id: event.kind for event in news.events}
        return (
            {step.step_id for step in news.current} == set(read.doing)
            and news.status in (None, read.status)
            and news.percent in (None, read.percent)
            and all(read.doing.get(step_id or "") is kind for step_id, kind in doing.items())
        )


def _take_events(heard: _Heard, news: News, heard_s: float) -> None:
    for event in news.events:
        if speaks(event) and event.step_id is not None:
            _keep(heard, event.step_id, Told(event, heard_s))
    ended = {event.step_id for event in news.events if event.kind in ENDINGS and event.step_id}
    if not ended:
        heard.left = heard.left - {event.step_id for event in news.events if event.step_id}
        if not news.events:
            heard.left = frozenset()
        return
    now_current = {step.step_id for step in news.current or ()}
    heard.left, heard.current, heard.left_s = frozenset(ended - now_current), news.current or (), heard_s
    # No frame says that a step became current; one that had ended and is current did so again.
    for step_id in now_current:
        told = heard.steps.get(step_id)
        if told is not None and told.event.kind in ENDINGS:
            again = StepEvent(EventKind.ACTIVATED, "Activated", news.at, step_id)
            heard.steps[step_id] = Told(again, heard_s)


def _take_standing(heard: _Heard, news: News, heard_s: float) -> None:
    """Let a standing replace what is known of the steps; what frames dated later is kept."""
    before, heard.steps, heard.left = heard.steps, {}, frozenset()
    for event in news.events:
        step_id = event.step_id or ""
        known = before.get(step_id)
        if (
            known is not None
            and known.is_dated
            and (known.event.kind, known.event.text) == (event.kind, event.text)
        ):
            heard.steps[step_id] = known
        else:
            _keep(heard, step_id, Told(_dated(event, news.at), heard_s, event.at is not None))
    for step_id, told in before.items():
        if told.is_dated and (told.event.at or _EPOCH) > news.at:
            heard.steps[step_id] = told


def _keep(heard: _Heard, step_id: str, told: Told) -> None:
    if step_id in heard.steps or len(heard.steps) < _MOST_STEPS:
        heard.steps[step_id] = told


def _dated(event: StepEvent, at: datetime) -> StepEvent:
    return event if event.at is not None else replace(event, at=at)


def _tells_more_than_progress(heard: _Heard, news: News) -> bool:
    """Progress of a step that was known to run changes nothing that a reading would tell."""
    return not news.events or not all(
        event.kind is EventKind.PROGRESS
        and event.step_id in heard.steps
        and heard.steps[event.step_id].event.kind in RUNNING
        for event in news.events
    )


def _is_new(heard: _Heard, event: StepEvent) -> bool:
    """Whether an event is a message of its own, and was not kept before."""
    if event.kind not in _SAID_AT_ONCE | _SAID_IF_HISTORY_DOES_NOT:
        return False
    if event.kind is EventKind.OTHER:
        # The same complaint comes back with every subscription.
        return all((known.kind, known.text) != (event.kind, event.text) for known, _ in heard.said)
    return all(known != event for known, _ in heard.said)


def _moved_on(record: JobRecord, heard: _Heard, asked_s: float) -> JobRecord:
    """Put right a record that is behind the frame which told that a step was finished."""
    behind = {step.step_id for step in record.current} & heard.left
    if not behind or not heard.current or asked_s - heard.left_s > GRACE_S:
        return record
    return replace(record, current=heard.current)


def _standing_of(record: JobRecord, log: EventLog) -> _Standing:
    past = log.by_step()
    doing = {step.step_id: last_kind(past.get(step.step_id, ())) for step in record.current}
    return _Standing(record.status, record.percent, doing)
