"""Bell, notifications and titles: which terminal gets what, and nothing of a server's in between."""

from __future__ import annotations

import pytest

from jobtui.ringing import Ringing, ringing_of, title, wrapped

HOSTILE = 'disk\x1b]0;owned\x07 full; 4;rm\n"x"\x9c'


def _codes(text: str) -> int:
    return sum(text.count(code) for code in ("\x1b", "\a", "\x9c", "\n"))


@pytest.mark.parametrize(
    ("env", "way"),
    [
        ({"TERM": "xterm-kitty"}, "osc99"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "3"}, "osc99"),
        ({"TERM": "foot-extra"}, "osc777"),
        ({"TERM": "rxvt-unicode-256color"}, "osc777"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "osc9"),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "osc9"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "osc9"),
        ({"TERM": "xterm-ghostty"}, "osc9"),
        ({"TERM": "xterm-256color"}, None),
        ({"TERM": "linux"}, None),
        ({}, None),
        ({"TERM": "tmux-256color", "TMUX": "/run/t,1,0", "LC_TERMINAL": "iTerm2"}, None),
        ({"TERM": "screen", "STY": "1.x", "LC_TERMINAL": "iTerm2"}, None),
    ],
)
def test_only_a_terminal_that_is_known_to_take_one_gets_a_notification(
    env: dict[str, str], way: str | None
) -> None:
    assert ringing_of("auto", env, passthrough=False, title=False).way == way


def test_what_is_set_is_used_whatever_the_terminal_and_off_is_off() -> None:
    assert ringing_of("osc777", {"TERM": "linux"}, passthrough=False, title=False).way == "osc777"
    assert ringing_of("off", {"TERM": "xterm-kitty"}, passthrough=False, title=False).way is None


def test_in_tmux_notifications_are_wrapped_only_by_choice_and_the_bell_never() -> None:
    env = {"TERM": "tmux-256color", "TMUX": "/run/t,1,0", "LC_TERMINAL": "iTerm2"}
    chosen = ringing_of("auto", env, passthrough=True, title=False)
    assert chosen.ring(("bell", "notify"), "x") == "\a\x1bPtmux;\x1b\x1b]9;jobtui: x\a\x1b\\"
    assert (
        ringing_of("osc9", env, passthrough=False, title=False).ring(("notify",), "x") == "\x1b]9;jobtui: x\a"
    )
    outside = ringing_of("osc9", {"TERM": "xterm"}, passthrough=True, title=False)
    assert not outside.is_wrapped


@pytest.mark.parametrize(("way", "most"), [("osc9", 2), ("osc777", 2), ("osc99", 4)])
def test_no_code_of_a_server_is_in_a_notification(way: str, most: int) -> None:
    code = Ringing(way).notification(HOSTILE)
    assert _codes(code) == most
    assert len(Ringing(way).notification("x" * 10_000)) < 400


def test_a_notification_of_the_second_sort_has_just_a_title_and_a_body() -> None:
    assert Ringing("osc777").notification("a; b").count(";") == 3


def test_what_is_not_asked_for_is_not_done() -> None:
    assert Ringing("osc9").ring((), "x") == ""
    assert Ringing("osc9").ring(("run:pager",), "x") == ""
    assert Ringing(None).ring(("bell", "notify"), "x") == "\a"


def test_a_title_is_one_harmless_line() -> None:
    assert _codes(title(HOSTILE)) == 2
    assert wrapped("\x1bX") == "\x1bPtmux;\x1b\x1bX\x1b\\"
