"""A window on the messages of a job: some are held, older and newer ones are in the journal. No I/O.

It follows the end, or it stands where somebody reads. What comes while it cannot hold more is set aside: the
newest at hand, so that following again needs nobody, the rest to be read from the journal.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import chain

from jobtui.model import JobMessage
from jobtui.tui.format.log import LogLines

ASIDE = 1_000
"""The newest messages held beside a window that stands elsewhere."""
SPARE = 200
"""Messages kept above what is being read when the oldest have to go."""


class Window:
    """Messages held, and what is known of those that are not."""

    def __init__(self, lines: LogLines, kept: int) -> None:
        """``kept`` is the most messages held in it."""
        self.lines = lines
        self._kept = kept
        self._aside: deque[JobMessage] = deque(maxlen=ASIDE)
        self.is_behind = False
        """Whether newer messages than the last held are known."""
        self.has_gap = False
        """Whether some of those are only in the journal."""
        self.has_older: bool | None = None
        """Whether the journal has messages before the first held; None while nobody has asked."""

    def clear(self) -> None:
        """Hold nothing."""
        self.lines.clear()
        self._aside.clear()
        self.is_behind = self.has_gap = False
        self.has_older = None

    def add(self, messages: Iterable[JobMessage], reading: int | None) -> list[JobMessage]:
        """Take over what has come; gives what of it is shown, here or by and by.

        ``reading`` is the first message on the screen, which must not go; None when the end is followed.
        """
        new = list(messages)
        if self.is_behind:
            return self._add_behind(new)
        if reading is None and len(new) > self._kept:
            self.has_older = True
            del new[: -self._kept]
        shown = self.lines.add(self._not_before(new))
        self._bound(reading)
        return shown

    def newest(self, count: int) -> list[JobMessage]:
        """Give the newest messages that are shown, oldest first, wherever the window stands."""
        view, found = self.lines.view, list[JobMessage]()
        for message in chain(reversed(self._aside), reversed(self.lines.messages)):
            if len(found) == count:
                break
            if view.shows(message):
                found.append(message)
        return found[::-1]

    def _not_before(self, new: Sequence[JobMessage]) -> Sequence[JobMessage]:
        """Leave out what stands before all that are held: it is in the journal, as others there are."""
        return self.lines.messages.not_before(new) if self.has_older else new

    def _bound(self, reading: int | None) -> None:
        excess = len(self.lines.messages) - self._kept
        if excess <= 0:
            return
        if reading is None or reading - excess >= SPARE:
            self.lines.drop_first(excess)
            self.has_older = True
        else:
            self._set_aside(self.lines.drop_last(excess))

    def _set_aside(self, dropped: Sequence[JobMessage]) -> None:
        """Note that messages behind the window are not held in it."""
        self.is_behind = True
        if not self.has_gap:
            together = [*dropped, *self._aside]
            self.has_gap = len(together) > ASIDE
            self._aside = deque(together, ASIDE)

    def _add_behind(self, new: list[JobMessage]) -> list[JobMessage]:
        known = {message.id for message in self._aside}
        shown: list[JobMessage] = []
        late: list[JobMessage] = []
        for message in new:
            if message.id in known or self.lines.has(message):
                continue
            if self.lines.messages.is_behind(message):
                self.has_gap = self.has_gap or len(self._aside) == ASIDE
                self._aside.append(message)
                shown += [message] if self.lines.view.shows(message) else []
            else:
                late.append(message)
        shown += self.lines.add(self._not_before(late))
        return shown

    def catch_up(self) -> None:
        """Hold the newest messages again."""
        if not self.is_behind:
            return
        if self.has_gap:
            mark = self.lines.mark
            self.lines.clear()
            self.lines.mark_after(mark)
            self.has_older = True
        self._join()
        self._bound(None)

    def _join(self) -> None:
        self.lines.add(self._aside)
        self._aside.clear()
        self.is_behind = self.has_gap = False

    def put_before(self, page: Sequence[JobMessage]) -> None:
        """Take over the messages that the journal has just before the first held."""
        self.has_older = self.lines.put_before(page) > 0
        excess = len(self.lines.messages) - self._kept
        if excess > 0:
            self._set_aside(self.lines.drop_last(excess))

    def put_known(self, messages: Sequence[JobMessage]) -> None:
        """Take over messages from just before the first held, as many as there is room for."""
        room = 0 if self.is_behind else max(0, self._kept - len(self.lines.messages))
        if len(messages) > room:
            self.has_older = True  # the journal has them
        self.lines.put_before(messages[max(0, len(messages) - room) :])

    def put_behind(self, page: Sequence[JobMessage]) -> None:
        """Take over the messages that the journal, or what is set aside, has just behind the last held."""
        if self.has_gap:
            at_hand = {message.id for message in self._aside}
            self.lines.add(page)
            # A page that has nothing new leads nowhere: what the journal lost is not waited for.
            if not page or any(message.id in at_hand for message in page):
                self._join()
        else:
            self._join()
        excess = len(self.lines.messages) - self._kept
        if excess > 0:
            self.lines.drop_first(excess)
            self.has_older = True

    def move_to(self, page: Sequence[JobMessage], *, has_older: bool) -> None:
        """Hold a page from elsewhere in the journal instead."""
        held = self.lines.messages
        if not self.is_behind:
            self._aside = deque((held[n] for n in range(max(0, len(held) - ASIDE), len(held))), ASIDE)
        mark = self.lines.mark
        self.lines.clear()
        self.lines.mark_after(mark)
        self.lines.add(page)
        self.is_behind = self.has_gap = True
        self.has_older = has_older
