"""Answers that hold no job: to a cancel, about the version, and errors. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from jobtui.backends.lenient import json_of, text_of, texts_of, whole_of
from jobtui.errors import UnexpectedReply
from jobtui.text import plain

_LONGEST = 300
_LOOKED_AT = 4_096
"""Bytes of a good answer that are searched for an error: one that is all error is short."""
# No list of error types is published; these are words that every such list has. First match wins.
_MEANINGS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (401, ("UNAUTHORI", "UNAUTHENTIC", "NOT AUTHENTIC", "LOGIN", "LOGGED IN", "CREDENTIAL", "SESSION")),
    (403, ("FORBIDDEN", "DENIED", "PERMISSION", "NOT ALLOWED")),
    (404, ("NOT FOUND", "NOTFOUND")),
    (429, ("RATE LIMIT", "TOO MANY REQUESTS", "THROTTLE")),
    (500, ("INTERNAL", "SERVER ERROR", "TIMEOUT", "UNAVAILABLE")),
)


class CancelAnswer(Struct, frozen=True):
    """What the body of an answer to DELETE says; its form is not documented."""

    refusal: str | None = None
    remark: str | None = None


def decode_cancel(source: str, body: bytes) -> CancelAnswer:
    """Read the answer to a cancel: refused when it carries ERROR or Error(s), else as good as its status.

    An empty body or a plain word is a yes; JSON that breaks off, or lists things, is an UnexpectedReply.
    """
    if body.lstrip()[:1] not in (b"{", b"["):
        text = plain(body[:_LONGEST].decode("utf-8", "replace").strip())
        return CancelAnswer(remark=None if text in ("", "null") else text)
    value = json_of(source, body)
    if value and not isinstance(value, Mapping):
        raise UnexpectedReply(source, "the answer to the cancel cannot be read")
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
    return text_of(value) if isinstance(value, str) else _joined(value, "ERROR", "Error", "Errors")


def status_of(status: int, body: bytes) -> int:
    """Return the HTTP status that an answer means: a good one may be all ``ERROR``."""
    if not 200 <= status < 300 or b'"ERROR"' not in body[:_LOOKED_AT]:
        return status
    try:
        value = json_of("", body)
    except UnexpectedReply:
        return status
    # A record or a list that also complains is still one.
    if not isinstance(value, Mapping) or not value.get("ERROR") or {"Status", "Items"} & value.keys():
        return status
    return _meant(value["ERROR"])


def _meant(error: object) -> int:
    kind = error.get("Type", error.get("Code")) if isinstance(error, Mapping) else None
    code = whole_of(kind)
    if code is not None and 400 <= code < 600:
        return code
    words = (text_of(kind) or " ".join(texts_of(error))).upper().replace("_", " ")
    return next((status for status, marks in _MEANINGS if any(mark in words for mark in marks)), 400)


def _joined(value: object, *keys: str) -> str | None:
    if not isinstance(value, Mapping):
        return None
    texts = [text for key in keys for text in texts_of(value.get(key))]
    return plain("; ".join(texts), limit=_LONGEST) or None
