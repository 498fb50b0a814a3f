"""A service that remembers what it was sent, and its jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import structs

from jobtui.errors import NoSuchJob
from jobtui.model import (
    ControlRequest,
    Cursor,
    Job,
    JobDetail,
    JobMessage,
    JobRef,
    Kind,
    MessagePage,
    Outcome,
    State,
    Step,
    Verdict,
)
from tests.factory import a_job
from tests.tui.conftest import a_message
from tests.tui.staged import Server


class Service(Server):
    """A source that keeps every control it was sent, and has messages and steps of its own."""

    def __init__(self, name: str = "tiles", kind: Kind = Kind.NEXTSPACE) -> None:
        super().__init__(name, kind)
        self.received: list[ControlRequest] = []
        self.says: list[JobMessage] = []
        self.steps: dict[str, tuple[Step, ...]] = {}
        self.verdict = Verdict.ACCEPTED

    async def control(self, request: ControlRequest) -> Outcome:
        self.received.append(request)
        return structs.replace(await super().control(request), verdict=self.verdict)

    async def get(self, job_id: str) -> JobDetail:
        return replace(await super().get(job_id), steps=self.steps.get(job_id, ()))

    async def messages(self, job_id: str, cursor: Cursor) -> MessagePage:
        if job_id not in self.jobs:
            raise NoSuchJob(self.source, f"no job {job_id}")
        said = tuple(one for one in self.says if one.ref.job_id == job_id)
        return MessagePage(said, cursor)

    def say(self, *texts: str, job_id: str = "1") -> None:
        """Have a job say more."""
        known = len(self.says)
        self.says += [
            a_message(known + number, text, ref=JobRef(self.source, job_id), at=datetime.now(UTC))
            for number, text in enumerate(texts)
        ]


def failed(job_id: str, why: str = "disk full", **fields: Any) -> Job:
    """Make a job that has failed just now."""
    given = {"state": State.FAILED, "raw_state": "FAILED", "ended": True, "why": why}
    return a_job(job_id, **(given | {"ended_at": datetime.now(UTC)} | fields))


def running(server: Service, count: int, title: str = "zone") -> list[JobRef]:
    """Have a service run some jobs, the first begun last."""
    now = datetime.now(UTC)
    return [
        server.has(
            a_job(f"{number:02}", title=f"{title} {number:02}", started=now - timedelta(minutes=number))
        )
        for number in range(count)
    ]


def refs_of(requests: Sequence[ControlRequest]) -> list[str]:
    """Which jobs controls were sent for."""
    return [request.ref.job_id for request in requests]
