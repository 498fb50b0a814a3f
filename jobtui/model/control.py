"""Controls: what may be asked of a job, and the endings that asking can have."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from jobtui.model.refs import JobRef, Target


class Control(StrEnum):
    """What may be asked of a job or step."""

    CANCEL = "cancel"
    HOLD = "hold"
    RELEASE = "release"
    FINISH = "finish"
    RUN = "run"
    STOP = "stop"
    SET_CURRENT = "set-current"
    REFRESH = "refresh"


class Verdict(StrEnum):
    """How asking ended."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """Sent, but no readable answer came."""
    CONFIRMED = "confirmed"
    """Accepted, and a later poll or push shows the effect."""


class Cause(StrEnum):
    """Whose no it was; decides the exit code."""

    RULE = "rule"
    """Ours: read-only, kind, state, no confirmation."""
    SERVER = "server"
    SIGN_IN = "sign-in"
    NO_SUCH_JOB = "no-such-job"
    UNREACHABLE = "unreachable"


class Reason(Struct, frozen=True):
    """Why a control cannot, or should perhaps not, be sent."""

    text: str
    hard: bool = True
    """Hard: never sent. Soft: said in the dialog, sent if confirmed."""


class Parameters(Struct, frozen=True):
    """What goes with a control."""

    step_ids: tuple[str, ...] = ()
    """The steps acted on, explicit whenever they are known."""
    until: datetime | None = None
    """Hold: when it ends by itself; aware."""
    after: Target | None = None
    """Hold, release: the job or step that is waited for, of the same source."""


class ControlRequest(Struct, frozen=True):
    """One control, frozen when the key was pressed: what is sent is this and nothing else."""

    control: Control
    ref: JobRef
    asked_at: datetime
    parameters: Parameters = field(default_factory=Parameters)
    reason: str | None = None
    """The person's own words, for the journal."""
    marks: tuple[str, ...] = ()
    """What was known of the target when frozen, so that a later answer can show the effect. Made and read
    by the backend's rules."""
    named: Target | None = None
    """What the person pointed at, job or step; None when that is not known any more."""


class StepOutcome(Struct, frozen=True):
    """What the server said of one step."""

    id: str
    status: str
    """The server's own word."""
    description: str
    verdict: Verdict


class Outcome(Struct, frozen=True):
    """How one control ended."""

    request: ControlRequest
    verdict: Verdict
    sent: bool
    at: datetime
    reason: str | None = None
    """One sentence: why refused or unknown, or what the server said; None when there is nothing to say."""
    cause: Cause | None = None
    """Set when refused."""
    steps: tuple[StepOutcome, ...] = ()


class Effect(Struct, frozen=True):
    """What a later answer shows of a control."""

    text: str
    """One sentence, past tense: “cancelled”, “ended as succeeded before the cancel took effect”."""
    as_asked: bool = True
    """False when the job went another way, so that there is nothing left to wait for."""
