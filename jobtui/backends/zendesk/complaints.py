"""The error bodies of Zendesk, four shapes of them, each seen in public clients. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from jobtui.backends.lenient import json_of, text_of, texts_of
from jobtui.errors import UnexpectedReply

_MOST_DETAILS = 3


def explain(_status: int, body: bytes) -> str | None:
    """Return the reason in an error body, or None when it gives none."""
    try:
        value = json_of("", body)
    except UnexpectedReply:
        return None
    if isinstance(value, str):
        return text_of(value)
    return _reason(value) if isinstance(value, Mapping) else None


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
