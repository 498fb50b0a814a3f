"""Keys that the user chose: one meaning each, none that a habit could send a control with."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from textual.keys import _character_to_key

from jobtui.tui import keymap
from jobtui.tui.keymap import KEYS, face_of
from jobtui.tui.rebinding import key_name, rebound, sign_name


def keys_of(wanted: Mapping[str, tuple[str, ...]], action: str) -> str:
    return next(key.keys for key in rebound(wanted).keys if key.id == action)


def test_every_sign_has_the_name_that_the_terminal_reader_gives_it() -> None:
    signs = [chr(code) for code in range(33, 127)]
    assert [sign_name(sign) for sign in signs] == [_character_to_key(sign) for sign in signs]


def test_every_sign_is_written_as_it_is_typed() -> None:
    signs = [chr(code) for code in range(33, 127)]
    assert [face_of(sign_name(sign)) for sign in signs] == signs
    assert face_of("ctrl+x") == "ctrl+x"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("X", "X"),
        ("/", "slash"),
        ("slash", "slash"),
        ("+", "plus"),
        ("Esc", "escape"),
        ("PgDn", "pagedown"),
        ("F5", "f5"),
        ("ctrl+X", "ctrl+x"),
        ("Shift+Tab", "shift+tab"),
        ("shift+x", "X"),
        ("ß", "ß"),
    ],
)
def test_keys_are_named_as_people_and_as_terminals_do(text: str, name: str) -> None:
    assert key_name(text) == name


@pytest.mark.parametrize("text", ["fnord", "", "hyper+x", "f99", "\x1b", "ctrl+fnord"])
def test_what_is_no_key_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="is no key"):
        key_name(text)


def test_a_key_that_a_terminal_cannot_tell_from_tab_is_refused() -> None:
    with pytest.raises(ValueError, match="ctrl\\+i is Tab to a terminal"):
        key_name("ctrl+i")


def test_a_changed_key_takes_the_place_of_the_usual_ones() -> None:
    assert keys_of({"lines.down": ("é",)}, "lines.down") == "é"
    assert rebound({"lines.down": ("é",)}).faults == {}


def test_two_actions_can_change_places() -> None:
    wanted = {"copy": ("d",), "details": ("y",)}
    assert (keys_of(wanted, "copy"), keys_of(wanted, "details")) == ("d", "y")
    assert rebound(wanted).faults == {}


def test_a_key_that_is_another_actions_is_refused_and_named() -> None:
    made = rebound({"details": ("y",)})
    assert made.faults["details"].startswith("y is the key of copy (")
    assert made.keys == KEYS


def test_of_two_wishes_for_one_key_the_first_counts() -> None:
    made = rebound({"details": ("é",), "copy": ("é",)})
    assert list(made.faults) == ["copy"]
    assert next(key.keys for key in made.keys if key.id == "details") == "é"


def test_a_refused_wish_takes_back_what_relied_on_it() -> None:
    made = rebound({"details": ("y",), "copy": ("fnord",)})
    assert set(made.faults) == {"details", "copy"}
    assert made.keys == KEYS


def test_an_unknown_action_names_the_nearest() -> None:
    assert "did you mean “control.cancel”?" in rebound({"control.cancle": ("X",)}).faults["control.cancle"]


@pytest.mark.parametrize(
    "key",
    ["ctrl+k", "ctrl+d", "ctrl+x", "p", "enter", "escape", "space", "tab", "delete", "f1", "alt+x", "up"],
)
def test_no_control_is_asked_for_by_a_key_of_habit(key: str) -> None:
    made = rebound({"control.cancel": (key,)})
    assert "may never ask for a control" in made.faults["control.cancel"]
    assert keys_of({"control.cancel": (key,)}, "control.cancel") == "C"


def test_what_works_while_somebody_types_is_on_no_key_that_is_typed() -> None:
    assert "is typed into fields" in rebound({"leave": ("X",)}).faults["leave"]
    assert "is typed into fields" in rebound({"suspend": ("enter",)}).faults["suspend"]
    assert rebound({"leave": ("f10", "ctrl+x")}).faults == {}


def test_keys_can_be_taken_away_but_for_the_way_out() -> None:
    assert keys_of({"messages.wrap": ()}, "messages.wrap") == ""
    assert "way out" in rebound({"leave": ()}).faults["leave"]


def test_the_keys_of_a_run_are_those_given_last() -> None:
    try:
        keymap.use(rebound({"copy": ("Y",), "messages.wrap": ()}).keys)
        assert keymap.key_of("copy").face == "Y"
        assert keymap.changed() == {"copy": "Y", "messages.wrap": "no_key"}
    finally:
        keymap.use(KEYS)
    assert keymap.changed() == {}
