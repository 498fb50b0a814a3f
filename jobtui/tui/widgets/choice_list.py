"""A few lines of which one is chosen, for small dialogs; as high as they are many."""

from __future__ import annotations

from textual import events, on
from textual.message import Message
from textual.widget import Widget

from jobtui.tui.format.spans import Line
from jobtui.tui.widgets.line_view import TextLines


class ChoiceList(TextLines):
    """Lines with a cursor; the frame around them says how many there is no room for."""

    HAS_CURSOR = True
    DEFAULT_CSS = "ChoiceList { max-height: 60vh; }"

    class Moved(Message):
        """The cursor is on another line."""

    def show(self, lines: list[Line]) -> None:
        self.styles.height = len(lines)
        super().show(lines)
        self.call_after_refresh(self._count_hidden)

    def cursor_moved(self) -> None:
        self.post_message(self.Moved())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._count_hidden()

    @on(events.Resize)
    def _count_hidden(self) -> None:
        rows = self.visible_rows()
        counts = ((rows.start, "above"), (self.line_count() - rows.stop, "below"))
        said = ", ".join(f"{count} more {where}" for count, where in counts if count > 0)
        frame = self.parent
        if isinstance(frame, Widget) and self.size.height and frame.border_subtitle != said:
            frame.border_subtitle = said
