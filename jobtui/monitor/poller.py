"""One source for ever: ask, take in, say how it went, wait. It reports failure and never dies of it."""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import datetime, timedelta
from typing import NoReturn

from msgspec.structs import replace

from jobtui.backends.base import Backend, PushState, Remarking
from jobtui.errors import BackendError, JobtuiError, RateLimited, SignInRefused, TooManyJobs
from jobtui.model import JobRef
from jobtui.monitor import cadence
from jobtui.monitor.events import HealthChanged, Link, SourceHealth
from jobtui.monitor.known import Known
from jobtui.monitor.reader import Reader
from jobtui.monitor.traffic import Failures, Traffic

log = logging.getLogger(__name__)
_SLOW_S = 3.0
_STALE_AFTER = timedelta(seconds=20)


class Poller:
    """Keeps one source fresh, and knows how fresh it is."""

    def __init__(self, reader: Reader, known: Known) -> None:
        self.reader = reader
        self.health = SourceHealth(reader.source.name)
        self._known = known
        self._failures = 0
        self._failed_at = Failures()
        self._error: Exception | None = None
        self._wake = asyncio.Event()
        self._jitter = random.Random()

    async def run(self) -> NoReturn:
        """Poll until cancelled."""
        while True:
            try:
                await self._wait(await self.poll_once())
                await self._budget_has_room()
            except Exception:
                # Whatever breaks in between, too: a source must not fall silent unseen.
                log.exception("polling %s", self.reader.source.name)
                await asyncio.sleep(cadence.LONGEST_S)

    def refresh(self) -> None:
        """Ask again now, unless the server has told us to wait."""
        error = self._error if isinstance(self._error, BackendError) else None
        if cadence.may_be_asked_early(error):
            self.reader.relist()
            self._wake.set()

    def remember(self, known_at: datetime) -> None:
        """Take over how old what the journal knew of the source is, until it answers."""
        if self.health.fresh_at is None:
            self.health = replace(self.health, fresh_at=known_at)

    def told(self, state: PushState) -> None:
        """Say whether the server tells us by itself what happens."""
        self.health = replace(self.health, is_told=state.is_open, told_text=state.text)
        if self.health.link is not Link.STARTING:
            self._known.publish(HealthChanged(self.health))

    def traffic(self) -> Traffic:
        """Say what asking has cost of late."""
        source, now = self.reader.source, self._known.clock()
        return Traffic(source.name, self.reader.requests_lately(), source.budget, self._failed_at.count(now))

    async def poll_once(self) -> float:
        """Ask one round and announce the health that results; gives seconds until the next."""
        began = self._known.clock()
        try:
            asked_at = await self.reader.read_round()
        except JobtuiError as error:
            return await self._failed(error, str(error))
        except Exception as error:
            # A bug must not blind the watch: said in the source's line, kept in the log, tried again.
            log.exception("poll of %s", self.reader.source.name)
            return await self._failed(error, f"internal error while reading: {type(error).__name__}")
        return self._succeeded(asked_at, (self._known.clock() - began).total_seconds())

    def _succeeded(self, asked_at: datetime, took_s: float) -> float:
        self._failures, self._error = 0, None
        delay = cadence.after_success(
            self.reader.source, any_open=self.reader.any_open(), looked_at=bool(self.reader.wants.visible)
        )
        self._announce(
            replace(
                self.health,
                link=Link.SLOW if took_s > _SLOW_S else Link.LIVE,
                fresh_at=asked_at,
                error=None,
                answer_s=took_s,
                truncated=self.reader.truncated,
                has_list=self.reader.no_list is None,
                warnings=warnings_of(self.reader.backend),
            ),
            delay,
        )
        return delay

    async def _failed(self, error: Exception, text: str) -> float:
        self._failures += 1
        self._failed_at.note(self._known.clock())
        self._error = error
        delay = cadence.after_failure(self.reader.source, error, self._failures, self._jitter)
        fresh_at = self.health.fresh_at
        if fresh_at is None or self._known.clock() - fresh_at > _STALE_AFTER:
            await self.reader.age_all()
        offered = self._offered(error) or self.health.offered
        self._announce(replace(self.health, link=_link_of(error), error=text, offered=offered), delay)
        return delay

    def _offered(self, error: Exception) -> tuple[JobRef, ...]:
        if not isinstance(error, TooManyJobs):
            return ()
        return tuple(JobRef(self.reader.source.name, job_id) for job_id in error.current_job_ids)

    def _announce(self, health: SourceHealth, delay_s: float) -> None:
        name = self.reader.source.name
        self.health = replace(
            health,
            next_at=self._known.clock() + timedelta(seconds=delay_s),
            jobs=self._known.store.count_of(name),
        )
        self._known.publish(HealthChanged(self.health))

    async def _budget_has_room(self) -> None:
        """Wait until a round with its list can be paid for: others spend in between, but leave that to us."""
        while (wait_s := self.reader.round_wait_s()) > 0:  # noqa: ASYNC110 - nothing tells of room
            await asyncio.sleep(max(0.05, wait_s))

    async def _wait(self, delay_s: float) -> None:
        self._wake.clear()
        try:
            async with asyncio.timeout(delay_s):
                await self._wake.wait()
        except TimeoutError:
            return


def warnings_of(backend: Backend) -> tuple[str, ...]:
    """Say what a source warned of beside its last list; most kinds have no way to."""
    return backend.remarks if isinstance(backend, Remarking) else ()


def _link_of(error: Exception) -> Link:
    if isinstance(error, RateLimited):
        return Link.LIMITED
    return Link.REFUSED if isinstance(error, SignInRefused) else Link.OFFLINE
