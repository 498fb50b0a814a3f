"""A job's messages laid out as lines: in order, bounded, and able to say where each has gone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jobtui.insight.message_query import MessageQuery
from jobtui.insight.order import in_order, is_in_turn
from jobtui.model import JobMessage, Level
from jobtui.tui.format.messages import message_lines
from jobtui.tui.format.spans import Line

NO_QUERY = MessageQuery()


@dataclass(frozen=True, slots=True)
class LogView:
    """How messages are to be drawn."""

    width: int
    now: datetime
    stamps: bool = True
    wraps: bool = True
    debug: bool = False
    search: MessageQuery = NO_QUERY
    """What is searched for; nothing when it is empty."""
    only: bool = False
    """Whether only what is searched for is shown."""

    def shows(self, message: JobMessage) -> bool:
        """Whether a message is shown at all."""
        if not self.debug and message.level is Level.DEBUG:
            return False
        return not self.only or not self.search or self.search.matches(message)


class LogLines:
    """Messages and their lines. What comes late goes to its place; lines laid out once are kept."""

    def __init__(self, kept: int) -> None:
        """``kept`` is the most messages there can be; the oldest go first."""
        self._kept = kept
        self._ids: set[str] = set()
        self._drawn: dict[str, tuple[list[Line], bool]] = {}
        self._starts: list[int] = []
        self._order: list[str] = []
        self._mark: tuple[str, Line] | None = None
        self.messages: list[JobMessage] = []
        self.lines: list[Line] = []
        self.hits: list[int] = []
        """First lines of the messages that contain what is searched for."""

    def clear(self) -> None:
        """Forget everything."""
        self._ids.clear()
        self._mark = None
        self.messages = []
        self._begin()

    def mark_end(self, line: Line) -> bool:
        """Have a line stand between what is shown now and what comes; the same place keeps its first.

        False when nothing changes by it.
        """
        if not self._order or (self._mark is not None and self._mark[0] == self._order[-1]):
            return False
        self._mark = (self._order[-1], line)
        return True

    @property
    def mark(self) -> tuple[str, Line] | None:
        """The line that stands behind a message, and the id of that message."""
        return self._mark

    def mark_after(self, mark: tuple[str, Line] | None) -> None:
        """Have a line stand behind a message, as ``mark`` gave it; seen when it is laid out anew."""
        self._mark = mark

    def row_of_step(self, step_id: str) -> int | None:
        """Give the line on which the messages of a step begin; None when it has none that is shown."""
        starts = dict(zip(self._order, self._starts, strict=True))
        ids = (message.id for message in self.messages if message.step == step_id)
        return next((starts[one] for one in ids if one in starts), None)

    def row_at(self, at: datetime) -> int | None:
        """Give the line of the first message told at a moment or later, else of the last; None of none."""
        times = {message.id: message.at for message in self.messages}
        for key, start in zip(self._order, self._starts, strict=True):
            if (told := times.get(key)) is not None and told >= at:
                return start
        return self._starts[-1] if self._starts else None

    def at_row(self, row: int) -> datetime | None:
        """Say when the message on a line was told."""
        place = self.place(row)
        found = None if place is None else next((m for m in self.messages if m.id == place[0]), None)
        return None if found is None else found.at

    def add(self, messages: Iterable[JobMessage], view: LogView) -> list[JobMessage]:
        """Take over messages; those it has are passed over. Gives the new ones that are shown."""
        new = [message for message in messages if message.id not in self._ids]
        self._ids.update(message.id for message in new)
        if is_in_turn(self.messages, new) and len(self.messages) + len(new) <= self._kept:
            self.messages.extend(new)
            for message in new:
                self._append(message, view)
        else:
            self.messages = in_order(self.messages, new)[-self._kept :]
            self._arrange(view)
        return [message for message in new if view.shows(message)]

    def lay_out(self, view: LogView) -> None:
        """Lay everything out anew: another width, or other switches."""
        self._drawn.clear()
        self._arrange(view)

    def place(self, row: int) -> tuple[str, int] | None:
        """Name what stands on a line: the id of its message, and how far into it."""
        number = bisect_right(self._starts, row) - 1
        return (self._order[number], row - self._starts[number]) if number >= 0 else None

    def ids_of(self, rows: Iterable[int]) -> set[str]:
        """Give the ids of the messages that stand on some lines."""
        places = map(self.place, rows)
        return {place[0] for place in places if place is not None}

    def row_of(self, place: tuple[str, int]) -> int | None:
        """Give the line on which something stands now; None when it is gone."""
        number = next((n for n, key in enumerate(self._order) if key == place[0]), None)
        return None if number is None else self._starts[number] + place[1]

    def rows_of(self, messages: Iterable[JobMessage]) -> list[int]:
        """Give the first lines of some messages, where they are shown."""
        wanted = {message.id for message in messages}
        starts = zip(self._order, self._starts, strict=True)
        return [start for key, start in starts if key in wanted]

    def _begin(self) -> None:
        self._drawn.clear()
        self.lines, self.hits, self._starts, self._order = [], [], [], []

    def _arrange(self, view: LogView) -> None:
        drawn = self._drawn
        self._drawn = {}
        self.lines, self.hits, self._starts, self._order = [], [], [], []
        for message in self.messages:
            if message.id in drawn:
                self._drawn[message.id] = drawn[message.id]
            self._append(message, view)

    def _append(self, message: JobMessage, view: LogView) -> None:
        if not view.shows(message):
            return
        drawn = self._drawn.get(message.id)
        if drawn is None:
            drawn = self._drawn[message.id] = _draw(message, view)
        lines, is_hit = drawn
        if self._mark is not None and self._order and self._order[-1] == self._mark[0]:
            self.lines.append(self._mark[1])
        if is_hit:
            self.hits.append(len(self.lines))
        self._starts.append(len(self.lines))
        self._order.append(message.id)
        self.lines.extend(lines)


def _draw(message: JobMessage, view: LogView) -> tuple[list[Line], bool]:
    lines = message_lines(message, view.now, view.width, stamps=view.stamps, wrapped=view.wraps)
    is_hit = bool(view.search) and view.search.matches(message)
    if is_hit and not view.only:
        *head, text = lines[0]
        lines[0] = (*head, text._replace(look="match"))
    return lines, is_hit
