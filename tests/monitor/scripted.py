"""A backend that answers as a test says: for what no server can be made to do at the right moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from jobtui.backends.base import Identity, ManyJobs, Push, Scope
from jobtui.errors import BackendError, NoSuchJob
from jobtui.journal.journal import Journal
from jobtui.model import (
    Control,
    ControlRequest,
    Cursor,
    Effect,
    Job,
    JobDetail,
    JobMessage,
    JobRef,
    Kind,
    MessagePage,
    Outcome,
    Parameters,
    Reason,
    Source,
    State,
    Target,
    Verdict,
)
from jobtui.monitor.events import Event
from jobtui.monitor.monitor import Monitor
from tests.factory import NOW


class Scripted:
    """One source whose list, jobs and faults a test sets as it goes."""

    def __init__(self, kind: Kind = Kind.NEXTSPACE) -> None:
        self.kind = kind
        self.source = "tiles"
        self.controls = frozenset({Control.CANCEL})
        self.listed: list[Job] = []
        self.jobs: dict[str, Job] = {}
        self.messages_of: list[JobMessage] = []
        self.faults: dict[str, BackendError] = {}
        self.asked: list[str] = []
        self.before_get: Callable[[], Awaitable[None]] | None = None
        self.sending: Callable[[], Awaitable[None]] | None = None
        self.sent = 0
        self.voice: Push | None = None

    @property
    def requests(self) -> int:
        return len(self.asked) + self.sent

    async def pages(self, scope: Scope) -> AsyncIterator[Sequence[Job]]:
        self.asked.append("list")
        yield self.listed

    async def get(self, job_id: str) -> JobDetail:
        self.asked.append(job_id)
        job, fault = self.jobs.get(job_id), self.faults.get(job_id)
        if self.before_get is not None:
            await self.before_get()
        if fault is not None:
            raise fault
        if job is None:
            raise NoSuchJob(self.source, f"no job {job_id}")
        return JobDetail(job)

    async def get_many(self, job_ids: Sequence[str]) -> ManyJobs:
        self.asked.extend(job_ids)
        found = tuple(self.jobs[each] for each in job_ids if each in self.jobs and each not in self.faults)
        missing = tuple(each for each in job_ids if each not in self.jobs and each not in self.faults)
        return ManyJobs(found, missing, {each: self.faults[each] for each in job_ids if each in self.faults})

    async def messages(self, job_id: str, cursor: Cursor) -> MessagePage:
        return MessagePage(
            tuple(message for message in self.messages_of if message.ref.job_id == job_id), cursor
        )

    def freeze(
        self, control: Control, detail: JobDetail | None, ref: JobRef, parameters: Parameters, now: datetime
    ) -> ControlRequest:
        return ControlRequest(control, ref, now, parameters)

    def reasons(self, request: ControlRequest, detail: JobDetail, now: datetime) -> tuple[Reason, ...]:
        return ()

    def consequence(self, request: ControlRequest, detail: JobDetail | None, now: datetime) -> str:
        return "asks"

    async def control(self, request: ControlRequest) -> Outcome:
        self.sent += 1
        if self.sending is not None:
            await self.sending()
        return Outcome(request, Verdict.ACCEPTED, True, NOW)

    def effect(self, request: ControlRequest, detail: JobDetail, now: datetime) -> Effect | None:
        return Effect("cancelled") if detail.job.state is State.CANCELLED else None

    async def identity(self) -> Identity:
        return Identity(None)

    def push(self) -> Push | None:
        return self.voice

    def target_of(self, address: str) -> Target | None:
        return None

    async def aclose(self) -> None:
        await asyncio.sleep(0)

    def has(self, job: Job, *, listed: bool = True) -> JobRef:
        """Let the server know a job, and list it."""
        job = replace(job, kind=self.kind)
        self.jobs[job.ref.job_id] = job
        if listed:
            self.listed = [*(each for each in self.listed if each.ref != job.ref), job]
        return job.ref


def monitor_of(
    backend: Scripted,
    path: Path,
    *,
    events: list[Event] | None = None,
    budget: float = 6_000,
    limit: int = 100,
    poll_s: float = 0.05,
) -> Monitor:
    """Make a monitor over one scripted source, with a journal in a real file."""
    source = Source("tiles", backend.kind, poll_s=poll_s, budget=budget, limit=limit)
    publish = None if events is None else events.append
    return Monitor([source], {"tiles": backend}, Journal(path), publish=publish, who="tester")
