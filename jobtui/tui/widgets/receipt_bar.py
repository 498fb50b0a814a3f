"""The receipt bar: how far the last control has come."""

from __future__ import annotations

from datetime import datetime

from jobtui.monitor.events import Controlled
from jobtui.text import plain
from jobtui.tui.format.receipts import receipt_line
from jobtui.tui.format.spans import Line, Span, text_of, width_of, wrap
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.together import Together
from jobtui.tui.widgets.line_bar import LineBar


class ReceiptBar(LineBar):
    """One line: the last control asked here, or what a key answered."""

    def __init__(self, *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self.together: Together | None = None
        """Controls sent together, which share one receipt."""
        self.show([(Span("nothing asked of a server in this session", "dim"),)])

    def control(self, event: Controlled) -> None:
        """Show the stage that a control has come to; of those sent together, how all of them stand."""
        if self.together is not None and self.together.note(event):
            self._show_all(self.together.line(event.at, self._glyphs))
        else:
            self._show_all(receipt_line(event, self._glyphs))

    def sum_up(self, now: datetime) -> None:
        """Show how the controls stand that were sent together."""
        if self.together is not None:
            self._show_all(self.together.line(now, self._glyphs))

    def say(self, text: str, look: str = "warn") -> None:
        """Answer a key with a sentence."""
        self._show_all((Span(plain(text), look),))

    def _show_all(self, line: Line) -> None:
        """Show a line whole, on as many lines as that takes."""
        width = self.size.width or 80
        if width_of(line) <= width:
            self.show([line])
        else:
            self.show([(Span(part, line[-1].look),) for part in wrap(text_of(line), width)[:3]])
