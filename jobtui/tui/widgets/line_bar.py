"""A few lines that stand still: bars at the edges of the screen, the strip below the list."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region, Size
from textual.strip import Strip

from jobtui.tui.format.spans import Line
from jobtui.tui.widgets.drawing import look_css, strip_of
from jobtui.tui.widgets.looks import Looks


class LineBar(Looks):
    """Lines without a cursor; as high as they are many, unless styled otherwise."""

    DEFAULT_CSS = "LineBar { height: auto; width: 1fr; }\n" + look_css("LineBar")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._lines: list[Line] = []

    @property
    def lines(self) -> list[Line]:
        """What it shows."""
        return self._lines

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines; only those that differ are drawn again."""
        before, self._lines = self._lines, list(lines)
        if len(before) != len(self._lines):
            self.refresh(layout=True)
            return
        for y, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            if old != new:
                self.refresh(Region(0, y, self.size.width, 1))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        line: Line = self._lines[y] if y < len(self._lines) else ()
        return strip_of(self, line, self.size.width)
