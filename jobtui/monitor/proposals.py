"""What a control would be and why it cannot be, by what is known now: for dialogs, footers and keys."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from jobtui.insight.why import is_unheard_of, span
from jobtui.model import (
    Control,
    ControlRequest,
    Flag,
    Job,
    JobRef,
    Parameters,
    Reason,
    StepRef,
    Target,
)
from jobtui.monitor.controls import Controls
from jobtui.monitor.directory import Directory
from jobtui.monitor.known import Known

_OLD = timedelta(minutes=1)


class Proposal(Struct, frozen=True):
    """A control as it would be sent, for the dialog: frozen when the key was pressed."""

    request: ControlRequest
    job: Job | None
    """The job as known when frozen, None when it could not be read."""
    consequence: str
    """One sentence: what it would do."""
    refusal: Reason | None
    """The first hard reason: the request will not be sent."""
    doubts: tuple[Reason, ...] = ()
    """Soft reasons, to be said in the dialog."""


class Proposals:
    """Judges controls without asking any server."""

    def __init__(self, directory: Directory, known: Known, controls: Controls, *, read_only: bool) -> None:
        self._directory = directory
        self._known = known
        self._controls = controls
        self._read_only = read_only

    def why_never(self, control: Control, ref: JobRef) -> Reason | None:
        """The reasons that need no reading, in order: read-only, then kind."""
        source = self._directory.source(ref.source)
        if self._read_only:
            return Reason("jobtui was started read-only")
        if source.read_only:
            return Reason(f"source {source.name} is read-only by configuration")
        if control not in self._directory.controls(source.name):
            return Reason(f"{source.kind} jobs have no {control}")
        return None

    def why_not(self, control: Control, target: Target, parameters: Parameters) -> Reason | None:
        """The first hard reason."""
        never = self.why_never(control, target.job)
        if never is not None:
            return never
        _, reasons = self._judged(control, target, parameters)
        return next((reason for reason in reasons if reason.hard), None)

    def propose(
        self, control: Control, target: Target, parameters: Parameters, reason: str | None
    ) -> Proposal:
        """Freeze a control, with what it would do and what speaks against it."""
        never = self.why_never(control, target.job)
        request, reasons = self._judged(control, target, parameters)
        if never is not None:
            reasons = (never, *reasons)
        detail = self._known.detail(target.job)
        backend = self._directory.backends.get(target.job.source)
        consequence = "" if backend is None else backend.consequence(request, detail, self._known.clock())
        return Proposal(
            replace(request, reason=reason),
            self._known.store.get(target.job),
            consequence,
            next((each for each in reasons if each.hard), None),
            tuple(each for each in (*reasons, *self._stale(target.job)) if not each.hard),
        )

    def _stale(self, ref: JobRef) -> tuple[Reason, ...]:
        job, read_at = self._known.store.get(ref), self._known.read_at(ref)
        if job is None:
            return ()
        age = self._known.clock() - (job.as_of if read_at is None else min(job.as_of, read_at))
        if Flag.STALE not in job.flags and age < _OLD:
            return ()
        return (
            Reason(f"what is known of it is {span(age)} old; it is read again before sending", hard=False),
        )

    def _judged(
        self, control: Control, target: Target, parameters: Parameters
    ) -> tuple[ControlRequest, tuple[Reason, ...]]:
        ref, now = target.job, self._known.clock()
        if isinstance(target, StepRef):
            steps = dict.fromkeys([target.step_id, *parameters.step_ids])
            parameters = replace(parameters, step_ids=tuple(steps))
        backend = self._directory.backends.get(ref.source)
        if backend is None or control not in backend.controls:
            return ControlRequest(control, ref, now, parameters, named=target), ()
        detail, job = self._known.detail(ref), self._known.store.get(ref)
        request = replace(backend.freeze(control, detail, ref, parameters, now), named=target)
        if job is not None and is_unheard_of(job):
            return request, (Reason("the server knows no such job"),)
        if detail is not None:
            return request, self._controls.reasons(request, detail, backend)
        if job is not None and job.ended and not job.is_brief:
            return request, (Reason(f"the job has ended ({job.raw_state or job.state})"),)
        return request, ()
