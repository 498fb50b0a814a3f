"""Messages as lines of the log."""

from __future__ import annotations

from datetime import datetime

from jobtui.model import JobMessage, Level
from jobtui.text import MAX_LINE, plain_lines
from jobtui.tui.format.spans import Line, Span, wrap, wrapped_count
from jobtui.tui.format.times import clock

_WORDS = {Level.DEBUG: "DEBUG", Level.INFO: "", Level.WARNING: "WARN ", Level.ERROR: "ERROR"}
_LOOKS = {Level.DEBUG: "dim", Level.INFO: "", Level.WARNING: "warn", Level.ERROR: "bad"}


def message_lines(
    message: JobMessage, now: datetime, width: int, *, stamps: bool, wrapped: bool
) -> list[Line]:
    """Draw one message; what goes on below is set in under its text."""
    stamp = clock(message.at, now) + " " if stamps else ""
    word = _WORDS[message.level]
    head = [Span(stamp, "dim")] if stamp else []
    if word:
        head.append(Span(word + " ", _LOOKS[message.level]))
    taken = len(stamp) + (len(word) + 1 if word else 0)
    texts = plain_lines(message.text) or [""]
    parts = [part for text in texts for part in (wrap(text, width - taken) if wrapped else [text])]
    indent = Span(" " * len(stamp) + (" " * (taken - len(stamp))))
    look = _LOOKS[message.level] if message.level in (Level.DEBUG, Level.ERROR) else ""
    return [(*(head if number == 0 else [indent]), Span(part, look)) for number, part in enumerate(parts)]


def row_count(message: JobMessage, width: int, taken: int, *, wrapped: bool) -> int:
    """Say how many lines ``message_lines`` gives, when its stamp takes so many cells; much faster."""
    text = message.text
    word = _WORDS[message.level]
    room = width - taken - (len(word) + 1 if word else 0)
    if len(text) <= MAX_LINE and text.isascii() and text.isprintable():
        return wrapped_count(text, room) if wrapped else 1
    lines = plain_lines(text) or [""]
    return sum(len(wrap(line, room)) for line in lines) if wrapped else len(lines)


def looked_away_line(now: datetime) -> Line:
    """Say that somebody stopped reading here: what stands below has come since."""
    return (Span(f"- you looked away here ({clock(now, now)}) -", "key"),)
