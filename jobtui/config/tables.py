"""TOML files: bytes → tables and where each key stands, or one sentence with file and line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from jobtui.config.places import lines_of
from jobtui.config.sources import Places
from jobtui.errors import ConfigError
from jobtui.text import plain

MAX_BYTES = 1_048_576
"""More than any configuration; a wrong path to something huge is not read whole."""

_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def read_tables(path: Path) -> tuple[dict[str, object], Places] | None:
    """Read a TOML file that may be absent; None when it is. Raises ConfigError."""
    shown = plain(str(path))
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise ConfigError(f"{shown}: cannot be read: {reason}") from None
    if len(raw) > MAX_BYTES:
        raise ConfigError(f"{shown}: is too long for a configuration")
    return parse(decode(raw, shown), shown)


def decode(raw: bytes, shown: str) -> str:
    """Give the text of a file's bytes; ``shown`` is how its path is written. Raises ConfigError."""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{shown}:{line}: is not UTF-8 text") from None


def parse(content: str, shown: str) -> tuple[dict[str, object], Places]:
    """Give the tables of a TOML text, and the line of each key. Raises ConfigError."""
    try:
        return tomllib.loads(content), Places(shown, lines_of(content))
    except tomllib.TOMLDecodeError as error:
        what = str(error)
        where = _WHERE.search(what)
        # The end of the document is its last line that says something.
        last = content.rstrip().count("\n") + 1
        line = where[1] if where and where[1] else last
        raise ConfigError(f"{shown}:{line}: is not TOML: {plain(_WHERE.sub('', what)).lower()}") from None
    except (ValueError, RecursionError):
        raise ConfigError(f"{shown}: is not TOML: a number or a nesting in it has no end") from None
