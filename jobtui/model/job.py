"""Jobs, steps and holds: what is known of them, None where the server does not say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from sys import intern

from msgspec import Struct

from jobtui.model.control import Control
from jobtui.model.lean import lean
from jobtui.model.message import JobMessage
from jobtui.model.refs import JobRef, Target


class _Word(StrEnum):
    """A word that is looked up as quickly as the text it is: it is asked of every job, many times."""

    __hash__ = str.__hash__


class Kind(_Word):
    """The API a source speaks."""

    NEXTSPACE = "nextspace"
    ZENDESK = "zendesk"
    ARCGIS = "arcgis"


class State(_Word):
    """What a job or a step is doing, in our words; the server's own word stands beside it."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    """Needs a person."""
    HELD = "held"
    STOPPED = "stopped"
    """Paused; can be run again."""
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    """Ended well, but some items failed."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    """Steps only: on a branch that the flow has passed by."""


class Flag(_Word):
    """What jobtui itself adds to a job."""

    STALLED = "stalled"
    STALE = "stale"
    FORGOTTEN = "forgotten"
    """The server no longer knows the job; we do."""
    CANCELLING = "cancelling"
    """A cancel was accepted and the server has not shown its end."""
    BRIEF = "brief"
    """Only a list row has been read so far."""
    FAILED = "failed"
    """A current step failed before somebody held it: the job needs somebody, whatever its state."""


class Progress(Struct, frozen=True, gc=False):
    """How far a job has come."""

    fraction: float | None = None
    """0 to 1, or None when the server gives no measure."""
    done: int | None = None
    total: int | None = None


class HoldKind(StrEnum):
    """What ends a hold."""

    MANUAL = "manual"
    SCHEDULED = "scheduled"
    DEPENDENCY = "dependency"


class Hold(Struct, frozen=True):
    """Something that keeps a step from being run or finished. The API has no comment on a hold."""

    id: str
    step_id: str
    by: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """When a scheduled hold ends by itself."""
    after: Target | None = None
    """The job or step that a dependency hold waits for."""
    released: datetime | None = None
    hook: str | None = None
    """What it waits for on another server, in words."""

    @property
    def kind(self) -> HoldKind:
        if self.after is not None or self.hook is not None:
            return HoldKind.DEPENDENCY
        return HoldKind.MANUAL if self.until is None else HoldKind.SCHEDULED

    def is_active(self, now: datetime) -> bool:
        """Whether it still keeps its step: not released, and its end absent or in the future."""
        return self.released is None and (self.until is None or self.until > now)


_SHARED_FLAGS: dict[frozenset[Flag], frozenset[Flag]] = {}


@lean("dispatch", "url")
@dataclass(frozen=True, slots=True)
class Job:
    """One job as last told by its source. Times are aware UTC."""

    ref: JobRef
    kind: Kind
    title: str
    state: State
    raw_state: str
    """The server's own word, verbatim."""
    ended: bool
    as_of: datetime = field(compare=False)
    """When the last answer that says so had been asked for, by our own clock; the job is known no younger
    than that. Two jobs that differ only here are equal, and this alone moves on while a job is what it is."""
    why: str | None = None
    """Why it failed, waits or is in this state, where that does not depend on the time of day."""
    progress: Progress | None = None
    created: datetime | None = None
    started: datetime | None = None
    updated: datetime | None = None
    ended_at: datetime | None = None
    owner: str | None = None
    application: str | None = None
    dispatch: str | None = None
    """Where the source runs it, in words: a container of its own or a thread; None when that is not told."""
    url: str | None = None
    """A web or API address of the job on its own source; never one taken from a body."""
    items_failed: int | None = None
    result: object = None
    """The parsed result, as JSON values; None when there is none or it was not read."""
    holds: tuple[Hold, ...] = ()
    """Known holds of the current steps, released ones included."""
    properties: tuple[tuple[str, str], ...] = ()
    """What else the source says of the job, by name: how urgent it is, when it is due, fields of its own."""
    flags: frozenset[Flag] = frozenset()
    warnings: tuple[str, ...] = ()
    """What the server said beside a good answer."""
    unchanged_since: datetime | None = None
    """With the flag *stalled*: since when nothing new was shown. Ours, derived, and never kept."""

    def __post_init__(self) -> None:
        # Thousands of jobs share a few words: each is held once.
        object.__setattr__(self, "flags", _SHARED_FLAGS.setdefault(self.flags, self.flags))
        object.__setattr__(self, "raw_state", intern(self.raw_state))
        if self.owner:
            object.__setattr__(self, "owner", intern(self.owner))
        if self.application:
            object.__setattr__(self, "application", intern(self.application))

    def say_again(self, as_of: datetime) -> None:
        """Take over that its source has said the very same again: all that moves on a job is its age.

        For the store alone; whoever holds the job sees it no older than it is.
        """
        object.__setattr__(self, "as_of", as_of)

    def stand_for(self, ref: JobRef) -> None:
        """Take over the very object that the job is known by: who keeps that need not keep another one.

        For the store alone; it is equal to the one before.
        """
        object.__setattr__(self, "ref", ref)

    @property
    def is_brief(self) -> bool:
        return Flag.BRIEF in self.flags

    @property
    def moved_at(self) -> datetime:
        """When it last moved by its server's clock, which may be ahead: never after we were told."""
        return min(self.ended_at or self.updated or self.as_of, self.as_of)


class Step(Struct, frozen=True):
    """One step of a job, with those of its branches or parts below it."""

    id: str
    title: str
    state: State
    raw_state: str = ""
    type: str | None = None
    """The server's word for what kind of step it is, if it says."""
    current: bool = False
    assigned_to: str | None = None
    is_mine: bool | None = None
    """Whether the signed-in user may act on it as assignee; None when that cannot be known."""
    can_skip: bool | None = None
    automatic: bool | None = None
    holds: tuple[Hold, ...] = ()
    started: datetime | None = None
    ended_at: datetime | None = None
    last_event: str | None = None
    """A mark of the newest event of this step; it differs after anything has happened to the step."""
    message: str | None = None
    """The step's last message, or the error or value of this item."""
    told_off: frozenset[Control] = frozenset()
    """What the server said, with the step's last event, that cannot be asked of it now."""
    children: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class JobDetail:
    """One job read whole: the job and its steps in path order (empty when the kind has none yet)."""

    job: Job
    steps: tuple[Step, ...] = ()
    messages: tuple[JobMessage, ...] = field(default=(), compare=False)
    """Messages that came to light in reading it: some or none of the job's, in no order."""
    _all: list[Step] = field(default_factory=list, init=False, repr=False, compare=False)
    _by_id: dict[str, Step] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Both are filled when first asked for: whoever asks of each step asks thousands of times."""

    def all_steps(self) -> list[Step]:
        """Every step, parents before their children."""
        if not self._all:
            pending = list(reversed(self.steps))
            while pending:
                step = pending.pop()
                self._all.append(step)
                pending.extend(reversed(step.children))
        return list(self._all)

    def step(self, step_id: str) -> Step | None:
        if not self._by_id:
            for step in self.all_steps():
                self._by_id.setdefault(step.id, step)
        return self._by_id.get(step_id)

    def current_steps(self) -> list[Step]:
        return [step for step in self.all_steps() if step.current]
