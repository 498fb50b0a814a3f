"""Patterns find what the standard library's do, in time that grows with the text alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobtui.insight.pattern import Pattern

_PIECES = st.sampled_from(
    [
        "a",
        "b",
        ".",
        r"\d",
        r"\w",
        r"\s",
        "[ab]",
        "[^a]",
        "[0-9x]",
        r"\b",
        r"\B",
        "^",
        "$",
        "(a|b)",
        "(?:ab|c)",
    ]
)
_REPEATS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,3}", "{0,2}", "+?"])


def _without_repeated_assertions(parts: list[tuple[str, str]]) -> str:
    return "".join(piece if piece in ("^", "$", r"\b", r"\B") else piece + repeat for piece, repeat in parts)


_PATTERNS = st.lists(st.tuples(_PIECES, _REPEATS), min_size=1, max_size=6).map(_without_repeated_assertions)


@settings(max_examples=400, deadline=None)
@given(pattern=_PATTERNS, text=st.text(alphabet="abcx09_ -", min_size=1, max_size=14))
def test_a_pattern_finds_what_the_standard_library_finds(pattern: str, text: str) -> None:
    assert Pattern(pattern).found_in(text) == (re.search(pattern, text, re.IGNORECASE) is not None)


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a|a)*b", "(a|aa)+$", "(.*a){20}b", ".*.*.*.*.*x", r"(\w+\s?)*$!", "(a?){50}a{50}b"],
)
def test_patterns_that_make_others_run_for_years_answer_for_a_long_line(pattern: str) -> None:
    line = "a" * 4_000 + "!"
    assert Pattern(pattern).found_in(line) is False


def test_a_match_is_looked_for_in_every_line() -> None:
    pattern = Pattern("^disk (full|quota)$")
    assert pattern.found_in("started\ndisk full\r\nended")
    assert not pattern.found_in("the disk full of things")


def test_letters_match_whatever_their_case_and_escapes_keep_theirs() -> None:
    assert Pattern("[A-C]x").found_in("bX")
    assert Pattern(r"\Sx").found_in("ax")
    assert not Pattern(r"^\S$").found_in(" ")


def test_a_literal_quote_can_be_written_as_a_number() -> None:
    assert Pattern(r"\x22done\x22").found_in('said "done"')


@pytest.mark.parametrize(
    ("pattern", "clause"),
    [
        ("(a", "never closed"),
        ("a)", "too many"),
        ("[a", "never closed"),
        ("*a", "nothing to repeat"),
        ("a{x}", "no count"),
        ("a{101}", "0 to 100"),
        ("a{3,2}", "0 to 100"),
        (r"a\1", "not known here"),
        ("(?=a)", "looks around"),
        ("a\\", "ends with"),
        ("[z-a]", "empty"),
        (r"\xzz", "hexadecimal"),
        ("a" * 201, "longer than 200"),
        ("((a{100}){100})", "too large"),
    ],
)
def test_what_is_no_pattern_is_refused_with_one_clause(pattern: str, clause: str) -> None:
    with pytest.raises(ValueError, match=re.escape(clause)):
        Pattern(pattern)


def test_a_pattern_keeps_no_more_states_than_it_may() -> None:
    pattern = Pattern(r"[ab]*a[ab]{12}$")
    import random

    dice = random.Random(7)
    text = "".join(dice.choice("ab") for _ in range(4_000))
    assert pattern.found_in(text) == (text[-13] == "a")
    assert len(pattern._states) <= 500
