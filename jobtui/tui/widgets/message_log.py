"""The message log: what a job says of itself, newest below; followed, or paused with a count.

It holds some of the messages. Whoever scrolls beyond them makes it ask for more, which ``take`` takes over.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from textual.message import Message

from jobtui.insight.message_query import MessageQuery, read_messages_query
from jobtui.model import JobMessage, JobRef
from jobtui.tui.beyond import Ask, Way
from jobtui.tui.format.log import NO_QUERY, LogLines, LogView, Place
from jobtui.tui.format.messages import looked_away_line, message_lines
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.keymap import key_of
from jobtui.tui.widgets.line_view import LineView
from jobtui.tui.window import Window

MARKS = 100
"""Jobs of which it is remembered where their reading was left."""
KEPT = 10_000
"""Messages of one job held; the rest is in the journal."""


class MessageLog(LineView):
    """Messages of one job, bounded; wrapping and times can be switched."""

    HAS_CURSOR = False

    class Changed(Message):
        """What the title says of the log has changed."""

    class Wanted(Message):
        """Messages are wanted that are not held; they go to ``take``."""

        def __init__(self, ask: Ask) -> None:
            super().__init__()
            self.ask = ask

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._now = now
        self._ref: JobRef | None = None
        self._width = 0
        self._search = NO_QUERY
        self._ask: Ask | None = None
        """What is asked for and not answered yet."""
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
        self._log = LogLines(self._view())
        self._window = Window(self._log, KEPT)
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
        held = self._window.newest(count)
        return [message_lines(one, self._now(), width, stamps=True, wrapped=False)[0] for one in held]

    def shown_messages(self) -> Sequence[JobMessage]:
        """Give the messages that are held and shown, oldest first."""
        return self._messages_of(range(len(self._log.messages)))

    def visible_messages(self) -> Sequence[JobMessage]:
        """Give the messages of which a line is on the screen, oldest first; none while the pane is not."""
        if not self.scrollable_content_region.height:
            return []
        return self._messages_of(self._log.numbers_at(self.visible_rows()))

    def _messages_of(self, numbers: range) -> list[JobMessage]:
        log = self._log
        return [log.messages[number] for number in numbers if log.is_shown(number)]

    def reading_at(self) -> datetime | None:
        """Say when the first message on the screen was told; None while they are followed."""
        return None if self.follows else self._log.at_row(self.scroll_offset.y)

    def start(self, ref: JobRef | None) -> None:
        """Show the messages of another job from now on, followed; of one opened at a moment, from there."""
        self._leave(ref)
        self._window.clear()
        self._ask = None
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
        if self._width != self.line_width or not self._log.view.is_of(self._now()):
            self._lay_out()
        place = self._reading()
        new = self._window.add(messages, None if place is None else self._log.number_of(place))
        self._settle(place)
        if new and not self.follows:
            self._count(new)
        self.post_message(self.Changed())

    def take_ahead(self, messages: Iterable[JobMessage]) -> bool:
        """Take over messages that are shown with the next ones; False where somebody reads above the end.

        Of thousands that come between two repaints each costs little, and all at once keep a key waiting.
        """
        if not self.follows or self._opening is not None or self._width != self.line_width:
            return False
        self._window.add((message for message in messages if message.ref == self._ref), None)
        return True

    def put_before(self, ref: JobRef, messages: Sequence[JobMessage]) -> None:
        """Take over messages of a job that are known, and stand just before those that are held of it."""
        if ref == self._ref:
            place = self._reading()
            self._window.put_known(messages)
            self._settle(place)
            self.post_message(self.Changed())

    def _reading(self) -> Place | None:
        """Name what is being read; None while the end is followed."""
        return None if self.follows else self._log.place(self.scroll_offset.y)

    def layout_lines(self) -> None:
        """Lay all messages out anew: another width, or other switches."""
        place = self._reading()
        self._lay_out()
        self._settle(place)

    def _lay_out(self) -> None:
        self._width = self.line_width
        self._log.lay_out(self._view())

    def _count(self, new: list[JobMessage]) -> None:
        """Count what has come and is not on the screen: below what is being read, and above it."""
        seen, rows = self.visible_rows(), self._log.rows_of(new)
        below = sum(row is None or row >= seen.stop for row in rows)
        self.unseen += below
        self.late += sum(row is not None and row < seen.start for row in rows)

    def _view(self) -> LogView:
        return LogView(self._width, self._now(), self.stamps, self.wraps, self.debug, self._search, self.only)

    def follow(self, on: bool) -> None:
        """Follow what comes, or stay where it is."""
        self.follows, self.opens_at = on, None
        if on:
            self._ask = None
            self._window.catch_up()
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
        return self._log.hit_count

    def match(self, step: int) -> bool:
        """Scroll to the next or previous marked line; False when there is none.

        Beyond the last that is held, others are looked for in the journal.
        """
        hits, top = self._log.hits, self.scroll_offset.y
        if step > 0:
            row = next((hit for hit in hits if hit > top), None)
        else:
            row = next((hit for hit in reversed(hits) if hit < top), None)
        if row is None and self._search and self._has_more(Way.NEWER if step > 0 else Way.OLDER):
            self.follow(False)
            self._want(Way.NEWER if step > 0 else Way.OLDER, self._search)
            return True
        if not hits:
            return False
        self._go_to_row((hits[0] if step > 0 else hits[-1]) if row is None else row)
        return True

    def _go_to_row(self, row: int) -> None:
        self.follow(False)
        self.scroll_lines_to(row)
        self.redraw()

    # --- what is not held -----------------------------------------------------------------------------
    @property
    def may_have_older(self) -> bool:
        """Whether the journal may have messages before those that are held."""
        return self._has_more(Way.OLDER)

    def _has_more(self, way: Way) -> bool:
        if not len(self._log.messages):
            return False
        return self._window.is_behind if way is Way.NEWER else self._window.has_older is not False

    def _want(self, way: Way, query: MessageQuery = NO_QUERY) -> None:
        """Ask for messages that are not held, unless that is being done."""
        held = self._log.messages
        if self._ref is None or not self._has_more(way):
            return
        if self._ask is not None and self._ask.serves(way, query):
            return
        self._ask = Ask(self._ref, way, held[-1] if way is Way.NEWER else held[0], query, self.debug)
        self.post_message(self.Wanted(self._ask))

    def take(self, ask: Ask, page: Sequence[JobMessage], *, is_next: bool = True) -> None:
        """Take over what was asked for; ``is_next`` says that nothing is between it and what is held."""
        if ask is not self._ask:
            return  # somebody went elsewhere meanwhile
        self._ask = None
        place = self._reading()
        if not is_next:
            self._window.move_to(page, has_older=ask.way is not Way.OLDEST)
        elif ask.way is Way.NEWER:
            self._window.put_behind(page)
        else:
            self._window.put_before(page)
        self._settle(place)
        if ask.query and page:
            self._show_found(ask.way, is_next=is_next)
        elif ask.way is Way.OLDEST:
            self._window.has_older = False
            self._go_to_row(0)
        self.post_message(self.Changed())

    def give_up(self, ask: Ask) -> None:
        """Take note that what was asked for does not come."""
        if ask is self._ask:
            self._ask = None

    def _show_found(self, way: Way, *, is_next: bool) -> None:
        hits, top = self._log.hits, self.scroll_offset.y
        if is_next:
            hits = [hit for hit in hits if (hit < top if way is Way.OLDER else hit > top)]
        if hits:
            self._go_to_row(hits[-1] if way is Way.OLDER else hits[0])

    def _look_beyond(self, rows: int) -> None:
        """Ask for more when somebody moves towards the end of what is held."""
        top, page = self.scroll_offset.y, self.page_height
        if rows < 0 and top < 2 * page:
            self._want(Way.OLDER)
        elif rows > 0 and top + 3 * page >= self.line_count() and self._window.is_behind:
            if self._window.has_gap:
                self._want(Way.NEWER)
            else:
                place = self._reading()
                self._window.put_behind(())
                self._settle(place)

    def go_to_step(self, step_id: str) -> bool:
        """Scroll to where the messages of a step begin; False when none is shown."""
        row = self._log.row_of_step(step_id)
        if row is None:
            return False
        self._go_to_row(row)
        return True

    def title(self) -> str:
        """Say whether it follows, and what is not shown."""
        new = f", {self.unseen} new below" if self.unseen else ""
        late = f", {self.late} late above" if self.late else ""
        follow, debug, only = (key_of(f"messages.{name}").face for name in ("follow", "debug", "only"))
        parts = ["following" if self.follows else f"PAUSED{new}{late}, {follow} follows"]
        if not self.debug and (hidden := self._log.hidden):
            parts.append(f"{hidden} debug hidden, {debug} shows")
        if self._search:
            hint = f"{only} shows {'all' if self.only else 'only these'}"
            older = f", {key_of('previous_match').face} older on disk" if self._window.has_older else ""
            parts.append(f"{self._log.hit_count} found{older}, {hint}")
        return "  ".join(parts)

    def line_count(self) -> int:
        return len(self._log)

    def line(self, row: int) -> Line:
        return self._log.line(row)

    def empty_lines(self) -> list[Line]:
        return self.why_empty

    def action_move(self, rows: int) -> None:
        """Scroll; upwards pauses, and reaching the end follows again."""
        self.opens_at = None
        super().action_move(rows)
        at_end = self.scroll_offset.y >= self.line_count() - self.page_height
        if rows < 0 and not at_end and self.follows:
            self.follow(False)
        elif rows > 0 and at_end and not self.follows and not self._window.is_behind:
            self.follow(True)
        self._look_beyond(rows)

    def action_top(self) -> None:
        """Go to the oldest message, wherever it is kept."""
        self._want(Way.OLDEST)
        super().action_top()

    def action_bottom(self) -> None:
        """Go to the newest message, and follow."""
        self.follow(True)

    def on_resize(self) -> None:
        if self._width != self.line_width:
            self.layout_lines()

    def on_mouse_scroll_up(self) -> None:
        if self.line_count() > self.page_height:
            self.follow(False)
        self._look_beyond(-1)

    def on_mouse_scroll_down(self) -> None:
        self._look_beyond(1)

    def _settle(self, place: Place | None = None) -> None:
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
