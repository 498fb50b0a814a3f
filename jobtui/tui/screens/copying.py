"""The copy menu: what can be copied, each at one key; into a file where that is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from jobtui.tui.copies import Copy
from jobtui.tui.format.spans import Line, Span, cut
from jobtui.tui.keymap import key_of
from jobtui.tui.screens.dialog import Dialog
from jobtui.tui.widgets.choice_list import ChoiceList
from jobtui.tui.widgets.line_bar import LineBar

_NAME_WIDTH = 17


class CopyScreen(Dialog[tuple[Copy, bool] | None]):
    """Gives what was chosen, and whether it goes into a file instead of the clipboard."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", show=False),
        Binding("f", "turn", show=False),
        Binding("escape,q", "close", show=False),
    ]

    def __init__(self, copies: Sequence[Copy], about: str) -> None:
        super().__init__()
        self._copies = copies
        self._about = about
        self.into_file = False

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield ChoiceList(id="choices")
            yield LineBar(id="answer")

    def on_mount(self) -> None:
        self.query_one("#dialog").border_title = "Copy"
        self.query_one(ChoiceList).focus()
        self._show()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def on_key(self, event: events.Key) -> None:
        """Take what is at a key."""
        wanted = next((copy for copy in self._copies if copy.key == event.character), None)
        if wanted is None and event.key in key_of("copy").keys.split(","):
            wanted = self._copies[0]  # the key that opened it once more, whatever the user made of it
        if wanted is not None:
            event.stop()
            event.prevent_default()
            self.dismiss((wanted, self.into_file))

    def action_take(self) -> None:
        """Take what is under the cursor."""
        self.dismiss((self._copies[self.query_one(ChoiceList).cursor], self.into_file))

    def action_turn(self) -> None:
        """Have it go into a file, or to the clipboard again."""
        self.into_file = not self.into_file
        self._show()

    def action_close(self) -> None:
        """Back to where it was opened."""
        self.dismiss(None)

    def _show(self) -> None:
        choices = self.query_one(ChoiceList)
        choices.show([self._line(copy, choices.line_width) for copy in self._copies])
        where = "into a new private file" if self.into_file else "to the terminal's clipboard"
        other = "to the clipboard" if self.into_file else "into a file"
        keys: list[Line] = [
            (Span("its key, Enter", "key"), Span(f": {where}")),
            (Span("f", "key"), Span(f": {other}   "), Span("Esc", "key"), Span(": back")),
        ]
        self.query_one("#answer", LineBar).show([(), (Span(self._about, "dim"),), *keys])

    def _line(self, copy: Copy, width: int) -> Line:
        shown = cut(copy.shown, max(10, width - _NAME_WIDTH - 3))
        look = "" if copy.text is not None else "off"
        return (Span(f"{copy.key}  ", "key"), Span(f"{copy.name:<{_NAME_WIDTH}}", look), Span(shown, "dim"))
