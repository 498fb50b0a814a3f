"""The widths of columns: chosen by hand they hold while they fit, and what is left is shared."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.insight.layout import LEAST_WIDTH, USUAL, Layout
from jobtui.insight.sorting import Column
from jobtui.tui.format.columns import Columns
from jobtui.tui.format.jobs import job_row
from jobtui.tui.format.spans import text_of, width_of
from jobtui.tui.format.states import ASCII, UNICODE, Glyphs
from jobtui.tui.widgets.line_bar import LineBar
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.tui.conftest import shown
from tests.tui.staged import Stage, staged
from tests.tui.test_finding import filled, heading, two_servers

WIDTHS = st.dictionaries(st.sampled_from(list(Column)), st.integers(-5, 10**9))


def cells(columns: Columns) -> dict[Column, int]:
    return dict(columns.widths)


@given(
    st.integers(58, 220),
    st.frozensets(st.sampled_from(list(Column)), min_size=1),
    WIDTHS,
    st.sampled_from([UNICODE, ASCII]),
)
def test_whatever_was_chosen_a_row_fits(
    width: int, wanted: frozenset[Column], chosen: dict[Column, int], glyphs: Glyphs
) -> None:
    columns = Columns.of(width, 9, glyphs, wanted, chosen)
    assert sum(cells(columns).values()) + len(cells(columns)) - 1 <= width
    assert all(one >= LEAST_WIDTH for one in cells(columns).values())
    line = job_row(a_job(title="long " * 50, why="wide 漢字 " * 30), NOW, columns, glyphs=glyphs)
    assert width_of(line) <= width


def test_a_chosen_width_holds_and_the_rest_is_shared() -> None:
    columns = cells(Columns.of(118, 6, UNICODE, USUAL, {Column.TITLE: 60}))
    assert columns[Column.TITLE] == 60
    assert sum(columns.values()) + len(columns) - 1 == 118


@pytest.mark.parametrize(("asked", "given"), [(-4, LEAST_WIDTH), (10**6, 120)])
def test_a_width_stays_within_reason(asked: int, given: int) -> None:
    assert Layout().with_width(Column.ID, asked).widths == {Column.ID: given}


def answers(stage: Stage) -> str:
    return "\n".join(text_of(line) for line in stage.app.screen.query_one("#answer", LineBar).lines)


async def test_a_column_is_made_wider_by_key_seen_at_once_and_kept(tmp_path: Path) -> None:
    kept: list[Layout] = []
    async with staged(tmp_path, *two_servers(), size=(80, 24), keep=kept.append) as stage:
        await filled(stage)
        before = heading(stage).index("PROGRESS")
        await stage.pilot.press("s", "g", "j", "j", "j", "j", *["right"] * 5, "l")
        await stage.pilot.pause()
        assert heading(stage).index("PROGRESS") == before + 6
        assert "narrower, wider" in answers(stage)
        await stage.pilot.press("h", "escape")
        await stage.pilot.pause()
        assert heading(stage).index("PROGRESS") == before + 5
        await until(lambda: len(kept) == 7, what="it is kept")
    async with staged(tmp_path, *two_servers(), size=(80, 24), layout=kept[-1], keep=kept.append) as stage:
        await filled(stage)
        assert heading(stage).index("PROGRESS") == before + 5, "the next start has it"
        assert all(len(line) <= 80 for line in shown(stage.main.jobs))
        await stage.pilot.press("s", "g", "j", "j", "j", "j", "equals_sign", "escape")
        await stage.pilot.pause()
        assert heading(stage).index("PROGRESS") == before
        await until(lambda: kept[-1].widths == {}, what="nothing is chosen any more")


async def test_widening_a_hidden_column_shows_it(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers(), size=(120, 40)) as stage:
        await filled(stage)
        await stage.pilot.press("s", "g", "j", "j", "j", "right", "escape")
        await stage.pilot.pause()
        assert " ID " in heading(stage)
