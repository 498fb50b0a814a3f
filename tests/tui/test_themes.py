"""Themes: legible, told apart by every eye, complete; the user's own checked, and read again on a change."""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path

import pytest

from jobtui.tui.contrast import poor_looks
from jobtui.tui.format.spans import LOOKS, STATE_LOOKS
from jobtui.tui.theme_file import ANSI, ThemeFile, ThemeWrong, decode_theme, read_theme
from jobtui.tui.theme_shelf import DEFAULT, PLAIN, Shelf, themes_folder
from jobtui.tui.themes import load_themes
from tests.conftest import until
from tests.tui.colours import EYES, contrast, distance
from tests.tui.conftest import Drive

FILES = Shelf().files
COLOURED = [file for file in FILES.values() if not file.ansi]
LEAST = 4.5
"""What WCAG 2 asks of text."""
LEAST_DIM = 3.0
PALETTES = {
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5"
    " 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    "vga": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa"
    " 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
}


def test_there_are_at_least_eight_of_every_sort() -> None:
    assert len(FILES) >= 8
    assert FILES[DEFAULT].dark
    assert {"contrast", "daylight", "terminal", "terminal-light", PLAIN} <= set(FILES)
    assert sum(not file.dark for file in COLOURED) >= 2
    assert all(file.about for file in FILES.values())
    assert themes_folder().is_dir()


def grounds(file: ThemeFile) -> dict[str, str]:
    return {
        "pane": file.colors["background"],
        "dialog": file.colors["surface"],
        "bar": file.colors["panel"],
        "selected row": file.rows["cursor-background"],
        "selected row without focus": file.rows["blurred-background"],
    }


@pytest.mark.parametrize("file", COLOURED, ids=lambda file: file.name)
@pytest.mark.parametrize("look", [*LOOKS, "foreground"])
def test_every_look_is_legible_on_every_ground(file: ThemeFile, look: str) -> None:
    color = file.foreground if look == "foreground" else file.look(look)
    least = {"contrast": 7.0, "daylight": 7.0}.get(file.name, LEAST)
    poor = {
        name: round(contrast(color, ground), 2)
        for name, ground in grounds(file).items()
        if contrast(color, ground) < least
    }
    assert not poor


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("look", LOOKS)
def test_the_terminal_themes_are_legible_in_the_usual_palettes(palette: str, look: str) -> None:
    for name, ground in (("terminal", "#000000"), ("terminal-light", "#ffffff")):
        text = "#ffffff" if name == "terminal" else "#000000"
        color = rgb_of(FILES[name].look(look), PALETTES[palette].split(), text)
        assert contrast(color, ground) >= LEAST, (name, look)


def rgb_of(color: str, palette: list[str], text: str) -> str:
    """Give what a terminal draws for one of its colours."""
    name = color.removeprefix("ansi_")
    if name == "default":
        return text
    return "#" + palette[ANSI.index(name.removeprefix("bright_")) + (8 if name.startswith("bright_") else 0)]


@pytest.mark.parametrize("file", COLOURED, ids=lambda file: file.name)
def test_the_selected_row_differs_from_the_others(file: ThemeFile) -> None:
    """Beside the mark ``>`` that needs no colour."""
    assert file.rows["cursor-background"] != file.colors["background"]
    assert file.rows["cursor-background"] != file.rows["blurred-background"]


@pytest.mark.parametrize("name", [file.name for file in FILES.values() if file.ansi])
def test_without_colours_of_our_own_the_selected_row_is_reversed(name: str) -> None:
    assert FILES[name].rows["cursor-style"] == "reverse"
    assert FILES[name].rows["blurred-style"] == "underline"


TOLD_APART = ("queued", "running", "waiting", "held", "stalled", "stopped", "succeeded", "failed")


@pytest.mark.parametrize("eye", EYES)
def test_in_the_default_theme_every_eye_tells_the_states_apart(eye: str) -> None:
    looks = FILES[DEFAULT].looks
    close = {
        (one, other): round(distance(looks[one], looks[other], eye), 1)
        for one, other in combinations(TOLD_APART, 2)
        if distance(looks[one], looks[other], eye) < 12
    }
    assert not close


def test_the_plain_theme_has_no_colour() -> None:
    assert {FILES[PLAIN].look(look) for look in LOOKS} == {"ansi_default"}


def test_our_own_measure_of_contrast_agrees() -> None:
    assert [text for file in FILES.values() for text in poor_looks(file)] == []
    bad = decode_theme(
        {"colors": {"primary": "#fff", "foreground": "#777777", "background": "#888888"}}, "mine"
    )
    assert any(text.startswith("foreground is hard to read on background: 1.") for text in poor_looks(bad))


def test_textual_takes_every_theme_with_a_colour_for_every_look() -> None:
    for name, theme in load_themes().items():
        assert theme.name == name
        assert {f"look-{look}" for look in LOOKS} <= set(theme.variables)


# --- the user's own ---------------------------------------------------------------------------------------
def test_a_theme_may_leave_looks_out_and_be_like_another() -> None:
    bare = decode_theme({"colors": {"primary": "#fff", "foreground": "#eee"}}, "bare")
    assert bare.look("failed") == "#eee"
    mine = decode_theme({"like": "paper", "looks": {"failed": "#ff0000"}}, "mine", FILES)
    assert (mine.look("failed"), mine.look("held"), mine.dark) == (
        "#ff0000",
        FILES["paper"].look("held"),
        False,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[looks]\nfaild = '#fff'", "looks.faild: unknown key; did you mean “failed”?"),
        ("[looks]\nfailed = 'redd'", "looks.failed: 'redd' is no colour"),
        ("[looks]\nfailed = 3", "looks.failed: 3 is no colour"),
        ("like = 'harbor'", "like: there is no theme “harbor”; did you mean “harbour”?"),
        ("dark = 'yes'", "dark: must be true or false"),
        ("[rows]\ncursor-style = 'blink'", "rows.cursor-style: is one of"),
        ("colors = 3", "colors: must be a table"),
        ("[colors]\nbackground = '#000000'", "colors.primary: is needed"),
        ("thing = 1", "thing: unknown key"),
        ("[looks", "is not TOML"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_file_and_key(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    head = "" if "colors" in text or "like" in text else "like = 'harbour'\n"
    path.write_text(head + text, "utf-8")
    with pytest.raises(ThemeWrong) as caught:
        read_theme(path, FILES)
    assert str(caught.value).startswith(f"mine.toml: {said}")
    assert "\n" not in str(caught.value)


def test_the_users_own_stand_before_ours_and_a_broken_one_leaves_what_was(tmp_path: Path) -> None:
    file = tmp_path / "harbour.toml"
    file.write_text('like = "paper"\n', "utf-8")
    shelf = Shelf(tmp_path)
    assert not shelf.files["harbour"].dark
    assert shelf.own_names == {"harbour"}
    assert not shelf.look_again()
    file.write_text('like = "nothing of that name"\n', "utf-8")
    assert shelf.look_again()
    assert len(shelf.faults) == 1
    assert not shelf.files["harbour"].dark
    file.unlink()
    assert shelf.look_again()
    assert (shelf.files["harbour"].dark, shelf.faults, shelf.own_names) == (True, [], set())


async def test_a_theme_that_is_edited_is_on_the_screen_at_once(drive: Drive, tmp_path: Path) -> None:
    folder = tmp_path / "themes"
    folder.mkdir()
    file = folder / "mine.toml"
    file.write_text('like = "harbour"\n', "utf-8")
    async with drive(theme="mine", own_themes=folder) as driven:
        assert driven.app.theme == "mine"
        ground = driven.main.footer
        before = ground.rich_style.bgcolor
        _write(file, 'like = "harbour"\n[colors]\nbackground = "#330000"\n')
        await until(lambda: ground.rich_style.bgcolor != before, what="the new ground")
        _write(file, 'like = "harbour"\n[looks]\nfaild = "#330000"\n')
        await until(lambda: "looks.faild: unknown key" in driven.receipt, what="the mistake")
        assert driven.app.theme == "mine"


def _write(file: Path, text: str) -> None:
    """Write a file whole, as editors do."""
    new = file.with_suffix(".new")
    new.write_text(text, "utf-8")
    os.replace(new, file)


def test_every_state_has_a_look() -> None:
    assert set(STATE_LOOKS) <= set(LOOKS)
