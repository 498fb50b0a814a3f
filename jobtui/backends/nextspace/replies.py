"""Answers that hold no job: to a cancel, about the version, and errors. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jobtui.backends.lenient import json_of, text_of, texts_of
from jobtui.errors import UnexpectedReply
from jobtui.text import plain

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class CancelAnswer:
    """What the body of an answer to DELETE says; its form is not documented."""

    refusal: str | None = None
    remark: str | None = None


def decode_cancel(source: str, body: bytes) -> CancelAnswer:
    """Read the answer to a cancel: refused when it carries ERROR or Error(s), else as good as its status.

    An empty body or a plain word is a yes, JSON that breaks off is an UnexpectedReply.
    """
    if body.lstrip()[:1] not in (b"{", b"["):
        text = plain(body[:_LONGEST].decode("utf-8", "replace").strip())
        return CancelAnswer(remark=None if text in ("", "null") else text)
    value = json_of(source, body)
    refusal = _joined(value, "ERROR", "Error", "Errors")
    return CancelAnswer(refusal, None if refusal else _joined(value, "Warning", "Warnings"))


def decode_version(source: str, body: bytes) -> str | None:
    """Read the answer of ``version``: ``{"Bruce-API": "…"}`` or ``{"Version": "…"}``."""
    value = json_of(source, body)
    if not isinstance(value, Mapping):
        return None
    return text_of(value.get("Bruce-API")) or text_of(value.get("Version"))


def explain(_status: int, body: bytes) -> str | None:
    """Return the reason in an error body: ``{"ERROR": {"Type", "Message"}}`` or ``{"ERROR": "text"}``."""
    try:
        value = json_of("", body)
    except UnexpectedReply:
        return None
    return text_of(value) if isinstance(value, str) else _joined(value, "ERROR")


def _joined(value: object, *keys: str) -> str | None:
    if not isinstance(value, Mapping):
        return None
    texts = [text for key in keys for text in texts_of(value.get(key))]
    return plain("; ".join(texts), limit=_LONGEST) or None
