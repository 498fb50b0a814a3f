"""What the monitor announces: facts in the past tense, for whichever face listens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from jobtui.insight.alert import Alert, HeldBack
from jobtui.model import Effect, Job, JobDetail, JobMessage, JobRef, Outcome


class Change(Struct, frozen=True):
    """One job before and after; None before when it is new, None after when it left the list."""

    ref: JobRef
    before: Job | None
    after: Job | None


class Link(StrEnum):
    """How things stand between us and a source."""

    STARTING = "starting"
    """Not asked yet, or the first answer is still to come."""
    LIVE = "live"
    SLOW = "slow"
    """Answering, but late."""
    LIMITED = "limited"
    """Told to wait (429)."""
    OFFLINE = "offline"
    """No readable answer."""
    REFUSED = "refused"
    """The credential is not accepted."""


class SourceHealth(Struct, frozen=True):
    """How one source is, and how old what we know of it is."""

    source: str
    link: Link = Link.STARTING
    fresh_at: datetime | None = None
    """When the last whole good answer had been *asked for*: what is shown is no younger than that."""
    error: str | None = None
    """One sentence: what is wrong, or None."""
    next_at: datetime | None = None
    """When it is asked again."""
    answer_s: float | None = None
    """Seconds the last answer took."""
    jobs: int = 0
    truncated: bool = False
    """Whether the source has more jobs than the limit."""
    has_list: bool = True
    """False when the server has no list of jobs, so that only ids on watch are read."""
    is_told: bool | None = None
    """Whether the server tells us by itself what happens; None where it never does."""
    told_text: str | None = None
    """Why it does not, when it could."""
    warnings: tuple[str, ...] = ()
    """What the server said beside its last good list."""
    offered: tuple[JobRef, ...] = ()
    """Jobs that the server named beside a refusal, and that are not known yet: they can be watched."""


class JobsChanged(Struct, frozen=True):
    """Jobs of a source differ from before."""

    source: str
    changes: tuple[Change, ...]


class DetailChanged(Struct, frozen=True):
    """The followed job was read whole."""

    detail: JobDetail


class FollowFailed(Struct, frozen=True):
    """The followed job's details or messages could not be read just now; what is known stays."""

    ref: JobRef
    text: str


class MessagesArrived(Struct, frozen=True):
    """New messages of the followed job, oldest first, each announced once.

    Announced without any when the job was asked for the first time and has none.
    """

    ref: JobRef
    messages: tuple[JobMessage, ...]
    are_earlier: bool = False
    """Whether they were known before, and stand just before all that have been announced."""


class HealthChanged(Struct, frozen=True):
    """A source's health differs from before."""

    health: SourceHealth


class Stage(StrEnum):
    """How far a control has come."""

    SENDING = "sending"
    ANSWERED = "answered"
    """The outcome is in: accepted, refused or unknown."""
    CONFIRMED = "confirmed"
    OTHERWISE = "otherwise"
    """The job went another way; nothing left to wait for."""
    NOT_VISIBLE = "not-visible"
    """Accepted 40 s ago and nothing seen yet; still being followed."""


class Controlled(Struct, frozen=True):
    """A control has come one stage further."""

    stage: Stage
    outcome: Outcome
    at: datetime
    effect: Effect | None = None
    """Set when confirmed or otherwise."""


class JournalStands(Struct, frozen=True):
    """The journal can no longer be written, or can be again."""

    fault: str | None
    """What is wrong with it; None when it takes writes again."""

    def __str__(self) -> str:
        if self.fault is None:
            return "the journal can be written again; what waited is in it"
        return f"watching goes on, but {self.fault}; tried again, and until then no control is sent"


class AlertTrouble(Struct, frozen=True):
    """An alert could not be given as its rule says; said once until it works again."""

    text: str


Event = (
    JobsChanged
    | DetailChanged
    | FollowFailed
    | MessagesArrived
    | HealthChanged
    | Controlled
    | JournalStands
    | Alert
    | HeldBack
    | AlertTrouble
)
Publish = Callable[[Event], None]
