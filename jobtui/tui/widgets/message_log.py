"""The message log: what a job says of itself, newest below; followed, or paused with a count."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime

from textual.message import Message

from jobtui.model import JobMessage, JobRef, Level
from jobtui.text import plain
from jobtui.tui.format.messages import message_lines
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.widgets.line_view import LineView

KEPT = 10_000
"""Messages of one job kept on the screen; the oldest go first."""


class MessageLog(LineView):
    """Messages of one job, bounded; wrapping and times can be switched."""

    HAS_CURSOR = False

    class Changed(Message):
        """What the title says of the log has changed."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._now = now
        self._ref: JobRef | None = None
        self._messages: deque[JobMessage] = deque(maxlen=KEPT)
        self._ids: set[str] = set()
        self._lines: list[Line] = []
        self._width = 0
        self._search = ""
        self._hits: list[int] = []
        self.follows = True
        self.unseen = 0
        self.wraps = True
        self.stamps = True
        self.debug = False
        self.why_empty: list[Line] = []

    @property
    def ref(self) -> JobRef | None:
        """The job whose messages are shown."""
        return self._ref

    @property
    def searching(self) -> str:
        """What is searched for; empty when nothing is."""
        return self._search

    def newest(self, count: int, width: int) -> list[Line]:
        """Give the newest messages, oldest first, each on one line, for a place that has little room."""
        shown = [message for message in reversed(self._messages) if self._is_shown(message)][:count]
        return [
            message_lines(one, self._now(), width, stamps=True, wrapped=False)[0] for one in reversed(shown)
        ]

    def start(self, ref: JobRef | None) -> None:
        """Show the messages of another job from now on, followed."""
        self._ref = ref
        self._messages.clear()
        self._ids.clear()
        self.follows, self.unseen = True, 0
        self._say_why_empty("reading the messages" if ref else "")
        self.layout_lines()

    def _say_why_empty(self, text: str) -> None:
        self.why_empty = [(Span(text, "dim"),)]

    def add(self, messages: Iterable[JobMessage]) -> None:
        """Take over new messages, oldest first; those it has already are passed over.

        None at all says that the job has been asked and has none yet.
        """
        self._say_why_empty("no messages yet")
        new = [message for message in messages if message.id not in self._ids]
        self._ids.update(message.id for message in new)
        is_full = len(self._messages) + len(new) > KEPT
        self._messages.extend(new)
        shown = [message for message in new if self._is_shown(message)]
        if not self.follows:
            self.unseen += len(shown)
        if is_full or self._width != self.line_width:
            self.layout_lines()
        else:
            for message in shown:
                self._append(message)
            self._settle()
        self.post_message(self.Changed())

    def layout_lines(self) -> None:
        """Lay all messages out anew: another width, or other switches."""
        self._width = self.line_width
        self._lines, self._hits = [], []
        for message in self._messages:
            if self._is_shown(message):
                self._append(message)
        self._settle()

    def follow(self, on: bool) -> None:
        """Follow what comes, or stay where it is."""
        self.follows = on
        if on:
            self.unseen = 0
        self._settle()
        self.post_message(self.Changed())

    def switch(self, name: str) -> bool:
        """Switch ``wraps``, ``stamps`` or ``debug``; gives what it is now."""
        on = not getattr(self, name)
        setattr(self, name, on)
        self.layout_lines()
        self.post_message(self.Changed())
        return on

    def search(self, text: str) -> int:
        """Mark the lines that contain a text (empty: none); gives how many there are."""
        self._search = text.casefold()
        self.layout_lines()
        return len(self._hits)

    def match(self, step: int) -> bool:
        """Scroll to the next or previous marked line; False when there is none."""
        if not self._hits:
            return False
        top = self.scroll_offset.y
        if step > 0:
            row = next((hit for hit in self._hits if hit > top), self._hits[0])
        else:
            row = next((hit for hit in reversed(self._hits) if hit < top), self._hits[-1])
        self.follow(False)
        self.scroll_lines_to(row)
        return True

    def title(self) -> str:
        """Say whether it follows, and what is not shown."""
        parts = ["following" if self.follows else f"PAUSED, {self.unseen} new below, f follows"]
        if not self.debug and (hidden := sum(message.level is Level.DEBUG for message in self._messages)):
            parts.append(f"{hidden} debug hidden, D shows")
        return "  ".join(parts)

    def line_count(self) -> int:
        return len(self._lines)

    def line(self, row: int) -> Line:
        return self._lines[row]

    def empty_lines(self) -> list[Line]:
        return self.why_empty

    def action_move(self, rows: int) -> None:
        """Scroll; upwards pauses, and reaching the end follows again."""
        super().action_move(rows)
        at_end = self.scroll_offset.y >= self.line_count() - self.page_height
        if rows < 0 and not at_end and self.follows:
            self.follow(False)
        elif rows > 0 and at_end and not self.follows:
            self.follow(True)

    def on_resize(self) -> None:
        if self._width != self.line_width:
            self.layout_lines()

    def on_mouse_scroll_up(self) -> None:
        if self.line_count() > self.page_height:
            self.follow(False)

    def _is_shown(self, message: JobMessage) -> bool:
        return self.debug or message.level is not Level.DEBUG

    def _append(self, message: JobMessage) -> None:
        lines = message_lines(message, self._now(), self._width, stamps=self.stamps, wrapped=self.wraps)
        if self._search and self._search in plain(message.text).casefold():
            self._hits.append(len(self._lines))
            lines[0] = tuple(
                span._replace(look="match") if span is lines[0][-1] else span for span in lines[0]
            )
        self._lines.extend(lines)

    def _settle(self) -> None:
        self._resize_lines()
        if self.follows:
            self.scroll_lines_to(max(0, self.line_count() - self.page_height))
        self.redraw()
