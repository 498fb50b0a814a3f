"""How a whole job stands, from how its current steps do; and why. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jobtui.backends.arcgis.history import EventKind, EventLog, StepEvent
from jobtui.backends.arcgis.wire import JobRecord, ended_state, progress
from jobtui.model import Flag, Job, Kind, State, Step
from jobtui.text import plain


def job_of(
    record: JobRecord,
    current: Sequence[Step],
    log: EventLog,
    as_of: datetime,
    url: str | None,
    warnings: tuple[str, ...],
    failed: Sequence[Step] = (),
) -> Job:
    """Put the job together; ``current`` are its current steps, in the server's order.

    ``failed`` are those of them that have failed and are held since.
    """
    state = ended_state(record.percent, record.ended_at) if record.ended else _open_state(record, current)
    dated = [event.at for event in log.events if event.at is not None]
    return Job(
        ref=record.ref,
        kind=Kind.ARCGIS,
        title=record.name,
        state=state,
        raw_state=record.status,
        ended=record.ended,
        as_of=as_of,
        why=_why(state, record, current, log, failed),
        progress=progress(record.percent),
        created=record.created,
        started=record.started,
        updated=max(dated, default=None),
        ended_at=record.ended_at or (_closed_at(log) if record.closed else None),
        owner=record.owner,
        application=record.template,
        url=url,
        holds=tuple(hold for step in current for hold in step.holds),
        properties=record.properties,
        flags=frozenset({Flag.FAILED}) if failed and not record.ended else frozenset(),
        warnings=warnings,
    )


def _open_state(record: JobRecord, current: Sequence[Step]) -> State:
    states = [step.state for step in current]
    if State.FAILED in states:
        return State.FAILED
    if any(_asks(step) for step in current):
        return State.WAITING
    if State.RUNNING in states:
        return State.RUNNING
    if states and all(state is State.HELD for state in states):
        return State.HELD
    if State.STOPPED in states:
        return State.STOPPED
    return (
        State.QUEUED
        if record.started is None and not any(step.raw_state for step in current)
        else State.WAITING
    )


def _asks(step: Step) -> bool:
    return step.state is State.WAITING and bool(step.raw_state)


def _closed_at(log: EventLog) -> datetime | None:
    event = _last(log, EventKind.CLOSED)
    return event.at if event else None


def _last(log: EventLog, kind: EventKind) -> StepEvent | None:
    return next((event for event in reversed(log.events) if event.kind is kind), None)


def _why(
    state: State, record: JobRecord, current: Sequence[Step], log: EventLog, failed: Sequence[Step]
) -> str | None:
    if state is State.CANCELLED:
        closed = _last(log, EventKind.CLOSED)
        return (
            f"closed by {plain(closed.by)} before its end"
            if closed and closed.by
            else "closed before its end"
        )
    if failed and not record.ended and state is not State.FAILED:
        return _failure(failed[0])
    first = next((step for step in current if step.state is state), None)
    if first is None:
        return None
    if state is State.FAILED:
        return _failure(first)
    if state is State.STOPPED:
        return f"{_named(first)} is {plain(first.raw_state).lower()}"
    if state is State.WAITING:
        asking = next(filter(_asks, current), first)
        verb = "asks for an answer of" if _asks(asking) else "waits for"
        return f"{_named(asking)} {verb} {_whom(record, asking.id)}"
    return None


def _failure(step: Step) -> str:
    return plain(step.message or f"{_named(step)} failed, no reason given")


def _named(step: Step) -> str:
    return f"step “{plain(step.title)}”"


def _whom(record: JobRecord, step_id: str) -> str:
    step = next(step for step in record.current if step.step_id == step_id)
    if step.assigned_to is None:
        return "somebody to take it"
    name = plain(step.assigned_to)
    return f"the group {name}" if step.assigned_type == "Group" else name
