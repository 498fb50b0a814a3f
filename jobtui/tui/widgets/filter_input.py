"""The line for typing a filter or a search; it takes no room until it is asked for."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from jobtui.tui.widgets.typing import Typing


class FilterInput(Typing):
    """One line of text. Enter keeps it, Esc drops it; whoever hears of that has it leave."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "drop", "drop the filter", show=False)]
    DEFAULT_CSS = """
    FilterInput { border: none; height: 1; padding: 0 1; display: none; }
    FilterInput.-open { display: block; }
    """

    class Closed(Message):
        """Typing is over."""

        def __init__(self, sender: FilterInput, *, kept: bool) -> None:
            super().__init__()
            self.kept = kept
            self._sender_input = sender

        @property
        def control(self) -> FilterInput:
            """The input itself."""
            return self._sender_input

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False
        self.purpose = "jobs"
        self._back_to: Widget | None = None
        self._is_over = True
        """Whether nothing is being typed, or what was typed has still to be heard of."""

    def open(self, purpose: str, text: str, placeholder: str) -> None:
        """Ask for a text; ``purpose`` says what for."""
        self.purpose = purpose
        self._back_to = self.screen.focused
        self._is_over = False
        self.placeholder = placeholder
        self.add_class("-open")
        with self.prevent(Input.Changed):
            self.value = text
        self.cursor_position = len(text)
        self.screen.set_focus(self)  # at once, as keys may be on their way

    def close(self, *, kept: bool) -> None:
        """Take no more text.

        The focus stays until that has been heard of: a key typed after it would come to the pane before.
        """
        if not self._is_over:
            self._is_over = True
            self.post_message(self.Closed(self, kept=kept))

    def leave(self) -> None:
        """Take no room any more, and give the focus back."""
        self.remove_class("-open")
        self.screen.set_focus(self._back_to)

    async def action_submit(self) -> None:
        """Keep what was typed."""
        self.close(kept=True)

    def action_drop(self) -> None:
        """Give up typing: what was typed no longer counts."""
        self.close(kept=False)

    async def _on_key(self, event: events.Key) -> None:
        if not self._is_over:
            await super()._on_key(event)
            return
        # It came on the heels of the Enter before it: it is no text, and belongs to the pane.
        event.stop()
        event.prevent_default()
        again = events.Key(event.key, event.character)
        again.time = event.time  # a dialog asks when it came
        self.call_later(self._hand_on, self, again)

    def _on_paste(self, event: events.Paste) -> None:
        if self._is_over:
            event.stop()
            event.prevent_default()

    def _hand_on(self, node: Widget, key: events.Key) -> None:
        """Give a key back to the app, behind all that was told of the text: that goes up the same way."""
        above = node.parent
        if isinstance(above, Widget):
            above.call_later(self._hand_on, above, key)
        else:
            self.app.post_message(key)
