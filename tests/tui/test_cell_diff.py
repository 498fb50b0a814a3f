"""The cell diff: what the terminal shows is what Textual's own bytes would show, from fewer bytes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from jobtui.tui.cells.grid import Grid
from jobtui.tui.cells.pens import PLAIN, change, on_spaces, styled
from jobtui.tui.cells.unfit import Unfit
from tests.tui.emulator import Emulator

WIDTH, HEIGHT = 24, 6
SURE = "ab c  de│●漢字→é"
DOUBTFUL = "a b👍🏽é\u0301👩\u200d👧ש⚠\ufe0f漢"
STYLES = [
    Style(),
    *(
        Style.parse(text)
        for text in (
            "bold",
            "dim red",
            "bold #102030 on #405060",
            "on #405060",
            "reverse green",
            "underline italic on blue",
            "strike bold link https://a.example/x",
            "link https://b.example",
            "blink dim bold on bright_black",
        )
    ),
]

Spans = list[tuple[str, int]]


def rendered(x: int, y: int, spans: Spans, width: int) -> str:
    """Give the bytes that Textual writes for a line at a place, cut and filled to a width."""
    strip = Strip([Segment(text, STYLES[style]) for text, style in spans]).adjust_cell_length(
        width, STYLES[0]
    )
    body = "".join(
        Strip.render_style(style or STYLES[0], text, ColorSystem.TRUECOLOR) for text, style, _ in strip
    )
    return f"\x1b[{y + 1};{x + 1}H{body}"


def spans(letters: str) -> st.SearchStrategy[Spans]:
    return st.lists(
        st.tuples(st.text(letters, min_size=1, max_size=9), st.integers(0, len(STYLES) - 1)), max_size=5
    )


@st.composite
def an_update(draw: st.DrawFn, letters: tuple[str, ...]) -> str:
    """Make an update of some places, each of a text of one of these sets of letters."""
    parts = []
    for y in sorted(draw(st.sets(st.integers(0, HEIGHT - 1), min_size=1))):
        cuts = draw(st.sets(st.integers(0, WIDTH), min_size=2, max_size=4) | st.just({0, WIDTH}))
        parts += [
            rendered(start, y, draw(spans(draw(st.sampled_from(letters)))), stop - start)
            for start, stop in pairwise(sorted(cuts))
        ]
        parts.append("\n" if y < HEIGHT - 1 else "")
    return "".join(parts)


def shown_alike(updates: list[str], *, in_doubt: bool) -> None:
    """Write updates as they are and as few bytes, and compare the screens after each."""
    grid, plain, less = Grid(WIDTH, HEIGHT), Emulator(WIDTH, HEIGHT), Emulator(WIDTH, HEIGHT)
    for update in updates:
        plain.feed(update)
        try:
            step = grid.step(update)
        except Unfit:  # as nothing stands before it that it could join
            grid.forget()
            less.feed(update)
            continue
        less.feed(step.written)
        grid.take(step)
        assert less.cells() == plain.cells()
        # What may have been moved by a text of another width is drawn again whenever Textual does.
        assert in_doubt or grid.step(update).written == "", "the same again is nothing"


@settings(deadline=None, max_examples=60)
@given(st.lists(an_update((SURE,)), min_size=1, max_size=6))
def test_the_screen_is_that_of_the_whole_bytes_whatever_is_drawn_where(updates: list[str]) -> None:
    shown_alike(updates, in_doubt=False)


@settings(deadline=None, max_examples=60)
@given(st.lists(an_update((SURE, DOUBTFUL)), min_size=1, max_size=6))
def test_rows_whose_width_is_in_doubt_are_written_whole(updates: list[str]) -> None:
    shown_alike(updates, in_doubt=True)


@given(st.sampled_from(STYLES), st.sampled_from(STYLES))
def test_a_pen_becomes_any_other_as_if_it_were_set_anew(before: Style, after: Style) -> None:
    plain, less = Emulator(4, 1), Emulator(4, 1)
    old, new = (styled(PLAIN, Strip.render_ansi(style, ColorSystem.TRUECOLOR)) for style in (before, after))
    plain.feed(f"{change(PLAIN, new)}x")
    less.feed(f"{change(PLAIN, old)}{change(old, new)}x")
    assert less.cells() == plain.cells()
    assert len(change(old, new)) <= len(f"\x1b[0;{';'.join(new.codes)}m")
    assert on_spaces(on_spaces(new)) == on_spaces(new)


def test_one_cell_that_differs_is_a_move_and_that_cell() -> None:
    grid = Grid(WIDTH, HEIGHT)
    grid.take(grid.step(rendered(0, 2, [("jobs 12 of 345", 0)], WIDTH)))
    step = grid.step(rendered(0, 2, [("jobs 13 of 345", 0)], WIDTH))
    assert step.written == "\x1b[3;7H3"


def test_what_was_not_written_yet_differs_from_everything() -> None:
    grid = Grid(WIDTH, HEIGHT)
    first, second = (grid.step(rendered(0, 0, [], WIDTH)) for _ in range(2))
    assert first.written == second.written == "\x1b[H" + " " * WIDTH, "neither was taken over"


@pytest.mark.parametrize(
    "raw",
    [
        "\x1b[2J",
        "text at no place",
        "\x1b[1;1Htab\t",
        "\x1b[1;1H\x1b[31mred for ever",
        "\x1b[99;1Hx",
        "\x1b[1;24Hxy",
        "\x1b[1;1H\x1b[38;9mx\x1b[0m",
        "\x1b[1;1H\x1b[77mx\x1b[0m",
        "\x1b[1;1Hx\x1b",
        "\x1b[0;1Hx",
    ],
)
def test_what_is_not_understood_is_refused(raw: str) -> None:
    with pytest.raises(Unfit):
        Grid(WIDTH, HEIGHT).step(raw)


def test_when_too_much_is_on_the_shelf_everything_is_written_anew() -> None:
    grid = Grid(WIDTH, HEIGHT)
    row = "\x1b[1;1H" + "".join(f"\x1b[38;2;1;{n};1mx\x1b[0m" for n in range(WIDTH))
    grid.take(grid.step(row))
    for number in range(4_200):
        grid.take(grid.step(f"\x1b[2;1H\x1b[48;2;{number % 256};{number // 256};7mx\x1b[0m"))
    assert grid.step(row).written != "", "the colours were forgotten with the cells"
