"""All that is wrong with a configuration that could be read, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from jobtui.config.shape import Config
from jobtui.config.sources import Places
from jobtui.config.themes import theme_errors
from jobtui.credentials import trouble_with
from jobtui.errors import ConfigError
from jobtui.text import plain


def faults_of(config: Config) -> list[ConfigError]:
    """Say what is wrong with sources and themes, and which secrets are not where the file says they are."""
    broken = [error for entry in config.broken for error in entry.errors]
    return sorted([*broken, *theme_errors(config), *_missing_secrets(config)], key=attrgetter("line"))


def _missing_secrets(config: Config) -> Iterator[ConfigError]:
    places = Places(plain(str(config.path)), config.lines)
    for entry in config.good:
        for key, place in entry.secrets.items():
            trouble = trouble_with(entry.name, key, place)
            if trouble is not None:
                yield places.quoting(str(trouble), ("sources", entry.name, key))
