"""How a terminal is drawn on: by wish, else by the line it hangs on."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui.config import load
from jobtui.display import CALM_FRAMES, SSH_FRAMES, Display, Wishes, display_of, wants_lines
from jobtui.errors import ConfigError

SSH = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}


def test_at_the_machine_itself_the_mouse_is_on_and_nothing_is_capped() -> None:
    assert display_of(Wishes(), None, {}) == Display(mouse=True, frames=None)
    assert display_of(Wishes(), None, {"SSH_CONNECTION": ""}).is_ssh is False


@pytest.mark.parametrize("name", ["SSH_CONNECTION", "SSH_TTY"])
def test_over_ssh_the_mouse_is_off_and_frames_are_capped(name: str) -> None:
    display = display_of(Wishes(), None, {name: "x"})
    assert (display.mouse, display.frames, display.is_ssh) == (False, SSH_FRAMES, True)
    assert "over SSH, at most 10 frames a second; mouse off" in display.words[0]


def test_the_command_line_goes_before_the_file_and_the_file_before_ssh() -> None:
    assert display_of(Wishes(mouse="on"), None, SSH).mouse
    assert not display_of(Wishes(mouse="on"), "off", SSH).mouse
    assert display_of(Wishes(mouse="off"), "on", {}).mouse
    assert not display_of(Wishes(mouse="off"), None, {}).mouse


def test_less_motion_is_less_everywhere() -> None:
    for environment in ({}, SSH):
        display = display_of(Wishes(motion="less"), None, environment)
        assert (display.is_calm, display.frames) == (True, CALM_FRAMES)
        assert display.words[-1].startswith("less motion")


@pytest.mark.parametrize(("value", "wanted"), [("", False), ("0", False), ("1", True), ("yes", True)])
def test_the_environment_can_ask_for_lines(value: str, wanted: bool) -> None:
    assert wants_lines({"ACCESSIBLE": value}) is wanted


def test_the_file_says_it_in_a_table_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[screen]\nmouse = "off"\nmotion = "less"\nglyphs = "ascii"\ndiff = "off"\n')
    assert load(path).screen == Wishes("off", "less", "ascii", "off")
    assert display_of(Wishes(), None, {}).diff
    assert not display_of(Wishes(diff="off"), None, {}).diff
    path.write_text('[screen]\nmouse = "perhaps"\nmouze = "on"\n')
    with pytest.raises(ConfigError, match=r"screen\.mouse"):
        load(path)


@pytest.mark.parametrize(
    ("environment", "forced"),
    [
        ({}, None),
        ({"FORCE_COLOR": ""}, None),
        ({"FORCE_COLOR": "1"}, "standard"),
        ({"FORCE_COLOR": "2"}, "256"),
        ({"FORCE_COLOR": "3"}, "truecolor"),
        ({"FORCE_COLOR": "yes"}, None),
        ({"FORCE_COLOR": "yes", "TERM": "unknown"}, "standard"),
        ({"FORCE_COLOR": "3", "NO_COLOR": "1"}, None),
        ({"FORCE_COLOR": "3", "NO_COLOR": ""}, "truecolor"),
    ],
)
def test_colours_are_forced_unless_none_are_wanted(environment: dict[str, str], forced: str | None) -> None:
    assert display_of(Wishes(), None, {"TERM": "xterm", **environment}).colours == forced
