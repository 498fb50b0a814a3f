"""The journal off the event loop: writes in order, in batches, without making anyone wait."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import TypeVar

from jobtui.errors import JournalError
from jobtui.journal.journal import Journal
from jobtui.model import Job, JobDetail, JobMessage, JobRef

_T = TypeVar("_T")
CLOSE_S = 1.0
log = logging.getLogger(__name__)


class Recorder:
    """One thread that writes to the journal; a fault of the journal never stops the watching."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.fault: str | None = None
        """What is wrong with the journal, if its last write failed."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._jobs: dict[JobRef, Job] = {}
        self._flushing: asyncio.Task[None] | None = None
        self._soon: set[asyncio.Task[bool]] = set()

    async def run(self, call: Callable[[], _T]) -> _T:
        """Run one journal call after those already asked for; raises JournalError."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def keep_jobs(self, jobs: Iterable[Job]) -> None:
        """Have the latest of each job written soon; returns at once."""
        self._jobs.update((job.ref, job) for job in jobs)
        if self._jobs and (self._flushing is None or self._flushing.done()):
            self._flushing = asyncio.create_task(self._flush())

    def keep_detail(self, detail: JobDetail) -> None:
        """Have a job with its steps written soon."""
        self.soon(lambda: self.journal.save_detail(detail))

    def keep_messages(self, messages: Iterable[JobMessage]) -> None:
        """Have messages written soon."""
        kept = tuple(messages)
        self.soon(lambda: self.journal.save_messages(kept))

    def keep_first_asked(self, refs: Iterable[JobRef], at: datetime) -> None:
        """Have it written soon when ids were asked for the first time."""
        kept = tuple(refs)
        self.soon(lambda: self.journal.first_asked(kept, at))

    def soon(self, call: Callable[[], object]) -> None:
        """Have one journal call made after those already asked for; returns at once."""
        task = asyncio.create_task(self._try(call))
        self._soon.add(task)
        task.add_done_callback(self._soon.discard)

    async def close(self, patience_s: float = CLOSE_S) -> None:
        """Write what is pending and let go of the thread; a journal that hangs is not waited for longer."""
        try:
            await asyncio.wait_for(self._write_all(), patience_s)
        except TimeoutError:
            log.error("the journal took too long; %d jobs were not written", len(self._jobs))
        self._thread.shutdown(wait=False)

    async def _write_all(self) -> None:
        if self._flushing is not None:
            await self._flushing
        await self._flush()
        if self._soon:
            await asyncio.wait(self._soon)

    async def _flush(self) -> None:
        while self._jobs:
            jobs, self._jobs = self._jobs, {}
            if not await self._try(partial(self.journal.save_jobs, tuple(jobs.values()))):
                # Kept for the next write; what has been said of a job since is newer.
                self._jobs = jobs | self._jobs
                break

    async def _try(self, call: Callable[[], object]) -> bool:
        try:
            await self.run(call)
        except JournalError as error:
            self.fault = str(error)
            log.error("journal: %s", error)
            return False
        self.fault = None
        return True
