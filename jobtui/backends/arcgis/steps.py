"""A job with its tree of steps, put together from its record, its diagram and its event log. Pure.

Workflow Manager's REST answers say where a job stands, never whether a step runs: that is told by the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from jobtui.backends.arcgis.diagram import Diagram, Place, PlannedStep, outline
from jobtui.backends.arcgis.history import EventKind, EventLog, StepEvent
from jobtui.backends.arcgis.standing import job_of
from jobtui.backends.arcgis.wire import CurrentStep, JobRecord, holds_of
from jobtui.model import Control, JobDetail, State, Step

NO_HISTORY = "the history of this job cannot be read: whether a step runs is not known"
NO_DIAGRAM = "the diagram of this job cannot be read: only its current steps are shown"
NO_CURRENT = "the answer does not say at which steps this job stands"
NO_HOLDS = "the answer says nothing of the holds of this job"
HOLDS_BY_FLAG = "the holds of this job are not listed: only whether its current steps are held is known"

_CURRENT_STATES = {
    EventKind.STARTED: State.RUNNING,
    EventKind.PROGRESS: State.RUNNING,
    EventKind.STOPPING: State.RUNNING,
    EventKind.INFO_REQUIRED: State.WAITING,
    EventKind.PAUSED: State.STOPPED,
    EventKind.STOPPED: State.STOPPED,
    EventKind.CANCELLED: State.STOPPED,
    EventKind.ERROR: State.FAILED,
    EventKind.WARNING_STOPPED: State.FAILED,
}
_CANCEL, _PAUSE, _FINISH, _REFRESH = 1, 2, 4, 8
_ALLOWED = {
    # Stop is a cancel or a pause, by the kind of step.
    Control.CANCEL: _CANCEL | _PAUSE,
    Control.STOP: _CANCEL | _PAUSE,
    Control.FINISH: _FINISH,
    Control.REFRESH: _REFRESH,
}
"""By control, the flags of ``allowedActions`` any of which lets it be asked."""
_ENDINGS = (EventKind.FINISHED, EventKind.COMPLETED)
_RESETS = (EventKind.ACTIVATED, EventKind.DEACTIVATED)
_SPEAKING = (*_CURRENT_STATES, *_ENDINGS)
"""Events that say how a step does; a hold or a new assignee does not."""


class _Past(Struct, frozen=True):
    """What the log says of one step."""

    last: StepEvent | None = None
    """The newest event of its present turn that says how it does."""
    newest: StepEvent | None = None
    """The newest event of any kind."""
    started: datetime | None = None
    """When it was last started in its present turn."""
    finished: StepEvent | None = None
    """The last time that it was finished, in any turn."""


def _past(events: Iterable[StepEvent]) -> _Past:
    last = newest = finished = None
    started = None
    for event in events:
        newest = event
        if event.kind in _RESETS:
            last, started = None, None
        elif event.kind in _SPEAKING:
            last = event
            if event.kind is EventKind.STARTED:
                started = event.at
            elif event.kind in _ENDINGS:
                finished = event
    return _Past(last, newest, started, finished)


def detail_of(
    record: JobRecord,
    diagram: Diagram | None,
    log: EventLog,
    *,
    user: str | None,
    as_of: datetime,
    url: str | None = None,
) -> JobDetail:
    """Put one job together; ``diagram`` is None when it cannot be read. ``as_of`` is aware UTC."""
    plan = diagram or Diagram()
    steps = _Steps(record, plan, log, user, as_of)
    places = list(outline(plan))
    known = {place.step_id for place in places}
    # A step that is current or held, and that the diagram does not have, is real all the same.
    real = [step.step_id for step in record.current]
    real += [hold.step_id for hold in record.holds or () if hold.is_active(as_of)]
    places += [Place(step_id, None) for step_id in dict.fromkeys(real) if step_id not in known]
    flat = {place.step_id: steps.step(place.step_id) for place in places}
    warnings = [] if log.readable else [NO_HISTORY]
    warnings += [] if diagram is not None else [NO_DIAGRAM]
    warnings += [] if record.current_known else [NO_CURRENT]
    if record.holds is None and not record.ended:
        warnings.append(HOLDS_BY_FLAG if all(step.says_hold for step in record.current) else NO_HOLDS)
    current = [flat[step.step_id] for step in record.current]
    failed = tuple(step for step in current if steps.has_failed_and_is_held(step))
    job = job_of(record, current, log, as_of, url, tuple(warnings), failed)
    return JobDetail(job, _tree(places, flat))


def _tree(places: Sequence[Place], flat: Mapping[str, Step]) -> tuple[Step, ...]:
    below: dict[str | None, list[Step]] = {}
    # From the last to the first: a step's branches stand behind it and are whole before it is made.
    for place in reversed(places):
        step = flat[place.step_id]
        children = below.pop(place.step_id, [])
        whole = replace(step, children=tuple(reversed(children))) if children else step
        below.setdefault(place.parent, []).append(whole)
    return tuple(reversed(below.get(None, [])))


class _Steps:
    """Makes the steps of one job."""

    def __init__(
        self, record: JobRecord, plan: Diagram, log: EventLog, user: str | None, as_of: datetime
    ) -> None:
        self._record = record
        self._plan = plan
        self._readable = log.readable
        self._events = log.by_step()
        self._user = user
        self._as_of = as_of
        self._current = {step.step_id: step for step in record.current}
        self._ahead = plan.ahead_of(self._current)
        self._begun = bool(record.current or record.ended or record.started)

    def step(self, step_id: str) -> Step:
        planned = self._plan.steps.get(step_id, PlannedStep(step_id, step_id))
        current = self._current.get(step_id)
        past = _past(self._events.get(step_id, ()))
        shown = past.last if current else past.last or past.finished
        state = self._current_state(planned, current, past) if current else self._other_state(step_id, past)
        skip = current.can_skip if current else None
        return Step(
            id=step_id,
            title=(current.name if current else None) or planned.name,
            state=state,
            raw_state=shown.word if shown else "",
            type=planned.type,
            current=current is not None,
            assigned_to=current.assigned_to if current else None,
            is_mine=is_mine(current, self._user) if current else None,
            can_skip=planned.can_skip if skip is None else skip,
            automatic=planned.automatic,
            holds=holds_of(self._record, step_id),
            started=past.started,
            ended_at=past.finished.at if past.finished and not current else None,
            last_event=past.newest.mark if past.newest else None,
            message=shown.text if shown else None,
            told_off=told_off(shown.allowed) if current and shown else frozenset(),
        )

    def has_failed_and_is_held(self, step: Step) -> bool:
        """Whether a hold hides that the last thing told of a step is that it failed."""
        last = _past(self._events.get(step.id, ())).last
        failed = last is not None and _CURRENT_STATES.get(last.kind) is State.FAILED
        return failed and step.state is State.HELD

    def _current_state(self, planned: PlannedStep, current: CurrentStep, past: _Past) -> State:
        held = any(hold.is_active(self._as_of) for hold in holds_of(self._record, planned.id))
        # Where the server does not list holds, this flag is all there is to know of a dependency.
        if held or (self._record.holds is None and current.dependencies):
            return State.HELD
        known = _CURRENT_STATES.get(past.last.kind) if past.last else None
        return known or (State.QUEUED if planned.automatic else State.WAITING)

    def _other_state(self, step_id: str, past: _Past) -> State:
        if past.finished is not None:
            return State.SUCCEEDED
        if not self._record.current_known or step_id not in self._plan.steps:
            return State.UNKNOWN
        if not self._begun or (step_id in self._ahead and not self._record.ended):
            return State.QUEUED
        # The flow is beyond it. Without a history nobody can tell done from passed by.
        return State.SKIPPED if self._readable else State.UNKNOWN


def told_off(allowed: int | None) -> frozenset[Control]:
    """Return the controls that the flags of an event leave out; none where it has no flags."""
    if allowed is None:
        return frozenset()
    return frozenset(control for control, flags in _ALLOWED.items() if not allowed & flags)


def is_mine(step: CurrentStep, user: str | None) -> bool | None:
    """Say whether the user is the assignee; names are told apart by case.

    None for a group, whose members REST does not tell, and for a step that is nobody's: the server refuses
    only what is assigned to somebody else.
    """
    if step.assigned_type != "User" or step.assigned_to is None or user is None:
        return None
    return step.assigned_to == user
