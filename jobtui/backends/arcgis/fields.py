"""One value of a reply at a time: what it says, or None when it is not of the kind that is promised."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from jobtui.backends.lenient import json_of, number_of
from jobtui.errors import UnexpectedReply

_SECONDS_BELOW = 1e11
"""A number of milliseconds smaller than this would be before 1973, so it is seconds."""
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime(9998, 12, 31, tzinfo=UTC)
"""“Never” is often written as the last day there is, which no other time zone can show."""

Record = Mapping[str, object]
number = number_of
"""A finite number, also one written as text; else None."""


def decode_object(source: str, body: bytes, what: str) -> dict[str, object]:
    """Read a JSON object. Raises UnexpectedReply for any other bytes."""
    value = json_of(source, body)
    if isinstance(value, dict):
        return value
    raise UnexpectedReply(source, f"the {what} is not what Workflow Manager promises")


def object_in(body: bytes) -> dict[str, object] | None:
    """Return a JSON object, or None when the bytes are none."""
    try:
        return decode_object("", body, "")
    except UnexpectedReply:
        return None


def records(value: object) -> list[dict[str, object]]:
    """Return the objects of a list, in order; what is no object is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object) -> str | None:
    """Return a text that is not empty; numbers as their digits, since ids have been numbers."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def flag(value: object) -> bool | None:
    """Return a truth value, also one written as 0, 1 or a word."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return {0: False, 1: True}.get(value)
    if isinstance(value, str):
        return {"false": False, "true": True, "0": False, "1": True}.get(value.strip().lower())
    return None


def moment(value: object) -> datetime | None:
    """Return aware UTC from ISO 8601 (UTC when it has no offset) or from epoch milliseconds."""
    try:
        found = _iso(value) if isinstance(value, str) else _epoch(value)
    except (ValueError, OverflowError, OSError):
        return None
    if found is None or found < _EARLIEST:
        return None
    return min(found, _LATEST)


def _iso(value: str) -> datetime | None:
    if value.lstrip("-").isdigit():
        return _epoch(int(value)) if len(value) < 20 else None
    if value.startswith("9999-"):
        return _LATEST
    found = datetime.fromisoformat(value)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _epoch(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return datetime.fromtimestamp(value if abs(value) < _SECONDS_BELOW else value / 1000, UTC)
