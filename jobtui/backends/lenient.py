"""Reading JSON that promises little: an odd field never costs a record, an odd record never a page. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from jobtui.errors import UnexpectedReply

DEEPEST = 64
"""Levels of nesting that are kept of a result; nobody downstream has to fear recursion."""
_LONGEST_NUMBER = 300
_TOO_DEEP = "… (nested too deeply)"
_OLD_TIME_KEYS = ("y", "m", "d", "hh", "mm", "ss")


def json_of(source: str, body: bytes) -> Any:
    """Parse a body into plain JSON values. Raises UnexpectedReply, whatever the bytes are."""
    try:
        return msgspec.json.decode(body)
    except RecursionError:
        pass
    except (msgspec.DecodeError, UnicodeDecodeError):
        # A stricter parser than most servers: numbers of any size, half emoji and stray bytes are no reason
        # to lose a page.
        try:
            return _patient(body)
        except (ValueError, RecursionError):
            pass
    raise UnexpectedReply(source, _unreadable(body))


def _patient(body: bytes) -> Any:
    text = body.decode("utf-8-sig", "replace")
    value = json.loads(text, parse_int=_whole, parse_float=_real, parse_constant=str)
    return _well_formed(value)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _real(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


def _well_formed(value: Any) -> Any:
    """Replace lone surrogates, which cannot be written anywhere."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_well_formed(item) for item in value]
    if isinstance(value, dict):
        return {_well_formed(key): _well_formed(item) for key, item in value.items()}
    return value


def _unreadable(body: bytes) -> str:
    if not body.strip():
        return "answered with an empty body where JSON was expected"
    return f"answered with a body that is not readable JSON ({len(body)} bytes)"


def bounded(value: Any, depth: int = DEEPEST) -> Any:
    """Return a JSON value, with what is nested deeper than ``depth`` replaced by a remark."""
    return _cut(value, depth) if _is_deeper(value, depth) else value


def _is_deeper(value: Any, depth: int) -> bool:
    """Look level by level: nearly all values are shallow, and need not be copied to know it."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(depth):
        level = [
            child
            for parent in level
            for child in (parent.values() if type(parent) is dict else parent)
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return False
    return bool(level)


def _cut(value: Any, depth: int) -> Any:
    if not isinstance(value, dict | list):
        return value
    if depth == 0:
        return _TOO_DEEP
    if isinstance(value, list):
        return [_cut(item, depth - 1) for item in value]
    return {key: _cut(item, depth - 1) for key, item in value.items()}


def text_of(value: object) -> str | None:
    """Return a text or number as a text without outer blanks; None for anything else and for emptiness."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def texts_of(value: object, depth: int = 4) -> tuple[str, ...]:
    """Return the texts of a field that may be one text, a list of them, or objects that carry one."""
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(text for item in value for text in texts_of(item, depth - 1)) if depth else ()
    if isinstance(value, Mapping):
        for key in ("Message", "message", "detail", "details", "description", "title", "error"):
            if (text := text_of(value.get(key))) is not None:
                return (text,)
        return (compact(value),) if value else ()
    text = text_of(value)
    return () if text is None else (text,)


def whole_of(value: object) -> int | None:
    """Return a number that counts something, also one in a text; None for what is negative or no number."""
    number = number_of(value)
    return int(number) if number is not None and number >= 0 else None


def number_of(value: object) -> float | None:
    """Return a finite number, also one in a text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def time_of(value: object) -> datetime | None:
    """Read an ISO 8601 text (UTC when it names no zone) or the old ``{y,m,d,hh,mm,ss}``; else None."""
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value.strip())
        elif isinstance(value, Mapping):
            year, month, day, hour, minute, second = (_part(value, key) for key in _OLD_TIME_KEYS)
            moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        else:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _part(value: Mapping[str, object], key: str) -> int:
    part = value.get(key, 0 if key in ("hh", "mm", "ss") else None)
    if isinstance(part, bool) or not isinstance(part, int | float):
        raise ValueError(key)
    return int(part)


def compact(value: object, *, longest: int = 2_000) -> str:
    """Return any JSON value as one short text: a text itself, else JSON."""
    text = value if isinstance(value, str) else json.dumps(bounded(value, 16), ensure_ascii=False)
    return text if len(text) <= longest else f"{text[:longest]}…"
