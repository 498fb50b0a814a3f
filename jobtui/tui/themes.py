"""Themes: theme files → Textual themes."""

from __future__ import annotations

from textual.filter import LineFilter, NoColor
from textual.theme import Theme

from jobtui.tui.format.spans import LOOKS
from jobtui.tui.theme_file import ThemeFile
from jobtui.tui.theme_shelf import PLAIN, Shelf


def load_themes() -> dict[str, Theme]:
    """Read every theme that comes with jobtui, by name."""
    return {name: textual_theme(file) for name, file in Shelf().files.items()}


def textual_theme(file: ThemeFile) -> Theme:
    """Make a Textual theme of a theme file; a look that it leaves out has the colour of the text."""
    colors = file.colors
    variables = {f"look-{look}": file.look(look) for look in LOOKS}
    variables |= {f"row-{name}": value for name, value in file.rows.items()}
    variables |= file.variables
    return Theme(
        name=file.name,
        dark=file.dark,
        ansi=file.ansi,
        primary=colors["primary"],
        secondary=colors.get("secondary"),
        accent=colors.get("accent"),
        warning=colors.get("warning"),
        error=colors.get("error"),
        success=colors.get("success"),
        foreground=colors.get("foreground"),
        background=colors.get("background"),
        surface=colors.get("surface"),
        panel=colors.get("panel"),
        variables=variables,
    )


def filters_of(theme: str) -> list[LineFilter] | None:
    """Give the filters that take every colour away, for the theme that has none; else None."""
    return [NoColor()] if theme == PLAIN else None
