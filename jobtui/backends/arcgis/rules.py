"""What Workflow Manager lets be done to a step, by what is known before asking. Pure.

``freeze`` fixes what is meant, ``reasons`` says why it will not or may not work. The server has
the last word. Source: the project's notes on the REST API, 8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from jobtui.backends.arcgis.history import EventKind, event_kind
from jobtui.backends.arcgis.marks import marks_of
from jobtui.backends.arcgis.steps import NO_DIAGRAM, NO_HISTORY
from jobtui.backends.arcgis.words import (
    active_holds,
    hold_named,
    listed,
    name_of,
    step_named,
    steps_named,
    target_named,
)
from jobtui.model import (
    Control,
    ControlRequest,
    Flag,
    Hold,
    JobDetail,
    JobRef,
    Parameters,
    Reason,
    State,
    Step,
    Target,
)

CONTROLS = frozenset(Control)
"""Workflow Manager knows them all; cancel is its Stop on the running steps."""
ON_CURRENT = frozenset({Control.RUN, Control.FINISH, Control.STOP, Control.CANCEL})
_ASSIGNEE_ONLY = ON_CURRENT | {Control.SET_CURRENT, Control.REFRESH}


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
        Control.RUN: lambda step: not _is_held(step, now) and not is_running(step),
        Control.FINISH: lambda step: not _is_held(step, now),
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
    return step.current and (step.state is State.RUNNING or _asks(step))


def _asks(step: Step) -> bool:
    return step.state is State.WAITING and event_kind(step.raw_state) is EventKind.INFO_REQUIRED


def _is_held(step: Step, now: datetime) -> bool:
    return step.state is State.HELD or any(hold.is_active(now) for hold in step.holds)


@dataclass(frozen=True, slots=True)
class _Case:
    """One request and what is known of its job."""

    request: ControlRequest
    detail: JobDetail
    now: datetime

    @property
    def control(self) -> Control:
        return self.request.control

    @property
    def steps(self) -> list[Step]:
        return steps_meant(self.request, self.detail)

    @property
    def own(self) -> JobRef:
        return self.detail.job.ref


def reasons(request: ControlRequest, detail: JobDetail, now: datetime) -> tuple[Reason, ...]:
    """Say why a request cannot (hard, first) or should perhaps not (soft) be sent, weightiest first."""
    case = _Case(request, detail, now)
    hard = [Reason(text) for rule in _HARD for text in rule(case)]
    soft = [Reason(text, hard=False) for rule in _SOFT for text in rule(case)]
    return (*hard, *soft)


_Rule = Callable[[_Case], Iterable[str]]


def _ended(case: _Case) -> Iterable[str]:
    job = case.detail.job
    if job.ended:
        word = "closed" if job.state is State.CANCELLED else "at its end"
        yield f"the job is {word}: it takes no more controls"


def _already_asked(case: _Case) -> Iterable[str]:
    if case.control is Control.CANCEL and Flag.CANCELLING in case.detail.job.flags:
        yield "cancel was asked already; the server has not shown its end yet"


def _no_current_step(case: _Case) -> Iterable[str]:
    job = case.detail.job
    needs_one = case.control in ON_CURRENT or case.control is Control.SET_CURRENT
    if needs_one and not job.ended and not job.is_brief and not case.detail.current_steps():
        yield "the job has no current step"


def _one_step(case: _Case) -> Iterable[str]:
    if case.control is Control.SET_CURRENT and len(case.request.parameters.step_ids) != 1:
        yield "set-current takes exactly one step: name the one that is to be current"


def _unknown_step(case: _Case) -> Iterable[str]:
    warnings = case.detail.job.warnings
    if case.detail.job.is_brief or (NO_DIAGRAM in warnings and case.control not in ON_CURRENT):
        return
    word = "current step" if NO_DIAGRAM in warnings else "step"
    for step_id in case.request.parameters.step_ids:
        if case.detail.step(step_id) is None:
            yield f"the job has no {word} {name_of(step_id)}"


def _not_current(case: _Case) -> Iterable[str]:
    if case.control not in ON_CURRENT or not case.detail.current_steps():
        return
    for step in case.steps:
        if not step.current:
            yield f"{step_named(step)} is not a current step"


def _held(case: _Case) -> Iterable[str]:
    if case.control not in (Control.RUN, Control.FINISH):
        return
    for step in case.steps:
        holds = active_holds([step], case.now)
        if holds:
            held = listed([hold_named(hold, case.own, case.now) for hold in holds])
            yield f"{step_named(step)} is held by {held}; release it first"
        elif step.state is State.HELD:
            yield f"{step_named(step)} waits for another job or step; release it first"


def _runs(case: _Case) -> Iterable[str]:
    if case.control is Control.HOLD:
        for step in filter(is_running, case.steps):
            yield f"{step_named(step)} is running, and what runs cannot be held"
    elif case.control is Control.SET_CURRENT:
        for step in filter(is_running, case.detail.current_steps()):
            yield f"{step_named(step)} is running; another step can only be made current when none runs"


def _never_started(case: _Case) -> Iterable[str]:
    if case.control is not Control.FINISH or NO_HISTORY in case.detail.job.warnings:
        return
    for step in case.steps:
        was_cancelled = event_kind(step.raw_state) is EventKind.CANCELLED
        if step.current and step.can_skip is False and (not step.raw_state or was_cancelled):
            how = "was cancelled" if was_cancelled else "was never started"
            yield f"{step_named(step)} {how} and may not be skipped; run it first"


def _nothing_to_release(case: _Case) -> Iterable[str]:
    if case.control is not Control.RELEASE or case.detail.job.is_brief:
        return
    after = case.request.parameters.after
    holds = active_holds(case.steps, case.now)
    if releasable(case.request, case.detail, case.now):
        return
    if after is not None:
        yield f"no active hold there waits for {target_named(after, case.own)}"
    elif holds:
        each = sorted({str(hold.after) for hold in holds})
        yield (
            f"{steps_named(case.detail, case.request.parameters.step_ids)} waits for "
            f"{listed(list(map(name_of, each)))}; say which with --after, one at a time"
        )
    elif not any(step.state is State.HELD for step in case.steps):
        yield "nothing is held there, so there is nothing to release"


def _odd_hold(case: _Case) -> Iterable[str]:
    parameters = case.request.parameters
    if case.control is Control.HOLD and parameters.until is not None and parameters.until <= case.now:
        yield "the time until which to hold has passed"
    after = parameters.after
    if after is None or case.control not in (Control.HOLD, Control.RELEASE):
        return
    if after.job.source != case.own.source:
        yield f"{name_of(str(after))} is of another source; a step can only wait for one of its own source"
    elif case.control is Control.HOLD and _is_itself(case, after):
        yield "it cannot wait for itself"


def _is_itself(case: _Case, after: Target) -> bool:
    if after.job != case.own:
        return False
    return after == case.own or any(str(after) == f"{case.own}#{step.id}" for step in case.steps)


def _somebody_elses(case: _Case) -> Iterable[str]:
    if case.control not in _ASSIGNEE_ONLY:
        return
    steps = case.detail.current_steps() if case.control is Control.SET_CURRENT else case.steps
    for step in steps:
        if step.current and step.is_mine is False and step.assigned_to is not None:
            yield f"{step_named(step)} is assigned to {name_of(step.assigned_to)}"


def _not_running(case: _Case) -> Iterable[str]:
    if case.control in (Control.STOP, Control.CANCEL):
        for step in case.steps:
            if step.current and not is_running(step):
                yield f"{step_named(step)} is not known to be running"


def _runs_already(case: _Case) -> Iterable[str]:
    if case.control is Control.RUN:
        for step in filter(is_running, case.steps):
            yield f"{step_named(step)} {'waits for an answer' if _asks(step) else 'is running already'}"


def _not_automatic(case: _Case) -> Iterable[str]:
    if case.control is Control.REFRESH:
        for step in case.steps:
            if step.automatic is False:
                yield f"{step_named(step)} is not an automatic step: its status is not fetched from elsewhere"


def _current_already(case: _Case) -> Iterable[str]:
    if case.control is Control.SET_CURRENT:
        for step in case.steps:
            if step.current:
                yield f"{step_named(step)} is current already"


_HARD: Sequence[_Rule] = (
    _ended,
    _already_asked,
    _no_current_step,
    _one_step,
    _unknown_step,
    _not_current,
    _held,
    _runs,
    _never_started,
    _nothing_to_release,
    _odd_hold,
)
_SOFT: Sequence[_Rule] = (_somebody_elses, _not_running, _runs_already, _not_automatic, _current_already)
