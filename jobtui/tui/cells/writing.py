"""Writing: the bytes for some cells, with the shortest moves and the fewest changes of the pen."""

from __future__ import annotations

from itertools import groupby

from jobtui.tui.cells.pens import PLAIN, Pen, change, on_spaces
from jobtui.tui.cells.pieces import Shelf, text_of

_LONGEST_GAP = 8
"""Cells that may be written again rather than jumped over."""


class Writing:
    """One update as it grows. It begins and ends with the plain pen."""

    def __init__(self, shelf: Shelf, width: int) -> None:
        self._shelf = shelf
        self._width = width
        self._out: list[str] = []
        self._pen = PLAIN
        self._x: int | None = None
        self._y: int | None = None

    def finished(self) -> str:
        """Give the bytes."""
        self._out.append(change(self._pen, PLAIN))
        return "".join(self._out)

    def verbatim(self, raw: str) -> None:
        """Write bytes that set their own place and pen, and leave the pen as they found it."""
        self._out += [change(self._pen, PLAIN), raw]
        self._pen, self._x, self._y = PLAIN, None, None

    def runs(self, y: int, text: str, pens: str, runs: list[tuple[int, int]]) -> None:
        """Write parts of a row, given where each begins and ends."""
        end = None
        for start, stop in runs:
            if end is None or not self._bridges(text, pens, end, start):
                self._move(start, y)
            self._paint(text[start:stop], pens[start:stop])
            end = self._x = stop
        if end == self._width:
            self._x = None  # at the edge terminals do not agree on where they are

    def _bridges(self, text: str, pens: str, start: int, stop: int) -> bool:
        """Write what stands between two runs where that is shorter than a jump over it."""
        if stop - start > _LONGEST_GAP or "\x01" in text[start:stop]:
            return False
        between, pen = self._painted(text[start:stop], pens[start:stop], self._pen)
        after = self._shelf.pen(pens[stop])
        through = len(between.encode()) + len(change(pen, after))
        if through > len(_right(stop - start)) + len(change(self._pen, after)):
            return False
        self._out.append(between)
        self._pen, self._x = pen, stop
        return True

    def _paint(self, text: str, pens: str) -> None:
        painted, self._pen = self._painted(text, pens, self._pen)
        self._out.append(painted)

    def _painted(self, text: str, pens: str, pen: Pen) -> tuple[str, Pen]:
        out, start = [], 0
        for sign, group in groupby(pens):
            stop = start + sum(1 for _ in group)
            part, wanted = text[start:stop], self._shelf.pen(sign)
            if part.strip(" ") or on_spaces(pen) != wanted:
                out.append(change(pen, wanted))
                pen = wanted
            out.append(text_of(part))
            start = stop
        return "".join(out), pen

    def _move(self, x: int, y: int) -> None:
        ways = [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"]
        if self._y == y and self._x is not None and self._x <= x:
            ways.append(_right(x - self._x))
        elif self._y == y:
            ways.append(f"\r{_right(x)}")
        elif self._y is not None and 0 < y - self._y <= 4:
            ways.append("\r" + "\n" * (y - self._y) + _right(x))
        self._out.append(min(ways, key=len))
        self._x, self._y = x, y


def _right(cells: int) -> str:
    if not cells:
        return ""
    return "\x1b[C" if cells == 1 else f"\x1b[{cells}C"
