"""A source that speaks for itself: its messages are taken in at once, the jobs it names are read again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import NoReturn

from jobtui.backends.base import Push, Pushed, PushState
from jobtui.errors import JobtuiError, NoSuchJob
from jobtui.model import JobRef
from jobtui.monitor.follower import Follower
from jobtui.monitor.known import Known
from jobtui.monitor.reader import Reader

log = logging.getLogger(__name__)

_MOST_WANTED = 200
"""How many jobs a server is asked to tell of at most: what is on a screen, and what a shift has open."""
_PAUSE_S = 0.15
"""Between two reads for hints: a burst of frames about a job costs one read, not one each."""
_AT_ONCE = 4
"""Jobs read side by side for hints; between two such groups the budget is looked at."""


class Listener:
    """Listens to one source, and keeps polling in step with whether it speaks."""

    def __init__(
        self,
        reader: Reader,
        push: Push,
        known: Known,
        follower: Follower,
        *,
        pending: Callable[[], list[JobRef]],
        announce: Callable[[PushState], None],
    ) -> None:
        """``pending`` gives the jobs with a control whose effect is awaited."""
        self._reader = reader
        self._push = push
        self._known = known
        self._follower = follower
        self._pending = pending
        self._announce = announce
        self._hints: dict[JobRef, datetime] = {}
        """When each job that is to be read was last told of."""
        self._hinted = asyncio.Event()
        self._follow_hinted = asyncio.Event()
        self._wanted: tuple[JobRef, ...] = ()
        self._listed: list[JobRef] = []
        """Those that a list says too little of, so that each would have to be read time and again."""
        self._is_open = False
        reader.wants.when_listed = self._want_listed

    async def run(self) -> None:
        """Listen until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._push.run(self._heard, self._stands))
            group.create_task(self._refresh_followed())
            group.create_task(self._read_hinted())

    def want(self) -> None:
        """Say anew which jobs matter: the followed, those under a control, the visible, others."""
        followed = [self._follower.ref] if self._follower.ref is not None else []
        refs = dict.fromkeys((*followed, *self._pending(), *self._reader.wants.visible, *self._listed))
        wanted = tuple(filter(self._is_of_us, refs))[:_MOST_WANTED]
        if wanted != self._wanted:
            self._wanted = wanted
            self._push.want([ref.job_id for ref in wanted])
            self._tell_reader()

    def _want_listed(self) -> None:
        # Those wanted already stay so: no server is to be asked for others after every list.
        was = set(self._wanted)
        self._listed = sorted(
            self._reader.wants.briefly_listed(), key=lambda ref: (ref not in was, ref.job_id)
        )
        del self._listed[_MOST_WANTED:]
        self.want()

    def _heard(self, pushed: Pushed) -> None:
        self._follower.take_told(pushed.ref, pushed.messages)
        if not pushed.is_hint:
            return
        if pushed.ref == self._follower.ref:
            self._follow_hinted.set()
            return
        now = self._known.clock()
        self._reader.wants.was_told_of(pushed.ref, now)
        job = self._known.store.get(pushed.ref)
        # A job not read yet is read in its turn: whoever subscribes is told how every job stands, at once.
        if job is None or not job.is_brief:
            self._hints[pushed.ref] = now
            self._hinted.set()

    def _stands(self, state: PushState) -> None:
        was_open, self._is_open = self._is_open, state.is_open
        self._tell_reader()
        if was_open and not state.is_open and self._is_of_us(self._follower.ref):
            self._follow_hinted.set()  # it waits as long as one waits for a job that one is told of
        self._announce(state)

    def _is_of_us(self, ref: JobRef | None) -> bool:
        return ref is not None and ref.source == self._reader.source.name

    def _tell_reader(self) -> None:
        self._reader.wants.told_of(frozenset(self._wanted) if self._is_open else frozenset())

    async def _refresh_followed(self) -> NoReturn:
        """Somebody sits in front of it: it waits neither for the others nor for the budget."""
        while True:
            await self._follow_hinted.wait()
            self._follow_hinted.clear()
            self._follower.refresh()
            await asyncio.sleep(_PAUSE_S)

    async def _read_hinted(self) -> NoReturn:
        while True:
            await self._hinted.wait()
            self._hinted.clear()
            await self._reader.turn()
            refs = self._due()
            for ref in refs:
                del self._hints[ref]
            await asyncio.gather(*map(self._read, refs))
            await asyncio.sleep(_PAUSE_S)
            if self._hints:
                self._hinted.set()

    def _due(self) -> list[JobRef]:
        """Say which jobs to read next; those that were read since they were told of are done."""
        stand = ((ref, self._known.store.get(ref), at) for ref, at in self._hints.items())
        self._hints = {ref: at for ref, job, at in stand if job is None or job.as_of <= at}
        return list(self._hints)[:_AT_ONCE]

    async def _read(self, ref: JobRef) -> None:
        asked_at = self._known.clock()
        try:
            await self._reader.read(ref)
        except NoSuchJob:
            self._reader.take_missing(ref, asked_at)
        except JobtuiError as error:
            log.info("reading %s after a hint: %s", ref, error)
        except Exception:
            # As in the poller: a bug is kept in the log, and the listening goes on.
            log.exception("reading %s after a hint", ref)
