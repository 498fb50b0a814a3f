"""Reading a job's messages to their end, whatever order, page size and paging the server prefers. Pure.

Always asked for oldest first, and never relied on: some versions give newest first, or the whole log at once.
A message may also be filed late among those read already. So some rows are read again each time, and when the
first of them is not the row that stood there, something has moved and the log is read from its beginning.
"""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from jobtui.backends.nextspace.messages import MessageRows, in_order
from jobtui.model import Cursor, JobMessage

AMOUNT = 200
OVERLAP = 10
"""Rows read again each time: a job host's clock may file a late one before those already read."""
MOST_PAGES = 500
_MOST_AT_ONCE = 25
"""Pages that one reading of a log that is paged as asked takes; the next goes on from there."""
_SMALLEST_LIMIT = 10
"""Servers are not thought to give fewer messages at once than this."""


class Habit(StrEnum):
    """How a server gives a log."""

    FORWARD = "f"
    """As asked: oldest first, from StartIndex."""
    BACKWARD = "b"
    """Newest first, whatever is asked."""
    WHOLE = "w"
    """All of it, wherever StartIndex points."""


class Mark(Struct, frozen=True):
    """What a cursor says of what was read."""

    habit: Habit = Habit.FORWARD
    count: int = 0
    """Rows read."""
    largest: int = 0
    """The largest page so far."""
    anchor: str = ""
    """The id that stood at ``start``, empty when that is not known; BACKWARD: that of the newest row."""
    first: str = ""
    """The id of the very first row."""

    @property
    def start(self) -> int:
        """Where the next page begins; the overlap is always smaller than what the server gives at once."""
        if self.habit is not Habit.FORWARD or self.largest < 2:
            return 0
        return max(0, self.count - min(OVERLAP, self.largest // 2))

    def cursor(self) -> Cursor:
        """Write the mark."""
        numbers = f"{self.habit}:{self.count}:{self.largest}:{len(self.anchor)}"
        return Cursor(f"{numbers}:{self.anchor}{self.first}")


_MARK = re.compile(r"([fbw]):(\d{1,9}):(\d{1,9}):(\d{1,9}):(.*)", re.ASCII | re.DOTALL)


def mark_of(cursor: Cursor) -> Mark:
    """Read a cursor; one that is empty or not ours starts at the beginning."""
    found = _MARK.fullmatch(cursor.mark)
    if found is None:
        return Mark()
    ids, length = found[5], int(found[4])
    return Mark(Habit(found[1]), int(found[2]), int(found[3]), ids[:length], ids[length:])


class Reading:
    """One reading of a log: takes pages, says which is next, and gives what they held in order, each once."""

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.start = mark.start
        """Where the next page begins."""
        self.is_over = False
        self.more = False
        """Whether it ended before the log did."""
        self._begun_at = mark.count
        self._found: dict[str, JobMessage] = {}
        self._seen: set[str] = set()
        self._places: dict[int, str] = {}
        self._newest = ""
        self._is_again = self.start == 0
        """Whether it reads from the beginning: then nothing can have moved that was read before."""
        self._pages = 0

    @property
    def messages(self) -> tuple[JobMessage, ...]:
        """All that was taken, oldest first."""
        return in_order(self._found.values())

    def take(self, page: MessageRows) -> None:
        """Take over the page that was asked for at ``start``."""
        self._pages += 1
        self._found |= {message.id: message for message in page.messages}
        has_new = not self._seen.issuperset(page.ids)
        self._seen.update(page.ids)
        if self.start == 0 and self.mark.habit is Habit.BACKWARD and page.lean > 0:
            self.mark = Mark()
        if self.start == 0 and self.mark.habit is Habit.FORWARD and page.lean < 0:
            self.mark = Mark(Habit.BACKWARD)
        if self.mark.habit is Habit.WHOLE or self._is_whole(page):
            self.mark, self.is_over = Mark(Habit.WHOLE), True
        elif self.mark.habit is Habit.BACKWARD:
            self._go_back(page, has_new)
        elif self._has_moved(page):
            self.mark, self.start, self._is_again = Mark(), 0, True
            self._seen.clear()
            self._places.clear()
        else:
            self._go_on(page, has_new)

    def _is_whole(self, page: MessageRows) -> bool:
        """Whether a page from further on begins with the first row of all."""
        mark = self.mark
        is_further_on = mark.habit is Habit.FORWARD and self.start > 0
        return is_further_on and page.ids[:1] == (mark.first,) and mark.first not in ("", mark.anchor)

    def _has_moved(self, page: MessageRows) -> bool:
        return not self._is_again and self.mark.anchor != "" and page.ids[:1] != (self.mark.anchor,)

    def _go_on(self, page: MessageRows, has_new: bool) -> None:
        rows = len(page.ids)
        self._places |= {self.start + place: each for place, each in enumerate(page.ids)}
        largest, count = max(self.mark.largest, rows), max(self.mark.count, self.start + rows)
        first = self._places.get(0, self.mark.first)
        mark = Mark(count=count, largest=largest, first=first)
        self.mark = replace(mark, anchor=self._places.get(mark.start, ""))
        # A server may give fewer than it was asked for: a page as large as any before may have been cut.
        may_be_cut = rows >= max(min(largest, AMOUNT), _SMALLEST_LIMIT)
        goes_on = may_be_cut and has_new and mark.start > self.start
        self.is_over = not goes_on or self._pages >= _MOST_AT_ONCE
        self.more = goes_on and self.is_over and count > self._begun_at
        self.start = mark.start

    def _go_back(self, page: MessageRows, has_new: bool) -> None:
        """Read backwards to what was read before: all of it at once, as older ones must not come later."""
        if self.start == 0:
            self._newest = next(iter(page.ids), self.mark.anchor)
        reached = self.mark.anchor in page.ids
        self.start += len(page.ids)
        self.is_over = reached or not has_new or self._pages >= MOST_PAGES
        if self.is_over:
            self.mark = Mark(Habit.BACKWARD, anchor=self._newest)
