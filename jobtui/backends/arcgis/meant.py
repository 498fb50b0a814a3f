"""Which steps, and which dependency, a control means; fixed before anybody is asked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec.structs import replace

from jobtui.backends.arcgis.history import EventKind, event_kind
from jobtui.backends.arcgis.marks import marks_of
from jobtui.backends.arcgis.words import active_holds
from jobtui.model import Control, ControlRequest, Hold, JobDetail, JobRef, Parameters, State, Step, Target


def freeze(
    control: Control, detail: JobDetail | None, ref: JobRef, parameters: Parameters, now: datetime
) -> ControlRequest:
    """Fix what would be sent: explicit steps, the dependency that a release needs, and what is known now."""
    parameters = replace(parameters, step_ids=tuple(dict.fromkeys(parameters.step_ids)))
    if detail is None or detail.job.is_brief:
        return ControlRequest(control, ref, now, parameters)
    if control is Control.RELEASE:
        parameters = _meant_by_release(detail, parameters, now)
    elif not parameters.step_ids and control is not Control.SET_CURRENT:
        steps = _meant(control, detail.current_steps(), now)
        parameters = replace(parameters, step_ids=tuple(step.id for step in steps))
    request = ControlRequest(control, ref, now, parameters)
    return replace(request, marks=marks_of(request, detail, now))


def _meant(control: Control, current: list[Step], now: datetime) -> list[Step]:
    """The current steps that a control without any named can mean; all of them when none fits."""
    fits: dict[Control, Callable[[Step], bool]] = {
        Control.RUN: lambda step: not is_held(step, now) and not is_running(step),
        Control.FINISH: lambda step: not is_held(step, now),
        Control.HOLD: lambda step: not is_running(step),
        Control.STOP: is_running,
        Control.CANCEL: is_running,
        Control.REFRESH: lambda step: step.automatic is not False,
    }
    return [step for step in current if fits[control](step)] or current


def _meant_by_release(detail: JobDetail, parameters: Parameters, now: datetime) -> Parameters:
    """Name the dependency that a release must name, and (unless named) the steps that it frees of holds."""
    among = list(map(detail.step, parameters.step_ids)) if parameters.step_ids else detail.all_steps()
    holds = active_holds(among, now)
    after = _dependency_meant(holds, parameters.after)
    if parameters.step_ids:
        return replace(parameters, after=after)
    step_ids = [hold.step_id for hold in holds if hold.after == after]
    # Two or more dependencies and none named: all their steps, so that the reason can name them.
    step_ids = step_ids or [hold.step_id for hold in holds] or [step.id for step in detail.current_steps()]
    return replace(parameters, after=after, step_ids=tuple(dict.fromkeys(step_ids)))


def _dependency_meant(holds: Sequence[Hold], named: Target | None) -> Target | None:
    """The one dependency of these holds, when there is no other kind of hold; or the named one, in full."""
    waited_for = {hold.after for hold in holds}
    if named is None:
        return next(iter(waited_for)) if len(waited_for) == 1 else None
    if named in waited_for or named != named.job:
        return named
    # Naming the job is enough where only one of its steps is waited for.
    of_job = [after for after in waited_for if after is not None and after.job == named]
    return of_job[0] if len(of_job) == 1 else named


def steps_meant(request: ControlRequest, detail: JobDetail) -> list[Step]:
    """Return the known steps of a request; without any named those that the server would take.

    For a release that is every step, as those without a hold do not matter.
    """
    if request.parameters.step_ids:
        found = map(detail.step, request.parameters.step_ids)
        return [step for step in found if step is not None]
    if request.control is Control.SET_CURRENT:
        return []
    return detail.all_steps() if request.control is Control.RELEASE else detail.current_steps()


def releasable(request: ControlRequest, detail: JobDetail, now: datetime) -> list[Hold]:
    """Return the active holds that a release would take away: those with just the dependency it names."""
    holds = active_holds(steps_meant(request, detail), now)
    return [hold for hold in holds if hold.after == request.parameters.after]


def is_running(step: Step) -> bool:
    """Whether a step runs or asks its question, as far as the log tells."""
    return step.current and (step.state is State.RUNNING or asks(step))


def asks(step: Step) -> bool:
    """Whether a step waits for the answer to its question."""
    return step.state is State.WAITING and event_kind(step.raw_state) is EventKind.INFO_REQUIRED


def is_held(step: Step, now: datetime) -> bool:
    """Whether anything keeps a step from being run."""
    return step.state is State.HELD or any(hold.is_active(now) for hold in step.holds)
