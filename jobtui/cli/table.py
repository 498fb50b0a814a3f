"""Columns of plain text that fit the terminal, counted in cells rather than characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

GAP = "  "
_MOST_PER_CELL = 6
WIDEST = 120
"""Cells that a column is padded to where lines may be as long as they like; a longer text stands whole."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    title: str
    least: int | None = None
    """Cells that it may be squeezed to where lines are too long; None: never squeezed."""


def cells(text: str) -> int:
    """Count the cells that a harmless text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_cells_of(character) for character in text)


def fit(text: str, room: int) -> str:
    """Cut a text to so many cells, the last an ellipsis where something is missing."""
    used = end = 0
    for place, character in enumerate(text, 1):
        used += _cells_of(character)
        if used > room:
            return text[:end] + "…" if room > 0 else ""
        end = place if used < room else end
    return text


def pad(text: str, room: int) -> str:
    """Fill a text up to so many cells."""
    return text + " " * (room - cells(_beginning(text, room)))


def _beginning(text: str, room: int) -> str:
    """Give as much of a text as decides whether it fits: a harmless letter bears few marks."""
    return text[: room * _MOST_PER_CELL]


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int | None) -> list[list[str]]:
    """Pad every cell, and cut it where there is a width; gives the title row, then the rows.

    The last column is not padded.
    """
    titles = [column.title for column in columns]
    # One endless text must not make every line as long.
    most = WIDEST if width is None else max(width, WIDEST)
    natural = [
        min(most, max(cells(title), *(cells(_beginning(row[number], most)) for row in rows), 0))
        for number, title in enumerate(titles)
    ]
    if width is None:
        return [_row(row, natural) for row in (titles, *rows)]
    rooms = _squeeze(columns, natural, width)
    return [_row(_cut(row, rooms), rooms) for row in (titles, *rows)]


def _cut(row: Sequence[str], rooms: Sequence[int]) -> list[str]:
    return [fit(text, room) for text, room in zip(row, rooms, strict=True)]


def _row(fitted: Sequence[str], rooms: Sequence[int]) -> list[str]:
    return [*(pad(text, room) for text, room in zip(fitted[:-1], rooms[:-1], strict=True)), fitted[-1]]


def _squeeze(columns: Sequence[Column], natural: Sequence[int], width: int) -> list[int]:
    """Take what is too much from the columns that may be squeezed, the widest first."""
    rooms = list(natural)
    excess = sum(rooms) + len(GAP) * (len(rooms) - 1) - width
    soft = [number for number, column in enumerate(columns) if column.least is not None]
    while excess > 0:
        widest = max(soft, key=lambda n: rooms[n] - (columns[n].least or 0), default=None)
        if widest is None or rooms[widest] <= (columns[widest].least or 0):
            break
        rooms[widest] -= 1
        excess -= 1
    return rooms


def _cells_of(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
