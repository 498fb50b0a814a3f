"""Screens of lines that stand for jobs: Enter goes to the job of the line."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from jobtui.model import JobRef
from jobtui.tui.format.spans import Line
from jobtui.tui.screens.reading import ReadingScreen
from jobtui.tui.widgets.line_view import TextLines

Row = tuple[Line, JobRef | None]
"""A line, and the job that it stands for, if any."""


class ChoosingScreen(ReadingScreen, inherit_bindings=False):
    """Lines over the whole screen, some of them jobs; gives the job that somebody wants to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", show=False),
        Binding("escape,q,f1", "close", show=False),
    ]
    SUBTITLE = "j k move   Enter goes to the job   Esc closes"

    def __init__(self, title: str, rows: Callable[[int], list[Row]]) -> None:
        """``rows`` lays the lines out for a width, as known when it is called."""
        super().__init__(title, lambda width: [line for line, _ in rows(width)])
        self._text = _Choices(id="reading")
        self._layout_rows = rows
        self._refs: list[JobRef | None] = []

    def action_go(self) -> None:
        """Go to the job of the line, if it has one."""
        ref = self._refs[self._text.cursor] if self._text.cursor < len(self._refs) else None
        if ref is not None:
            self.dismiss(ref)

    def _show(self) -> None:
        if not self._text.is_attached:
            return
        rows = self._layout_rows(self._text.line_width)
        is_first = not self._refs
        before = None if is_first else self._refs[self._text.cursor]
        self._refs = [ref for _, ref in rows]
        first = next((row for row, ref in enumerate(self._refs) if ref is not None), 0)
        self._text.show([line for line, _ in rows])
        if is_first:
            self._text.go_to(first)
        elif before is not None and before in self._refs:
            self._text.go_to(self._refs.index(before))


class _Choices(TextLines):
    HAS_CURSOR = True
