"""The source bar: every source, how it is, and the age of what is shown of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from jobtui.tui.format.sources import Known, summary_line
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.widgets.line_bar import LineBar


class SourceBar(LineBar):
    """One line for all sources; what ails one of them is said in the line below."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        glyphs: Glyphs = UNICODE,
        read_only: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._now = now
        self._glyphs = glyphs
        self._read_only = read_only
        self._known: Sequence[Known] = ()

    def update(self, known: Sequence[Known]) -> None:
        """Show the sources as they are now."""
        self._known = known
        width = self.size.width or 80
        self.show([summary_line(known, self._now(), width, self._glyphs, read_only=self._read_only)])
