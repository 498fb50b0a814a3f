"""The grid: what the terminal shows, cell by cell, as far as that is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from jobtui.tui.cells.pens import PLAIN
from jobtui.tui.cells.pieces import Piece, Shelf, pieces
from jobtui.tui.cells.unfit import Unfit
from jobtui.tui.cells.widths import DOUBT, WIDE
from jobtui.tui.cells.writing import Writing

_UNKNOWN = "\x01"
_PLACE = re.compile(r"\x1b\[(\d+);\d+H")


class Row(Struct, frozen=True):
    """A row of the terminal, one character a cell in both."""

    text: str
    pens: str
    is_sure: bool = True
    """Whether all stands where we think: a text may have been drawn wider, and have moved what follows."""


class Step(Struct, frozen=True):
    """The bytes of an update, and the rows that are on the terminal once they are written."""

    written: str
    rows: dict[int, Row]
    lines: dict[int, str]
    """The bytes that these rows were read from."""


class Grid:
    """Turns the bytes of an update into those for the cells that differ."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._shelf = Shelf()
        self._rows: list[Row] = []
        self._lines: dict[int, str] = {}
        """What rows were last read from: the same again changes nothing."""
        self.forget()

    def forget(self) -> None:
        """Know nothing: whatever is written next is written whole."""
        self._shelf, self._lines = Shelf(), {}
        pens = self._shelf.sign(PLAIN) * self.width
        self._rows = [Row(_UNKNOWN * self.width, pens)] * self.height

    def step(self, raw: str) -> Step:
        """Give what an update comes to; raises Unfit for one that is not understood."""
        if self._shelf.is_full:
            self.forget()
        writing, rows = Writing(self._shelf, self.width), {}
        lines = {y: line for y, line in _by_row(raw) if self._lines.get(y) != line}
        for y, line in lines.items():
            here = self._read(y, line)
            before = self._rows[y]
            after = rows[y] = _with(before, here)
            if not (before.is_sure and after.is_sure):
                for piece in here:
                    writing.verbatim(piece.raw)
            elif after != before:
                writing.runs(y, after.text, after.pens, _runs(before, after))
        return Step(writing.finished(), rows, lines)

    def take(self, step: Step) -> None:
        """Note that a step was written."""
        for y, row in step.rows.items():
            self._rows[y] = row
            self._lines[y] = step.lines[y] if row.is_sure else ""

    def _read(self, y: int, line: str) -> list[Piece]:
        found = list(pieces(line, self._shelf))
        if y >= self.height or any(one.y != y or one.x + len(one.text) > self.width for one in found):
            raise Unfit("beyond the edge")
        return found


def _by_row(raw: str) -> Iterable[tuple[int, str]]:
    """Give what an update writes on each row, in the order of the rows."""
    rows: dict[int, str] = {}
    for line in filter(None, raw.split("\n")):
        place = _PLACE.match(line)
        if place is None:
            raise Unfit("text at no known place")
        y = int(place[1]) - 1
        rows[y] = f"{rows[y]}\n{line}" if y in rows else line
    return sorted(rows.items())


def _with(row: Row, found: Sequence[Piece]) -> Row:
    text, pens = row.text, row.pens
    for piece in found:
        start, stop = piece.x, piece.x + len(piece.text)
        if text[start : start + 1] == WIDE:
            # Half of a character goes, and with it the other half.
            text = f"{text[: start - 1]}{_UNKNOWN}{text[start:]}"
        rest = text[stop:]
        if rest[:1] == WIDE:
            rest = _UNKNOWN + rest[1:]
        text = text[:start] + piece.text + rest
        pens = pens[:start] + piece.pens + pens[stop:]
    is_sure = DOUBT not in text and (row.is_sure or sum(len(piece.text) for piece in found) >= len(text))
    return Row(text, pens, is_sure)


def _runs(before: Row, after: Row) -> list[tuple[int, int]]:
    """Give where the cells that differ begin and end, characters of two cells whole."""
    cells = zip(before.text, after.text, before.pens, after.pens, strict=True)
    runs: list[list[int]] = []
    for x, (old, new, old_pen, new_pen) in enumerate(cells):
        if (old == new and old_pen == new_pen) or new == _UNKNOWN:
            continue
        if runs and runs[-1][1] == x:
            runs[-1][1] = x + 1
        else:
            runs.append([x, x + 1])
    return _whole(runs, after.text)


def _whole(runs: list[list[int]], text: str) -> list[tuple[int, int]]:
    whole: list[tuple[int, int]] = []
    for begin, end in runs:
        start = begin - 1 if text[begin] == WIDE and begin else begin
        stop = end + 1 if text[end : end + 1] == WIDE else end
        if whole and whole[-1][1] >= start:
            whole[-1] = (whole[-1][0], stop)
        else:
            whole.append((start, stop))
    return whole
