"""What the filter lets through."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.events import Key

from jobtui.model import Flag, Job, State
from jobtui.tui.filters import passes
from jobtui.tui.widgets.typing import Typing
from tests.conftest import until
from tests.factory import NOW, a_job

FAILED = a_job("1", title="Import of Harbour", state=State.FAILED, ended=True, why="disk full")
STALLED = a_job("2", title="Tiles", flags=frozenset({Flag.STALLED}), owner="Mia")
DONE = a_job("3", source="desk", title="Merge", state=State.SUCCEEDED, ended=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("harbour", [FAILED]),
        ("DISK", [FAILED]),
        ("mia tiles", [STALLED]),
        ("!tiles:", [DONE]),
        ("state:fail", [FAILED]),
        ("state:stall", [STALLED]),
        ("source:desk", [DONE]),
        ("kind:next", [FAILED, STALLED, DONE]),
        ("!state:failed source:tiles", [STALLED]),
        ("tiles:2", [STALLED]),
        ("nothing-like-it", []),
        ("none", []),
        ("!", []),
        ("!!", [FAILED, STALLED, DONE]),
        ("!!harbour", [FAILED]),
        pytest.param("!" * 20_001 + "harbour", [STALLED, DONE], id="a key held down"),
    ],
)
def test_a_filter_finds(text: str, found: list[Job]) -> None:
    test = passes(text, problems=False, now=lambda: NOW)
    assert test is not None
    assert [job for job in (FAILED, STALLED, DONE) if test(job)] == found


def test_problems_only_leaves_what_needs_somebody() -> None:
    test = passes("", problems=True, now=lambda: NOW)
    assert test is not None
    assert [job for job in (FAILED, STALLED, DONE) if test(job)] == [FAILED, STALLED]


def test_nothing_typed_filters_nothing() -> None:
    assert passes("  ", problems=False, now=lambda: NOW) is None


class TypingApp(App[None]):
    """An app with one line for typing."""

    def compose(self) -> ComposeResult:
        yield Typing()


async def test_a_burst_of_keys_is_taken_in_the_order_it_was_typed() -> None:
    async with TypingApp().run_test() as pilot:
        typed = pilot.app.query_one(Typing)
        for key in [*"abcdef", *["backspace"] * 3, *"xyz", "home", "delete"]:
            pilot.app.post_message(Key(key, key if len(key) == 1 else None))
        await until(lambda: typed.value.endswith("xyz") and not typed.value.startswith("a"))
        assert typed.value == "bcxyz"
