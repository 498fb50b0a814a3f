"""Whether what a frame told counts beside what history tells. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from jobtui.backends.arcgis.history import EventKind, StepEvent

GRACE_S = 10.0
"""Seconds after which history is trusted to have what it records: a later read needs no frame for it."""
SAME = timedelta(seconds=5)
"""How far apart a frame and an entry of history may be dated and still tell of one event."""

RUNNING = frozenset({EventKind.STARTED, EventKind.PROGRESS})
ENDINGS = frozenset({EventKind.FINISHED, EventKind.COMPLETED})
_BEGINNINGS = frozenset({EventKind.STARTED, EventKind.ACTIVATED})
_RECORDED = (
    ENDINGS | _BEGINNINGS | {EventKind.PAUSED, EventKind.CANCELLED, EventKind.ERROR, EventKind.DEACTIVATED}
)
"""Events that say how a step does and that history has."""
_UNRECORDED = frozenset(
    {
        EventKind.PROGRESS,
        EventKind.INFO_REQUIRED,
        EventKind.STOPPING,
        EventKind.STOPPED,
        EventKind.WARNING_STOPPED,
    }
)
"""Events that say how a step does and that only frames tell."""
_ALSO = {
    EventKind.FINISHED: frozenset({EventKind.COMPLETED}),
    EventKind.STOPPED: frozenset({EventKind.PAUSED, EventKind.CANCELLED}),
    EventKind.WARNING_STOPPED: frozenset({EventKind.ERROR}),
}
"""Under which other names history may have the same event."""


class Told(Struct, frozen=True):
    """The newest event of a step that frames tell of."""

    event: StepEvent
    heard_s: float
    is_dated: bool = True


def speaks(event: StepEvent) -> bool:
    """Whether an event says how its step does; a hold or a new assignee does not."""
    return event.kind in _RECORDED or event.kind in _UNRECORDED


def last_kind(past: Sequence[StepEvent]) -> EventKind | None:
    """Return the kind of the last of a step's events that says how it does."""
    return next((each.kind for each in reversed(past) if speaks(each)), None)


def counted(told: Told, past: Sequence[StepEvent], asked_s: float, readable: bool) -> StepEvent | None:
    """Return a frame's event, dated behind those of its step, when it tells more than they do.

    ``past`` are the step's events in history, oldest first, and ``asked_s`` is when history was asked for.
    """
    event = told.event
    known = list(filter(speaks, past))
    if event.kind in _RECORDED:
        if readable and asked_s - told.heard_s > GRACE_S:
            return None
        if not told.is_dated and known and _is_same(known[-1], event):
            return None
    if any(_is_later(each, event) or (_is_same(each, event) and _is_near(each, event)) for each in known):
        return None
    moments = [each.at for each in (*known, event) if each.at is not None]
    return replace(event, at=max(moments, default=None))


def is_said(event: StepEvent, past: Iterable[StepEvent]) -> bool:
    """Whether history has an event, and a text with it if the frame had one."""
    return any(
        _is_same(each, event) and _is_near(each, event) and (each.text or not event.text) for each in past
    )


def _is_same(recorded: StepEvent, event: StepEvent) -> bool:
    return recorded.kind is event.kind or recorded.kind in _ALSO.get(event.kind, ())


def _is_near(recorded: StepEvent, event: StepEvent) -> bool:
    return recorded.at is not None and event.at is not None and abs(recorded.at - event.at) <= SAME


def _is_later(recorded: StepEvent, event: StepEvent) -> bool:
    if recorded.at is None or event.at is None:
        return False
    # History may round to seconds: what begins a turn stands before what is told of the turn.
    return recorded.at > event.at + (SAME if recorded.kind in _BEGINNINGS else timedelta())
