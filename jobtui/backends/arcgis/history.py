"""What has happened to a job: an ordered log of step events, built of history or of frames. Pure.

Events come from ``GET /jobs/{id}/history``; frames of the websocket carry the same words with “Step” before
them, so both feed one log. Source: the project's notes on the REST API, 3.3, 4.4 and 2.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct

from jobtui.backends.arcgis.fields import Record, decode_object, moment, records, text
from jobtui.errors import UnexpectedReply


class EventKind(StrEnum):
    """What an event means, by the word in history or in a frame."""

    ACTIVATED = "activated"
    DEACTIVATED = "deactivated"
    STARTED = "started"
    PROGRESS = "progress"
    INFO_REQUIRED = "inforequired"
    STOPPING = "stopping"
    PAUSED = "paused"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    ERROR = "error"
    WARNING_STOPPED = "warningstopped"
    FINISHED = "finished"
    COMPLETED = "completed"
    HELD = "held"
    DEPENDENCY_ADDED = "dependencyadded"
    HOLD_RELEASED = "holdreleased"
    REASSIGNED = "reassigned"
    CREATED = "created"
    CLOSED = "closed"
    REOPENED = "reopened"
    OTHER = "other"


_KINDS = {kind.value: kind for kind in EventKind} | {
    "canceled": EventKind.CANCELLED,
    "reactivated": EventKind.ACTIVATED,
    "current": EventKind.ACTIVATED,
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def event_kind(word: str) -> EventKind:
    """Return what a word of history (``Started``) or of a frame (``StepStarted``) means."""
    return _KINDS.get(word.lower().removeprefix("step"), EventKind.OTHER)


class StepEvent(Struct, frozen=True):
    """One thing that happened to a job or to one of its steps."""

    kind: EventKind
    word: str
    """The server's own word."""
    at: datetime | None = None
    step_id: str | None = None
    """None when it happened to the whole job."""
    by: str | None = None
    text: str | None = None
    """What came with it: the result of a step, the text of an error."""
    started: datetime | None = None
    """When what ended here had been started, if it says."""
    allowed: int | None = None
    """What may be asked of the step after it, as flags in a number; only frames tell."""

    @property
    def mark(self) -> str:
        """Return a text that differs from that of every other event of the step."""
        return f"{self.at.isoformat() if self.at else '-'} {self.word}"


class EventLog(Struct, frozen=True):
    """The events of one job, oldest first; built by ``log_of``."""

    events: tuple[StepEvent, ...] = ()
    readable: bool = True
    """False when there is no history to be had: then nothing follows from an event that is missing."""

    def of(self, step_id: str) -> list[StepEvent]:
        """Return the events of one step, oldest first."""
        return [event for event in self.events if event.step_id == step_id]

    def by_step(self) -> Mapping[str, list[StepEvent]]:
        """Return the events of every step that has any, oldest first."""
        found: dict[str, list[StepEvent]] = {}
        for event in self.events:
            if event.step_id is not None:
                found.setdefault(event.step_id, []).append(event)
        return found


UNREADABLE = EventLog(readable=False)


def log_of(events: Iterable[StepEvent]) -> EventLog:
    """Put events in order, each once; what is undated stays behind the event it came after."""
    return EventLog(tuple(_in_order(list(dict.fromkeys(events)))))


def with_events(log: EventLog, events: Iterable[StepEvent]) -> EventLog:
    """Put dated events into a log at their time; of one instant they come after those it has."""
    added = [(event.at, event) for event in events if event.at is not None]
    if not added:
        return log
    keyed = [*zip(_keys(log.events), log.events, strict=True), *added]
    keyed.sort(key=lambda pair: pair[0])
    return EventLog(tuple(event for _, event in keyed), log.readable)


def decode_history(source: str, body: bytes) -> EventLog:
    """Read ``GET /jobs/{id}/history``. Raises UnexpectedReply."""
    history = decode_object(source, body, "history").get("jobHistory")
    if not isinstance(history, list):
        raise UnexpectedReply(source, "the answer holds no history")
    return EventLog(tuple(_in_order(list(map(_event, records(history))))))


def _event(record: Record) -> StepEvent:
    word = text(record.get("action")) or ""
    ended = moment(record.get("endDate"))
    return StepEvent(
        event_kind(word),
        word,
        moment(record.get("date")) or ended or moment(record.get("startDate")),
        text(record.get("stepId")),
        text(record.get("username")),
        text(record.get("result")),
        moment(record.get("startDate")),
    )


def _in_order(events: list[StepEvent]) -> list[StepEvent]:
    dated = [event.at for event in events if event.at is not None]
    if dated and dated[0] > dated[-1]:
        # Newest first: turned round before the sort, so that events of one instant keep their order.
        events = events[::-1]
    keys = _keys(events)
    return [events[index] for index in sorted(range(len(events)), key=keys.__getitem__)]


def _keys(events: Iterable[StepEvent]) -> list[datetime]:
    """Return the time of each event; of one that is undated that of the event before it."""
    keys: list[datetime] = []
    for event in events:
        keys.append(event.at or (keys[-1] if keys else _EPOCH))
    return keys
