"""What Workflow Manager lets be done to a step, by what is known before asking. Pure.

The server has the last word. Source: the project's notes on the REST API, 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from jobtui.backends.arcgis.case import Case, Rule
from jobtui.backends.arcgis.doubts import DOUBTS, ON_CURRENT
from jobtui.backends.arcgis.history import EventKind, event_kind
from jobtui.backends.arcgis.meant import is_running, releasable
from jobtui.backends.arcgis.steps import NO_DIAGRAM, NO_HISTORY
from jobtui.backends.arcgis.words import (
    active_holds,
    counted,
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
    JobDetail,
    Reason,
    State,
    Target,
)

CONTROLS = frozenset(Control)
"""Workflow Manager knows them all; cancel is its Stop on the running steps."""


def reasons(request: ControlRequest, detail: JobDetail, now: datetime) -> tuple[Reason, ...]:
    """Say why a request cannot (hard, first) or should perhaps not (soft) be sent, weightiest first."""
    case = Case(request, detail, now)
    hard = [Reason(text) for rule in _HARD for text in rule(case)]
    soft = [Reason(text, hard=False) for rule in DOUBTS for text in rule(case)]
    return (*hard, *soft)


def _ended(case: Case) -> Iterable[str]:
    job = case.detail.job
    if job.ended:
        word = "closed" if job.state is State.CANCELLED else "at its end"
        yield f"the job is {word}: it takes no more controls"


def _already_asked(case: Case) -> Iterable[str]:
    if case.control is Control.CANCEL and Flag.CANCELLING in case.detail.job.flags:
        yield "cancel was asked already; the server has not shown its end yet"


def _no_current_step(case: Case) -> Iterable[str]:
    job = case.detail.job
    needs_one = case.control in ON_CURRENT or case.control is Control.SET_CURRENT
    if needs_one and not job.ended and not job.is_brief and not case.detail.current_steps():
        yield "the job has no current step"


def _one_step(case: Case) -> Iterable[str]:
    if case.control is Control.SET_CURRENT and len(case.request.parameters.step_ids) != 1:
        yield "set-current takes exactly one step: name the one that is to be current"


def _unknown_step(case: Case) -> Iterable[str]:
    warnings = case.detail.job.warnings
    if case.detail.job.is_brief or (NO_DIAGRAM in warnings and case.control not in ON_CURRENT):
        return
    word = "current step" if NO_DIAGRAM in warnings else "step"
    for step_id in case.request.parameters.step_ids:
        if case.detail.step(step_id) is None:
            yield f"the job has no {word} {name_of(step_id)}"


def _not_current(case: Case) -> Iterable[str]:
    if case.control not in ON_CURRENT or not case.detail.current_steps():
        return
    for step in case.steps:
        if not step.current:
            yield f"{step_named(step)} is not a current step"


def _held(case: Case) -> Iterable[str]:
    if case.control not in (Control.RUN, Control.FINISH):
        return
    for step in case.steps:
        holds = active_holds([step], case.now)
        if holds:
            held = listed(counted(hold_named(hold, case.own, case.now) for hold in holds))
            yield f"{step_named(step)} is held by {held}; release it first"
        elif step.state is State.HELD:
            yield f"{step_named(step)} waits for another job or step; release it first"


def _runs(case: Case) -> Iterable[str]:
    if case.control is Control.HOLD:
        for step in filter(is_running, case.steps):
            yield f"{step_named(step)} is running, and what runs cannot be held"
    elif case.control is Control.SET_CURRENT:
        for step in filter(is_running, case.detail.current_steps()):
            yield f"{step_named(step)} is running; another step can only be made current when none runs"


def _never_started(case: Case) -> Iterable[str]:
    if case.control is not Control.FINISH or NO_HISTORY in case.detail.job.warnings:
        return
    for step in case.steps:
        was_cancelled = event_kind(step.raw_state) is EventKind.CANCELLED
        if step.current and step.can_skip is False and (not step.raw_state or was_cancelled):
            how = "was cancelled" if was_cancelled else "was never started"
            yield f"{step_named(step)} {how} and may not be skipped; run it first"


def _nothing_to_release(case: Case) -> Iterable[str]:
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


def _odd_hold(case: Case) -> Iterable[str]:
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


def _is_itself(case: Case, after: Target) -> bool:
    if after.job != case.own:
        return False
    return after == case.own or any(str(after) == f"{case.own}#{step.id}" for step in case.steps)


_HARD: Sequence[Rule] = (
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
