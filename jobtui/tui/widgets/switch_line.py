"""One line with one of several words: the space bar and the arrows go through them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from jobtui.tui.format.spans import Span
from jobtui.tui.widgets.line_bar import LineBar


class SwitchLine(LineBar, can_focus=True):
    """A choice that takes one line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,right,l", "turn(1)", show=False),
        Binding("left,h", "turn(-1)", show=False),
    ]
    DEFAULT_CSS = "SwitchLine { height: 1; }"

    def __init__(
        self,
        words: Sequence[str],
        turned: Callable[[], None] = lambda: None,
        *,
        id: str | None = None,  # noqa: A002 - as Textual
    ) -> None:
        """``turned`` is called at once; a message would come after the keys that follow."""
        super().__init__(id=id)
        self._words = words
        self._turned = turned
        self.chosen = 0
        """The place of the word among all."""

    def on_mount(self) -> None:
        self._draw()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._draw()

    def action_turn(self, step: int) -> None:
        """Choose the next or previous word."""
        self.chosen = (self.chosen + step) % len(self._words)
        self._draw()
        self._turned()

    def _draw(self) -> None:
        mark = Span("> " if self.has_focus else "  ", "strong")
        word = Span(self._words[self.chosen], "strong" if self.has_focus else "")
        self.show([(mark, word, Span("   Space: another" if self.has_focus else "", "dim"))])
