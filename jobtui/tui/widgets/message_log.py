"""The message log: what a job says of itself, newest below; followed, or paused with a count."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime

from textual.message import Message

from jobtui.insight.message_query import read_messages_query
from jobtui.model import JobMessage, JobRef, Level
from jobtui.tui.format.log import NO_QUERY, LogLines, LogView
from jobtui.tui.format.messages import looked_away_line, message_lines
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.keymap import key_of
from jobtui.tui.widgets.line_view import LineView

MARKS = 100
"""Jobs of which it is remembered where their reading was left."""
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
        self._log = LogLines(KEPT)
        self._width = 0
        self._search = NO_QUERY
        self._marks: OrderedDict[JobRef, tuple[str, Line]] = OrderedDict()
        """Where the reading of jobs was left, for those who come back."""
        self.follows = True
        self.unseen = 0
        self.late = 0
        """New since it was paused, and older than what is being read: above it."""
        self.wraps = True
        self.stamps = True
        self.debug = False
        self.only = False
        """Whether only what is searched for is shown."""
        self.why_empty: list[Line] = []
        self.opens_at: tuple[JobRef, datetime] | None = None
        """The moment to be read when a job is shown; until somebody moves, also as more of it is read."""

    def on_mount(self) -> None:
        self.watch(self.app, "app_focus", self._attend, init=False)

    def _attend(self, has_focus: bool) -> None:
        """Mark where somebody stopped reading, when another window or pane is turned to."""
        if not has_focus:
            self.look_away()

    def look_away(self) -> None:
        """Mark that what comes from now on is not seen as it comes: another window, or the shell."""
        if self._log.mark_end(looked_away_line(self._now())):
            self.layout_lines()

    @property
    def ref(self) -> JobRef | None:
        """The job whose messages are shown."""
        return self._ref

    @property
    def searching(self) -> str:
        """What is searched for; empty when nothing is."""
        return self._search.text

    def newest(self, count: int, width: int) -> list[Line]:
        """Give the newest messages, oldest first, each on one line, for a place that has little room."""
        view = self._view()
        shown = [message for message in reversed(self._log.messages) if view.shows(message)][:count]
        return [
            message_lines(one, self._now(), width, stamps=True, wrapped=False)[0] for one in reversed(shown)
        ]

    def shown_messages(self) -> list[JobMessage]:
        """Give the messages that are shown, oldest first."""
        view = self._view()
        return [message for message in self._log.messages if view.shows(message)]

    def visible_messages(self) -> list[JobMessage]:
        """Give the messages of which a line is on the screen, oldest first; none while the pane is not."""
        if not self.scrollable_content_region.height:
            return []
        seen = self._log.ids_of(self.visible_rows())
        return [message for message in self._log.messages if message.id in seen]

    def reading_at(self) -> datetime | None:
        """Say when the first message on the screen was told; None while they are followed."""
        return None if self.follows else self._log.at_row(self.scroll_offset.y)

    def start(self, ref: JobRef | None) -> None:
        """Show the messages of another job from now on, followed; of one opened at a moment, from there."""
        self._leave(ref)
        self._log.clear()
        self._log.mark_after(None if ref is None else self._marks.pop(ref, None))
        self.unseen = self.late = 0
        self.follows = self._opening is None
        self._say_why_empty("reading the messages" if ref else "")
        self.layout_lines()

    @property
    def _opening(self) -> datetime | None:
        return self.opens_at[1] if self.opens_at is not None and self.opens_at[0] == self._ref else None

    def _leave(self, ref: JobRef | None) -> None:
        """Turn to another job, remembering where the reading of this one was left."""
        if self._ref is not None and self._ref != ref:
            self._log.mark_end(looked_away_line(self._now()))
            if (mark := self._log.mark) is not None:
                self._marks[self._ref] = mark
                if len(self._marks) > MARKS:
                    self._marks.popitem(last=False)
        self._ref = ref

    def _say_why_empty(self, text: str) -> None:
        self.why_empty = [(Span(text, "dim"),)]

    def add(self, messages: Iterable[JobMessage]) -> None:
        """Take over new messages; those it has already are passed over, and what is late goes to its place.

        None at all says that the job has been asked and has none yet.
        """
        self._say_why_empty("no messages yet")
        place = None if self.follows else self._log.place(self.scroll_offset.y)
        new = self._log.add(messages, self._view())
        if self._width != self.line_width:
            self._lay_out()
        self._settle(place)
        if not self.follows:
            self._count(new)
        self.post_message(self.Changed())

    def layout_lines(self) -> None:
        """Lay all messages out anew: another width, or other switches."""
        place = None if self.follows else self._log.place(self.scroll_offset.y)
        self._lay_out()
        self._settle(place)

    def _lay_out(self) -> None:
        self._width = self.line_width
        self._log.lay_out(self._view())

    def _count(self, new: list[JobMessage]) -> None:
        """Count what has come and is not on the screen: below what is being read, and above it."""
        rows, seen = self._log.rows_of(new), self.visible_rows()
        self.unseen += sum(row >= seen.stop for row in rows)
        self.late += sum(row < seen.start for row in rows)

    def _view(self) -> LogView:
        return LogView(self._width, self._now(), self.stamps, self.wraps, self.debug, self._search, self.only)

    def follow(self, on: bool) -> None:
        """Follow what comes, or stay where it is."""
        self.follows, self.opens_at = on, None
        if on:
            self.unseen = self.late = 0
        self._settle()
        self.post_message(self.Changed())

    def switch(self, name: str) -> bool:
        """Switch ``wraps``, ``stamps``, ``debug`` or ``only``; gives what it is now."""
        on = not getattr(self, name)
        setattr(self, name, on)
        self.layout_lines()
        self.post_message(self.Changed())
        return on

    def search(self, text: str) -> int:
        """Mark the messages that pass (empty: none); gives how many there are."""
        self._search = read_messages_query(text)
        self.only = self.only and bool(self._search)
        self.layout_lines()
        self.post_message(self.Changed())
        return len(self._log.hits)

    def match(self, step: int) -> bool:
        """Scroll to the next or previous marked line; False when there is none."""
        hits, top = self._log.hits, self.scroll_offset.y
        if not hits:
            return False
        if step > 0:
            row = next((hit for hit in hits if hit > top), hits[0])
        else:
            row = next((hit for hit in reversed(hits) if hit < top), hits[-1])
        self.follow(False)
        self.scroll_lines_to(row)
        return True

    def go_to_step(self, step_id: str) -> bool:
        """Scroll to where the messages of a step begin; False when none is shown."""
        row = self._log.row_of_step(step_id)
        if row is None:
            return False
        self.follow(False)
        self.scroll_lines_to(row)
        return True

    def title(self) -> str:
        """Say whether it follows, and what is not shown."""
        new = f", {self.unseen} new below" if self.unseen else ""
        late = f", {self.late} late above" if self.late else ""
        follow, debug, only = (key_of(f"messages.{name}").face for name in ("follow", "debug", "only"))
        parts = ["following" if self.follows else f"PAUSED{new}{late}, {follow} follows"]
        if not self.debug and (hidden := sum(message.level is Level.DEBUG for message in self._log.messages)):
            parts.append(f"{hidden} debug hidden, {debug} shows")
        if self._search:
            found, hint = len(self._log.hits), f"{only} shows {'all' if self.only else 'only these'}"
            parts.append(f"{found} found, {hint}")
        return "  ".join(parts)

    def line_count(self) -> int:
        return len(self._log.lines)

    def line(self, row: int) -> Line:
        return self._log.lines[row]

    def empty_lines(self) -> list[Line]:
        return self.why_empty

    def action_move(self, rows: int) -> None:
        """Scroll; upwards pauses, and reaching the end follows again."""
        self.opens_at = None
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

    def _settle(self, place: tuple[str, int] | None = None) -> None:
        """Scroll to the end when it is followed, else so that what is being read stays where it is."""
        self._resize_lines()
        opening = self._opening
        if opening is not None:
            self.scroll_lines_to(self._log.row_at(opening) or 0)
        elif self.follows:
            self.scroll_lines_to(max(0, self.line_count() - self.page_height))
        elif place is not None and (row := self._log.row_of(place)) != self.scroll_offset.y:
            self.scroll_lines_to(row or 0)
        self.redraw()
