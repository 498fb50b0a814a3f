"""Which themes there are, by the names of their files: a theme itself is the screen's business."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jobtui import paths
from jobtui.config.shape import Config, KeyPath
from jobtui.config.sources import Places
from jobtui.config.values import nearest
from jobtui.errors import ConfigError
from jobtui.text import plain


def theme_errors(config: Config) -> list[ConfigError]:
    """Say of every theme asked for that there is none of that name; the usual one is then shown instead."""
    known = theme_names(config.path)
    places = Places(plain(str(config.path)), config.lines)
    return [
        places.error(path, f"there is no theme “{plain(name)}”{nearest(name, known)}")
        for path, name in _asked_for(config)
        if name not in known
    ]


def theme_names(config: Path) -> list[str]:
    """Give the names of the themes that come with jobtui, and of the user's own beside a configuration."""
    package = Path(__file__).resolve().parents[1]
    # In the package when installed, beside it in a checkout.
    folders = (package / "themes", package.parent / "themes", paths.themes_folder(config))
    return sorted({file.stem for folder in folders for file in folder.glob("*.toml")})


def _asked_for(config: Config) -> Iterator[tuple[KeyPath, str]]:
    if config.theme is not None:
        yield ("theme",), config.theme
    for entry in config.good:
        if entry.theme is not None:
            yield ("sources", entry.name, "theme"), entry.theme
