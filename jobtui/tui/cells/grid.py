"""The grid: what the terminal shows, cell by cell, as far as that is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from jobtui.tui.cells.pens import PLAIN
from jobtui.tui.cells.pieces import Piece, Shelf, pieces
from jobtui.tui.cells.unfit import Unfit
from jobtui.tui.cells.widths import DOUBT, WIDE
from jobtui.tui.cells.writing import Writing

_UNKNOWN = "\x01"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the terminal, one character a cell in both."""

    text: str
    pens: str
    is_sure: bool = True
    """Whether all stands where we think: a text may have been drawn wider, and have moved what follows."""


@dataclass(frozen=True, slots=True)
class Step:
    """The bytes of an update, and the rows that are on the terminal once they are written."""

    written: str
    rows: dict[int, Row]


class Grid:
    """Turns the bytes of an update into those for the cells that differ."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._shelf = Shelf()
        self._rows: list[Row] = []
        self.forget()

    def forget(self) -> None:
        """Know nothing: whatever is written next is written whole."""
        self._shelf = Shelf()
        pens = self._shelf.sign(PLAIN) * self.width
        self._rows = [Row(_UNKNOWN * self.width, pens)] * self.height

    def step(self, raw: str) -> Step:
        """Give what an update comes to; raises Unfit for one that is not understood."""
        if self._shelf.is_full:
            self.forget()
        writing, rows = Writing(self._shelf, self.width), {}
        for y, here in self._by_row(pieces(raw, self._shelf)):
            before = self._rows[y]
            after = rows[y] = _with(before, here)
            if not (before.is_sure and after.is_sure):
                for piece in here:
                    writing.verbatim(piece.raw)
            elif after != before:
                writing.runs(y, after.text, after.pens, _runs(before, after))
        return Step(writing.finished(), rows)

    def take(self, step: Step) -> None:
        """Note that a step was written."""
        for y, row in step.rows.items():
            self._rows[y] = row

    def _by_row(self, found: Iterable[Piece]) -> Iterator[tuple[int, list[Piece]]]:
        rows: dict[int, list[Piece]] = {}
        for piece in found:
            if piece.y >= self.height or piece.x + len(piece.text) > self.width:
                raise Unfit("beyond the edge")
            rows.setdefault(piece.y, []).append(piece)
        return iter(sorted(rows.items()))


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
