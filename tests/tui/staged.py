"""The screen over servers that answer as a test says, for what the demo does not do at the right moment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from jobtui.backends.base import Identity, Scope
from jobtui.errors import BackendError
from jobtui.insight.layout import Layout
from jobtui.journal.journal import Journal
from jobtui.model import Job, JobRef, Kind, Source
from jobtui.monitor.events import Publish
from jobtui.monitor.monitor import Monitor
from jobtui.tui.app import JobtuiApp
from jobtui.tui.format.spans import text_of
from jobtui.tui.screens.main import MainScreen
from tests.factory import NOW
from tests.monitor.scripted import Scripted


class Server(Scripted):
    """A source that can also refuse its list."""

    def __init__(self, name: str, kind: Kind = Kind.NEXTSPACE) -> None:
        super().__init__(kind)
        self.source = name
        self.list_fault: BackendError | None = None
        self.user: str | None = None

    def has(self, job: Job, *, listed: bool = True) -> JobRef:
        """Let the server know a job, and list it; as read now unless it says when."""
        if job.as_of == NOW:
            job = replace(job, as_of=datetime.now(UTC))
        return super().has(job, listed=listed)

    async def identity(self) -> Identity:
        return Identity(self.user)

    async def pages(self, scope: Scope) -> AsyncIterator[Sequence[Job]]:
        if self.list_fault is not None:
            raise self.list_fault
        async for page in super().pages(scope):
            yield page


class Stage:
    """The app, the keys, and what stands on the screen."""

    def __init__(self, app: JobtuiApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def main(self) -> MainScreen:
        screen = self.app.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    @property
    def header(self) -> list[str]:
        """What the two lines at the top say."""
        return [text_of(line) for line in (*self.main.sources.lines, *self.main.attention.lines)]

    @property
    def receipt(self) -> str:
        return " ".join(text_of(line) for line in self.main.receipt.lines)


@asynccontextmanager
async def staged(
    path: Path,
    *servers: Server,
    size: tuple[int, int] = (80, 24),
    poll_s: float = 0.1,
    layout: Layout = Layout(),  # noqa: B008 - frozen
    keep: Callable[[Layout], None] = lambda _: None,
    **fields: Any,
) -> AsyncIterator[Stage]:
    """Run the app over servers, each a source; ``fields`` are set for every source."""
    sources = [Source(each.source, each.kind, poll_s=poll_s, budget=6_000, **fields) for each in servers]
    journal = Journal(path / "journal.sqlite3")

    def monitor_for(publish: Publish) -> Monitor:
        backends = {each.source: each for each in servers}
        return Monitor(sources, backends, journal, publish=publish, who="tester")

    app = JobtuiApp(monitor_for, layout=layout, keep=keep)
    async with app.run_test(size=size) as pilot:
        yield Stage(app, pilot)
    journal.close()
