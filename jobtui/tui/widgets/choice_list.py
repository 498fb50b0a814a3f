"""A few lines of which one is chosen, for small dialogs; as high as they are many."""

from __future__ import annotations

from textual.message import Message

from jobtui.tui.format.spans import Line
from jobtui.tui.widgets.line_view import TextLines


class ChoiceList(TextLines):
    """Lines with a cursor."""

    HAS_CURSOR = True
    DEFAULT_CSS = "ChoiceList { max-height: 60vh; }"

    class Moved(Message):
        """The cursor is on another line."""

    def show(self, lines: list[Line]) -> None:
        self.styles.height = len(lines)
        super().show(lines)

    def cursor_moved(self) -> None:
        self.post_message(self.Moved())
