"""The whole way of an answer but for the screen: backend, reader, what is known, journal, announcement."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jobtui.backends.base import Connection
from jobtui.backends.registry import make_backend
from jobtui.journal.journal import Journal
from jobtui.model import Kind, Secret, SecretSource, Source
from jobtui.monitor.clock import SteadyClock
from jobtui.monitor.events import Event, JobsChanged
from jobtui.monitor.known import Known
from jobtui.monitor.reader import Reader
from jobtui.monitor.recorder import Recorder

_WRITTEN_S = 600.0


@dataclass
class Chain:
    """One source with all that stands behind it."""

    reader: Reader
    known: Known
    recorder: Recorder
    changes: list[int] = field(default_factory=list)
    """How many jobs each announcement was about."""

    async def round(self) -> None:
        """Ask one round and have written what it told."""
        self.reader.relist()
        await self.reader.read_round()
        await self.recorder.caught_up(_WRITTEN_S)


@asynccontextmanager
async def chain(url: str, folder: Path) -> AsyncIterator[Chain]:
    """Make the chain to a server of Pending Actions, with a journal of its own in a folder."""
    source = Source("tiles", Kind.NEXTSPACE, budget=1_000_000, limit=100_000)
    backend = make_backend(source, Connection(url, secrets=_token()))
    journal = Journal(folder / "journal.sqlite3")
    recorder = Recorder(journal)
    changes: list[int] = []

    def publish(event: Event) -> None:
        if isinstance(event, JobsChanged):
            changes.append(len(event.changes))

    known = Known(recorder, SteadyClock(), publish)
    try:
        yield Chain(Reader(source, backend, known), known, recorder, changes)
    finally:
        await recorder.close(_WRITTEN_S)
        await backend.aclose()
        journal.close()


def _token() -> dict[str, SecretSource]:
    async def fetch() -> Secret:
        await asyncio.sleep(0)
        return Secret("token")

    return {"token": fetch}
