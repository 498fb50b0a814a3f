"""Workflow Manager's job JSON in our nouns. Pure.

Source: the project's notes on the REST API of ArcGIS Workflow Manager, 3.1 to 3.3. Every field may be missing
or odd: then it is not known, and the rest of the record still counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from jobtui.backends.arcgis.fields import (
    Record,
    decode_object,
    flag,
    moment,
    number,
    records,
    text,
)
from jobtui.backends.arcgis.properties import Properties, properties_of
from jobtui.errors import UnexpectedReply
from jobtui.model import Hold, JobRef, Progress, State, StepRef, Target

A_HOOK = "a web hook of another server"
_UNMISTAKABLE = ("jobId", "jobName", "jobStatus", "closed", "currentSteps")


class CurrentStep(Struct, frozen=True):
    """A step that the job stands at, with what REST says of it (nothing of whether it runs)."""

    step_id: str
    name: str | None
    assigned_type: str | None
    """``User``, ``Group``, ``Unassigned``, or a word we do not know."""
    assigned_to: str | None
    can_skip: bool | None
    manual_hold: bool
    scheduled_release: datetime | None
    dependencies: bool
    webhook: bool = False
    """Whether it waits for a hook of another server; only newer servers say."""
    says_hold: bool = True
    """Whether the answer says at all if it is held by hand."""


class JobRecord(Struct, frozen=True):
    """One job as its own address tells it."""

    ref: JobRef
    name: str
    status: str
    closed: bool
    percent: float | None
    """0 to 100, as the server says."""
    created: datetime | None
    started: datetime | None
    ended_at: datetime | None
    owner: str | None
    template: str | None
    diagram: tuple[str, str] | None
    """Id and version of the diagram it follows."""
    current: tuple[CurrentStep, ...]
    holds: tuple[Hold, ...] | None
    """Holds of all steps, past ones included; None when the server does not list them."""
    properties: Properties = ()
    current_known: bool = True
    """Whether the answer says where the job stands; a key that is missing is no sign of having moved on."""

    @property
    def ended(self) -> bool:
        return self.closed or (self.ended_at is not None and not self.current)


def decode_job(ref: JobRef, body: bytes) -> JobRecord:
    """Read ``GET /jobs/{id}?extProps=true&holds=true``. Raises UnexpectedReply."""
    job = decode_object(ref.source, body, f"answer about job {ref.job_id!a:.80}")
    if not any(key in job for key in _UNMISTAKABLE):
        raise UnexpectedReply(ref.source, "the answer holds no job")
    diagram = text(job.get("diagramId"))
    closed, current = flag(job.get("closed")) or False, job.get("currentSteps")
    return JobRecord(
        ref=ref,
        name=text(job.get("jobName")) or ref.job_id,
        status=text(job.get("jobStatus")) or "",
        closed=closed,
        percent=number(job.get("percentComplete")),
        created=moment(job.get("createdDate")),
        started=moment(job.get("startedDate")),
        ended_at=moment(job.get("endDate")),
        owner=text(job.get("ownedBy")) or text(job.get("createdBy")),
        template=text(job.get("jobTemplateName")),
        diagram=(diagram, text(job.get("diagramVersion")) or "") if diagram else None,
        current=decode_current_steps(current),
        holds=_holds(ref, job.get("holds")),
        properties=properties_of(job),
        current_known=closed or isinstance(current, list),
    )


def decode_current_steps(value: object) -> tuple[CurrentStep, ...]:
    """Read ``currentSteps``, each step once; those without an id cannot be acted on and are left out."""
    found: dict[str, CurrentStep] = {}
    for step in records(value):
        step_id = text(step.get("stepId"))
        if step_id is None or step_id in found:
            continue
        found[step_id] = CurrentStep(
            step_id,
            text(step.get("stepName")),
            text(step.get("assignedType")),
            text(step.get("assignedTo")),
            flag(step.get("canSkip")),
            flag(step.get("manualHold")) or False,
            moment(step.get("holdScheduledRelease")),
            flag(step.get("dependencies")) or False,
            flag(step.get("webhookDependency")) or False,
            says_hold=flag(step.get("manualHold")) is not None,
        )
    return tuple(found.values())


def _holds(ref: JobRef, value: object) -> tuple[Hold, ...] | None:
    if not isinstance(value, list):
        return None
    found = (_hold(ref, hold) for hold in records(value))
    return tuple(hold for hold in found if hold is not None)


def _hold(ref: JobRef, hold: Record) -> Hold | None:
    step_id = text(hold.get("stepId"))
    if step_id is None:
        return None
    since = moment(hold.get("setDate"))
    released = moment(hold.get("releasedDate"))
    if released is None and (text(hold.get("releasedDate")) or text(hold.get("releasedBy"))):
        # Released at a moment that cannot be read is still released.
        released = since or moment(0)
    return Hold(
        id=text(hold.get("holdId")) or _made_id(hold),
        step_id=step_id,
        by=text(hold.get("setBy")),
        since=since,
        until=moment(hold.get("scheduledRelease")),
        after=_dependency(ref, text(hold.get("dependentJobId")), text(hold.get("dependentStepId"))),
        released=released,
        hook=_hook(hold),
    )


def _hook(hold: Record) -> str | None:
    """Name the hook that a hold waits for: newer servers know connections to other servers."""
    connection = text(hold.get("webhookConnectionId"))
    if connection is not None:
        return f"{A_HOOK} ({connection})"
    return A_HOOK if hold.get("webhookDependencyDetails") else None


def _made_id(hold: Record) -> str:
    """Of what stays the same while it is held: its place in the list does not."""
    words = ("stepId", "setBy", "setDate", "dependentJobId", "dependentStepId")
    return "/".join(text(hold.get(word)) or "" for word in words).rstrip("/")


def _dependency(ref: JobRef, job_id: str | None, step_id: str | None) -> Target | None:
    if job_id is None and step_id is None:
        return None
    job = ref if job_id is None else JobRef(ref.source, job_id)
    return StepRef(job, step_id) if step_id else job


def ended_state(percent: float | None, ended_at: datetime | None) -> State:
    """Return how a job ended: what was closed before its end was cancelled."""
    done = ended_at is not None or (percent is not None and percent >= 100)
    return State.SUCCEEDED if done else State.CANCELLED


def progress(percent: float | None) -> Progress | None:
    """Return the share done; None when the server gives no measure."""
    return None if percent is None else Progress(fraction=min(max(percent / 100, 0.0), 1.0))


def holds_of(record: JobRecord, step_id: str) -> tuple[Hold, ...]:
    """Return the holds of one step; from the flags of the current step where the server lists none."""
    listed = tuple(hold for hold in record.holds or () if hold.step_id == step_id)
    flagged = tuple(_flagged(step for step in record.current if step.step_id == step_id))
    if record.holds is None:
        return flagged
    # Whether a list has hooks is not known: where it does not, the flag is all there is.
    has_hook = any(hold.hook is not None and hold.released is None for hold in listed)
    return listed if has_hook else (*listed, *(hold for hold in flagged if hold.hook is not None))


def _flagged(steps: Iterable[CurrentStep]) -> Iterable[Hold]:
    for step in steps:
        if step.manual_hold or step.scheduled_release is not None:
            yield Hold(f"{step.step_id}/hold", step.step_id, until=step.scheduled_release)
        if step.webhook:
            yield Hold(f"{step.step_id}/hook", step.step_id, hook=A_HOOK)
