"""Reads a configuration file."""

from __future__ import annotations

from pathlib import Path

from jobtui.config.shape import Config


def load(path: Path) -> Config:
    """Read and check a configuration file; a broken source becomes a BrokenSource.

    Raises NoConfig when the user's own file does not exist yet, ConfigError (file, line, key) when the file
    named cannot be read, is no TOML, or is wrong outside its sources.
    """
    raise NotImplementedError
