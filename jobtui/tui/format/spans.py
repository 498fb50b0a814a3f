"""Spans: a line of the screen as pieces of text, each with the name of its look."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len, chop_cells, set_cell_size


class Span(NamedTuple):
    """A piece of one line."""

    text: str
    look: str = ""
    """One of ``LOOKS``, or empty for the text of the pane."""
    link: str = ""
    """A harmless address that the text leads to, where the terminal takes links."""


Line = tuple[Span, ...]

STATE_LOOKS = (
    "queued",
    "running",
    "waiting",
    "held",
    "stalled",
    "stopped",
    "succeeded",
    "partial",
    "failed",
    "cancelled",
    "skipped",
    "unknown",
)
LOOKS = (*STATE_LOOKS, "dim", "strong", "key", "off", "good", "warn", "bad", "risk", "match")


def cut(text: str, width: int, *, ellipsis: str = "…") -> str:
    """Shorten a text to at most ``width`` cells; wide characters count as two."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return text
    kept = set_cell_size(text, max(0, width - cell_len(ellipsis)))
    return (kept.rstrip() + ellipsis) if width > cell_len(ellipsis) else set_cell_size(text, width)


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Cut or pad a text to exactly ``width`` cells."""
    text = cut(text, width)
    gap = " " * (width - cell_len(text))
    return gap + text if right else text + gap


def wrap(text: str, width: int) -> list[str]:
    """Break a text at spaces, and inside words that are too long, into lines of at most ``width`` cells.

    What it is indented by, up to half the width, it stays indented by.
    """
    width = max(2, width)
    bare = text.lstrip(" ")
    indent = " " * min(len(text) - len(bare), width // 2, width - 2)
    return [indent + line for line in _broken(bare, max(2, width - len(indent)))]


def wrapped_count(text: str, width: int) -> int:
    """Say into how many lines ``wrap`` breaks a text of characters that are one cell each; much faster."""
    width = max(2, width)
    if text.startswith(" "):
        return len(wrap(text, width))
    count, start, length = 1, 0, len(text)
    while length - start > width:
        end = text.rfind(" ", start + 1, start + width + 1)
        start = start + width if end < 0 else end + 1
        while end >= 0 and text.startswith(" ", start):
            start += 1
        count += 1
    return count


def _broken(text: str, width: int) -> list[str]:
    if text.isascii():
        return _broken_ascii(text, width)
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = chop_cells(word, width) or [""]
        lines.extend(full)
    lines.append(line)
    return lines


def _broken_ascii(text: str, width: int) -> list[str]:
    """Do the same where each character is one cell, without looking at each word."""
    lines: list[str] = []
    start, length = 0, len(text)
    while length - start > width:
        end = text.rfind(" ", start + 1, start + width + 1)
        if end < 0:
            lines.append(text[start : start + width])
            start += width
            continue
        lines.append(text[start:end])
        start = end + 1
        while start < length and text[start] == " ":
            start += 1
    lines.append(text[start:])
    return lines


def width_of(line: Iterable[Span]) -> int:
    """Give the cells that a line takes."""
    return sum(cell_len(span.text) for span in line)


def text_of(line: Iterable[Span]) -> str:
    """Give the bare text of a line."""
    return "".join(span.text for span in line)
