"""What a control would do, in the one sentence of the dialog. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from jobtui.backends.arcgis.diagram import Diagram
from jobtui.backends.arcgis.meant import asks, is_running, releasable, steps_meant
from jobtui.backends.arcgis.steps import NO_HISTORY
from jobtui.backends.arcgis.words import (
    active_holds,
    listed,
    name_of,
    step_named,
    steps_named,
    target_named,
    zoned_moment,
)
from jobtui.model import Control, ControlRequest, JobDetail, State, Step

_CANCELLED_BY_STOP = ("question", "gp", "process", "webrequest", "script")
_THOUGH = {State.FAILED: "failed", State.STOPPED: "was stopped"}
_PAUSED_BY_STOP = ("manual", "openapp", "openpro", "launch")


def consequence(
    request: ControlRequest, detail: JobDetail | None, now: datetime, plan: Diagram | None = None
) -> str:
    """Say in one sentence what a request would do; ``plan`` is the job's diagram when it is known."""
    if detail is not None and detail.job.is_brief:
        detail = None
    said = _SAID[request.control](request, detail, now, plan)
    return said if detail is not None else f"{said}; the job could not be checked first"


_Saying = Callable[[ControlRequest, JobDetail | None, datetime, Diagram | None], str]


def _run(request: ControlRequest, detail: JobDetail | None, now: datetime, plan: Diagram | None) -> str:
    step_ids = request.parameters.step_ids
    said = f"starts {steps_named(detail, step_ids)}"
    if detail is None or len(step_ids) != 1:
        return said
    if "question" in _kind(detail.step(step_ids[0])):
        return f"{said}, which then waits for the answer to its question"
    planned = plan.steps.get(step_ids[0]) if plan else None
    if plan is None or planned is None or not planned.proceeds:
        return said
    following = _following(plan, detail, planned.id, now)
    where = f"the flow goes on by itself to {following}" if following else "its path is at its end"
    return f"{said}; once it has run, {where}"


def _finish(request: ControlRequest, detail: JobDetail | None, now: datetime, plan: Diagram | None) -> str:
    step_ids = request.parameters.step_ids
    said = f"ends {steps_named(detail, step_ids)}"
    if detail is None or len(step_ids) != 1:
        return f"{said}, the flow goes on"
    said += _as_it_stands(detail, step_ids[0])
    if plan is None or step_ids[0] not in plan.steps:
        return f"{said}, the flow goes on"
    following = _following(plan, detail, step_ids[0], now)
    return f"{said}, the flow goes on to {following}" if following else f"{said}, the last one of its path"


def _as_it_stands(detail: JobDetail, step_id: str) -> str:
    """Say of a step that is to be ended what it has not come to; empty when nothing speaks for that."""
    step = detail.step(step_id)
    if step is None:
        return ""
    if asks(step):
        return " without an answer to its question"
    if is_running(step):
        return " while it runs"
    if step.state in _THOUGH:
        return f" though it {_THOUGH[step.state]}"
    never_ran = step.current and not step.raw_state and NO_HISTORY not in detail.job.warnings
    return " without its having run" if never_ran else ""


def _following(plan: Diagram, detail: JobDetail, step_id: str, now: datetime) -> str:
    """Name the steps that may come right after one, and say which start by themselves; empty without any."""
    steps = [plan.steps[each] for each in plan.following(step_id)]
    said = listed([f"“{name_of(step.name)}”" for step in steps], "or")
    held = [step for step in steps if active_holds([detail.step(step.id)], now)]
    starting = [step for step in steps if step.automatic and step not in held]
    for some, what in ((starting, "automatic and may start at once"), (held, "on hold")):
        if some and len(steps) == 1:
            said += f", which is {what}"
        elif some:
            named = listed([f"“{name_of(step.name)}”" for step in some])
            said += f"; of these {named} {'is' if len(some) == 1 else 'are'} {what}"
    return said


def _stop(request: ControlRequest, detail: JobDetail | None, _now: datetime, _plan: Diagram | None) -> str:
    step_ids = request.parameters.step_ids
    steps = [detail.step(step_id) if detail else None for step_id in step_ids]
    named = steps_named(detail, step_ids)
    deeds = {_deed(step) for step in steps}
    if deeds == {"cancels"}:
        return f"cancels the work of {named}; it can be run again"
    if deeds == {"pauses"}:
        return f"pauses {named}; it can be run again"
    return f"stops {named}: a processing or question step is cancelled, a manual or open-app step is paused"


def _deed(step: Step | None) -> str | None:
    if step is None:
        return None
    kind = _kind(step)
    if step.automatic or any(word in kind for word in _CANCELLED_BY_STOP):
        return "cancels"
    return "pauses" if any(word in kind for word in _PAUSED_BY_STOP) else None


def _kind(step: Step | None) -> str:
    """Give the server's word for what a step is, in a form that bears comparison; empty when it says none."""
    return "".join(filter(str.isalnum, ((step.type if step else None) or "").lower()))


def _cancel(request: ControlRequest, detail: JobDetail | None, now: datetime, plan: Diagram | None) -> str:
    stop = _stop(request, detail, now, plan)
    return f"sends Stop, as a job here has no cancel of its own: {stop}; the job stays open"


def _hold(request: ControlRequest, detail: JobDetail | None, now: datetime, _plan: Diagram | None) -> str:
    parameters = request.parameters
    ends = []
    if parameters.until is not None:
        ends.append(f"until {zoned_moment(parameters.until, now)}")
    if parameters.after is not None:
        ends.append(f"until {target_named(parameters.after, request.ref)} is done")
    end = listed(ends) or "until somebody releases it"
    said = f"holds {steps_named(detail, parameters.step_ids)} {end}"
    return said if detail is None else f"{said}{_beside(steps_meant(request, detail), now)}"


def _beside(steps: list[Step], now: datetime) -> str:
    """Say what a new hold comes to stand beside, and whether the flow has come that far."""
    holds = active_holds(steps, now)
    those = f"; the {len(holds)} holds that it has stay" if len(holds) > 1 else "; the hold that it has stays"
    ahead = steps and not any(step.current for step in steps)
    return (those if holds else "") + ("; the flow has not come to it yet" if ahead else "")


def _release(request: ControlRequest, detail: JobDetail | None, now: datetime, _plan: Diagram | None) -> str:
    named = steps_named(detail, request.parameters.step_ids)
    if detail is None:
        return f"releases what holds {named}"
    steps = steps_meant(request, detail)
    holds, released = active_holds(steps, now), releasable(request, detail, now)
    if len(released) < len(holds):
        blocked = "the step stays blocked" if len(steps) == 1 else "not every step is free then"
        return f"releases {len(released)} of {len(holds)} holds on {named}; {blocked}"
    if not holds:
        # A flag of the step says that it is held; how many holds there are, the server does not list.
        return f"releases what holds {named}; {_then(steps)}"
    said = "the last hold" if len(holds) == 1 else f"all {len(holds)} holds"
    return f"releases {said} on {named}; {_then(steps)}"


def _then(steps: list[Step]) -> str:
    automatic = [step for step in steps if step.automatic and step.current]
    if automatic:
        which = "it" if len(steps) == 1 else listed([step_named(step) for step in automatic])
        return f"being automatic, {which} may start at once"
    it, is_there = ("it", "is") if len(steps) == 1 else ("they", "are")
    if not any(step.current for step in steps):
        return f"{it} can be run once {it} {is_there} current"
    return f"{it} can be run then"


def _set_current(
    request: ControlRequest, detail: JobDetail | None, _now: datetime, _plan: Diagram | None
) -> str:
    said = f"makes {steps_named(detail, request.parameters.step_ids)} the current one"
    current = [step.id for step in detail.current_steps()] if detail else []
    return f"{said} in place of {steps_named(detail, current)}" if current else said


def _refresh(request: ControlRequest, detail: JobDetail | None, _now: datetime, _plan: Diagram | None) -> str:
    return f"has the server look again how {steps_named(detail, request.parameters.step_ids)} is doing"


_SAID: dict[Control, _Saying] = {
    Control.RUN: _run,
    Control.FINISH: _finish,
    Control.STOP: _stop,
    Control.CANCEL: _cancel,
    Control.HOLD: _hold,
    Control.RELEASE: _release,
    Control.SET_CURRENT: _set_current,
    Control.REFRESH: _refresh,
}
