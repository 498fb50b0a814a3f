"""A result as a tree in the details: folded and unfolded, searched, and as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.model import JobRef, State
from jobtui.tui.format.spans import text_of, width_of
from jobtui.tui.format.states import ASCII
from jobtui.tui.format.tree import MOST_CHILDREN, Folding, value_rows
from jobtui.tui.screens.details import DetailsScreen
from jobtui.tui.widgets.line_view import LineView
from tests.conftest import until
from tests.factory import a_job
from tests.tui.conftest import Drive, shown
from tests.tui.staged import Server, Stage, staged

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=30)
VALUES = st.recursive(
    SCALARS,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=9), inside),
    max_leaves=20,
)
OPEN = Folding(is_all_open=True)


def said(value: object, folding: Folding = OPEN, width: int = 60) -> list[str]:
    return [text_of(line) for line, _ in value_rows(value, width, folding, ASCII)]


@given(VALUES, st.integers(40, 120), st.booleans())
def test_whatever_the_result_it_fits_and_shows_no_control_codes(
    value: Any, width: int, is_open: bool
) -> None:
    for line, _ in value_rows(value, width, Folding(is_all_open=is_open), ASCII):
        assert width_of(line) <= width
        assert text_of(line).isprintable()


def test_objects_and_lists_say_how_many_and_what_is_empty_is_said() -> None:
    value = {"ok": [1, True, None], "none": {}, "deep": {"a": {"b": {"c": "x"}}}}
    assert said(value)[:5] == ["- ok  list of 3", "    0: 1", "    1: true", "    2: null", "  none: {}"]
    assert said(value)[-1].strip() == "c: x"


def test_what_lies_deep_is_folded_until_somebody_unfolds_it() -> None:
    value = {"errors": {"first": {"a": 1, "b": 2, "c": 3}}}
    rows = list(value_rows(value, 60, Folding(), ASCII))
    assert [text_of(line).strip() for line, _ in rows] == ["- errors  object of 1", "+ first  object of 3"]
    fold = rows[-1][1]
    assert fold is not None
    assert len(said(value, Folding({fold}))) == 5


def test_a_very_long_list_shows_its_beginning_and_counts_the_rest() -> None:
    lines = said([*range(MOST_CHILDREN + 7)])
    assert len(lines) == MOST_CHILDREN + 1
    assert "7 more; J shows them" in lines[-1]


@pytest.mark.parametrize("value", ["plain text", "two\nlines", 5, None])
def test_a_result_that_is_no_object_is_said_as_it_is(value: object) -> None:
    assert said(value) == str("null" if value is None else value).split("\n")


# --- by key -------------------------------------------------------------------------------------------


def a_server() -> Server:
    server = Server("tiles")
    errors = [{"ticket": number, "error": f"RecordNotFound {number}", "at": "x"} for number in range(4)]
    job = a_job(
        "1",
        title="import",
        state=State.FAILED,
        raw_state="FAILED",
        ended=True,
        ended_at=datetime.now(UTC),
        result={"changed": 86, "errors": errors},
        properties=(("priority", "High"),),
    )
    server.has(job)
    return server


async def opened(stage: Stage) -> list[str]:
    ref = JobRef("tiles", "1")
    await until(lambda: stage.main.jobs.selected == ref and stage.app.monitor.detail(ref), what="read")
    await stage.pilot.press("d")
    await until(lambda: isinstance(stage.app.screen, DetailsScreen), what="the details")
    await stage.pilot.pause()
    return lines(stage)


def lines(stage: Stage) -> list[str]:
    view = stage.app.screen.query_one("#reading", LineView)
    return [text_of(view.line(row)) for row in range(view.line_count())]


async def test_enter_unfolds_a_part_of_the_result_and_folds_it_again(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server()) as stage:
        before = await opened(stage)
        assert any("priority: High" in line for line in before)
        assert any("changed: 86" in line for line in before)
        assert not any("RecordNotFound 2" in line for line in before)
        await stage.pilot.press("G", "k", "enter")
        assert any("RecordNotFound 2" in line for line in lines(stage))
        await stage.pilot.press("enter")
        assert lines(stage) == before


async def test_a_search_looks_into_what_is_folded_and_goes_on_by_key(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server()) as stage:
        await opened(stage)
        await stage.pilot.press("slash", *"notfound", "enter")
        view = stage.app.screen.query_one("#reading", LineView)
        first = view.cursor
        assert "RecordNotFound 0" in lines(stage)[first]
        await stage.pilot.press("n")
        assert "RecordNotFound 1" in lines(stage)[view.cursor]
        await stage.pilot.press("N", "N")
        assert "RecordNotFound 3" in lines(stage)[view.cursor], "round the end"
        await stage.pilot.press("escape")
        assert not any("RecordNotFound 2" in line for line in lines(stage)), "folded again"
        assert isinstance(stage.app.screen, DetailsScreen)
        await stage.pilot.press("escape")
        assert len(stage.app.screen_stack) == 1


async def test_what_is_nowhere_in_the_details_is_said(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server()) as stage:
        await opened(stage)
        view = stage.app.screen.query_one("#reading", LineView)
        await stage.pilot.press("slash", *"z[b]z", "enter")
        assert r"“z\[b]z” is nowhere here" in str(view.border_subtitle)
        await stage.pilot.press("escape")
        assert "/ finds" in str(view.border_subtitle)


async def test_one_key_shows_the_job_as_json_and_back(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server()) as stage:
        before = await opened(stage)
        await stage.pilot.press("J")
        assert lines(stage)[0] == "{"
        assert any('"raw_state": "FAILED"' in line for line in lines(stage))
        assert any('"error": "RecordNotFound 3"' in line for line in lines(stage))
        await stage.pilot.press("J")
        assert lines(stage)[0] == before[0]
        await stage.pilot.press("d")
        assert len(stage.app.screen_stack) == 1, "the key that opened them closes them"


async def test_the_details_of_every_kind_in_the_demo_fit(drive: Drive) -> None:
    async with drive(size=(80, 24)) as driven:
        await until(lambda: len(driven.main.view) > 25, what="the list")
        for source in ("tiles", "desk", "field"):
            driven.main.jobs.select(next(ref for ref in driven.main.view if ref.source == source))
            await driven.pilot.press("d")
            await until(lambda: isinstance(driven.app.screen, DetailsScreen), what="the details")
            await driven.pilot.pause()
            view = driven.app.screen.query_one("#reading", LineView)
            assert all(len(line) <= 80 for line in shown(view))
            await driven.pilot.press("J", "escape")
