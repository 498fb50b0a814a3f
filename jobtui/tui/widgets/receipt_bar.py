"""The receipt bar: how far the last control has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from jobtui.monitor.events import Controlled
from jobtui.text import plain
from jobtui.tui.format.answers import aged
from jobtui.tui.format.receipts import receipt_line
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.format.times import utc_now
from jobtui.tui.keymap import key_of
from jobtui.tui.together import Together
from jobtui.tui.widgets.line_bar import LineBar


class ReceiptBar(LineBar):
    """One line: the last control asked here, or what a key answered."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = utc_now,
        glyphs: Glyphs = UNICODE,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._now = now
        self._glyphs = glyphs
        self.together: Together | None = None
        """Controls sent together, which share one receipt."""
        self._has_asked = False
        self._line: Line = ()
        self._keys = ""
        self._tells_time = False
        self._at: datetime | None = None
        """When it was said; None of what says that there is nothing to say."""
        self.clear()

    def control(self, event: Controlled) -> None:
        """Show the stage that a control has come to; of those sent together, how all of them stand."""
        self._has_asked = True
        if self.together is not None and self.together.note(event):
            self._say(self.together.line(event.at, self._glyphs), tells_time=True)
        else:
            self._say(receipt_line(event, self._glyphs), tells_time=True)

    def sum_up(self, now: datetime) -> None:
        """Show how the controls stand that were sent together."""
        if self.together is not None:
            self._say(self.together.line(now, self._glyphs), tells_time=True)

    def say(self, text: str, look: str = "warn", keys: str = "") -> None:
        """Answer a key with a sentence; ``keys`` says what can be pressed next, and is never broken."""
        self._say((Span(plain(text), look),), keys)

    def clear(self) -> None:
        """Take away what it says; what was asked of a server is still to be found."""
        text = "no control asked in this session"
        if self._has_asked:
            text = f"{key_of('pane.actions').face} lists what was asked of servers in this session"
        self._line, self._keys, self._at = (Span(text, "dim"),), "", None
        self.settle()

    def settle(self) -> None:
        """Show what it says as it reads now: what was said a while ago is dim, and says how long ago."""
        seconds = 0.0 if self._at is None else (self._now() - self._at).total_seconds()
        width = self.size.width or 80
        height = self.styles.height  # a tiny screen has one line for it
        single = height is not None and not height.is_auto
        self.show(aged(self._line, self._keys, width, seconds, tells_time=self._tells_time, single=single))

    def on_resize(self) -> None:
        self.settle()

    def _say(self, line: Line, keys: str = "", *, tells_time: bool = False) -> None:
        self._line, self._keys, self._at, self._tells_time = line, keys, self._now(), tells_time
        self.settle()
