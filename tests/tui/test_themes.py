"""Themes: legible, complete, and one without any colour."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import Theme

from jobtui.tui.format.spans import LOOKS
from jobtui.tui.themes import DEFAULT, PLAIN, decode_theme, load_themes, themes_folder

COLOURED = [theme for theme in load_themes().values() if not theme.ansi]
LEAST_CONTRAST = 4.5
"""What WCAG 2 asks of text."""


def luminance(color: Color) -> float:
    parts = [part / 255 for part in color.rgb]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(Color.parse(first)), luminance(Color.parse(second))))
    return (high + 0.05) / (low + 0.05)


def test_there_is_a_dark_a_light_and_a_colourless_theme() -> None:
    themes = load_themes()
    assert themes[DEFAULT].dark
    assert any(not theme.dark for theme in themes.values())
    assert themes[PLAIN].ansi
    assert themes_folder().is_dir()


@pytest.mark.parametrize("theme", COLOURED, ids=lambda theme: theme.name)
@pytest.mark.parametrize("look", [*LOOKS, "foreground"])
def test_every_look_is_legible_on_the_pane_and_on_the_selected_row(theme: Theme, look: str) -> None:
    color = theme.foreground if look == "foreground" else theme.variables[f"look-{look}"]
    grounds = {
        "pane": theme.background,
        "dialog": theme.surface,
        "bar": theme.panel,
        "selected row": theme.variables["row-cursor-background"],
        "selected row without focus": theme.variables["row-blurred-background"],
    }
    poor = {
        name: round(contrast(str(color), str(ground)), 2)
        for name, ground in grounds.items()
        if contrast(str(color), str(ground)) < LEAST_CONTRAST
    }
    assert not poor


def test_the_plain_theme_shows_the_selected_row_without_colour() -> None:
    plain = load_themes()[PLAIN]
    assert plain.variables["row-cursor-style"] == "reverse"
    assert {plain.variables[f"look-{look}"] for look in LOOKS} == {"ansi_default"}


def test_a_theme_may_leave_looks_out() -> None:
    theme = decode_theme({"name": "x", "colors": {"primary": "#fff", "foreground": "#eee"}})
    assert theme.variables["look-failed"] == "#eee"


def test_a_theme_without_a_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        decode_theme({"colors": {"primary": "#fff"}})


def test_a_folder_of_themes_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('name = "mine"\n[colors]\nprimary = "#ffffff"\n', encoding="utf-8")
    assert list(load_themes(tmp_path)) == ["mine"]
