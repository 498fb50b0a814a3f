"""What is usual by the journal: loaded at start and now and then, asked for by job."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import NoReturn

from jobtui.errors import JournalError
from jobtui.insight.usual import Usual
from jobtui.journal.recall import pattern_of
from jobtui.model import Job, Kind, Step
from jobtui.monitor.clock import Clock
from jobtui.monitor.recorder import Recorder

log = logging.getLogger(__name__)
_AGAIN_S = 1_800.0
_LOOK_BACK = timedelta(days=60)
"""What took longer ago says little of how long it takes now, and the journal may be large."""

_Sort = tuple[str, Kind, str | None, str]


class Usuals:
    """How long jobs of each sort usually take: those of one source, application and pattern of title."""

    def __init__(self, recorder: Recorder, clock: Clock) -> None:
        self._recorder = recorder
        self._clock = clock
        self._by_sort: dict[_Sort, Usual] = {}
        self._of_steps: dict[tuple[str, str | None, str], Usual] = {}
        self.known = asyncio.Event()
        """Set once it has been read, or could not be."""

    def of(self, job: Job) -> Usual | None:
        """What is usual for jobs like this one; None when too few like it have ended well."""
        if not self._by_sort:
            return None  # reading patterns of titles takes its time, and a server may have thousands of jobs
        return self._by_sort.get((job.ref.source, job.kind, job.application, pattern_of(job.title)))

    def of_step(self, job: Job, step: Step) -> Usual | None:
        """What is usual for steps like this one; None when too few like it have ended well."""
        return self._of_steps.get((job.ref.source, job.application, pattern_of(step.title)))

    async def run(self) -> NoReturn:
        """Load now, and again every half hour."""
        while True:
            await self.load()
            self.known.set()
            await asyncio.sleep(_AGAIN_S)

    async def load(self) -> None:
        """Read from the journal what is usual; what was known stays when it cannot be read."""
        since = self._clock() - _LOOK_BACK
        try:
            past = self._recorder.journal.past
            found = await self._recorder.run(lambda: past.usual(since=since))
            steps = await self._recorder.run(lambda: past.usual_steps(since=since))
        except JournalError as error:
            log.warning("what is usual cannot be read: %s", error)
            return
        # Of most titles one or two jobs exist, which say nothing.
        self._by_sort = {
            (each.source, each.kind, each.application, each.pattern): one
            for each in found
            if (one := Usual(each.count, each.median_s, each.p90_s)).is_known
        }
        self._of_steps = {
            (each.source, each.application, each.pattern): one
            for each in steps
            if (one := Usual(each.count, each.median_s, each.p90_s)).is_known
        }
