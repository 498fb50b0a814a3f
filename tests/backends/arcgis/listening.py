"""Listens to a push in the background, and keeps what it says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from jobtui.backends.base import Push, Pushed, PushState
from tests.conftest import until


@dataclass
class Ears:
    """What was said so far."""

    pushed: list[Pushed] = field(default_factory=list)
    states: list[PushState] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return bool(self.states) and self.states[-1].is_open

    @property
    def reasons(self) -> list[str]:
        return [state.text for state in self.states if state.text is not None]

    def of(self, job_id: str) -> list[Pushed]:
        return [each for each in self.pushed if each.ref.job_id == job_id]

    def texts(self, job_id: str) -> list[str]:
        return [message.text for each in self.of(job_id) for message in each.messages]

    async def opened(self) -> None:
        await until(lambda: self.is_open, what="the socket opens")

    async def hears(self, job_id: str) -> None:
        """Wait for the next thing said of a job."""
        before = len(self.of(job_id))
        await until(lambda: len(self.of(job_id)) > before, what=f"something is heard of {job_id}")


@asynccontextmanager
async def listening(push: Push | None) -> AsyncIterator[Ears]:
    assert push is not None
    ears = Ears()
    task = asyncio.create_task(push.run(ears.pushed.append, ears.states.append))
    try:
        yield ears
        assert not task.done(), "listening never ends by itself"
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
