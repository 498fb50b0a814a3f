"""Progress messages of a pending action: both envelope shapes, and where reading goes on. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from jobtui.backends.lenient import json_of, text_of, time_of
from jobtui.errors import UnexpectedReply
from jobtui.model import Cursor, JobMessage, JobRef, Level

AMOUNT = 200
OVERLAP = 10
"""Messages read again each time: a job host's clock may file a late one before those already read."""
_LEVELS = {
    "STATUS": Level.INFO,
    "INFO": Level.INFO,
    "WARNING": Level.WARNING,
    "WARN": Level.WARNING,
    "ERROR": Level.ERROR,
}
_SMALLEST_LIMIT = 10
"""Servers are not thought to give fewer messages at once than this."""
_DEBUG_WORDS = ("debug", "trace", "verbose")
_FIRST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a cursor says: how many messages were read, the largest page so far, the id of the newest."""

    count: int = 0
    largest: int = 0
    newest: str = ""

    @property
    def start(self) -> int:
        """Where the next page begins; the overlap is always smaller than what the server gives at once."""
        return max(0, self.count - min(OVERLAP, self.largest // 2))

    def cursor(self) -> Cursor:
        return Cursor(f"{self.count}:{self.largest}:{self.newest}")


_MARK = re.compile(r"(\d{1,9}):(\d{1,9}):(.*)", re.ASCII | re.DOTALL)


def mark_of(cursor: Cursor) -> Mark:
    """Read a cursor; one that is empty or not ours starts at the beginning."""
    found = _MARK.fullmatch(cursor.mark)
    return Mark(int(found[1]), int(found[2]), found[3]) if found else Mark()


@dataclass(frozen=True, slots=True)
class MessageRows:
    """One page of messages, oldest first, each id once; and how many rows came."""

    messages: tuple[JobMessage, ...]
    rows: int


def decode_messages(ref: JobRef, body: bytes) -> MessageRows:
    """Read ``{"Items": […]}``, a bare array or null. Raises UnexpectedReply."""
    value = json_of(ref.source, body)
    items = value.get("Items") if isinstance(value, Mapping) else value
    if items is None and not (isinstance(value, Mapping) and "ERROR" in value):
        items = []
    if not isinstance(items, list):
        raise UnexpectedReply(ref.source, "answered without a list of messages")
    found = (_message(ref, item) for item in items if isinstance(item, dict))
    unique = {message.id: message for message in found}
    return MessageRows(tuple(sorted(unique.values(), key=_order)), len(items))


def advanced(mark: Mark, page: MessageRows) -> tuple[Mark, bool]:
    """Return the mark after a page, and whether asking again at once may give more.

    A server may give fewer than it was asked for: a page as large as any before may have been cut.
    """
    largest = max(mark.largest, page.rows)
    count = max(mark.count, mark.start + page.rows)
    newest = page.messages[-1].id if page.messages else mark.newest
    may_be_cut = page.rows >= min(largest, AMOUNT) and page.rows >= _SMALLEST_LIMIT
    return Mark(count, largest, newest), may_be_cut and count > mark.count and newest != mark.newest


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


def _made_id(at: datetime | None, raw_level: str, text: str) -> str:
    whole = f"{at}|{raw_level}|{text}".encode("utf-8", "replace")
    return f"~{hashlib.sha256(whole).hexdigest()[:16]}"


def _order(message: JobMessage) -> tuple[datetime, int, str]:
    """By time, then by id; ids are numbers, so that 10 comes after 9."""
    number = int(message.id) if message.id.isascii() and message.id.isdigit() and len(message.id) < 20 else 0
    return message.at or _FIRST, number, message.id
