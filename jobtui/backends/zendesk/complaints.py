"""The error bodies of Zendesk, four shapes of them, each seen in public clients. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeGuard

from jobtui.backends.answers import LONGEST_WAIT_S
from jobtui.backends.lenient import json_of, number_of, text_of, texts_of
from jobtui.errors import BackendError, RateLimited, TooManyJobs, UnexpectedReply
from jobtui.text import plain

_MOST_DETAILS = 3
_FULL = "TooManyJobs"
_MOST_IDS, _MOST_SHOWN, _LONGEST_ID = 1_000, 3, 100


def explain(_status: int, body: bytes) -> str | None:
    """Return the reason in an error body, or None when it gives none."""
    try:
        value = json_of("", body)
    except UnexpectedReply:
        return None
    if isinstance(value, str):
        return text_of(value)
    return _reason(value) if isinstance(value, Mapping) else None


def refine(error: BackendError, _status: int, body: bytes) -> BackendError:
    """Make a full queue of jobs an error of its own, whatever status it came with: that is not documented.

    Where no header says how long to wait, the body may.
    """
    try:
        value = json_of("", body)
    except UnexpectedReply:
        return error
    if not isinstance(value, Mapping):
        return error
    if isinstance(error, RateLimited) and error.retry_after_s is None:
        error = _told_to_wait(error, value)
    if value.get("error") != _FULL:
        return error
    told = value.get("current_job_ids")
    found = (
        [plain(text, limit=_LONGEST_ID) for each in told if (text := text_of(each))] if _is_list(told) else []
    )
    ids = tuple(dict.fromkeys(found))[:_MOST_IDS]
    wait_s = error.retry_after_s if isinstance(error, RateLimited) else None
    text = f"{error}{_offer(error.source, ids)}"
    return TooManyJobs(error.source, text, retry_after_s=wait_s, current_job_ids=ids)


def _told_to_wait(error: RateLimited, value: Mapping[str, object]) -> RateLimited:
    """``retry_in``, in seconds, is in no document, but a client of old reads it."""
    wait_s = number_of(value.get("retry_in"))
    if wait_s is None or wait_s < 0:
        return error
    wait_s = min(wait_s, LONGEST_WAIT_S)
    text = f"{error}; it asks to wait {math.ceil(wait_s)} s"
    return RateLimited(error.source, text, retry_after_s=wait_s)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _offer(source: str, ids: Sequence[str]) -> str:
    if not ids:
        return ""
    some = " ".join(f"{source}:{job_id}" for job_id in ids[:_MOST_SHOWN])
    more = f", and {len(ids) - _MOST_SHOWN} more" if len(ids) > _MOST_SHOWN else ""
    return f"; to watch what runs now: jobtui add {some}{more}"


def _reason(value: Mapping[str, object]) -> str | None:
    errors = value.get("errors")
    if isinstance(errors, list) and errors:
        return "; ".join(texts_of(errors[:_MOST_DETAILS])) or None
    error = value.get("error")
    if isinstance(error, Mapping):
        return next(iter(texts_of(error)), None)
    code, description = text_of(error), text_of(value.get("description"))
    details = _details(value.get("details"))
    text = f"{code}: {description}" if code and description else code or description
    return f"{text} ({details})" if text and details else text or details


def _details(value: object) -> str | None:
    """``{"field": [{"description": "…"}]}``; problems of the whole record stand under ``base``."""
    if not isinstance(value, Mapping):
        return text_of(value)
    parts = [
        text if field == "base" else f"{field}: {text}"
        for field, problems in list(value.items())[:_MOST_DETAILS]
        for text in texts_of(problems)[:1]
    ]
    return "; ".join(parts) or None
