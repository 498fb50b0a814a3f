"""The ``[screen]`` table: how the terminal is drawn on."""

from __future__ import annotations

from msgspec.structs import replace

from jobtui.config import values
from jobtui.config.sources import Places
from jobtui.config.values import Wrong, nearest
from jobtui.display import Wishes
from jobtui.errors import ConfigError

KEYS = {
    "mouse": ("auto", "on", "off"),
    "motion": ("auto", "less"),
    "glyphs": ("auto", "ascii"),
    "diff": ("auto", "off"),
}


def read_screen(table: object, places: Places, wrong: list[ConfigError]) -> Wishes:
    """Read the table; what is wrong with it is added to ``wrong``."""
    wishes = Wishes()
    if not isinstance(table, dict):
        wrong.append(places.error(("screen",), "must be a table"))
        return wishes
    for key, value in table.items():
        try:
            wishes = _with(wishes, key, value)
        except Wrong as error:
            wrong.append(places.error(("screen", key), str(error)))
    return wishes


def _with(wishes: Wishes, key: str, value: object) -> Wishes:
    if key not in KEYS:
        raise Wrong(f"unknown key{nearest(key, tuple(KEYS))}")
    return replace(wishes, **{key: values.one_of(value, KEYS[key])})
