"""The journal off the event loop: writes in order, in batches, without making anyone wait."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import NoReturn, TypeVar

from jobtui.errors import JournalError
from jobtui.journal.database import may_pass
from jobtui.journal.journal import Journal
from jobtui.model import Job, JobDetail, JobMessage, JobRef
from jobtui.monitor.pending import Pending

_T = TypeVar("_T")
CLOSE_S = 1.0
AGAIN_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between tries of what could not be written; the last goes on."""
_LOOK_S = 3_600.0
"""How often it is seen whether the journal is to be pruned, by this process or another."""
log = logging.getLogger(__name__)


class Recorder:
    """One thread that writes to the journal; a fault of the journal never stops the watching.

    What could not be written is kept, within bounds, and tried again. What is asked of the journal for a
    control is never given up.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.fault: str | None = None
        """What is wrong with the journal, if its last write failed."""
        self.on_fault: Callable[[str | None], None] = lambda _fault: None
        """Told on the loop when the journal fails, and with None when it takes writes again."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._pending = Pending()
        self._calls: deque[Callable[[], object]] = deque()
        self._flushing: asyncio.Task[None] | None = None
        self._tidying: asyncio.Task[NoReturn] | None = None
        self._is_closing = asyncio.Event()

    async def run(self, call: Callable[[], _T]) -> _T:
        """Run one journal call before what is still to be written; raises JournalError."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def keep_jobs(self, jobs: Iterable[Job], asked_at: datetime | None = None) -> None:
        """Have the latest of each job, and every way it stood, written soon; returns at once."""
        self._pending.add_jobs(jobs, asked_at)
        self._wake()

    def keep_late(self, jobs: Iterable[Job]) -> None:
        """Have it written soon how jobs stood by answers that something newer had overtaken."""
        self._pending.add_told(jobs)
        self._wake()

    def keep_detail(self, detail: JobDetail) -> None:
        """Have a job with its steps written soon."""
        self._pending.add_detail(detail)
        self._wake()

    def keep_messages(self, messages: Iterable[JobMessage]) -> None:
        """Have messages written soon."""
        self._pending.add_messages(messages)
        self._wake()

    def keep_look(self, ref: JobRef, at: datetime) -> None:
        """Have it written soon that the person looked at a job."""
        self._pending.add_look(ref, at)
        self._wake()

    def keep_first_asked(self, refs: Iterable[JobRef], at: datetime) -> None:
        """Have it written soon when ids were asked for the first time."""
        kept = tuple(refs)
        self.soon(lambda: self.journal.first_asked(kept, at))

    def soon(self, call: Callable[[], object]) -> None:
        """Have one journal call made soon, in the order of asking, and again until the journal takes it."""
        self._calls.append(call)
        self._wake()

    async def caught_up(self, patience_s: float = CLOSE_S) -> None:
        """Wait until what was to be written is, but no longer than so many seconds."""
        if self._flushing is not None:
            await asyncio.wait([self._flushing], timeout=patience_s)

    def tidy(self) -> None:
        """Have the journal pruned in the background, once a day, a short step at a time."""
        if self._tidying is None:
            self._tidying = asyncio.create_task(self._tidy())

    async def close(self, patience_s: float = CLOSE_S) -> None:
        """Write what is pending and let go of the thread; a journal that hangs is not waited for longer."""
        self._is_closing.set()
        if self._tidying is not None:
            self._tidying.cancel()
        try:
            async with asyncio.timeout(patience_s):
                await self._write_all()
        except TimeoutError:
            log.error("the journal took too long")
        if self._pending or self._calls:
            waiting = f"{len(self._pending)} states and messages, {len(self._calls)} notes"
            log.error("not written to the journal: %s", waiting)
        self._thread.shutdown(wait=False)

    async def _write_all(self) -> None:
        if self._flushing is not None:
            await self._flushing
        await self._write()

    def _wake(self) -> None:
        is_idle = self._flushing is None or self._flushing.done()
        if is_idle and (self._pending or self._calls):
            self._flushing = asyncio.create_task(self._flush())

    async def _flush(self) -> None:
        """Write until nothing is left, waiting ever longer while the journal takes nothing."""
        waits = iter(AGAIN_S)
        while not await self._write() and not self._is_closing.is_set():
            try:
                async with asyncio.timeout(next(waits, AGAIN_S[-1])):
                    await self._is_closing.wait()
            except TimeoutError:
                continue

    async def _write(self) -> bool:
        """Write all there is; False when the journal did not take it, which is then still to be written."""
        while self._pending or self._calls:
            if not await self._write_calls() or not await self._write_batch():
                return False
        return True

    async def _write_calls(self) -> bool:
        while self._calls:
            error = await self._try(self._calls[0])
            if error is not None and may_pass(error):
                return False
            # What the journal refuses for what it is would be refused for ever.
            self._calls.popleft()
        return True

    async def _write_batch(self) -> bool:
        if not self._pending:
            return True
        batch = self._pending.take()
        if await self._try(partial(self.journal.keep, batch)) is None:
            return True
        self._pending.put_back(batch)
        if self._pending.lost_states or self._pending.lost_messages:
            lost = f"{self._pending.lost_states} states and {self._pending.lost_messages} messages"
            self.fault = f"{self.fault}; {lost} had to be given up meanwhile"
        return False

    async def _try(self, call: Callable[[], object]) -> JournalError | None:
        try:
            await self.run(call)
        except JournalError as error:
            self._stands(str(error))
            log.error("journal: %s", error)
            return error
        except Exception as error:
            # A bug in writing down must not end it for good.
            log.exception("journal")
            text = f"internal error of the journal: {type(error).__name__}"
            self._stands(text)
            return JournalError(text)
        self._stands(None)
        return None

    def _stands(self, fault: str | None) -> None:
        is_news = (fault is None) is not (self.fault is None)
        self.fault = fault
        if is_news:
            self.on_fault(fault)

    async def _tidy(self) -> NoReturn:
        while True:
            await self._prune()
            await asyncio.sleep(_LOOK_S)

    async def _prune(self) -> None:
        steps = self.journal.upkeep.daily()
        try:
            # What else is to be written comes in between: the thread takes its work in turn.
            while await self.run(lambda: next(steps, False)):
                pass
        except JournalError as error:
            log.warning("the journal was not pruned: %s", error)
