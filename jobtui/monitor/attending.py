"""Reading for rules: messages and steps of jobs that nobody looks at, within what their sources allow."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NoReturn

from jobtui.errors import JobtuiError
from jobtui.insight.rules import Rule
from jobtui.model import Job, JobRef
from jobtui.monitor.alarms import Alarms
from jobtui.monitor.follower import Follower
from jobtui.monitor.known import Known
from jobtui.monitor.reader import Reader

log = logging.getLogger(__name__)

MOST = 20
"""Jobs read for one rule, the newest; a rule that is about more is heard of these."""
_AGAIN_S = 5.0
_SHARE = 0.25
"""Of a source's budget: what somebody looks at comes first."""
_NEVER = datetime.min.replace(tzinfo=UTC)


class Attending:
    """Has the jobs read whose messages or steps rules wait for, again and again."""

    def __init__(
        self, alarms: Alarms, known: Known, readers: Mapping[str, Reader], follower: Follower
    ) -> None:
        self._alarms = alarms
        self._known = known
        self._readers = readers
        self._follower = follower
        self._open: set[tuple[JobRef, bool]] = set()
        """What was wanted the last time."""
        self._last: set[tuple[JobRef, bool]] = set()
        """Of that, what has ended since: the last words are read once."""
        self._read_at: dict[JobRef, datetime] = {}

    async def run(self) -> NoReturn:
        """Read for ever."""
        while True:
            await self._alarms.any_armed.wait()
            await asyncio.sleep(_AGAIN_S)
            try:
                await self.read()
            except Exception:
                # As in the poller: a bug must not blind the watch.
                log.exception("reading for rules")

    async def read(self) -> None:
        """Read once what the rules wait for, as far as the sources allow."""
        await self._ask_who()
        wanted = set(self._wanted())
        self._read_at = {
            ref: at for ref, at in self._read_at.items() if (ref, True) in wanted or (ref, False) in wanted
        }
        self._last |= {one for one in self._open - wanted if self._has_ended(one[0])}
        self._open = wanted
        left = {name: self._share(reader) for name, reader in self._readers.items()}
        for one in [*sorted(self._last), *sorted(wanted, key=self._longest_ago)]:
            reader = self._readers.get(one[0].source)
            if reader is not None and left[one[0].source] and reader.may_look():
                left[one[0].source] -= 1
                self._last.discard(one)
                await self._read(reader, *one)

    async def _read(self, reader: Reader, ref: JobRef, has_messages: bool) -> None:
        self._read_at[ref] = self._known.clock()
        try:
            if not has_messages:
                await reader.read(ref)
            elif ref != self._follower.ref:
                await self._follower.read_messages(ref)
        except JobtuiError as error:
            log.info("%s could not be read for a rule: %s", ref, error)

    async def read_last(self) -> None:
        """Read the last messages of the jobs that alone are spoken of, as far as a rule waits for them."""
        now = self._known.clock()
        jobs = [job for ref in self._alarms.only if (job := self._known.store.get(ref)) is not None]
        listening = [armed.rule for armed in self._alarms.armed if armed.rule.wants_messages]
        for job in jobs:
            if any(rule.is_about(job, now) for rule in listening):
                try:
                    await self._follower.read_messages(job.ref)
                except JobtuiError as error:
                    log.info("%s could not be read for a rule: %s", job.ref, error)

    def _wanted(self) -> Iterable[tuple[JobRef, bool]]:
        """Name jobs, and whether their messages are wanted or else their steps."""
        for armed in self._alarms.armed:
            rule = armed.rule
            if rule.wants_messages or rule.step is not None:
                yield from ((ref, rule.wants_messages) for ref in self._jobs_of(rule))

    def _jobs_of(self, rule: Rule) -> list[JobRef]:
        now = self._known.clock()
        jobs = [job for job in self._known.store if not job.ended and rule.is_about(job, now)]
        jobs = [job for job in jobs if not self._alarms.only or job.ref in self._alarms.only]
        return [job.ref for job in sorted(jobs, key=_newest_first)[:MOST]]

    def _share(self, reader: Reader) -> int:
        """Say how many questions a source may be asked at once: a part of its budget, at least one."""
        return max(1, int(reader.source.budget * _AGAIN_S / 60 * _SHARE))

    def _longest_ago(self, wanted: tuple[JobRef, bool]) -> tuple[datetime, JobRef]:
        return self._read_at.get(wanted[0], _NEVER), wanted[0]

    def _has_ended(self, ref: JobRef) -> bool:
        job = self._known.store.get(ref)
        return job is not None and job.ended

    async def _ask_who(self) -> None:
        """Ask every source whom it takes us for, once, when a rule first needs it."""
        if not any(armed.rule.query.asks_me for armed in self._alarms.armed):
            return
        for name, reader in self._readers.items():
            if name not in self._alarms.users and reader.may_look():
                try:
                    self._alarms.users[name] = (await reader.backend.identity()).called
                except JobtuiError as error:
                    log.info("%s does not say who we are: %s", name, error)


def _newest_first(job: Job) -> tuple[float, JobRef]:
    at = job.started or job.created
    return (-at.timestamp() if at is not None else 0.0, job.ref)
