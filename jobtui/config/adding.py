"""A new source in the configuration: its text is judged before a byte is written, whole or not at all."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from jobtui.config.secrets import Around
from jobtui.config.shape import BrokenSource, ConfiguredSource
from jobtui.config.sources import read_source
from jobtui.config.tables import decode, parse
from jobtui.errors import ConfigError
from jobtui.private import claim_folder, make_private_folder, open_private, refuse_foreign_file
from jobtui.text import plain

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PRIVATE = 0o100600
_HEAD = "# The configuration of jobtui; “jobtui config check” judges it.\nversion = 1\n"

Value = str | bool | Mapping[str, str]


def source_text(name: str, values: Mapping[str, Value]) -> str:
    """Write a source as it stands in the file."""
    shown = name if _BARE.fullmatch(name) else _text(name)
    return "\n".join(
        [f"[sources.{shown}]", *(f"{key} = {_value(value)}" for key, value in values.items()), ""]
    )


def judged(path: Path, name: str, text: str) -> ConfiguredSource:
    """Read a source's text as if it stood in the file. Raises ConfigError with the first thing wrong."""
    tables, places = parse(text, plain(str(path)))
    sources = tables["sources"]
    assert isinstance(sources, dict)  # noqa: S101 - it is ours
    found = read_source(name, sources[name], Around(path, _PRIVATE), places)
    if isinstance(found, BrokenSource):
        # The line is of no use to somebody who has not seen the file.
        raise ConfigError(str(found.error).partition(f"sources.{name}")[2].lstrip(".: ") or str(found.error))
    return found


def write_source(path: Path, name: str, text: str) -> None:
    """Add a source to the configuration, or begin one with it; private, and whole or not at all.

    Raises ConfigError: also when the file has a source of that name, or cannot be read as it is.
    """
    shown = plain(str(path))
    try:
        before = _before(path, name, shown)
        make_private_folder(path.parent)
        real = Path(os.path.realpath(path))  # a link stays one
        new = real.with_name(f".{real.name}.{os.getpid()}.new")
        with open_private(new) as file:
            file.write(f"{before.rstrip()}\n\n{text}".encode())
        os.replace(new, real)
    except OSError as error:
        raise ConfigError(f"{shown} cannot be written: {error.strerror or 'failed'}") from None


def refuse_taken(path: Path, name: str) -> None:
    """Raise ConfigError when the configuration has a source of that name, or cannot be read."""
    try:
        _before(path, name, plain(str(path)))
    except OSError as error:
        raise ConfigError(f"{plain(str(path))} cannot be read: {error.strerror or 'failed'}") from None


def write_token(folder: Path, name: str, token: str) -> Path:
    """Keep a token in a file of its own, private, in a folder of its own. Raises ConfigError."""
    path = folder / "tokens" / name
    try:
        make_private_folder(folder)
        claim_folder(path.parent)
        with open_private(path) as file:
            file.write(token.encode() + b"\n")
    except OSError as error:
        raise ConfigError(f"{plain(str(path))} cannot be written: {error.strerror or 'failed'}") from None
    return path


def _before(path: Path, name: str, shown: str) -> str:
    if not path.exists():
        return _HEAD
    refuse_foreign_file(path)
    text = decode(path.read_bytes(), shown)
    sources = parse(text, shown)[0].get("sources", {})
    if not isinstance(sources, dict) or name in sources:
        raise ConfigError(f"{shown} has a source “{plain(name)}” already; choose another name")
    return text


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    return "{ " + ", ".join(f"{key} = {_text(one)}" for key, one in value.items()) + " }"


def _text(value: str) -> str:
    """Write a text as TOML does: as JSON, but for a few signs that are refused anyway."""
    return json.dumps(value, ensure_ascii=False)
