"""Themes: TOML files → Textual themes."""

from __future__ import annotations

import tomllib
from pathlib import Path

from textual.filter import LineFilter, NoColor
from textual.theme import Theme

from jobtui.tui.format.spans import LOOKS

DEFAULT = "harbour"
PLAIN = "plain"


def themes_folder() -> Path:
    """Give the folder of the themes: in the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "themes"
    return installed if installed.is_dir() else package.parent / "themes"


def load_themes(folder: Path | None = None) -> dict[str, Theme]:
    """Read every theme of the folder, by name."""
    files = sorted((folder or themes_folder()).glob("*.toml"))
    themes = [decode_theme(tomllib.loads(file.read_text(encoding="utf-8"))) for file in files]
    return {theme.name: theme for theme in themes}


def decode_theme(document: dict[str, object]) -> Theme:
    """Make a Textual theme of a theme file; a look that it leaves out has the colour of the text.

    Raises KeyError when the name or the primary colour is missing.
    """
    colors, looks, rows = (_table(document, name) for name in ("colors", "looks", "rows"))
    foreground = colors.get("foreground", "ansi_default")
    variables = {f"look-{look}": looks.get(look, foreground) for look in LOOKS}
    variables |= {f"row-{name}": value for name, value in rows.items()}
    variables |= _table(document, "variables")
    return Theme(
        name=str(document["name"]),
        dark=bool(document.get("dark", True)),
        ansi=bool(document.get("ansi", False)),
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


def _table(document: dict[str, object], name: str) -> dict[str, str]:
    table = document.get(name, {})
    return {str(key): str(value) for key, value in table.items()} if isinstance(table, dict) else {}
