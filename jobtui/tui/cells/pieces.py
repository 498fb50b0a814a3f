"""Pieces: what an update of the screen writes where, read from the bytes that Textual would write."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from rich.cells import cell_len

from jobtui.tui.cells.pens import PLAIN, Pen, on_spaces, styled
from jobtui.tui.cells.unfit import Unfit
from jobtui.tui.cells.widths import DOUBT, WIDE, spread

_MOST_KEPT = 4096
_TOKEN = re.compile(
    r"\x1b\[([\d;]*)m"
    r"|([^\x00-\x1f\x7f-\x9f]+)"
    r"|\x1b\[(\d+;\d+)H"
    r"|(\n)"
    r"|\x1b\]8;([^\x00-\x1f\x7f-\x9f]*)\x1b\\"
)
_PEN, _TEXT, _MOVE, _LINE, _LINK = range(1, 6)
_SPACES = re.compile(" +")


class Piece(Struct):
    """Cells beside each other that are written at once."""

    x: int
    y: int
    text: str
    """One character a cell."""
    pens: str
    """One character a cell, which stands for a pen."""
    raw: str
    """The bytes, with the move in front of them."""


class Shelf:
    """Pens, each with the character that stands for it in a cell."""

    def __init__(self) -> None:
        self._pens: dict[Pen, str] = {}
        self._by_sign: dict[str, Pen] = {}
        self._blank: dict[str, str] = {}

    @property
    def is_full(self) -> bool:
        """Whether it is time to begin anew."""
        return len(self._pens) > _MOST_KEPT

    def pen(self, sign: str) -> Pen:
        """Give the pen that a character stands for."""
        return self._by_sign[sign]

    def sign(self, pen: Pen) -> str:
        """Give the character that stands for a pen."""
        sign = self._pens.get(pen)
        if sign is None:
            sign = self._pens[pen] = chr(len(self._pens) + 1)
            self._by_sign[sign] = pen
        return sign

    def blank(self, sign: str) -> str:
        """Give the character for the plainest pen that draws a space alike."""
        blank = self._blank.get(sign)
        if blank is None:
            blank = self._blank[sign] = self.sign(on_spaces(self.pen(sign)))
        return blank


class _Open:
    """A piece that is being read."""

    def __init__(self, x: int, y: int, start: int) -> None:
        self.x, self.y, self.start = x, y, start
        self._texts: list[str] = []
        self._pens: list[str] = []

    def add(self, text: str, sign: str, shelf: Shelf) -> None:
        cells = spread(text)
        if cells is None:
            if not self._texts and not cell_len(text[0]):
                raise Unfit("something that joins what stands elsewhere")
            cells = DOUBT * cell_len(text)
        if not cells:  # it is drawn with the cell before
            self._texts[-1] = self._texts[-1][:-1] + DOUBT
            return
        pens = sign * len(cells)
        if " " in cells and (blank := shelf.blank(sign)) != sign:
            pens = "".join(blank if cell == " " else sign for cell in cells)
        self._texts.append(cells)
        self._pens.append(pens)

    def closed(self, raw: str) -> Piece:
        return Piece(self.x, self.y, "".join(self._texts), "".join(self._pens), raw)


def pieces(raw: str, shelf: Shelf) -> Iterator[Piece]:
    """Read an update; raises Unfit where it holds anything but moves, pens, links and text."""
    pen, sign, at = PLAIN, shelf.sign(PLAIN), 0
    current: _Open | None = None
    for found in _TOKEN.finditer(raw):
        if found.start() != at:
            break
        at, kind = found.end(), found.lastindex
        if kind == _TEXT:
            if current is None:
                raise Unfit("text at no known place")
            current.add(found[_TEXT], sign, shelf)
        elif kind in (_PEN, _LINK):
            pen = styled(pen, found[_PEN]) if kind == _PEN else _linked(pen, found[_LINK])
            sign = shelf.sign(pen)
        else:
            if current is not None:
                yield current.closed(raw[current.start : found.start()])
            if pen != PLAIN:
                raise Unfit("a pen outlives its piece")
            current = _opened(found) if kind == _MOVE else None
    if at != len(raw) or pen != PLAIN:
        raise Unfit(f"{raw[at : at + 12]!r}")
    if current is not None:
        yield current.closed(raw[current.start :])


def _opened(found: re.Match[str]) -> _Open:
    row, _, column = found[_MOVE].partition(";")
    if row == "0" or column == "0":
        raise Unfit("a move to nowhere")
    return _Open(int(column) - 1, int(row) - 1, found.start())


def _linked(pen: Pen, link: str) -> Pen:
    return pen._replace(link="" if link.endswith(";") else link)


def text_of(cells: str) -> str:
    """Give the text of some cells, as it is written."""
    return cells.replace(WIDE, "")
