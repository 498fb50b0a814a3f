"""A random session with the real app: after every step the terminal shows what whole repaints would show."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import RenderableType
from rich.text import Text
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.drivers import headless_driver

from jobtui import turns
from jobtui.model import State
from jobtui.tui import app as app_module
from jobtui.tui import cell_diff
from jobtui.tui.cell_diff import CellDiff
from jobtui.tui.cells.grid import Grid
from tests.conftest import until
from tests.factory import a_job
from tests.tui.emulator import Emulator
from tests.tui.staged import Server, Stage, staged

SIZES = ((120, 40), (80, 24), (58, 14), (165, 44), (120, 40))
KEYS = (
    *("down", "up", "pagedown", "pageup", "g", "G", "j", "k"),
    *("1", "2", "3", "4", "7", "tab", "z", "z", "escape", "escape", "enter"),
    *("question_mark", "d", "x", "s", "b", "v", "u", "greater_than_sign", "less_than_sign", "p"),
    *("slash", "j", "a", "漢"),
)
TITLES = (
    "plain words",
    "漢字 in part",
    "family 👩\u200d👩\u200d👧 and 👍🏽",
    "e\u0301tude ש ⚠\ufe0f",
    "✔ 100 %",
)


class Terminal:
    """The terminal twice: as our bytes leave it, and as Textual's own would."""

    def __init__(self) -> None:
        self.resize(120, 40)
        self.updates = 0
        self.ours_written = self.whole_written = 0

    def resize(self, width: int, height: int) -> None:
        """Empty both, at another size."""
        self.ours, self.whole = Emulator(width, height), Emulator(width, height)

    def write(self, written: str) -> None:
        """Take what the app writes."""
        self.ours.feed(written)
        self.ours_written += len(written.encode())


class Watched(CellDiff):
    """A cell diff that writes down what Textual would have written."""

    terminal: Terminal

    def less(self, app: App[Any], update: RenderableType | None) -> RenderableType | None:
        some: Any = update
        if isinstance(some, CompositorUpdate) and app._running and not app._batch_count:
            written = some.render_segments(app.console)
            self.terminal.whole.feed(written)
            self.terminal.whole_written += len(written)
            self.terminal.updates += 1
        return super().less(app, update)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Give a terminal that the app of this test draws on."""
    made = Terminal()

    class Driver(headless_driver.HeadlessDriver):
        is_headless = False

        def write(self, data: str) -> None:
            made.write(data)

    Watched.terminal = made
    monkeypatch.setattr(headless_driver, "HeadlessDriver", Driver)
    monkeypatch.setattr(app_module, "CellDiff", Watched)
    return made


def a_server(count: int, titles: Sequence[str] = TITLES) -> Server:
    server = Server("tiles")
    for number in range(count):
        server.has(a_job(str(number), title=f"{titles[number % len(titles)]} {number}"))
    return server


async def filled(stage: Stage, count: int) -> None:
    await until(lambda: stage.main.jobs.line_count() == count, what="the jobs")
    await stage.pilot.pause()


def _steps(
    stage: Stage, server: Server, terminal: Terminal, chance: random.Random, *, typed: bool
) -> list[Callable[[], Any]]:
    async def press() -> None:
        if typed:
            turns.key_came()
            turns.news_came(10 * turns.MUCH)  # so that all is drawn in parts
        await stage.pilot.press(chance.choice(KEYS))

    async def resize() -> None:
        size = chance.choice(SIZES)
        terminal.resize(*size)
        await stage.pilot.resize_terminal(*size)

    async def change() -> None:
        job = chance.choice(list(server.jobs.values()))
        title, state = chance.choice(TITLES), chance.choice(list(State))
        server.has(replace(job, title=f"{title} {chance.random():.3f}", state=state))
        await stage.pilot.pause(0.15)

    return [press] * 14 + [change] * 3 + [resize]


def _repainted(app: App[Any]) -> Emulator:
    """Give what a terminal shows that nothing was ever written to but all of the screen, once."""
    empty = Emulator(*app.size)
    update: Any = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    empty.feed(update.render_segments(app.console))
    return empty


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("typed", [False, True], ids=["alone", "somebody-at-the-keys"])
async def test_after_every_step_the_screen_is_that_of_a_whole_repaint(
    tmp_path: Path, terminal: Terminal, seed: int, typed: bool
) -> None:
    """Some widgets are drawn by themselves, some lines before others, and of all that only what differs."""
    server, chance = a_server(60), random.Random(seed)
    async with staged(tmp_path, server, size=(120, 40)) as stage:
        await filled(stage, 60)
        steps = _steps(stage, server, terminal, chance, typed=typed)
        for _ in range(70):
            await chance.choice(steps)()
            await stage.pilot.pause()
            assert stage.app.cells.off == ""
            assert terminal.ours.cells() == terminal.whole.cells()
            await until(
                lambda: terminal.ours.cells() == _repainted(stage.app).cells(), what="the whole screen"
            )
    assert terminal.updates > 60


async def test_one_row_costs_few_bytes_and_the_same_again_costs_none(
    tmp_path: Path, terminal: Terminal
) -> None:
    server = a_server(60, TITLES[:2])
    async with staged(tmp_path, server, size=(120, 40)) as stage:
        await filled(stage, 60)
        await stage.pilot.press("1", "down")
        await stage.pilot.pause()
        ours, whole = terminal.ours_written, terminal.whole_written
        await stage.pilot.press("down")
        await stage.pilot.pause()
        assert 0 < terminal.ours_written - ours < (terminal.whole_written - whole) * 0.7
        whole_screen: Any = stage.app.screen._compositor.render_full_update()
        assert stage.app.cells.less(stage.app, whole_screen) is None


async def test_after_the_shell_had_the_terminal_all_is_written_again(
    tmp_path: Path, terminal: Terminal
) -> None:
    server = a_server(10)
    async with staged(tmp_path, server) as stage:
        await filled(stage, 10)
        stage.app.app_suspend_signal.publish(stage.app)
        terminal.resize(*stage.app.size)
        stage.app.app_resume_signal.publish(stage.app)
        await until(lambda: "plain words" in terminal.ours.text, what="the jobs again")
        await stage.pilot.pause()
        assert terminal.ours.cells() == terminal.whole.cells()


async def test_a_refresh_by_key_takes_away_what_somebody_else_wrote(
    tmp_path: Path, terminal: Terminal
) -> None:
    server = a_server(10, TITLES[:2])
    async with staged(tmp_path, server) as stage:
        await filled(stage, 10)
        terminal.ours.feed("\x1b[6;1HBroadcast message from root\x1b[1;1H")
        await stage.pilot.press("r")
        await until(lambda: "Broadcast" not in terminal.ours.text, what="our own rows")
        await stage.pilot.pause()
        assert terminal.ours.cells() == terminal.whole.cells()


async def test_what_is_no_update_of_the_screen_is_written_and_all_is_forgotten(
    tmp_path: Path, terminal: Terminal
) -> None:
    server = a_server(10)
    async with staged(tmp_path, server) as stage:
        await filled(stage, 10)
        strange = Text("strange")
        assert stage.app.cells.less(stage.app, strange) is strange
        before = terminal.ours_written
        stage.main.refresh(layout=True)
        await stage.pilot.pause()
        assert terminal.ours_written > before + 1_000


async def test_bytes_that_are_not_understood_are_written_as_they_are(
    tmp_path: Path, terminal: Terminal
) -> None:
    class Odd(CompositorUpdate):
        def render_segments(self, console: object) -> str:
            return "\x1b[2J"

    async with staged(tmp_path, a_server(10)) as stage:
        await filled(stage, 10)
        odd: Any = Odd()
        assert stage.app.cells.less(stage.app, odd) is odd
        assert stage.app.cells.off == "", "the next one may be understood"


async def test_a_mistake_of_the_diff_switches_it_off_and_the_screen_goes_on(
    tmp_path: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(*_: object) -> None:
        raise ZeroDivisionError

    async with staged(tmp_path, a_server(10)) as stage:
        await filled(stage, 10)
        monkeypatch.setattr(Grid, "step", mistaken)
        await stage.pilot.press("question_mark")
        await until(lambda: "Help" in terminal.ours.text or "Keys" in terminal.ours.text, what="the help")
        assert "mistake" in stage.app.cells.off
        assert terminal.ours.cells() == terminal.whole.cells()


def test_a_textual_that_is_not_known_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cell_diff.misfit() == ""
    monkeypatch.setattr(cell_diff, "version", lambda _: "9.0.0")
    assert "9.0.0" in cell_diff.misfit()
    assert CellDiff().off != ""
    monkeypatch.setattr(cell_diff, "version", lambda _: "8.9.0")
    monkeypatch.setattr(App, "_display", lambda self, what: None)
    assert "another way" in cell_diff.misfit()


async def test_the_diff_can_be_switched_off_which_the_polling_pane_says(
    tmp_path: Path, terminal: Terminal
) -> None:
    async with staged(tmp_path, a_server(10)) as stage:
        await filled(stage, 10)
        stage.app.cells.switch_off()
        before = terminal.ours_written, terminal.whole_written
        await stage.pilot.press("7")
        await until(lambda: "is written whole: switched off" in terminal.ours.text, what="the sentence")
        assert terminal.ours_written - before[0] >= terminal.whole_written - before[1]
