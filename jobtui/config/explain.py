"""Says which values are in force and where each comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator

from jobtui.config.shape import Config, ConfiguredSource, KeyPath, Setting
from jobtui.config.sources import dotted
from jobtui.credentials import SecretPlace, Way
from jobtui.model.secret import MASK
from jobtui.text import plain

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"))


def explain(config: Config) -> list[Setting]:
    """List every value in force, in the order of the file, secrets masked; broken sources are left out."""
    found = [_setting(config, ("version",), str(config.version))]
    found.append(_setting(config, ("theme",), _quoted(config.theme) if config.theme else "—"))
    for entry in config.good:
        path = ("sources", entry.name)
        found += [_setting(config, (*path, key), value) for key, value in _values(entry)]
    return found


def _setting(config: Config, path: KeyPath, value: str) -> Setting:
    line = config.lines.get(path)
    origin = "default" if line is None else f"{plain(config.path.name)}:{line}"
    return Setting(dotted(path), value, origin)


def _values(entry: ConfiguredSource) -> Iterator[tuple[str, str]]:
    source = entry.source
    yield "kind", _quoted(source.kind.value)
    if entry.url:
        yield "url", _quoted(entry.url)
    yield from ((key, _secret(place)) for key, place in entry.secrets.items())
    yield from ((key, _quoted(value) if key != "push" else value) for key, value in entry.options.items())
    yield "production", _yes_no(source.production)
    yield "read_only", _yes_no(source.read_only)
    yield "poll", _duration(source.poll_s)
    yield "budget", f"{source.budget:g}"
    yield "history", _duration(source.history_s)
    yield "limit", str(source.limit)
    yield "timeout", _duration(entry.timeout_s)
    rest = {"ca": entry.ca, "client_cert": entry.client_cert, "proxy": entry.proxy, "theme": entry.theme}
    yield from ((key, _quoted(str(value))) for key, value in rest.items() if value is not None)


def _secret(place: SecretPlace) -> str:
    if place.way is Way.LITERAL:
        return MASK
    return f"{MASK} {{ {place.way.value} = {_quoted(place.where)} }}"


def _duration(seconds: float) -> str:
    for size, unit in _UNITS:
        if seconds % size == 0:
            return _quoted(f"{seconds / size:g}{unit}")
    return _quoted(f"{seconds:g}s")


def _yes_no(value: bool) -> str:
    return "true" if value else "false"


def _quoted(value: str) -> str:
    return json.dumps(plain(value), ensure_ascii=False)
