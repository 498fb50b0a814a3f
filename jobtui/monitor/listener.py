"""A source that speaks for itself: its messages are taken in at once, the jobs it names are read again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import NoReturn

from jobtui.backends.base import Push, Pushed, PushState
from jobtui.errors import JobtuiError, NoSuchJob
from jobtui.model import JobRef
from jobtui.monitor.follower import Follower
from jobtui.monitor.known import Known
from jobtui.monitor.reader import Reader

log = logging.getLogger(__name__)

_MOST_WANTED = 200
"""How many jobs a server is asked to tell of at most: what is on a screen, and some more."""
_PAUSE_S = 0.15
"""Between two reads for hints: a burst of frames about a job costs one read, not one each."""


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
        self._hints: dict[JobRef, None] = {}
        self._hinted = asyncio.Event()
        self._wanted: tuple[JobRef, ...] = ()
        self._is_open = False

    async def run(self) -> None:
        """Listen until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._push.run(self._heard, self._stands))
            group.create_task(self._read_hinted())

    def want(self) -> None:
        """Say anew which jobs matter: the followed one, those with a control under way, the visible."""
        name = self._reader.source.name
        followed = [self._follower.ref] if self._follower.ref is not None else []
        refs = dict.fromkeys(ref for ref in (*followed, *self._pending(), *self._reader.wants.visible))
        wanted = tuple(ref for ref in refs if ref.source == name)[:_MOST_WANTED]
        if wanted != self._wanted:
            self._wanted = wanted
            self._push.want([ref.job_id for ref in wanted])
            self._tell_reader()

    def _heard(self, pushed: Pushed) -> None:
        self._follower.take_told(pushed.ref, pushed.messages)
        if pushed.is_hint:
            self._hints[pushed.ref] = None
            self._hinted.set()

    def _stands(self, state: PushState) -> None:
        self._is_open = state.is_open
        self._tell_reader()
        self._announce(state)

    def _tell_reader(self) -> None:
        self._reader.wants.told_of(frozenset(self._wanted) if self._is_open else frozenset())

    async def _read_hinted(self) -> NoReturn:
        while True:
            await self._hinted.wait()
            self._hinted.clear()
            refs, self._hints = list(self._hints), {}
            await asyncio.gather(*map(self._read, refs))
            await asyncio.sleep(_PAUSE_S)

    async def _read(self, ref: JobRef) -> None:
        if ref == self._follower.ref:
            self._follower.refresh()
            return
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
