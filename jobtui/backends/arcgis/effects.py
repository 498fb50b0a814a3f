"""What of a control a later read shows. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from jobtui.backends.arcgis.marks import (
    Marks,
    doing,
    is_blind,
    lists_holds,
    read_marks,
    says_current,
    says_held,
)
from jobtui.backends.arcgis.words import (
    active_holds,
    steps_named,
)
from jobtui.model import Control, ControlRequest, Effect, Hold, JobDetail, State, Step, StepRef

_CLOCK_SKEW = timedelta(seconds=60)
_WHOLE_SECONDS = timedelta(seconds=1)
"""How far apart two ends of a hold may be and still be the same: a server may keep whole seconds."""


def effect(request: ControlRequest, detail: JobDetail, now: datetime) -> Effect | None:
    """Say what a read that was asked after the control shows of it; None when nothing yet."""
    marks = read_marks(request.marks)
    step_ids = request.parameters.step_ids or marks.current
    if request.control is Control.REFRESH:
        return Effect("looked at again")
    if not step_ids:
        return _of_the_end(request, detail)
    shown = [_SHOWN[request.control](request, marks, detail, step_id, now) for step_id in step_ids]
    if any(each is None for each in shown):
        return None
    effects = [each for each in shown if each is not None]
    return next((each for each in effects if not each.as_asked), effects[0])


def _of_the_end(request: ControlRequest, detail: JobDetail) -> Effect | None:
    if not detail.job.ended:
        return None
    return Effect(f"ended as {detail.job.state} before the {request.control} took effect", as_asked=False)


_Showing = Callable[[ControlRequest, Marks, JobDetail, str, datetime], Effect | None]


def _named(detail: JobDetail, step_id: str) -> str:
    return steps_named(detail, [step_id])


def _shows_hold(
    request: ControlRequest, marks: Marks, detail: JobDetail, step_id: str, now: datetime
) -> Effect | None:
    if _new_holds(request, marks, detail, step_id, now):
        return Effect(f"{_named(detail, step_id)} held")
    if step_id in marks.current and _has_left(detail, step_id):
        return Effect(f"{_named(detail, step_id)} was over before the hold took effect", as_asked=False)
    return _of_the_end(request, detail)


def _new_holds(
    request: ControlRequest, marks: Marks, detail: JobDetail, step_id: str, now: datetime
) -> list[Hold]:
    """The holds of a step that were not there before; ids made of flags are not those of a list."""
    holds = active_holds([detail.step(step_id)], now)
    holds = [hold for hold in holds if _is_as_asked(hold, request)]
    if not marks.known or (marks.unlisted and lists_holds(detail)):
        return [hold for hold in holds if hold.since and hold.since >= request.asked_at - _CLOCK_SKEW]
    if marks.holds and not marks.unlisted and not lists_holds(detail):
        return []
    return [hold for hold in holds if hold.id not in marks.holds]


def _is_as_asked(hold: Hold, request: ControlRequest) -> bool:
    """Whether a hold ends as the one that was asked for; another may be somebody else's, or a later one."""
    until, after = request.parameters.until, request.parameters.after
    if (hold.until is None) != (until is None) or (hold.after is None) != (after is None):
        return False
    if hold.until is not None and until is not None and abs(hold.until - until) > _WHOLE_SECONDS:
        return False
    if hold.after is None or after is None or hold.after.job != after.job:
        return hold.after is None
    return not (isinstance(hold.after, StepRef) and isinstance(after, StepRef)) or hold.after == after


def _has_left(detail: JobDetail, step_id: str) -> bool:
    """Whether the job surely no longer stands at a step."""
    step = detail.step(step_id)
    return says_current(detail) and (step is None or not step.current)


def _shows_release(
    request: ControlRequest, marks: Marks, detail: JobDetail, step_id: str, now: datetime
) -> Effect | None:
    holds = active_holds([detail.step(step_id)], now)
    by_id = marks.known and not marks.unlisted
    left = [
        hold
        for hold in holds
        if (hold.id in marks.holds if by_id else hold.after == request.parameters.after)
    ]
    if not lists_holds(detail) and not _is_seen_free(request, detail, step_id, holds):
        return None  # a hold that an answer has no room for may be there all the same
    if left:
        return _of_the_end(request, detail)
    return Effect(f"{_named(detail, step_id)} released")


def _is_seen_free(request: ControlRequest, detail: JobDetail, step_id: str, holds: Sequence[Hold]) -> bool:
    """Whether a step says itself, where holds are not listed, that nobody holds it; dependencies it hides."""
    step = detail.step(step_id)
    is_told = step is not None and step.current and says_held(detail)
    return is_told and not holds and request.parameters.after is None


def _shows_run(
    request: ControlRequest, marks: Marks, detail: JobDetail, step_id: str, _now: datetime
) -> Effect | None:
    if _has_left(detail, step_id):
        return _cut_short(request, detail, step_id) or Effect(f"{_named(detail, step_id)} ran and is over")
    step = detail.step(step_id)
    if step is None or not step.current or not _has_moved(marks, detail, step, State.RUNNING):
        return _of_the_end(request, detail)
    word = {State.RUNNING: "started", State.FAILED: "ran and failed", State.WAITING: "started and asks"}
    return Effect(f"{_named(detail, step_id)} {word.get(step.state, 'started')}")


def _shows_finish(
    request: ControlRequest, marks: Marks, detail: JobDetail, step_id: str, _now: datetime
) -> Effect | None:
    if _has_left(detail, step_id):
        return _cut_short(request, detail, step_id) or Effect(f"{_named(detail, step_id)} finished")
    step = detail.step(step_id)
    if step is None or not step.current:
        return _of_the_end(request, detail)
    if not step.raw_state and _has_moved(marks, detail, step, State.SUCCEEDED):
        return Effect(f"{_named(detail, step_id)} finished, and is current again")
    return _of_the_end(request, detail)


def _cut_short(request: ControlRequest, detail: JobDetail, step_id: str) -> Effect | None:
    """A job closed before its end takes its steps along, whether they were done or not."""
    step = detail.step(step_id)
    if detail.job.state is not State.CANCELLED or (step is not None and step.state is State.SUCCEEDED):
        return None
    return _of_the_end(request, detail)


def _shows_stop(
    request: ControlRequest, marks: Marks, detail: JobDetail, step_id: str, _now: datetime
) -> Effect | None:
    step = detail.step(step_id)
    if step is not None and step.current:
        if not _has_moved(marks, detail, step, State.STOPPED):
            return _of_the_end(request, detail)
        if step.state is State.STOPPED:
            return Effect(f"{_named(detail, step_id)} stopped")
        if step.state is State.FAILED:
            return Effect(f"{_named(detail, step_id)} failed before it was stopped", as_asked=False)
        return _of_the_end(request, detail)
    if not _has_left(detail, step_id):
        return None
    if request.control is Control.STOP or detail.job.state is State.CANCELLED:
        return Effect(f"{_named(detail, step_id)} is no longer current")
    if detail.job.ended:
        return _of_the_end(request, detail)
    return Effect(f"{_named(detail, step_id)} finished before the cancel took effect", as_asked=False)


def _shows_set_current(
    request: ControlRequest, marks: Marks, detail: JobDetail, step_id: str, _now: datetime
) -> Effect | None:
    step = detail.step(step_id)
    if step is not None and step.current:
        return Effect(f"{_named(detail, step_id)} is current")
    return _of_the_end(request, detail)


def _has_moved(marks: Marks, detail: JobDetail, step: Step, wanted: State) -> bool:
    """Whether anything but a hold has happened to a step since the request was frozen.

    With nothing to compare, only being in the state that was wanted counts.
    """
    before = marks.steps.get(step.id)
    if before is None or marks.blind or is_blind(detail):
        return step.state is wanted
    return doing(step) != before


_SHOWN: dict[Control, _Showing] = {
    Control.HOLD: _shows_hold,
    Control.RELEASE: _shows_release,
    Control.RUN: _shows_run,
    Control.FINISH: _shows_finish,
    Control.STOP: _shows_stop,
    Control.CANCEL: _shows_stop,
    Control.SET_CURRENT: _shows_set_current,
}
