"""Columns of plain text that fit the terminal, counted in cells rather than characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

GAP = "  "


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
    if cells(text) <= room:
        return text
    kept, used = [], 0
    for character in text:
        used += _cells_of(character)
        if used > room - 1:
            break
        kept.append(character)
    return "".join(kept) + "…" if room > 0 else ""


def pad(text: str, room: int) -> str:
    """Fill a text up to so many cells."""
    return text + " " * (room - cells(text))


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int | None) -> list[list[str]]:
    """Cut and pad every cell; gives the title row, then the rows. The last column is not padded."""
    titles = [column.title for column in columns]
    natural = [
        max(cells(title), *(cells(row[number]) for row in rows), 0) for number, title in enumerate(titles)
    ]
    rooms = natural if width is None else _squeeze(columns, natural, width)
    return [_row(row, rooms) for row in (titles, *rows)]


def _row(row: Sequence[str], rooms: Sequence[int]) -> list[str]:
    fitted = [fit(text, room) for text, room in zip(row, rooms, strict=True)]
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
