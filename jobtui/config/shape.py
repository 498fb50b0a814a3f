"""What a configuration says, decoded and checked: frozen values."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from msgspec import Struct, field

from jobtui.backends.base import Connection
from jobtui.credentials import SecretPlace, Way, secret_source
from jobtui.display import Wishes
from jobtui.errors import ConfigError, UsageError
from jobtui.insight.quiet import QuietHours
from jobtui.insight.rules import Rule
from jobtui.model import Source
from jobtui.text import plain

KeyPath = tuple[str, ...]
"""A key with the tables it is in: ``("sources", "desk", "email")``."""


class NoConfig(ConfigError):
    """There is no configuration yet; the text names what to do about it."""


class WrongConfig(ConfigError):
    """What is wrong outside the sources stops the whole file; the text is the first of all the errors."""

    def __init__(self, errors: Sequence[ConfigError]) -> None:
        super().__init__(str(errors[0]))
        self.errors = tuple(errors)
        """All that is wrong with the file, in its order; never empty."""


class ConfiguredSource(Struct, frozen=True):
    """A source that can be used."""

    source: Source
    url: str
    """Root address without a trailing slash; empty when it is to be looked up by ``account``."""
    secrets: Mapping[str, SecretPlace] = field(default_factory=dict)
    """By key: ``token``, ``login``, ``password``, ``code``."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What only its kind knows, by key."""
    timeout_s: float = 10.0
    ca: Path | None = None
    client_cert: Path | None = None
    proxy: str | None = None
    theme: str | None = None
    """A theme of its own, or None for the common one."""

    @property
    def name(self) -> str:
        """The name the user gave to it."""
        return self.source.name


class BrokenSource(Struct, frozen=True):
    """A source that cannot be used; the others can."""

    name: str
    """As written, harmless to show; not always a name that a ref can have."""
    errors: tuple[ConfigError, ...]
    """All that is wrong with it, in the order of the file; never empty."""

    @property
    def error(self) -> ConfigError:
        """The first thing wrong with it."""
        return self.errors[0]


class Share(Struct, frozen=True):
    """What the user wants of links, copies and files."""

    links: str = "auto"
    """``auto``: where the terminal is known to take them; else ``on`` or ``off``."""
    copy: str = "plain"
    """``tmux``: wrapped, for a tmux that is told to pass such things on (allow-passthrough)."""
    folder: Path | None = None
    """Where files are written; None for the folder jobtui is started in."""


class Alerts(Struct, frozen=True):
    """What the user wants to be told of, and how."""

    rules: tuple[Rule, ...] = ()
    """In the order of the file."""
    quiet: QuietHours | None = None
    notify: str = "auto"
    """``auto``: what the terminal is known to take; else ``off``, ``osc9``, ``osc777`` or ``osc99``."""
    passthrough: bool = False
    """Whether notifications are wrapped for a tmux that is told to pass such things on."""
    title: bool = False
    """Whether the title of the terminal says the worst state."""
    again: timedelta = timedelta(minutes=10)
    """How long the same cause makes no sound again."""
    commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By name, the words of each command that a rule may run."""


@dataclasses.dataclass(frozen=True, slots=True)
class Config:
    """A configuration file, read."""

    path: Path
    version: int = 1
    theme: str | None = None
    """The theme asked for, or None for the default one."""
    screen: Wishes = dataclasses.field(default_factory=Wishes)
    """How the terminal is drawn on."""
    share: Share = dataclasses.field(default_factory=Share)
    """How what is on the screen may leave it."""
    alerts: Alerts = dataclasses.field(default_factory=Alerts)
    """What to be told of."""
    sources: tuple[ConfiguredSource | BrokenSource, ...] = ()
    """In the order of the file; names are unique."""
    warnings: tuple[str, ...] = ()
    """What is allowed and probably not meant."""
    lines: Mapping[KeyPath, int] = dataclasses.field(default_factory=dict, repr=False)
    """Where each key stands in the file."""

    @property
    def good(self) -> tuple[ConfiguredSource, ...]:
        """The sources that can be used."""
        return tuple(entry for entry in self.sources if isinstance(entry, ConfiguredSource))

    @property
    def broken(self) -> tuple[BrokenSource, ...]:
        """The sources that cannot be used."""
        return tuple(entry for entry in self.sources if isinstance(entry, BrokenSource))

    def source(self, name: str) -> ConfiguredSource:
        """Find a source by name.

        Raises ConfigError when it is broken, UsageError naming the nearest when there is none.
        """
        for entry in self.sources:
            if entry.name == name and isinstance(entry, BrokenSource):
                raise entry.error
            if entry.name == name and isinstance(entry, ConfiguredSource):
                return entry
        raise UsageError(f"there is no source “{plain(name)}”; {self._instead(name)}")

    def connection(self, name: str) -> Connection:
        """Say how to reach a source; secrets are fetched when asked for, not here. Raises as ``source``."""
        entry = self.source(name)
        kept_back = self.secret_variables()
        return Connection(
            url=entry.url,
            secrets={
                key: secret_source(name, key, place, kept_back=kept_back)
                for key, place in entry.secrets.items()
            },
            options=entry.options,
            timeout_s=entry.timeout_s,
            ca=entry.ca,
            client_cert=entry.client_cert,
            proxy=entry.proxy,
        )

    def secret_variables(self) -> frozenset[str]:
        """Name the environment variables that hold secrets of any source."""
        places = (place for entry in self.good for place in entry.secrets.values())
        return frozenset(place.where for place in places if place.way is Way.ENV)

    def _instead(self, name: str) -> str:
        names = [entry.name for entry in self.sources]
        near = difflib.get_close_matches(name, names, n=1)
        if near:
            return f"did you mean “{near[0]}”?"
        return f"configured are {', '.join(names)}" if names else f"{plain(str(self.path))} has no sources"


class Setting(Struct, frozen=True):
    """One value in force, and where it comes from."""

    key: str
    """Dotted: ``sources.desk.url``."""
    value: str
    """As it would be written in the file; secrets masked."""
    origin: str
    """``config.toml:7``, or “default”."""
    data: object = None
    """The value as JSON has it, None when unset; of a secret where it is, or the mask."""
