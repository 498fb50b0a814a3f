"""The bar beside lines: it is there from the beginning, and seen once there is something to scroll."""

from __future__ import annotations

import pytest
from textual._compositor import Compositor
from textual.app import App, ComposeResult

from jobtui.tui.format.spans import Line, Span
from jobtui.tui.theme_shelf import DEFAULT, Shelf
from jobtui.tui.themes import textual_theme
from jobtui.tui.widgets.line_view import TextLines


class Lines(App[None]):
    """Some lines, and nothing else."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return textual_theme(Shelf(None).files[DEFAULT]).variables

    def compose(self) -> ComposeResult:
        yield TextLines(id="lines")


def _lines(count: int) -> list[Line]:
    return [(Span(f"line {number}"),) for number in range(count)]


def _shows_bar(app: Lines) -> bool:
    """Whether a bar is seen in the last column: it is drawn as blanks turned round."""
    lasts = [list(row)[-1] for row in app.screen._compositor.render_strips()]
    return any(last.style is not None and last.style.reverse for last in lasts)


async def test_lines_that_become_more_than_there_is_room_for_do_not_have_the_screen_laid_out_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    laid_out: list[object] = []
    reflow = Compositor.reflow

    def counted(self: Compositor, *args: object, **options: object) -> object:
        laid_out.append(self)
        return reflow(self, *args, **options)  # type: ignore[arg-type]

    app = Lines()
    async with app.run_test(size=(40, 12)) as pilot:
        lines = app.query_one(TextLines)
        lines.show(_lines(3))
        await pilot.pause()
        assert not _shows_bar(app)
        monkeypatch.setattr(Compositor, "reflow", counted)
        lines.show(_lines(100))
        await pilot.pause()
        assert _shows_bar(app)
        lines.show(_lines(3))
        await pilot.pause()
        assert not _shows_bar(app)
        assert laid_out == []


async def test_a_line_that_is_cut_says_so_beside_the_bar() -> None:
    app = Lines()
    async with app.run_test(size=(40, 12)) as pilot:
        app.query_one(TextLines).show([(Span("word " * 20),), (Span("short"),)])
        await pilot.pause()
        rows = app.screen._compositor.render_strips()[:2]
        first, second = ("".join(part.text for part in row) for row in rows)
        assert first[-2:] == "… "
        assert second.strip() == "short"
