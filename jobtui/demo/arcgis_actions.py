"""The seven actions on steps: who is refused and why, and what happens to the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jobtui.demo import arcgis_flow as flow
from jobtui.demo.arcgis_diagrams import StepPlan
from jobtui.demo.arcgis_job import ASKING, RUNNING, Job, Turn
from jobtui.demo.arcgis_life import Life
from jobtui.demo.arcgis_world import GROUPS, USER, Item

SENTENCES = {
    "Success": "The action was done",
    "JobClosed": "The job is closed",
    "NoActiveStep": "The job has no active step",
    "StepNotInDiagram": "The diagram of the job has no such step",
    "StepNotCurrent": "The step is not a current step of the job",
    "AssignedToDifferentUser": "The step is assigned to somebody else",
    "Held": "The step has a hold or a dependency that is not released",
    "AlreadyExecuting": "The step is running",
    "NotRunning": "The step is not running",
    "WaitingForInfo": "The step waits for information from its user",
    "NoStartedStep": "The step may not be skipped and was not started",
    "NoMatchingPaths": "No path leads on from this result",
    "NotHeld": "The step has no such hold",
    "StepNotAuto": "The step is not an automatic step",
}


@dataclass(frozen=True)
class Ask:
    """An action as it was asked; times are world seconds."""

    kind: str
    step_ids: tuple[str, ...] = ()
    until: float | None = None
    after_job: str | None = None
    after_step: str | None = None
    hook: str | None = None


@dataclass(frozen=True)
class Case:
    """One step of one ask."""

    item: Item
    life: Life
    job: Job
    ask: Ask
    step_id: str

    @property
    def step(self) -> StepPlan | None:
        """The step in the diagram."""
        return self.job.diagram.by_id.get(self.step_id)

    @property
    def turn(self) -> Turn | None:
        """The step while it is current."""
        return self.job.current.get(self.step_id)

    @property
    def phase(self) -> str | None:
        """What the current step is doing."""
        return self.turn.phase if self.turn else None

    @property
    def can_be_left(self) -> bool:
        """Say whether a Finish now counts: started, or skippable."""
        return self.turn is not None and (self.turn.step.can_skip or self.turn.started_at is not None)


Check = Callable[[Case], bool]
"""True when the case is refused."""


def is_mine(assignee: tuple[str, str]) -> bool:
    """Say whether a step so assigned is the user's to act on."""
    kind, name = assignee
    return kind == "Unassigned" or name == USER or USER in GROUPS.get(name, ())


def _is_foreign(case: Case) -> bool:
    if case.ask.kind == "SetCurrentStep" and case.turn is None:
        return not any(is_mine(turn.assignee) for turn in case.job.current.values())
    return case.turn is not None and not is_mine(case.turn.assignee)


def _holds(case: Case) -> list[Any]:
    asked = (case.ask.after_job, case.ask.after_step, case.ask.hook)
    active = case.job.active_holds(case.step_id, case.item.now)
    return [hold for hold in active if (hold.after_job, hold.after_step, hold.hook) == asked]


CHECKS: dict[str, Check] = {
    "JobClosed": lambda case: case.job.closed,
    "NoActiveStep": lambda case: not case.job.current,
    "StepNotInDiagram": lambda case: case.step is None,
    "StepNotCurrent": lambda case: case.turn is None,
    "AssignedToDifferentUser": _is_foreign,
    "Held": lambda case: bool(case.job.active_holds(case.step_id, case.item.now)),
    "AlreadyExecuting": lambda case: case.phase in (RUNNING, ASKING),
    "JobExecuting": lambda case: case.job.is_running,
    "IsAsking": lambda case: case.phase == ASKING,
    "IsAskingAndBound": lambda case: case.phase == ASKING and not (case.turn and case.turn.step.can_skip),
    "NotRunning": lambda case: case.phase not in (RUNNING, ASKING),
    "NoStartedStep": lambda case: not case.can_be_left,
    "NoMatchingPaths": lambda case: case.turn is not None and flow.way_out(case.turn, None) is None,
    "NotHeld": lambda case: not _holds(case),
    "StepNotAuto": lambda case: case.step is not None and not case.step.is_automatic,
}
ALIASES = {
    "JobExecuting": "AlreadyExecuting",
    "IsAsking": "WaitingForInfo",
    "IsAskingAndBound": "WaitingForInfo",
}
"""Checks that answer with the status of another name."""
_ON_CURRENT = ("JobClosed", "NoActiveStep", "StepNotInDiagram", "StepNotCurrent", "AssignedToDifferentUser")
ORDER: dict[str, tuple[str, ...]] = {
    "Run": (*_ON_CURRENT, "Held", "IsAsking", "AlreadyExecuting"),
    "Finish": (*_ON_CURRENT, "Held", "IsAskingAndBound", "NoStartedStep", "NoMatchingPaths"),
    "Stop": (*_ON_CURRENT, "NotRunning"),
    "SetCurrentStep": (
        "JobClosed",
        "NoActiveStep",
        "StepNotInDiagram",
        "AssignedToDifferentUser",
        "JobExecuting",
    ),
    "Hold": ("JobClosed", "StepNotInDiagram", "AlreadyExecuting"),
    "ReleaseHold": ("StepNotInDiagram", "NotHeld"),
    "RefreshStatus": ("StepNotInDiagram", "AssignedToDifferentUser", "StepNotAuto"),
}
"""Which checks an action passes, in order; the first that refuses gives the status."""


def judge(case: Case) -> str:
    """Give the status of one step: Success, or the first reason against it."""
    for name in ORDER[case.ask.kind]:
        if CHECKS[name](case):
            return ALIASES.get(name, name)
    return "Success"


def _run(case: Case, turn: Turn) -> None:
    if turn.step.is_automatic:
        case.life.launch(case.job, turn, USER)
        return
    flow.start(case.item, case.job, turn, USER)
    if turn.step.proceed_next and turn.phase == RUNNING:
        flow.finish(case.item, case.job, turn, USER)


def _stop(case: Case, turn: Turn) -> None:
    (flow.cancel if turn.step.is_cancelled_by_stop else flow.pause)(case.item, case.job, turn, USER)


def _refresh(case: Case, turn: Turn) -> None:
    text = {RUNNING: "Still running"}.get(turn.phase, f"The step is {turn.phase}")
    case.item.tell(
        "StepProgress",
        case.job,
        stepIds=[case.step_id],
        msg=text,
        msgCode="Refreshed",
        allowedActions=flow.REFRESH,
    )


_ON_TURN: dict[str, Callable[[Case, Turn], None]] = {
    "Run": _run,
    "Stop": _stop,
    "Finish": lambda case, turn: flow.finish(case.item, case.job, turn, USER),
    "RefreshStatus": _refresh,
}


def _carry_out(case: Case) -> None:
    kind, ask = case.ask.kind, case.ask
    if kind == "Hold":
        when = {
            "until": ask.until,
            "after_job": ask.after_job,
            "after_step": ask.after_step,
            "hook": ask.hook,
        }
        flow.make_hold(case.item, case.job, case.step_id, USER, **when)
    elif kind == "ReleaseHold":
        for hold in _holds(case):
            flow.release(case.item, case.job, hold, USER)
    elif kind == "SetCurrentStep" and case.step is not None:
        flow.set_current(case.item, case.job, case.step, USER)
    elif case.turn is not None:
        _ON_TURN[kind](case, case.turn)


def targets(item: Item, job: Job, ask: Ask) -> tuple[str, ...]:
    """Give the steps meant: those named, or the current ones, or for a release all held ones."""
    if ask.step_ids:
        return ask.step_ids
    if ask.kind == "ReleaseHold":
        held = dict.fromkeys(hold.step_id for hold in job.holds if hold.is_active(item.now))
        return tuple(held) or tuple(job.current)
    return tuple(job.current)


def act(item: Item, life: Life, job: Job, ask: Ask) -> list[tuple[str, str]]:
    """Do an action; gives (step id, status) for each step, done or refused one by one."""
    steps = targets(item, job, ask)
    if not steps:
        status = "JobClosed" if job.closed and ask.kind != "ReleaseHold" else "NoActiveStep"
        return [("", "NotHeld" if ask.kind == "ReleaseHold" else status)]
    verdicts = []
    for step_id in steps:
        case = Case(item, life, job, ask, step_id)
        status = judge(case)
        if status == "Success":
            _carry_out(case)
        verdicts.append((step_id, status))
    return verdicts
