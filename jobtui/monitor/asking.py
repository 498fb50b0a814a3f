"""Asking once, for who does not stay to watch: a list, one job, its messages, whose the credential is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from jobtui.backends.base import Identity
from jobtui.errors import BackendError, NoSuchAddress, NoSuchJob
from jobtui.journal.journal import Journal
from jobtui.model import Job, JobDetail, JobMessage, JobRef
from jobtui.monitor.follower import Follower
from jobtui.monitor.known import Known
from jobtui.monitor.reader import Reader
from jobtui.monitor.remembering import Remembering

_BRIEF_READ_AT_ONCE = 60
"""How many abbreviated open jobs one listing reads whole: a listing is for people, not for crawling."""


class Asking:
    """Reads from sources at the moment somebody asks, into store and journal."""

    def __init__(
        self,
        readers: Callable[[str], Reader],
        known: Known,
        journal: Journal,
        remembering: Remembering,
        follower: Follower,
        *,
        watches: Callable[[], bool],
    ) -> None:
        """``readers`` raises what is wrong with a source that cannot be asked; ``watches`` says whether what
        is usual is loaded by others."""
        self._reader = readers
        self._known = known
        self._journal = journal
        self._remembering = remembering
        self._follower = follower
        self._watches = watches

    async def list_jobs(self, source: str) -> list[Job]:
        """Read a source's scope and watch list, newest first. Raises BackendError."""
        await self._remembering.load(source)
        store = self._known.store
        try:
            await self._reader(source).read_all(_BRIEF_READ_AT_ONCE)
        except BackendError:
            self._known.announce(source, store.age(store.of_source(source)))
            raise
        await self._judge()
        jobs = store.of_source(source)
        return sorted(jobs, key=lambda job: job.created or job.started or job.as_of, reverse=True)

    async def read(self, ref: JobRef) -> JobDetail:
        """Read one job whole; one that its server forgot as the journal has it. Raises BackendError."""
        await self._remembering.load(ref.source)
        reader, store = self._reader(ref.source), self._known.store
        asked_at = self._known.clock()
        try:
            detail = await reader.read(ref)
            await self._judge()
            return replace(detail, job=store.get(ref) or detail.job)
        except NoSuchJob:
            known = store.get(ref)
            if known is None or (not known.raw_state and ref not in reader.wants.watched):
                raise
            job = reader.take_missing(ref, asked_at)
            kept = await self._known.recorder.run(lambda: self._journal.detail(ref))
            return JobDetail(job, kept.steps if kept is not None else ())

    async def read_messages(self, ref: JobRef) -> list[JobMessage]:
        """Read all messages of one job, oldest first; of a forgotten one, those the journal has."""
        self._reader(ref.source)
        try:
            return await self._follower.read_messages(ref)
        except NoSuchJob:
            kept = await self._known.recorder.run(lambda: self._journal.messages(ref))
            if not kept:
                raise
            return kept

    async def identity(self, source: str) -> Identity:
        """Prove the credential; where nothing but jobs can be asked for, by reading one on watch."""
        reader = self._reader(source)
        try:
            return await reader.backend.identity()
        except (NoSuchJob, NoSuchAddress):
            await self._remembering.load(source)
            ref = next(iter(reader.wants.watched), None)
            if ref is None:
                raise
            await reader.read(ref)
            return Identity(None, f"{ref} could be read, and there is no list of jobs")

    async def _judge(self) -> None:
        """Say which jobs have stalled, for who asks once and does not stay to watch."""
        if not self._known.stalls.suspects():
            return
        if not self._watches():
            await self._known.usuals.load()
        self._known.publish_found(self._known.stalls.judge())
