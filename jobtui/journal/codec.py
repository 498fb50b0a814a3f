"""Model ↔ the JSON kept in the journal."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec

from jobtui.errors import JournalError
from jobtui.journal.rows import HoldRow, JobRow, OutcomeRow, RequestRow, StepRow
from jobtui.model import ControlRequest, Effect, Hold, Job, JobMessage, Outcome, Step

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_job = msgspec.json.Decoder(JobRow)
_steps = msgspec.json.Decoder(tuple[StepRow, ...])
_request = msgspec.json.Decoder(RequestRow)
_outcome = msgspec.json.Decoder(OutcomeRow)
_hold = msgspec.json.Decoder(HoldRow)
_message = msgspec.json.Decoder(JobMessage)
_effect = msgspec.json.Decoder(Effect)


def encode(value: Job | JobMessage | ControlRequest | Outcome | Effect | Hold | tuple[Step, ...]) -> bytes:
    """Write a noun as JSON. Raises JournalError when it holds something that JSON cannot."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        # Half a character, as from a broken argument or reply: it becomes a question mark, the rest is kept.
        text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
        return text.encode("utf-8", "replace")
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise JournalError(f"the journal cannot hold this: {type(error).__name__}") from error


def decode_job(body: bytes) -> Job:
    """Read a Job; raises JournalError, as all here do, when it cannot be read."""
    return _reading(lambda: _job.decode(body).model())


def decode_steps(body: bytes) -> tuple[Step, ...]:
    """Read the steps of a job."""
    return _reading(lambda: tuple(row.model() for row in _steps.decode(body)))


def decode_request(body: bytes) -> ControlRequest:
    """Read a ControlRequest."""
    return _reading(lambda: _request.decode(body).model())


def decode_outcome(body: bytes) -> Outcome:
    """Read an Outcome."""
    return _reading(lambda: _outcome.decode(body).model())


def decode_message(body: bytes) -> JobMessage:
    """Read a JobMessage."""
    return _reading(lambda: _message.decode(body))


def decode_hold(body: bytes) -> Hold:
    """Read a Hold."""
    return _reading(lambda: _hold.decode(body).model())


def decode_effect(body: bytes) -> Effect:
    """Read an Effect."""
    return _reading(lambda: _effect.decode(body))


def to_stamp(moment: datetime) -> int:
    """Write an aware time as microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def from_stamp(stamp: int) -> datetime:
    """Read microseconds since 1970 as aware UTC."""
    try:
        return _EPOCH + timedelta(microseconds=stamp)
    except (OverflowError, TypeError) as error:
        raise JournalError("a time in the journal cannot be read") from error


def _reading(read: Callable[[], T]) -> T:
    try:
        return read()
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
        raise JournalError("a row of the journal cannot be read") from error
