"""The ``[share]`` table: how what is on the screen may leave it."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from jobtui.config import values
from jobtui.config.shape import Share
from jobtui.config.sources import Places
from jobtui.config.values import Wrong, nearest
from jobtui.errors import ConfigError

KEYS = ("links", "copy", "folder")
LINKS = ("auto", "on", "off")
COPIES = ("plain", "tmux")


def read_share(table: object, folder: Path, places: Places, wrong: list[ConfigError]) -> Share:
    """Read the table; what is wrong with it is added to ``wrong``. A relative path is beside the file."""
    share = Share()
    if not isinstance(table, dict):
        wrong.append(places.error(("share",), "must be a table"))
        return share
    for key, value in table.items():
        try:
            share = _with(share, key, value, folder)
        except Wrong as error:
            wrong.append(places.error(("share", key), str(error)))
    return share


def _with(share: Share, key: str, value: object, folder: Path) -> Share:
    if key == "links":
        return replace(share, links=values.one_of(value, LINKS))
    if key == "copy":
        return replace(share, copy=values.one_of(value, COPIES))
    if key == "folder":
        return replace(share, folder=values.path(value, folder))
    raise Wrong(f"unknown key{nearest(key, KEYS)}")
