"""Screens that are only read: help, and everything known of a job."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from jobtui.model import JobRef
from jobtui.monitor.events import Event
from jobtui.tui.format.spans import Line
from jobtui.tui.keymap import key_of
from jobtui.tui.pace import Pace
from jobtui.tui.screens.dialog import Dialog
from jobtui.tui.widgets.line_view import TextLines


class ReadingScreen(Dialog[JobRef | None]):
    """Lines over the whole screen; every key that leaves them leaves the rest as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,f1", "close", show=False),
    ]
    SUBTITLE = "j k PgDn PgUp move   Esc closes"
    OPENERS = ("details", "away", "group", "help")
    """What opens such a screen closes it, too: the ids of the keys."""

    def __init__(self, title: str, lines: Callable[[int], list[Line]]) -> None:
        """``lines`` lays the text out for a width, as known when it is called."""
        super().__init__()
        self._heading = title
        self._layout_lines = lines
        self._text: TextLines = TextLines(
            id="reading"
        )  # held here: news may come while the widgets are taken down
        self._pace = Pace(self._show, self.set_timer)

    def compose(self) -> ComposeResult:
        yield self._text

    def on_mount(self) -> None:
        text = self._text
        text.border_title = Content(self._heading)  # not a str: that would be read as markup
        text.border_subtitle = self.SUBTITLE
        text.focus()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def on_key(self, event: events.Key) -> None:
        """Close on the key that opened it, whichever the user gave it."""
        if any(event.key in key_of(action).keys.split(",") for action in self.OPENERS):
            event.stop()
            self.action_close()

    def receive(self, event: Event) -> None:
        """Show what is known now, in its own time."""
        del event
        self._pace.news()

    def action_close(self) -> None:
        """Back to where it was opened."""
        self.dismiss(None)

    def _show(self) -> None:
        if self._text.is_attached:
            self._text.show(self._layout_lines(self._text.line_width))
