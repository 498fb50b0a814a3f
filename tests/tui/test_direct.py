"""Direct: what a widget draws by itself is what a whole repaint shows there, or it is not drawn so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from jobtui.tui import at_once
from jobtui.tui.direct import Lines, lines_of
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.theme_shelf import DEFAULT
from jobtui.tui.themes import load_themes
from jobtui.tui.widgets.line_view import TextLines
from tests.conftest import until
from tests.factory import a_job
from tests.tui.staged import Server, Stage, staged


class Panes(App[None]):
    """A list that scrolls beside another; something may stand over the list."""

    CSS = """
    #over { layer: above; display: none; width: 10; height: 3; background: red; }
    Screen { layers: below above; }
    Vertical { border: solid white; }
    """
    ENABLE_COMMAND_PALETTE = False
    places: ClassVar[dict[str, tuple[int, int]]] = {"middle": (8, 3), "left": (0, 3), "right": (18, 3)}

    def compose(self) -> ComposeResult:
        with Horizontal():
            with Vertical():
                yield TextLines(id="list")
            yield Vertical(Static("beside"))
        yield Static("over it", id="over")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return load_themes()[DEFAULT].variables

    def on_mount(self) -> None:
        self.panes.show([_line(number, "before") for number in range(50)])

    @property
    def panes(self) -> TextLines:
        """The list."""
        return self.query_one("#list", TextLines)

    def cover(self, place: str) -> None:
        """Have something stand over the list."""
        over = self.query_one("#over")
        over.styles.offset = self.places[place]
        over.display = True


def _line(number: int, word: str) -> Line:
    return (Span(f"{number} {word} it changed, and goes on until the edge of the pane and beyond"),)


def _change(app: Panes, rows: range) -> None:
    """Have some lines wait to be drawn, and nothing draw them."""
    app.panes._lines = [_line(number, "after" if number in rows else "before") for number in range(50)]
    for y in rows:
        app.panes.refresh(Region(0, y, app.panes.size.width, 1))


def _parts(update: Lines) -> Iterator[tuple[int, int, str]]:
    for y, x, strip in update._parts:
        yield y, x, strip.text


def _shown(app: Panes) -> list[str]:
    strips: list[Strip] = app.screen._compositor.render_strips()
    return [strip.text for strip in strips]


def _drawn(app: Panes) -> Lines | None:
    return lines_of(app.screen._compositor, {app.panes})


async def test_lines_are_where_a_whole_repaint_has_them() -> None:
    app = Panes()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        _change(app, range(2, 5))
        update = _drawn(app)
        assert update is not None
        parts = list(_parts(update))
        shown = _shown(app)
        assert [y for y, _, _ in parts] == [3, 4, 5]
        assert all("after" in text and shown[y][x : x + len(text)] == text for y, x, text in parts)
        assert "after" not in shown[2] + shown[6]
        assert not app.panes._repaint_regions, "it is not drawn a second time"


async def test_the_bar_beside_lines_is_left_alone() -> None:
    app = Panes()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        bar: Widget = app.panes.vertical_scrollbar
        _change(app, range(3))
        update = _drawn(app)
        assert update is not None
        assert all(x + len(text) == bar.region.x for _, x, text in _parts(update))


async def test_what_stands_over_an_end_is_left_alone_and_over_the_middle_nothing_is_drawn_so() -> None:
    app = Panes()
    async with app.run_test(size=(60, 12)) as pilot:
        for place, is_drawn in (("left", True), ("middle", False)):
            app.cover(place)
            await pilot.pause()
            _change(app, range(6))
            waiting = set(app.panes._repaint_regions)
            update = _drawn(app)
            assert (update is not None) is is_drawn, place
            if update is None:
                assert app.panes._repaint_regions == waiting, "it waits still"
                continue
            shown = _shown(app)
            assert all(shown[y][x : x + len(text)] == text for y, x, text in _parts(update))
            assert any("over it" in line for line in shown)


async def test_what_is_not_on_the_screen_is_not_drawn() -> None:
    app = Panes()
    async with app.run_test(size=(60, 12)) as pilot:
        app.panes.display = False
        await pilot.pause()
        app.panes._repaint_regions.add(Region(0, 0, 10, 1))
        update: Any = _drawn(app)
        assert list(_parts(update)) == []


async def test_a_mistake_in_it_costs_nothing_but_its_haste(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(*_: object) -> None:
        raise LookupError("a mistake")

    server = Server("tiles")
    server.has(a_job("1", title="one"))
    server.has(a_job("2", title="two"))
    monkeypatch.setattr(at_once, "lines_of", mistaken)
    async with staged(tmp_path, server) as stage:
        await until(lambda: stage.main.jobs.line_count() == 2, what="the jobs")
        await stage.pilot.press("j")
        await until(lambda: "> " in _rows(stage)[1], what="the cursor on the other row")
        assert stage.main._is_whole_only


async def test_with_the_cell_diff_off_textual_draws_in_its_own_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[object] = []
    server = Server("tiles")
    server.has(a_job("1", title="one"))
    server.has(a_job("2", title="two"))
    async with staged(tmp_path, server) as stage:
        await until(lambda: stage.main.jobs.line_count() == 2, what="the jobs")
        stage.app.cells.switch_off()
        monkeypatch.setattr(at_once, "lines_of", lambda *wanted: drawn.append(wanted))
        await stage.pilot.press("j")
        await until(lambda: "> " in _rows(stage)[1], what="the cursor on the other row")
        assert drawn == []


def _rows(stage: Stage) -> list[str]:
    """Give the rows of the list as they stand on the screen."""
    region = stage.main.jobs.region
    strips = stage.main._compositor.render_strips()
    return [strip.text[region.x : region.right] for strip in strips[region.y : region.bottom]]
