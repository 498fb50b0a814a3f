"""Says which values are in force and where each comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator

from msgspec.structs import asdict

from jobtui.config.shape import Alerts, Config, ConfiguredSource, KeyPath, Setting
from jobtui.config.sources import dotted
from jobtui.credentials import SecretPlace, Way
from jobtui.model.secret import MASK
from jobtui.text import plain

Plain = bool | int | float | str | None
_NOTHING = "—"
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"))


def explain(config: Config) -> list[Setting]:
    """List every value in force, in the order of the file, secrets masked; broken sources are left out."""
    found = [_setting(config, ("version",), config.version), _setting(config, ("theme",), config.theme)]
    found += [_setting(config, ("screen", key), value) for key, value in asdict(config.screen).items()]
    folder = None if config.share.folder is None else str(config.share.folder)
    shared = {"links": config.share.links, "copy": config.share.copy, "folder": folder}
    found += [_setting(config, ("share", key), value) for key, value in shared.items()]
    found += [_setting(config, path, value) for path, value in _told(config.alerts)]
    for entry in config.good:
        path = ("sources", entry.name)
        found += [_setting(config, (*path, key), value) for key, value in _values(entry)]
    return found


def _told(alerts: Alerts) -> Iterator[tuple[KeyPath, Plain]]:
    yield ("alerts", "quiet"), None if alerts.quiet is None else str(alerts.quiet)
    yield ("alerts", "notify"), alerts.notify
    yield ("alerts", "tmux"), "passthrough" if alerts.passthrough else "plain"
    yield ("alerts", "title"), alerts.title
    yield ("alerts", "again"), _duration(alerts.again.total_seconds())
    for name, words in alerts.commands.items():
        # Its words may hold what is not for everybody's eyes.
        yield ("alerts", "commands", name), words[0]
    for number, rule in enumerate(alerts.rules):
        yield ("rules", str(number)), str(rule)


def _setting(config: Config, path: KeyPath, data: Plain | SecretPlace) -> Setting:
    if isinstance(data, SecretPlace):
        return _secret(config, path, data)
    return Setting(dotted(path), _NOTHING if data is None else _toml(data), _origin(config, path), data)


def _secret(config: Config, path: KeyPath, place: SecretPlace) -> Setting:
    if place.way is Way.LITERAL:
        return Setting(dotted(path), MASK, _origin(config, path), MASK)
    where = plain(place.where)
    said = f"{MASK} {{ {place.way.value} = {_toml(where)} }}"
    return Setting(dotted(path), said, _origin(config, path), {place.way.value: where})


def _origin(config: Config, path: KeyPath) -> str:
    line = config.lines.get(path)
    return "default" if line is None else f"{plain(config.path.name)}:{line}"


def _values(entry: ConfiguredSource) -> Iterator[tuple[str, Plain | SecretPlace]]:
    source = entry.source
    yield "kind", source.kind.value
    if entry.url:
        yield "url", entry.url
    yield from entry.secrets.items()
    yield from ((key, value if key != "push" else value == "true") for key, value in entry.options.items())
    yield "production", source.production
    marks = {"badge": source.badge, "colour": source.colour}
    yield from ((key, value) for key, value in marks.items() if value)
    yield "read_only", source.read_only
    yield "poll", _duration(source.poll_s)
    yield "budget", int(source.budget) if source.budget.is_integer() else source.budget
    yield "history", _duration(source.history_s)
    yield "limit", source.limit
    yield "timeout", _duration(entry.timeout_s)
    rest = {"ca": entry.ca, "client_cert": entry.client_cert, "proxy": entry.proxy, "theme": entry.theme}
    yield from ((key, str(value)) for key, value in rest.items() if value is not None)


def _duration(seconds: float) -> str:
    for size, unit in _UNITS:
        if seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"


def _toml(value: bool | int | float | str) -> str:
    """Write a value as it would stand in the file; for these sorts TOML writes what JSON does."""
    return json.dumps(plain(value) if isinstance(value, str) else value, ensure_ascii=False)
