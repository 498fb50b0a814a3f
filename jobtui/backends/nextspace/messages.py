"""Progress messages of a pending action: both envelope shapes, one order. Pure."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from jobtui.backends.lenient import json_of, text_of, time_of
from jobtui.backends.nextspace.result import remarks_of
from jobtui.errors import UnexpectedReply
from jobtui.model import JobMessage, JobRef, Level

_LEVELS = {
    "STATUS": Level.INFO,
    "INFO": Level.INFO,
    "WARNING": Level.WARNING,
    "WARN": Level.WARNING,
    "ERROR": Level.ERROR,
}
_DEBUG_WORDS = ("debug", "trace", "verbose")
_FIRST = datetime.min.replace(tzinfo=UTC)


class MessageRows(Struct, frozen=True):
    """One page of messages, oldest first, each id once; and what the server's own order was."""

    messages: tuple[JobMessage, ...]
    ids: tuple[str, ...] = ()
    """One for each row, as the server ordered them; empty texts for rows that are no messages."""
    lean: int = 0
    """-1 when the server's order is newest first, 1 when it is oldest first, 0 when that cannot be told."""

    @property
    def rows(self) -> int:
        """How many rows came."""
        return len(self.ids)


def decode_messages(ref: JobRef, body: bytes) -> MessageRows:
    """Read ``{"Items": […]}``, a bare array or null. Raises UnexpectedReply.

    What the server warns of beside them is a message too, with an id of its own text: it comes with each
    answer, and is shown once.
    """
    value = json_of(ref.source, body)
    items = value.get("Items") if isinstance(value, Mapping) else value
    if items is None and not (isinstance(value, Mapping) and "ERROR" in value):
        items = []
    if not isinstance(items, list):
        raise UnexpectedReply(ref.source, "answered without a list of messages")
    found = [
        _message(ref, item) if isinstance(item, dict) and _KEYS & item.keys() else None for item in items
    ]
    messages = [message for message in found if message is not None]
    ids = tuple("" if message is None else message.id for message in found)
    remarks = (_remark(ref, text) for text in remarks_of(value))
    unique = {message.id: message for message in (*messages, *remarks)}
    return MessageRows(in_order(unique.values()), ids, _lean(messages))


_KEYS = frozenset({"ID", "Message", "Message.Type"})
"""A row with none of these says nothing: it is no message."""


def in_order(messages: Iterable[JobMessage]) -> tuple[JobMessage, ...]:
    """Order messages: by time, those of one time by id; what has no time comes first."""
    return tuple(sorted(messages, key=_order))


def _lean(messages: Sequence[JobMessage]) -> int:
    """Which way most neighbours go by time, or by id where times are equal; 0 where the two differ.

    A job host's clock may run behind for a while, ids may come from several hosts: neither alone is proof.
    """
    pairs = [(_order(one), _order(other)) for one, other in itertools.pairwise(messages)]
    by_time = sum(_sign(one[0], other[0]) for one, other in pairs)
    by_id = sum(_sign(one[1], other[1]) for one, other in pairs)
    time_sign, id_sign = _sign(0, by_time), _sign(0, by_id)
    if time_sign and id_sign and time_sign != id_sign:
        return 0
    return time_sign or id_sign


def _sign(one: Any, other: Any) -> int:
    return int(other > one) - int(other < one)


def level_of(word: str) -> Level:
    """Return the level that a ``Message.Type`` means; unknown words are never dropped."""
    if (known := _LEVELS.get(word.upper())) is not None:
        return known
    return Level.DEBUG if any(part in word.lower() for part in _DEBUG_WORDS) else Level.INFO


def last_error(messages: tuple[JobMessage, ...]) -> str | None:
    """Return the text of the newest error among messages that are oldest first."""
    return next((message.text for message in reversed(messages) if message.level is Level.ERROR), None)


def _message(ref: JobRef, item: Mapping[str, object]) -> JobMessage:
    raw_level = text_of(item.get("Message.Type")) or ""
    text = text_of(item.get("Message")) or ""
    at = time_of(item.get("Created")) or time_of(item.get("Created.Time"))
    return JobMessage(
        ref=ref,
        id=text_of(item.get("ID")) or _made_id(at, raw_level, text),
        at=at,
        level=level_of(raw_level),
        raw_level=raw_level,
        text=text,
        sender=text_of(item.get("CreatedBy.Application")),
    )


def _remark(ref: JobRef, text: str) -> JobMessage:
    return JobMessage(ref, _made_id(None, "", text), None, Level.WARNING, "", text)


def _made_id(at: datetime | None, raw_level: str, text: str) -> str:
    whole = f"{at}|{raw_level}|{text}".encode("utf-8", "replace")
    return f"~{hashlib.sha256(whole).hexdigest()[:16]}"


def _order(message: JobMessage) -> tuple[datetime, int, str]:
    """By time, then by id; ids are numbers, so that 10 comes after 9."""
    number = int(message.id) if message.id.isascii() and message.id.isdigit() and len(message.id) < 20 else 0
    return message.at or _FIRST, number, message.id
