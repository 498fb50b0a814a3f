"""The one door for server text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.text import plain, plain_lines


@given(st.text())
def test_nothing_that_passes_can_move_a_cursor_or_turn_a_line(value: str) -> None:
    kept = [plain(value), *plain_lines(value)]
    for text in kept:
        assert all(unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp", "Cs") for c in text)


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("\x1b[2J\x1b]0;owned\x07", "·[2J·]0;owned·"),
        ("\x9b31m red", "·31m red"),
        ("abc\u202etxt.exe", "abctxt.exe"),
        ("ze\u200bro", "zero"),
        ("two\nlines", "two lines"),
        ("hard\xa0and\u3000wide", "hard and wide"),
        ("tab\tbed", "tab    bed"),
        ("a" + "\u0301" * 40, "a" + "\u0301" * 4),
        ("a" + "\u0301\u200b" * 40, "a" + "\u0301" * 4),
        ("[bold]markup[/]", "[bold]markup[/]"),
    ],
)
def test_hostile_text_is_shown_harmlessly(hostile: str, harmless: str) -> None:
    assert plain(hostile) == harmless


def test_a_megabyte_line_is_cut_and_its_rest_counted() -> None:
    text = plain("x" * 1_000_000, limit=100)
    assert text == "x" * 100 + "… (+999900 characters)"


def test_line_ends_of_either_kind_divide_lines() -> None:
    assert plain_lines("one\r\ntwo\nthree") == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("unsteady", "steady"),
    [
        ("I \u2764\ufe0f it", "I \u2764 it"),
        ("1\ufe0f\u20e3", "1\u20e3"),
        ("\U0001f44d\U0001f3fd", "\U0001f44d"),
        ("\U0001f1e9\U0001f1ea", "DE"),
        ("a\u3164b", "ab"),
        ("\u1100" + "\u1161" * 90, "\u1100" + "\u1161" * 4),
        ("\u0301acute", "·\u0301acute"),
    ],
)
def test_what_terminals_disagree_on_the_width_of_is_said_in_another_way(unsteady: str, steady: str) -> None:
    assert plain(unsteady) == steady
    assert plain(steady) == steady


@given(st.text())
def test_what_is_harmless_stays_as_it_is(value: str) -> None:
    once = plain(value)
    assert plain(once) == once


def test_of_a_hundred_thousand_lines_some_are_kept_and_the_rest_counted() -> None:
    lines = plain_lines("x\n" * 100_000 + "end", most=3)
    assert lines == ["x", "x", "x", "… (+99998 lines)"]
