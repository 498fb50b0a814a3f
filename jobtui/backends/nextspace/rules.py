"""What a pending action can be asked: to stop, as a wish it may ignore. Pure."""

from __future__ import annotations

from datetime import datetime

from jobtui.model import (
    Control,
    ControlRequest,
    Effect,
    Flag,
    JobDetail,
    JobRef,
    Parameters,
    Reason,
    State,
)

CONTROLS = frozenset({Control.CANCEL})


def freeze(control: Control, ref: JobRef, parameters: Parameters, now: datetime) -> ControlRequest:
    """Fix what would be sent: there is nothing to fill in."""
    return ControlRequest(control, ref, now, parameters)


def reasons(request: ControlRequest, detail: JobDetail) -> tuple[Reason, ...]:
    """Say why it cannot (hard) or should perhaps not (soft) be sent, hard ones first."""
    if request.control not in CONTROLS:
        return (Reason(f"a pending action can be cancelled, there is no {request.control}"),)
    parameters = request.parameters
    if parameters.step_ids or parameters.until is not None or parameters.after is not None:
        return (Reason("only the whole job can be cancelled, no part of it"),)
    return _state_reasons(request.ref, detail)


def consequence(request: ControlRequest, detail: JobDetail | None) -> str:
    """Say in one sentence what it would do."""
    if request.control not in CONTROLS:
        return f"nothing: a pending action can be cancelled, there is no {request.control}"
    if detail is None:
        what = f"pending action {request.ref.job_id}, which could not be checked first"
    else:
        what = f"pending action {request.ref.job_id} ({detail.job.title}, {detail.job.state})"
    return f"Asks the server to cancel {what}; a job that never looks for the wish runs on."


def effect(detail: JobDetail) -> Effect | None:
    """Say what a later read shows of a cancel; None while the job is open."""
    job = detail.job
    if not job.ended:
        return None
    if job.state is State.CANCELLED:
        return Effect("cancelled")
    return Effect(f"ended as {job.state} before the cancel took effect", as_asked=False)


def _state_reasons(ref: JobRef, detail: JobDetail) -> tuple[Reason, ...]:
    job = detail.job
    if ref.job_id in ("", "0"):
        return (Reason("a pending action without an id cannot be cancelled"),)
    if Flag.FORGOTTEN in job.flags:
        return (Reason("the server no longer knows this job"),)
    if job.ended:
        return (Reason(f"it has already ended: {job.state} ({job.raw_state})"),)
    if Flag.CANCELLING in job.flags:
        return (Reason("its cancel was accepted already; the server has not shown the end yet"),)
    if job.state is State.UNKNOWN:
        return (Reason("it is not known to be running", hard=False),)
    return ()
