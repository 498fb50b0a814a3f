"""An emulated terminal, cell by cell, with the links that pyte leaves out."""

from __future__ import annotations

import re
from typing import Any

import pyte
from pyte.screens import Char

_LINK = re.compile(r"\x1b\]8;[^;]*;([^\x1b]*)\x1b\\")
_NO_WRAP = "\x1b[?7l"

Cell = tuple[Any, ...]


class _Screen(pyte.Screen):
    """A screen that knows which cells were written inside a link."""

    link = ""

    def __init__(self, columns: int, lines: int) -> None:
        self.links: dict[tuple[int, int], str] = {}
        super().__init__(columns, lines)

    def draw(self, data: str) -> None:
        for character in data:
            x = min(self.cursor.x, self.columns - 1)
            super().draw(character)
            for place in {x, min(max(x, self.cursor.x - 1), self.columns - 1)}:
                self.links[(self.cursor.y, place)] = self.link


class Emulator:
    """What a terminal shows once it has been written to."""

    def __init__(self, width: int, height: int) -> None:
        self._screen = _Screen(width, height)
        self._stream = pyte.Stream(self._screen)
        self._stream.feed(_NO_WRAP)

    def feed(self, written: str) -> None:
        """Write to it."""
        for index, part in enumerate(_LINK.split(written)):
            if index % 2:
                self._screen.link = part
            else:
                self._stream.feed(part)

    @property
    def cursor(self) -> tuple[int, int]:
        """Where the cursor is, by column and row."""
        return self._screen.cursor.x, self._screen.cursor.y

    @property
    def text(self) -> str:
        """What can be read."""
        return "\n".join(self._screen.display)

    def cells(self) -> list[list[Cell]]:
        """Give what can be seen of every cell."""
        rows = self._screen.buffer
        return [
            [self._cell(rows[y][x], x, y) for x in range(self._screen.columns)]
            for y in range(self._screen.lines)
        ]

    def _cell(self, char: Char, x: int, y: int) -> Cell:
        lines = (char.underscore, char.strikethrough, char.reverse, char.blink)
        seen = (char.data, char.bg, *lines, self._screen.links.get((y, x), ""))
        # Of a space, only what is drawn behind it and through it can be seen.
        return seen if char.data == " " and not any(lines) else (*seen, char.fg, char.bold, char.italics)
