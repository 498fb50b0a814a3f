"""The messages of a job that no screen holds: read from the journal, off the loop, a page at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from jobtui.journal.pages import Pages
from jobtui.model import JobMessage, JobRef
from jobtui.monitor.recorder import Recorder

PAGE = 500
"""Messages read at once, for whoever scrolls."""
LOOKED_AT_ONCE = 2_000
"""Messages looked through at once, for whoever searches; in between others come to the journal."""
_PATIENCE_S = 0.2
"""How long what was just told may take to be in the journal; what is not yet, is at the next question."""


class Scrollback:
    """Reads messages before and behind those that somebody has. All of it raises JournalError."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._pages: Pages = recorder.journal.pages

    async def oldest(self, ref: JobRef, count: int = PAGE) -> list[JobMessage]:
        """Give the first messages ever seen of a job, oldest first."""
        await self._recorder.caught_up(_PATIENCE_S)
        return await self._recorder.run(lambda: self._pages.oldest(ref, count))

    async def older(self, message: JobMessage, count: int = PAGE) -> list[JobMessage]:
        """Give the messages just before one, oldest first; none when it is the first ever seen."""
        await self._recorder.caught_up(_PATIENCE_S)
        return await self._recorder.run(lambda: self._pages.older(message, count))

    async def newer(self, message: JobMessage, count: int = PAGE) -> list[JobMessage]:
        """Give the messages just behind one, oldest first."""
        await self._recorder.caught_up(_PATIENCE_S)
        return await self._recorder.run(lambda: self._pages.newer(message, count))

    async def find(
        self, message: JobMessage, passes: Callable[[JobMessage], bool], *, older: bool
    ) -> tuple[list[JobMessage], bool]:
        """Give the next page before (else behind) a message in which one passes; none when none does.

        Beside it, whether nothing is between that page and the message.
        """
        await self._recorder.caught_up(_PATIENCE_S)
        edge, is_next = message, True
        while True:
            page, has_any = await self._recorder.run(partial(self._look, edge, passes, older))
            if has_any or not page:
                return page, is_next
            edge, is_next = page[0 if older else -1], False

    def _look(
        self, edge: JobMessage, passes: Callable[[JobMessage], bool], older: bool
    ) -> tuple[list[JobMessage], bool]:
        read = self._pages.older if older else self._pages.newer
        page = read(edge, LOOKED_AT_ONCE)
        return page, any(map(passes, page))
