"""History, comments and frames as messages, each with an id that is the same at every reading. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from jobtui.backends.arcgis.fields import Record, decode_object, moment, records, text
from jobtui.backends.arcgis.history import EventKind, EventLog, StepEvent
from jobtui.errors import UnexpectedReply
from jobtui.model import JobMessage, JobRef, Level

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXTS = {
    EventKind.ACTIVATED: "{step} became current",
    EventKind.DEACTIVATED: "{step} is no longer current",
    EventKind.STARTED: "{step} started",
    EventKind.INFO_REQUIRED: "{step} asks for an answer",
    EventKind.STOPPING: "{step} is being stopped",
    EventKind.PAUSED: "{step} paused",
    EventKind.STOPPED: "{step} stopped",
    EventKind.CANCELLED: "{step} cancelled",
    EventKind.ERROR: "{step} failed",
    EventKind.WARNING_STOPPED: "{step} stopped with a warning",
    EventKind.FINISHED: "{step} finished",
    EventKind.COMPLETED: "{step} completed",
    EventKind.HELD: "{step} put on hold",
    EventKind.DEPENDENCY_ADDED: "{step} has to wait for another job or step",
    EventKind.HOLD_RELEASED: "a hold on {step} released",
    EventKind.REASSIGNED: "{step} assigned anew",
    EventKind.CREATED: "{step} created",
    EventKind.CLOSED: "{step} closed",
    EventKind.REOPENED: "{step} reopened",
}
_LEVELS = {EventKind.ERROR: Level.ERROR, EventKind.WARNING_STOPPED: Level.WARNING}


def history_messages(ref: JobRef, log: EventLog, names: Mapping[str, str]) -> list[JobMessage]:
    """Say the events of a log in words; ``names`` are the titles of the steps by id."""
    seen: dict[str, int] = {}
    return [_message(ref, event, names, seen) for event in log.events]


def _message(ref: JobRef, event: StepEvent, names: Mapping[str, str], seen: dict[str, int]) -> JobMessage:
    return JobMessage(
        ref=ref,
        id=_identity(seen, "h", event.mark, event.step_id, event.by, event.text),
        at=event.at,
        level=_LEVELS.get(event.kind, Level.INFO),
        raw_level=event.word,
        text=_said(event, names),
        step=event.step_id,
        sender=event.by,
    )


def frame_message(ref: JobRef, event: StepEvent, names: Mapping[str, str]) -> JobMessage:
    """Say an event that a frame told; its id is the same wherever that frame is heard."""
    is_complaint = event.kind is EventKind.OTHER
    step = f"step “{names.get(event.step_id, event.step_id)}”: " if event.step_id else ""
    if is_complaint:
        said = f"{step}the server refused a request: {event.text or 'no reason given'}"
    elif event.kind is EventKind.PROGRESS and event.text:
        said = event.text
    else:
        said = _said(event, names)
    return JobMessage(
        ref=ref,
        id=_identity({}, "f", event.mark, event.step_id, event.by, event.text),
        at=event.at,
        level=Level.WARNING if is_complaint else _LEVELS.get(event.kind, Level.INFO),
        raw_level=event.word,
        text=said,
        step=event.step_id,
        sender=event.by,
    )


def _said(event: StepEvent, names: Mapping[str, str]) -> str:
    step = "job" if event.step_id is None else f"step “{names.get(event.step_id, event.step_id)}”"
    template = _TEXTS.get(event.kind)
    said = template.replace("{step}", step) if template else f"{step}: {event.word or 'something happened'}"
    return f"{said}: {event.text}" if event.text else said


def decode_comments(ref: JobRef, body: bytes) -> list[JobMessage]:
    """Read ``GET /jobs/{id}/comments``; an edited comment is a message of its own. Raises UnexpectedReply."""
    comments = decode_object(ref.source, body, "comments").get("jobComments")
    if not isinstance(comments, list):
        raise UnexpectedReply(ref.source, "the answer holds no comments")
    seen: dict[str, int] = {}
    return [message for message in (_comment(ref, each, seen) for each in records(comments)) if message]


def _comment(ref: JobRef, record: Record, seen: dict[str, int]) -> JobMessage | None:
    said = text(record.get("comment"))
    if said is None:
        return None
    at, by = moment(record.get("lastModified")), text(record.get("lastModifiedBy"))
    key = text(record.get("commentId")) or said
    when = at.isoformat() if at else None
    return JobMessage(ref, _identity(seen, "c", key, when), at, Level.INFO, "comment", said, sender=by)


def _identity(seen: dict[str, int], letter: str, *parts: str | None) -> str:
    """Return an id that is the same whenever the list is read again; equal twins are counted."""
    whole = "\x1f".join(part or "" for part in parts)
    digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    count = seen[digest] = seen.get(digest, 0) + 1
    return f"{letter}-{digest}" if count == 1 else f"{letter}-{digest}-{count}"


def merged(*streams: Iterable[JobMessage]) -> list[JobMessage]:
    """Merge messages by time, oldest first, each once; undated ones come first."""
    once = {message.id: message for stream in streams for message in stream}
    return sorted(once.values(), key=lambda message: message.at or _EPOCH)
