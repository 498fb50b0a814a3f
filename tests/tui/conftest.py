"""The screen as a user drives it, with real keys and real sockets; and panes on their own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget

from jobtui.backends.registry import make_backend
from jobtui.demo import DemoServer
from jobtui.journal.journal import Journal
from jobtui.model import JobDetail, JobMessage, JobRef, Level, State, Step, Target
from jobtui.monitor.events import Publish
from jobtui.monitor.monitor import Monitor
from jobtui.tui.app import JobtuiApp
from jobtui.tui.format.spans import text_of
from jobtui.tui.screens.main import MainScreen
from jobtui.tui.themes import load_themes
from jobtui.tui.widgets.line_bar import LineBar
from jobtui.tui.widgets.line_view import LineView
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.monitor.conftest import connections

DEAF_S = 0.6
"""Longer than a dialog is deaf after it is on the stack: it is first to be seen."""


class Tiny(App[None]):
    """An app with one widget."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return load_themes()["harbour"].variables

    def compose(self) -> ComposeResult:
        yield self.widget


def a_step(step_id: str, state: State = State.QUEUED, **fields: Any) -> Step:
    """Make a step, ordinary but for what is given."""
    return Step(**({"id": step_id, "title": f"step {step_id}", "state": state} | fields))


def a_detail(*steps: Step, **fields: Any) -> JobDetail:
    """Make a job read whole."""
    return JobDetail(a_job(**fields), steps)


def a_message(number: int, text: str = "", level: Level = Level.INFO, **fields: Any) -> JobMessage:
    """Make the nth message of job 1."""
    given: dict[str, Any] = {
        "ref": JobRef("tiles", "1"),
        "id": str(number),
        "at": NOW,
        "level": level,
        "raw_level": level.value,
        "text": text or f"message {number}",
    }
    return JobMessage(**(given | fields))


def shown(widget: LineView | LineBar) -> list[str]:
    """Give the lines of a widget as they stand on the screen."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


@dataclass
class Driven:
    """The app, the keys, and the server behind it."""

    app: JobtuiApp
    pilot: Pilot[None]
    demo: DemoServer
    started: float

    @property
    def main(self) -> MainScreen:
        screen = self.app.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    @property
    def monitor(self) -> Monitor:
        return self.app.monitor

    @property
    def receipt(self) -> str:
        """What the receipt bar says."""
        return " ".join(text_of(line) for line in self.main.receipt.lines)

    def state(self, ref: JobRef) -> State | None:
        job = self.monitor.store.get(ref)
        return None if job is None else job.state

    def step(self, ref: JobRef, step_id: str) -> Step:
        detail = self.monitor.detail(ref)
        assert detail is not None
        step = detail.step(step_id)
        assert step is not None
        return step

    async def answer(self, *keys: str) -> None:
        """Press keys in a dialog, after it has begun to hear."""
        await until(lambda: len(self.app.screen_stack) > 1, what="a dialog")
        await self.pilot.pause(DEAF_S)
        for key in keys:
            await self.pilot.press(key)
            await self.pilot.pause(0.05)

    async def type(self, text: str) -> None:
        names = {" ": "space", ":": "colon", "+": "plus", "-": "minus", "#": "number_sign", "_": "underscore"}
        await self.pilot.press(*(names.get(character, character) for character in text))

    async def paste(self, text: str) -> None:
        """Paste a text, as a terminal does it in one piece."""
        self.app.post_message(events.Paste(text))
        await self.pilot.pause()

    def writes(self) -> list[dict[str, Any]]:
        """Every request since the start that asks for a change, as the server received it."""
        return [
            entry
            for entry in list(self.demo.requests)
            if entry["at"] >= self.started
            and (entry["method"] == "DELETE" or str(entry["path"]).endswith("/action"))
        ]


Drive = Callable[..., AbstractAsyncContextManager[Driven]]


@pytest.fixture
def drive(demo: DemoServer, tmp_path: Path) -> Drive:
    """Give a way to run the app against the demo."""

    @asynccontextmanager
    async def run(
        select: Target | None = None, *, size: tuple[int, int] = (120, 40), **options: Any
    ) -> AsyncIterator[Driven]:
        demo.set_faults(options.pop("faults", ""))
        journal = Journal(tmp_path / "journal.sqlite3")
        read_only = options.pop("read_only", False)
        reached = {
            replace(source, poll_s=0.5, budget=900): connection
            for source, connection in connections(demo).items()
        }

        def monitor_for(publish: Publish) -> Monitor:
            return Monitor(
                list(reached),
                {source.name: make_backend(source, reached[source]) for source in reached},
                journal,
                publish=publish,
                who="tester",
                read_only=read_only,
            )

        app = JobtuiApp(monitor_for, select=select, **options)
        started = datetime.now(UTC).timestamp()
        async with app.run_test(size=size) as pilot:
            driven = Driven(app, pilot, demo, started)
            if select is not None:
                await until(lambda: driven.main.jobs.selected == select.job, what="the job is selected")
                await until(lambda: driven.monitor.detail(select.job) is not None, what="the job is read")
            yield driven
        journal.close()

    return run
