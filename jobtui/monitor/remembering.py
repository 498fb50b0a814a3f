"""What the journal last knew of each source, brought back once before anybody is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from jobtui import collecting
from jobtui.insight.usual import can_stall
from jobtui.journal.journal import Journal
from jobtui.model import Control, Flag, Job, JobRef, Source, Verdict
from jobtui.monitor.effects import Effects
from jobtui.monitor.known import Known
from jobtui.monitor.poller import Poller
from jobtui.monitor.reader import Reader
from jobtui.monitor.sweep import CHANGED_AT_ONCE
from jobtui.turns import give_way

_SIGNS_RECALLED = 200
"""Running jobs for which the journal is asked, at start, when they last showed anything new."""


class Remembering:
    """Brings back jobs, the watch list and what is awaited, source by source."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        journal: Journal,
        known: Known,
        pollers: Mapping[str, Poller],
        effects: Effects,
    ) -> None:
        self._sources = sources
        self._journal = journal
        self._known = known
        self._pollers = pollers
        self._effects = effects
        self._loading: dict[str, asyncio.Task[None]] = {}

    async def load(self, source: str) -> None:
        """Bring back from the journal what was last known of a source, once."""
        task = self._loading.get(source)
        if task is None or (task.done() and task.exception() is not None):
            task = self._loading[source] = asyncio.create_task(self._bring_back(source))
        await asyncio.shield(task)

    async def find(self, text: str, limit: int) -> list[Job]:
        """Give the jobs ever known that have a text in what one remembers of them, the latest first."""
        return await self._known.recorder.run(lambda: self._journal.past.find(text, limit))

    def show_again(self, job: Job) -> None:
        """List a job as it was last seen, until its server says how it stands now."""
        stale = replace(job, flags=(job.flags | {Flag.STALE}) - {Flag.CANCELLING})
        self._known.take_jobs(job.ref.source, [stale], min(job.as_of, self._known.clock()))

    async def _bring_back(self, source: str) -> None:
        run = self._known.recorder.run
        watched = await run(lambda: self._journal.watched(source))
        unsettled = await run(lambda: self._journal.unsettled(source))
        wanted = {entry.ref for entry in watched} | {entry.request.ref for entry in unsettled}
        now = self._known.clock()
        since = now - timedelta(seconds=self._sources[source].history_s)
        await self._recall_cancellers(source, since)
        undated, last = await self._recall_jobs(source, wanted, since, now)
        if last is not None and source in self._pollers:
            self._pollers[source].remember(min(now, last))
        if (reader := self._reader(source)) is not None:
            for entry in watched:
                reader.watch(entry.ref, entry.first_asked_at)
            self._effects.adopt(unsettled)
        await self._recall_signs(undated)

    async def _recall_jobs(
        self, source: str, wanted: Set[JobRef], since: datetime, now: datetime
    ) -> tuple[list[JobRef], datetime | None]:
        """Bring back the jobs, a page at a time; gives some that do not tell when they moved, and when the
        latest word of all was."""
        undated: list[JobRef] = []
        last: datetime | None = None
        pages = self._journal.stale_jobs(source)
        while page := await self._known.recorder.run(lambda: next(pages, None)):
            last = max([job.as_of for job in page] + ([] if last is None else [last]))
            undated += [job.ref for job in page if can_stall(job) and job.updated is None]
            del undated[_SIGNS_RECALLED:]
            jobs = [job for job in page if not job.ended or job.ref in wanted or job.moved_at >= since]
            for start in range(0, len(jobs), CHANGED_AT_ONCE):
                self._take(source, jobs[start : start + CHANGED_AT_ONCE], now)
                await give_way()
            collecting.set_aside()
        return undated, last

    def _take(self, source: str, jobs: Sequence[Job], now: datetime) -> None:
        # A clock that ran ahead when this was written must not make it newer than any answer.
        for as_of, some in groupby(jobs, key=lambda job: job.as_of):
            self._known.take_jobs(source, some, min(as_of, now))

    def _reader(self, source: str) -> Reader | None:
        poller = self._pollers.get(source)
        return None if poller is None else poller.reader

    async def _recall_cancellers(self, source: str, since: datetime) -> None:
        audit = await self._known.recorder.run(lambda: self._journal.audit(since))
        self._known.cancelled_by.update(
            (entry.request.ref, entry.who)
            for entry in reversed(audit)
            if entry.request.control is Control.CANCEL
            and entry.request.ref.source == source
            and entry.outcome is not None
            and entry.outcome.verdict is not Verdict.REFUSED
        )

    async def _recall_signs(self, refs: Iterable[JobRef]) -> None:
        """Recall since when jobs have stood as they do, where their servers do not say."""
        run, past = self._known.recorder.run, self._journal.past
        for ref in refs:
            if told := await run(partial(past.told, ref)):
                self._known.stalls.remember(ref, told[-1].at)
