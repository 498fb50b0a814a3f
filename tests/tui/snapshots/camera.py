"""The camera: runs the app over the demo in a loop whose time leaps, and reads what stands on the screen."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import textual._time
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip

from jobtui.adding import NewSource
from jobtui.journal.journal import Journal
from jobtui.model import Control, JobRef, Kind, Progress, Source, State
from jobtui.monitor.events import Event, Publish
from jobtui.monitor.monitor import Monitor
from jobtui.tui.app import JobtuiApp
from jobtui.tui.first_run import FirstRunApp
from jobtui.tui.screens.main import MainScreen
from tests.factory import a_job
from tests.simulation.house import house
from tests.simulation.loop import simulated_time
from tests.tui.snapshots.scenes import Scene
from tests.tui.staged import Server

START = datetime(2026, 11, 20, 14, 32, tzinfo=UTC)
"""A Friday afternoon."""
_AGED = re.compile(r"(LIVE |read |again in |# +\d+ +)(?:<10s|\d+[smh])(?: old)?")
_COUNTED = re.compile(r"(LIVE {4,})( *\d+)(?= +\d+ )")
_STILL_AT_S = 2.0
"""The second at which time stands still for the servers."""
_LOADED_S = 20.0
"""Simulated seconds until all that the screen shows has been read."""


@dataclass(frozen=True, slots=True)
class Box:
    """A widget's place on the screen."""

    name: str
    x: int
    y: int
    width: int
    height: int
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """What stood on the screen."""

    grid: tuple[str, ...]
    selected: int | None
    """The line of the selected job; None when no list is shown."""
    styles: tuple[str, ...]
    """The looks along the selected line, each with its text."""
    boxes: tuple[Box, ...]
    """Panes and bars, from top to bottom."""

    @property
    def document(self) -> str:
        """The picture as it is kept."""
        # How many requests fell into a minute may differ by one from run to run.
        grid = [_COUNTED.sub(lambda found: f"{found[1]}{'#':>{len(found[2])}}", line) for line in self.grid]
        # So may how long ago each source was asked.
        grid = [_AGED.sub(lambda found: f"{found[1]}AGE", line) for line in grid]
        grid[0] = " ".join(grid[0].split())
        grid = [line.rstrip() for line in grid]  # every line is as wide as the terminal: tested apart
        row = "none" if self.selected is None else str(self.selected + 1)
        return "\n".join([*grid, "=" * 20, f"selected line: {row}", *self.styles, ""])


def take(scenes: Sequence[Scene]) -> dict[str, Picture]:
    """Take the pictures of one roll by name; the same whenever and wherever they are taken."""
    with ExitStack() as stack:
        stack.enter_context(_still())
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        loop = stack.enter_context(simulated_time(START))
        stack.enter_context(patch.object(textual._time, "get_time", loop.time))
        return loop.run_until_complete(_take(scenes, Path(folder)))


@contextmanager
def _still() -> Iterator[None]:
    """Set aside what of this machine and this hour would show."""
    given = {name: os.environ.get(name) for name in ("TZ", "NO_COLOR", "SSH_CONNECTION", "SSH_TTY")}
    for name in given:
        os.environ.pop(name, None)
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        yield
    finally:
        for name, value in given.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        time.tzset()


async def _take(scenes: Sequence[Scene], folder: Path) -> dict[str, Picture]:
    world, look = scenes[0].roll
    if world == "card":
        return {scene.name: await _card(scene, look) for scene in scenes}
    taken: dict[str, Picture] = {}
    async with _world(world, folder) as make_monitor:
        app = JobtuiApp(make_monitor, ascii_only=look == "ascii", no_color=look == "no-colour")
        async with app.run_test(size=scenes[0].size) as pilot:
            await pilot.pause(_LOADED_S)
            for scene in scenes:
                await pilot.resize_terminal(*scene.size)
                await _set_up(scene, app, pilot)
                taken[scene.name] = _picture(app)
                if scene.keys:  # with nothing to go back from, Esc would take the receipt away
                    await pilot.press("escape", "1")
    return taken


async def _card(scene: Scene, look: str) -> Picture:
    setup = NewSource(Path("/home/you/.config/jobtui/config.toml"))
    app = FirstRunApp(setup, ascii_only=look == "ascii", no_color=look == "no-colour")
    async with app.run_test(size=scene.size) as pilot:
        await pilot.pause(1.0)
        screen = app.screen
        grid = tuple(strip.text for strip in screen._compositor.render_strips())
        return Picture(grid, None, (), (_box("card", screen.query_one("#card").region, grid),))


async def _set_up(scene: Scene, app: JobtuiApp, pilot: Pilot[None]) -> None:
    main = app.screen_stack[0]
    assert isinstance(main, MainScreen)
    if scene.selects is not None:
        assert main.jobs.select(ref_of(app, scene.selects))
    if scene.holds is not None:
        proposal = app.monitor.propose(Control.HOLD, ref_of(app, scene.holds))
        await app.monitor.carry_out(proposal.request)
    for key in scene.keys:
        await pilot.press({"/": "slash", " ": "space"}.get(key, key))
        await pilot.pause(0.5)
    await pilot.pause(12.0)
    main._age()  # at rest ages may lag, by as much as it takes until something else is drawn
    await pilot.pause()


Make = Callable[[Publish], Monitor]


@asynccontextmanager
async def _world(world: str, folder: Path) -> AsyncIterator[Make]:
    path = folder / "journal.sqlite3"
    if world == "demo":
        heard: list[Publish] = []

        def tell(event: Event) -> None:
            for publish in heard:
                publish(event)

        async with house(path, seed=7, publish=tell) as built:
            going = built.world.clock
            # What happens to be read first under load must not decide which job has come further.
            built.world.clock = lambda: min(going(), _STILL_AT_S)

            def make(publish: Publish) -> Monitor:
                heard.append(publish)
                return built.monitor

            yield make
        return
    servers = [_well()]
    with Journal(path) as journal:
        sources = [Source(each.source, each.kind, poll_s=5.0, budget=60) for each in servers]

        def scripted(publish: Publish) -> Monitor:
            backends = {each.source: each for each in servers}
            return Monitor(sources, backends, journal, publish=publish, who="camera")

        yield scripted


def _well() -> Server:
    """A source of which no job needs anybody."""
    server = Server("tiles", Kind.NEXTSPACE)
    for number, title in enumerate(("Publish tiles west", "Simplify mesh block 7", "Nightly export")):
        at = START - timedelta(minutes=4 + number)
        job = a_job(str(5530 + number), title=title, created=at, started=at, updated=START, as_of=START)
        server.has(replace(job, progress=Progress(0.62 - number / 5)))
    ended = START - timedelta(minutes=41)
    fields = {"state": State.SUCCEEDED, "raw_state": "COMPLETE", "ended": True, "ended_at": ended}
    server.has(a_job("5519", title="Simplify mesh block 6", created=ended, updated=ended, **fields))
    return server


# --- reading the screen -------------------------------------------------------------------------------
def _picture(app: JobtuiApp) -> Picture:
    screen = app.screen
    strips = screen._compositor.render_strips()
    grid = tuple(strip.text for strip in strips)
    main = app.screen_stack[0]
    assert isinstance(main, MainScreen)
    selected = None
    if main.is_current and main.jobs.size.height and len(main.view):
        selected = main.jobs.region.y + main.jobs.cursor - main.jobs.scroll_offset.y
    styles = () if selected is None else _styles(strips[selected], main.jobs.region)
    boxes = [
        _box(name, widget.region, grid)
        for name in ("sources", "attention", *PANES, "strip", "receipt", "keys")
        for widget in screen.query(f"#{name}")
        if widget.region and widget.is_on_screen
    ]
    return Picture(grid, selected, styles, tuple(boxes))


PANES = tuple(
    f"{name}-pane" for name in ("jobs", "steps", "messages", "holds", "groups", "actions", "polling")
)


def _box(name: str, region: Region, grid: tuple[str, ...]) -> Box:
    text = tuple(line[region.x : region.right] for line in grid[region.y : region.bottom])
    return Box(name, region.x, region.y, region.width, region.height, text)


def _styles(strip: Strip, region: Region) -> tuple[str, ...]:
    """Say how each piece of the selected line looks; neighbours of one look are one piece."""
    pieces: list[tuple[str, str]] = []
    for text, style, _ in strip.crop(region.x, region.right):
        look = "plain" if style is None else str(style)
        if pieces and pieces[-1][0] == look:
            pieces[-1] = (look, pieces[-1][1] + text)
        else:
            pieces.append((look, text))
    return tuple(f"[{look}] {text!r}" for look, text in pieces)


def ref_of(app: JobtuiApp, title: str) -> JobRef:
    """Find a job by its title."""
    return next(job.ref for job in app.monitor.store if job.title == title)
