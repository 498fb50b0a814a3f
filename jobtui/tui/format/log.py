"""A job's messages as rows of a pane: each counted once, drawn when looked at, dropped at either end."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import accumulate, islice

from jobtui.insight.message_query import MessageQuery
from jobtui.model import JobMessage, Level
from jobtui.tui.format.kept_messages import KeptMessages
from jobtui.tui.format.messages import message_lines, row_count
from jobtui.tui.format.spans import Line

NO_QUERY = MessageQuery()
Place = tuple[str, int, int]
"""What stands on a row: the id of its message, how far into it, and where that began when it was asked."""
_DRAWN = 120
"""Messages of which the lines are kept: more than any screen shows."""


@dataclass(frozen=True)
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

    @cached_property
    def today(self) -> tuple[datetime, datetime]:
        """When the day of this view begins and ends: what was told in it has no date before its time."""
        begins = self.now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        ends = (begins.replace(tzinfo=None) + timedelta(days=1)).astimezone()
        return begins.astimezone(UTC), ends.astimezone(UTC)  # compared faster with what is of the same zone

    def is_of(self, now: datetime) -> bool:
        """Whether a moment is of the same day: times are drawn in as many cells."""
        begins, ends = self.today
        return begins <= now < ends

    def rows(self, message: JobMessage) -> int:
        """Say on how many rows a message is drawn; 0 when it is not."""
        return self.rows_of((message,))[0]

    def rows_of(self, messages: Iterable[JobMessage]) -> list[int]:
        """Say the same of many: of thousands, almost all are of one plain line."""
        begins, ends = self.today
        stamp, dated = (9, 12) if self.stamps else (0, 0)
        counts: list[int] = []
        for message in messages:
            text, at = message.text, message.at
            taken = stamp if at is None or begins <= at < ends else dated
            is_plain = message.level is Level.INFO and not self.only
            if is_plain and len(text) <= self.width - taken and text.isascii() and text.isprintable():
                counts.append(1)
            elif (self.only or not self.debug) and not self.shows(message):
                counts.append(0)
            else:
                counts.append(row_count(message, self.width, taken, wrapped=self.wraps))
        return counts


class LogLines:
    """Messages and the rows that they take. Rows are counted from a first one that may be below zero.

    What comes behind, what comes before and what goes at either end changes the number of no other row.
    """

    def __init__(self, view: LogView) -> None:
        self.view = view
        self.messages = KeptMessages()
        self.hidden = 0
        """Debug messages among them."""
        self._ids: dict[str, None] = {}
        """Those of all messages; a set of them would be twice as large."""
        self._starts = array("q", (0,))
        """The first row of each message, and the row behind the last."""
        self._hits = array("q")
        self._drawn: dict[str, list[Line]] = {}
        self._mark: tuple[str, Line] | None = None
        self._marked: str | None = None
        """The message above which the mark stands, on a row of its own."""

    # --- rows -----------------------------------------------------------------------------------------
    def __len__(self) -> int:
        """The number of rows."""
        return self._starts[-1] - self._starts[0]

    @property
    def hits(self) -> list[int]:
        """The first rows of the messages that contain what is searched for."""
        base = self._starts[0]
        return [row - base for row in self._hits]

    @property
    def hit_count(self) -> int:
        """How many messages contain what is searched for."""
        return len(self._hits)

    def line(self, row: int) -> Line:
        """Draw a row."""
        number, rest = self._at(row)
        key = self.messages.id(number)
        if key == self._marked:
            if rest == 0 and self._mark is not None:
                return self._mark[1]
            rest -= 1
        lines = self._drawn.get(key)
        if lines is None:
            if len(self._drawn) > _DRAWN:
                self._drawn.clear()
            lines = self._drawn[key] = draw(self.messages[number], self.view)
        return lines[rest] if rest < len(lines) else ()

    def _at(self, row: int) -> tuple[int, int]:
        """Say which message stands on a row, and how far into it the row is."""
        starts = self._starts
        row = min(row + starts[0], starts[-1] - 1)
        number = bisect_right(starts, row) - 1
        return number, row - starts[number]

    def place(self, row: int) -> Place | None:
        """Name what stands on a row."""
        if not len(self):
            return None
        number, rest = self._at(row)
        return self.messages.id(number), rest, self._starts[number]

    def number_of(self, place: Place) -> int | None:
        """Say which message is meant by a place; None when it is gone."""
        key, _, start = place
        number = bisect_right(self._starts, start) - 1
        if 0 <= number < len(self.messages) and self.messages.id(number) == key:
            return number
        return self.messages.number_of(key)

    def rows_of(self, messages: Iterable[JobMessage]) -> list[int | None]:
        """Give the first rows of some messages; None for those that are not here."""
        numbers = self.messages.numbers()
        found = (numbers.get(message.id) for message in messages)
        return [None if number is None else self.first_row(number) for number in found]

    def row_of(self, place: Place) -> int | None:
        """Give the row on which something stands now; None when it is gone."""
        rest, number = place[1], self.number_of(place)
        if number is None:
            return None
        return self._starts[number] - self._starts[0] + min(rest, max(0, self._rows_of(number) - 1))

    def _rows_of(self, number: int) -> int:
        return self._starts[number + 1] - self._starts[number]

    def first_row(self, number: int) -> int:
        """Give the row on which a message begins, below a mark."""
        row = self._starts[number] - self._starts[0]
        return row + 1 if self.messages.id(number) == self._marked else row

    def is_shown(self, number: int) -> bool:
        """Whether a message has any row."""
        return self._rows_of(number) > 0

    def numbers_at(self, rows: range) -> range:
        """Give the messages that stand on some rows, those that are hidden between them too."""
        if not rows or not len(self):
            return range(0)
        return range(self._at(rows.start)[0], self._at(rows.stop - 1)[0] + 1)

    def row_of_step(self, step_id: str) -> int | None:
        """Give the row on which the messages of a step begin; None when it has none that is shown."""
        shown = (number for number in self.messages.of_step(step_id) if self.is_shown(number))
        number = next(shown, None)
        return None if number is None else self.first_row(number)

    def row_at(self, at: datetime) -> int | None:
        """Give the row of the first message told at a moment or later, else of the last; None of none."""
        if not len(self):
            return None
        number = self.messages.number_at(at)
        while number > 0 and not self.is_shown(number):
            number -= 1
        return self.first_row(number)

    def at_row(self, row: int) -> datetime | None:
        """Say when the message on a row was told."""
        return self.messages[self._at(row)[0]].at if len(self) else None

    # --- the mark -------------------------------------------------------------------------------------
    @property
    def mark(self) -> tuple[str, Line] | None:
        """The line that stands behind a message, and the id of that message."""
        return self._mark

    def mark_end(self, line: Line) -> bool:
        """Have a line stand between what is shown now and what comes; the same place keeps its first.

        False when nothing changes by it.
        """
        if not len(self):
            return False
        last = self.messages.id(self._at(len(self) - 1)[0])
        if self._mark is not None and self._mark[0] == last:
            return False
        self._mark = (last, line)
        return True

    def mark_after(self, mark: tuple[str, Line] | None) -> None:
        """Have a line stand behind a message, as ``mark`` gave it; seen when it is laid out anew."""
        self._mark = mark

    # --- what comes and goes --------------------------------------------------------------------------
    def clear(self) -> None:
        """Forget everything."""
        self._mark = None
        self.messages = KeptMessages()
        self._ids.clear()
        self.lay_out(self.view)

    def has(self, message: JobMessage) -> bool:
        """Whether a message is here."""
        return message.id in self._ids

    def add(self, messages: Iterable[JobMessage]) -> list[JobMessage]:
        """Take over messages, each in its place; gives those that were not here, and are shown."""
        ids, new = self._ids, list[JobMessage]()
        for message in messages:
            if message.id not in ids:
                ids[message.id] = None
                new.append(message)
        counts = self.view.rows_of(new)
        if self.messages.put_behind(new):
            self._count_behind(new, counts)
        else:
            for message in new:
                self.messages.add(message)
            self.lay_out(self.view)
        return [message for message, rows in zip(new, counts, strict=True) if rows]

    def put_before(self, messages: Iterable[JobMessage]) -> int:
        """Take over messages that stand before all that are here; gives how many were not here."""
        new = [message for message in messages if message.id not in self._ids]
        self._ids.update((message.id, None) for message in new)
        self.messages.put_before(new)
        counts = self.view.rows_of(new)
        self._count_mark_before(new, counts)
        row = self._starts[0] - sum(counts)
        starts, hits = array("q"), array("q")
        for message, rows in zip(new, counts, strict=True):
            starts.append(row)
            self.hidden += message.level is Level.DEBUG
            if rows and self._is_hit(message):
                hits.append(row + 1 if self._marked == message.id else row)
            row += rows
        self._starts[:0], self._hits[:0] = starts, hits
        return len(new)

    def _count_mark_before(self, new: Sequence[JobMessage], counts: list[int]) -> None:
        """Give the mark its row above what is shown first behind one of these messages, if that is marked."""
        marked = self._mark[0] if self._mark is not None and self._marked is None else None
        at = next((n for n, message in enumerate(new) if message.id == marked), None)
        if at is None:
            return
        behind = next((n for n in range(at + 1, len(new)) if counts[n]), None)
        if behind is not None:
            counts[behind] += 1
            self._marked = new[behind].id
            return
        here = next((n for n in range(len(self._starts) - 1) if self._rows_of(n)), None)
        if here is not None:
            self._marked = self.messages.id(len(new) + here)
            for n in range(here + 1):
                self._starts[n] -= 1

    def drop_first(self, count: int) -> None:
        """Give up the first messages."""
        self._drop(0, count)
        del self._starts[:count]
        del self._hits[: bisect_right(self._hits, self._starts[0] - 1)]

    def drop_last(self, count: int) -> list[JobMessage]:
        """Give up the last messages; gives them."""
        end = len(self.messages) - count
        gone = [self.messages[number] for number in range(end, len(self.messages))]
        self._drop(end, len(self.messages))
        del self._starts[end + 1 :]
        del self._hits[bisect_right(self._hits, self._starts[-1] - 1) :]
        return gone

    def _drop(self, first: int, end: int) -> None:
        if self.hidden:
            self.hidden -= sum(self.messages.is_debug(number) for number in range(first, end))
        gone = self.messages.drop(first, end)
        for key in gone:
            self._ids.pop(key, None)
        if self._marked in gone:
            self._marked = None
        for key in self._drawn.keys() & gone:
            del self._drawn[key]

    # --- laying out -----------------------------------------------------------------------------------
    def lay_out(self, view: LogView) -> None:
        """Count all rows anew: another width, another day, or other switches."""
        self.view = view
        base = self._starts[0]
        self._starts, self._hits, self._marked, self.hidden = array("q", (base,)), array("q"), None, 0
        self._drawn.clear()
        for number, message in enumerate(self.messages):
            self._count(number, message, view.rows(message))

    def _count_behind(self, new: Sequence[JobMessage], counts: Sequence[int]) -> None:
        """Give the last messages their rows."""
        if self.view.search or (self._mark is not None and self._marked is None):
            first = len(self.messages) - len(new)
            for number, (message, rows) in enumerate(zip(new, counts, strict=True), start=first):
                self._count(number, message, rows)
            return
        self.hidden += sum(message.level is Level.DEBUG for message in new)
        ends = accumulate(counts, initial=self._starts[-1])
        self._starts.extend(islice(ends, 1, None))

    def _count(self, number: int, message: JobMessage, rows: int) -> None:
        """Give the last message its rows."""
        start = self._starts[-1]
        if message.level is Level.DEBUG:
            self.hidden += 1
        if rows and self._mark is not None and self._marked is None and self._is_behind_mark(number):
            self._marked = message.id
            rows += 1
        self._starts.append(start + rows)
        if rows and self.view.search and self._is_hit(message):
            self._hits.append(start + 1 if self._marked == message.id else start)

    def _is_behind_mark(self, number: int) -> bool:
        """Whether the last message that is shown before one is the one that is marked."""
        marked = self._mark[0] if self._mark is not None else None
        while number > 0:
            number -= 1
            if self.messages.id(number) == marked:
                return True
            if self.is_shown(number):
                return False
        return False

    def _is_hit(self, message: JobMessage) -> bool:
        return bool(self.view.search) and self.view.search.matches(message)


def draw(message: JobMessage, view: LogView) -> list[Line]:
    """Draw one message, marked when it is searched for and others are shown beside it."""
    lines = message_lines(message, view.now, view.width, stamps=view.stamps, wrapped=view.wraps)
    if view.search and not view.only and view.search.matches(message):
        *head, text = lines[0]
        lines[0] = (*head, text._replace(look="match"))
    return lines
