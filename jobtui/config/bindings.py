"""``keys.toml``: which keys the user wants for which actions, each with the place where that is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from jobtui.config.shape import KeyPath
from jobtui.config.sources import Places
from jobtui.config.tables import read_tables
from jobtui.errors import ConfigError
from jobtui.paths import keys_file
from jobtui.text import plain


class WantedKeys(Struct, frozen=True):
    """What the file says, not judged yet."""

    path: Path
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By the id of the action, in the order of the file."""
    lines: Mapping[str, int] = field(default_factory=dict)
    errors: tuple[ConfigError, ...] = ()

    def error(self, action: str, sentence: str) -> ConfigError:
        """Make an error about what is wanted for an action."""
        where = f"{plain(str(self.path))}:{self.lines.get(action, 1)}"
        return ConfigError(f"{where}: {plain(action)}: {sentence}")


def wanted_keys(config: Path) -> WantedKeys:
    """Read the file beside a configuration; nothing is wanted when there is none. Raises nothing."""
    path = keys_file(config)
    try:
        read = read_tables(path)
    except ConfigError as error:
        return WantedKeys(path, errors=(error,))
    if read is None:
        return WantedKeys(path)
    keys: dict[str, tuple[str, ...]] = {}
    lines: dict[str, int] = {}
    errors = []
    for where, value in _entries(read[0], ()):
        action = ".".join(where)
        lines[action] = read[1].line(where)
        found = _texts(value)
        if found is None:
            errors.append(_not_keys(action, where, read[1]))
        else:
            keys[action] = found
    return WantedKeys(path, keys, lines, tuple(errors))


def _entries(table: Mapping[str, object], path: KeyPath) -> Iterator[tuple[KeyPath, object]]:
    """Take ``"control.cancel" = …`` and ``control.cancel = …`` for the same."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _entries(value, (*path, name))
        else:
            yield (*path, name), value


def _texts(value: object) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return (
            (value,) if value in (",", " ") else tuple(one.strip() for one in value.split(",") if one.strip())
        )
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    return None


def _not_keys(action: str, where: KeyPath, places: Places) -> ConfigError:
    text = 'must be a key in quotes, or several: "X", ["j", "down"]; "" takes its keys away'
    return ConfigError(f"{places.file}:{places.line(where)}: {plain(action)}: {text}")
