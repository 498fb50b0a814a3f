"""Reads a configuration file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path

from jobtui.config.alerts import read_alerts
from jobtui.config.keys import TOP
from jobtui.config.screen import read_screen
from jobtui.config.secrets import Around
from jobtui.config.shape import BrokenSource, Config, ConfiguredSource, NoConfig, WrongConfig
from jobtui.config.share import read_share
from jobtui.config.sources import Places, read_source
from jobtui.config.tables import MAX_BYTES, decode, parse
from jobtui.config.values import Wrong, nearest, text
from jobtui.errors import ConfigError
from jobtui.model import Kind
from jobtui.paths import is_default
from jobtui.text import plain

VERSION = 1
"""The newest version of the format that is known here."""


def load(path: Path) -> Config:
    """Read and check a configuration file; a broken source becomes a BrokenSource.

    Raises NoConfig when the user's own file does not exist yet, ConfigError (file, line, key) when the file
    named cannot be read or is no TOML, WrongConfig (all its errors) when it is wrong outside its sources.
    """
    shown = plain(str(path))
    raw, mode = _read(path, shown)
    tables, places = parse(decode(raw, shown), shown)
    wrong = _unknown(tables, places)
    version, theme = VERSION, None
    sources: tuple[ConfiguredSource | BrokenSource, ...] = ()
    with _noting(wrong):
        version = _version(tables, places)
    with _noting(wrong):
        theme = _theme(tables, places)
    share = read_share(tables.get("share", {}), path.parent, places, wrong)
    wishes = read_screen(tables.get("screen", {}), places, wrong)
    alerts = read_alerts(tables, Around(path, mode), places, wrong)
    with _noting(wrong):
        sources = _sources(tables, Around(path, mode), places)
    if wrong:
        wrong += [error for entry in sources for error in _errors(entry)]
        raise WrongConfig(sorted(wrong, key=attrgetter("line")))
    return Config(
        path=path,
        version=version,
        theme=theme,
        share=share,
        screen=wishes,
        alerts=alerts,
        sources=sources,
        warnings=_warnings(sources),
        lines=places.lines,
    )


def _read(path: Path, shown: str) -> tuple[bytes, int]:
    """Read the bytes of the file, and who may do what with it."""
    try:
        with path.open("rb") as file:
            raw, mode = file.read(MAX_BYTES + 1), os.fstat(file.fileno()).st_mode
    except FileNotFoundError:
        raise _missing(path, shown) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise ConfigError(f"{shown}: cannot be read: {reason}") from None
    if len(raw) > MAX_BYTES:
        raise ConfigError(f"{shown}: is too long for a configuration")
    return raw, mode


def _missing(path: Path, shown: str) -> ConfigError:
    ways = "try `jobtui demo`, or write one with `jobtui config init`"
    if is_default(path):
        return NoConfig(f"there is no configuration yet ({shown}); {ways}")
    return ConfigError(f"{shown}: there is no such file; {ways}")


@contextmanager
def _noting(errors: list[ConfigError]) -> Iterator[None]:
    try:
        yield
    except ConfigError as error:
        errors.append(error)


def _errors(entry: ConfiguredSource | BrokenSource) -> tuple[ConfigError, ...]:
    return entry.errors if isinstance(entry, BrokenSource) else ()


def _unknown(tables: dict[str, object], places: Places) -> list[ConfigError]:
    errors = []
    for key, value in tables.items():
        if key not in TOP:
            hint = nearest(key, TOP)
            if isinstance(value, dict) and "kind" in value:
                hint = f"; sources are written [sources.{plain(key)}]"
            errors.append(places.error((key,), f"unknown key “{plain(key)}”{hint}"))
    return errors


def _version(tables: dict[str, object], places: Places) -> int:
    version = tables.get("version", VERSION)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise places.error(("version",), f"must be {VERSION}")
    if version > VERSION:
        sentence = f"is {version}, and this jobtui reads up to {VERSION}; update jobtui"
        raise places.error(("version",), sentence)
    return version


def _theme(tables: dict[str, object], places: Places) -> str | None:
    if "theme" not in tables:
        return None
    try:
        return text(tables["theme"])
    except Wrong as wrong:
        raise places.error(("theme",), str(wrong)) from None


def _sources(
    tables: dict[str, object], around: Around, places: Places
) -> tuple[ConfiguredSource | BrokenSource, ...]:
    found = tables.get("sources", {})
    if not isinstance(found, dict):
        raise places.error(("sources",), "must be tables: [sources.NAME]")
    return tuple(read_source(name, table, around, places) for name, table in found.items())


def _warnings(sources: tuple[ConfiguredSource | BrokenSource, ...]) -> tuple[str, ...]:
    first: dict[tuple[str, str], str] = {}
    warnings = []
    for entry in sources:
        if isinstance(entry, ConfiguredSource) and entry.url:
            other = first.setdefault((entry.url, entry.options.get("query", "")), entry.name)
            if other != entry.name:
                warnings.append(f"sources {other} and {entry.name} are the same address, asked twice")
    return (*warnings, *_unsigned(sources))


def _unsigned(sources: tuple[ConfiguredSource | BrokenSource, ...]) -> Iterator[str]:
    """Warn of sources that sign in by nothing: such a server may answer, as to anybody."""
    for entry in sources:
        if isinstance(entry, ConfiguredSource) and entry.source.kind is Kind.NEXTSPACE and not entry.secrets:
            yield f"source {entry.name} has no token and no login; it is asked without signing in"
