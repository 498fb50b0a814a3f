"""The frames of the notification socket in our nouns. Pure: it knows no socket.

Source: the project's notes on the websocket of Workflow Manager, 2.3. Words are matched whatever their
case, as the published client does; what cannot be understood is ``Nothing``, never an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from jobtui.backends.arcgis.fields import Record, flag, moment, number, object_in, records, text
from jobtui.backends.arcgis.history import EventKind, StepEvent
from jobtui.backends.arcgis.wire import CurrentStep, decode_current_steps

LONGEST_TEXT = 2_000
MOST_STEPS = 500
"""Steps that one frame may speak of; the rest is left out."""

_MOST_FLAGS = 2**31
_STEP_WORDS = {
    EventKind.STARTED: "Started",
    EventKind.PROGRESS: "Progress",
    EventKind.INFO_REQUIRED: "InfoRequired",
    EventKind.STOPPING: "Stopping",
    EventKind.STOPPED: "Stopped",
    EventKind.PAUSED: "Paused",
    EventKind.CANCELLED: "Cancelled",
    EventKind.ERROR: "Error",
    EventKind.WARNING_STOPPED: "WarningStopped",
    EventKind.FINISHED: "Finished",
    EventKind.REASSIGNED: "Reassigned",
    EventKind.HELD: "Held",
    EventKind.HOLD_RELEASED: "HoldReleased",
}
_KINDS = {f"step{kind.value}": kind for kind in _STEP_WORDS}
_HINTS = frozenset(
    {
        "created",
        "jobupdated",
        "jobattachmentupdated",
        "jobcommentupdated",
        "joblocationupdated",
        "stepinformation",
    }
)
_COMPLAINTS = frozenset({"error", "stepinforequirederror"})
_OF_THE_ITEM = frozenset({"exportcompleted", "exportfailed", "importcompleted", "importfailed"})
_TOKEN_CODES = frozenset({"401", "498", "499"})
_TOKEN_WORDS = ("invalid", "expired", "required", "missing", "no longer")


class Greeting(Struct, frozen=True):
    """The server is ready to be asked."""


class Nothing(Struct, frozen=True):
    """A frame that tells nothing we can use."""

    reason: str
    """In our words; nothing of the frame is in it."""


class Complaint(Struct, frozen=True):
    """Something we asked for failed, and the server names no job."""

    text: str | None
    of_token: bool
    """Whether it is the token that was refused."""


class News(Struct, frozen=True):
    """What a frame tells of one job."""

    job_id: str
    word: str
    """The message type, lower case."""
    at: datetime
    """The server's time of the frame; ours where it gives none."""
    events: tuple[StepEvent, ...] = ()
    """A standing's events have no time unless the server gives one: they are the last of their steps."""
    is_standing: bool = False
    """Whether it says how the whole job stands (``JobState``), not that something happened."""
    current: tuple[CurrentStep, ...] | None = None
    """The steps the job stands at now, where the frame tells."""
    status: str | None = None
    percent: float | None = None


Frame = Greeting | Nothing | Complaint | News


def decode_frame(frame: str | bytes, now: datetime) -> Frame:
    """Read one frame, whatever it is; ``now`` is aware UTC. Raises nothing."""
    record = object_in(frame.encode("utf-8", "replace") if isinstance(frame, str) else frame)
    if record is None:
        return Nothing("not a JSON object")
    fields = _lowered(record)
    word = (text(fields.get("msgtype")) or "").lower()
    if not word:
        return _without_type(fields)
    message = _record(fields.get("message"))
    job_id = text(message.get("jobid"))
    if job_id is None:
        return _of_no_job(word, message)
    return _news(job_id, word, moment(fields.get("timestamp")) or now, message)


def _without_type(frame: Record) -> Frame:
    if frame.get("connected"):
        return Greeting()
    error = frame.get("error")
    return _complaint(_record(error) or {"message": error}) if error else Nothing("without a message type")


def _of_no_job(word: str, message: Record) -> Frame:
    if word in _COMPLAINTS:
        return _complaint(message)
    return Nothing("of the workflow item" if word in _OF_THE_ITEM else "of no job")


def _complaint(message: Record) -> Complaint:
    error = {**_record(message.get("error")), **message}
    said = _said(error) or _short(text(error.get("message")))
    codes = {str(error.get(key)) for key in ("code", "msgcode")}
    return Complaint(said, bool(codes & _TOKEN_CODES) or _is_of_token((said or "").lower()))


def _is_of_token(said: str) -> bool:
    return "token" in said and any(word in said for word in _TOKEN_WORDS)


def _news(job_id: str, word: str, at: datetime, message: Record) -> Frame:
    if word == "jobstate":
        return _standing(job_id, at, message)
    if word in _COMPLAINTS:
        event = StepEvent(EventKind.OTHER, "Error", at, _first(_steps(message)), text=_said(message))
        return News(job_id, word, at, (event,))
    if word in _HINTS:
        return News(job_id, word, at)
    kind = _KINDS.get(word)
    if kind is None:
        return Nothing("of a type not known")
    current = decode_current_steps(message.get("currentsteps")) if "currentsteps" in message else None
    events = tuple(_event(kind, message, at, step_id) for step_id in _steps(message))
    return News(job_id, word, at, events, current=current, status=text(message.get("jobstatus")))


def _standing(job_id: str, at: datetime, message: Record) -> News:
    states = message.get("stepstates")
    events = (_last_event(_lowered(state)) for state in records(states)[:MOST_STEPS])
    return News(
        job_id,
        "jobstate",
        at,
        tuple(event for event in events if event is not None),
        is_standing=True,
        current=decode_current_steps(states) if isinstance(states, list) else None,
        status=text(message.get("jobstatus")),
        percent=number(message.get("percentcomplete")),
    )


def _last_event(state: Record) -> StepEvent | None:
    """Read ``messageDetails``: a frame of its own, or its keys beside each other; often undated."""
    details = _record(state.get("messagedetails"))
    kind = _KINDS.get((text(details.get("msgtype")) or "").lower())
    step_id = text(state.get("stepid"))
    if kind is None or step_id is None:
        return None
    inner = _record(details.get("message"))
    event = _event(kind, inner or details, moment(details.get("timestamp")), step_id)
    bare = None if inner else _short(text(details.get("message")))
    return event if event.text or not bare else replace(event, text=bare)


def _event(kind: EventKind, message: Record, at: datetime | None, step_id: str) -> StepEvent:
    word = _STEP_WORDS[kind]
    waits = flag(message.get("dependency")) or flag(message.get("webhookdependency"))
    if kind is EventKind.HELD and waits and not flag(message.get("manual")):
        kind, word = EventKind.DEPENDENCY_ADDED, "DependencyAdded"
    said = text(message.get("assignedto")) if kind is EventKind.REASSIGNED else _said(message)
    flags = _flags(message.get("allowedactions"))
    return StepEvent(kind, word, at, step_id, text(message.get("setby")), said, allowed=flags)


def _flags(value: object) -> int | None:
    found = number(value)
    return int(found) if found is not None and found.is_integer() and 0 <= found < _MOST_FLAGS else None


def _steps(message: Record) -> list[str]:
    """Return the steps a frame speaks of, each once: some types say ``stepId``, some ``stepIds``."""
    several = message.get("stepids")
    named = [message.get("stepid"), *(several if isinstance(several, list) else [several])]
    return list(dict.fromkeys(filter(None, map(text, named))))[:MOST_STEPS]


def _first(step_ids: Iterable[str]) -> str | None:
    return next(iter(step_ids), None)


def _said(message: Record) -> str | None:
    return _short(text(message.get("msg")) or text(message.get("msgcode")))


def _short(said: str | None) -> str | None:
    return said if said is None or len(said) <= LONGEST_TEXT else f"{said[:LONGEST_TEXT]}…"


def _lowered(record: Record) -> dict[str, object]:
    return {key.lower(): value for key, value in record.items()}


def _record(value: object) -> dict[str, object]:
    """Return an object, also one that was written as text; empty for anything else."""
    if isinstance(value, str) and value.startswith("{"):
        value = object_in(value.encode("utf-8", "replace"))
    return _lowered(value) if isinstance(value, dict) else {}
