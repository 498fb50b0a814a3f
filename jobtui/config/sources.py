"""One ``[sources.NAME]`` table → a source that can be used, or all that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from operator import attrgetter
from typing import TypeVar

from msgspec import Struct, field

from jobtui.config import values
from jobtui.config.keys import HEADERS, SECRETS, ZENDESK_AUTH, keys_of
from jobtui.config.secrets import Around, secret_place
from jobtui.config.shape import BrokenSource, ConfiguredSource, KeyPath
from jobtui.config.values import Wrong, nearest
from jobtui.credentials import SecretPlace
from jobtui.errors import ConfigError
from jobtui.model import BADGE_COLOURS, USUAL_BUDGETS, Kind, Source
from jobtui.text import plain

T = TypeVar("T")

MOST_JOBS = 100_000
_LONGEST_BADGE = 12

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,63}")


class Places(Struct, frozen=True):
    """Turns what is wrong into an error that says where."""

    file: str
    lines: Mapping[KeyPath, int]

    def error(self, path: KeyPath, sentence: str, *, at: KeyPath = ()) -> ConfigError:
        """Make an error about a key; the line is that of ``at`` or the key, else of what it is in."""
        return self.quoting(f"{dotted(path)}: {sentence}", at or path)

    def quoting(self, sentence: str, path: KeyPath) -> ConfigError:
        """Make an error of a sentence that names the key itself."""
        line = self.line(path)
        return ConfigError(f"{self.file}:{line}: {sentence}", line=line)

    def line(self, path: KeyPath) -> int:
        """Give the line of a key, else of the nearest table around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def dotted(path: KeyPath) -> str:
    """Write a key with its tables as TOML does."""
    return ".".join(part if _BARE.fullmatch(part) else f'"{plain(part)}"' for part in path)


def read_source(name: str, table: object, around: Around, places: Places) -> ConfiguredSource | BrokenSource:
    """Read one source."""
    path = ("sources", name)
    shown = plain(name)
    if not _NAME.fullmatch(name):
        sentence = "a source's name has only letters (a to z), digits, “-”, “_” and “.” in it"
        return BrokenSource(shown, (places.error(path, sentence),))
    if not isinstance(table, dict):
        return BrokenSource(shown, (places.error(path, "must be a table with kind and url"),))
    reader = _Table(path, table, around, places)
    source = _source(name, reader)
    if source is None or reader.errors:
        return BrokenSource(shown, tuple(sorted(reader.errors, key=attrgetter("line"))))
    return source


class _Table(Struct):
    """A table being read: values that are right go out, errors are collected."""

    path: KeyPath
    table: Mapping[str, object]
    around: Around
    places: Places
    errors: list[ConfigError] = field(default_factory=list)

    def get(self, key: str, read: Callable[[object], T], default: T) -> T:
        """Read a key if it is there; the default when it is not, or is wrong."""
        if key not in self.table:
            return default
        try:
            return read(self.table[key])
        except Wrong as wrong:
            at = (key,) if wrong.key is None else (key, wrong.key)
            self.wrong(str(wrong), key, at=at)
            return default

    def wrong(self, sentence: str, *key: str, at: KeyPath = ()) -> None:
        """Note an error about a key, or about the table; ``at`` is a key inside it whose line is meant."""
        path = (*self.path, *key)
        place = (*self.path, *at) if at else path
        self.errors.append(self.places.error(path, sentence, at=place))


def _source(name: str, reader: _Table) -> ConfiguredSource | None:
    kind = _kind(reader)
    _refuse_unknown(reader, kind)
    misspelt = bool(reader.errors)
    if kind is None:
        return None
    insecure = reader.get("insecure", values.yes_no, False)
    url = reader.get("url", partial(values.address, insecure=insecure, query=kind is Kind.NEXTSPACE), "")
    secrets = _secrets(reader, kind)
    options = _options(reader, kind, insecure)
    if not misspelt:
        # What seems to be missing may be what was misspelt: one error for one mistake.
        _require(reader, kind)
    file = partial(values.existing_file, folder=reader.around.folder)
    return ConfiguredSource(
        source=_watching(name, kind, reader),
        url=url,
        secrets=secrets,
        options=options,
        timeout_s=reader.get("timeout", values.seconds, 10.0),
        ca=reader.get("ca", file, None),
        client_cert=reader.get("client_cert", file, None),
        proxy=reader.get("proxy", values.proxy, None),
        theme=reader.get("theme", values.text, None),
    )


def _kind(reader: _Table) -> Kind | None:
    words = [kind.value for kind in Kind]
    if "kind" not in reader.table:
        reader.wrong(f"needs a kind: {', '.join(words)}")
        return None
    word = reader.get("kind", partial(values.one_of, valid=words), "")
    return Kind(word) if word else None


def _refuse_unknown(reader: _Table, kind: Kind | None) -> None:
    valid = keys_of(kind)
    for key in reader.table:
        if key in valid:
            continue
        if kind is not None and key in keys_of(None):
            reader.wrong(f"“{key}” is not a key of {kind.value}{nearest(key, valid)}", at=(key,))
        else:
            reader.wrong(f"unknown key “{plain(key)}”{nearest(key, valid)}", at=(key,))


def _watching(name: str, kind: Kind, reader: _Table) -> Source:
    usual = Source(name, kind, budget=USUAL_BUDGETS[kind])
    return Source(
        name,
        kind,
        production=reader.get("production", values.yes_no, usual.production),
        read_only=reader.get("read_only", values.yes_no, usual.read_only),
        poll_s=reader.get("poll", values.seconds, usual.poll_s),
        budget=reader.get("budget", values.rate, usual.budget),
        history_s=reader.get("history", values.seconds, usual.history_s),
        limit=reader.get("limit", partial(values.whole, most=MOST_JOBS), usual.limit),
        badge=reader.get("badge", _badge, ""),
        colour=reader.get("colour", partial(values.one_of, valid=BADGE_COLOURS), ""),
    )


def _badge(value: object) -> str:
    """Read a word that fits beside a name."""
    word = values.text(value).strip()
    if len(word) > _LONGEST_BADGE:
        raise Wrong(f"must have at most {_LONGEST_BADGE} characters")
    return word


def _secrets(reader: _Table, kind: Kind) -> dict[str, SecretPlace]:
    read = partial(secret_place, around=reader.around)
    found: dict[str, SecretPlace | None] = {
        key: reader.get(key, read, None) for key in SECRETS if key in keys_of(kind)
    }
    return {key: place for key, place in found.items() if place is not None}


def _options(reader: _Table, kind: Kind, insecure: bool) -> dict[str, str]:
    server = partial(values.address, insecure=insecure)
    sorts: dict[str, Callable[[object], str]] = {
        "account": _account,
        "guardian": server,
        "email": values.text,
        "auth": partial(values.one_of, valid=ZENDESK_AUTH),
        "user": values.text,
        "query": values.text,
        "push": lambda value: "true" if values.yes_no(value) else "false",
        "header": partial(values.one_of, valid=HEADERS.get(kind, ())),
        "portal": server,
    }
    found = {key: reader.get(key, read, "") for key, read in sorts.items() if key in keys_of(kind)}
    return {key: value for key, value in found.items() if value}


def _account(value: object) -> str:
    """Read what names an account: its id, at most 16 of these characters, or its subdomain, at most 63."""
    word = values.text(value)
    if not _ACCOUNT.fullmatch(word):
        text = "is no account: an id or a subdomain has letters, digits, - and _ only, and at most 63"
        raise Wrong(f"“{plain(word, limit=80)}” {text}")
    return word


def _require(reader: _Table, kind: Kind) -> None:
    """Note what is missing, each for its reason."""
    has = reader.table.__contains__
    if kind is Kind.NEXTSPACE and not has("url") and not has("account"):
        reader.wrong("needs url, or account to look the address up")
    if kind is not Kind.NEXTSPACE and not has("url"):
        reader.wrong("needs url")
    if kind is Kind.ZENDESK:
        _require_of_zendesk(reader)
    # An access token signs in to nextspace as the password of nobody.
    is_access_token = kind is Kind.NEXTSPACE and not has("login")
    if has("login") != has("password") and kind is not Kind.ZENDESK and not is_access_token:
        given, missing = ("login", "password") if has("login") else ("password", "login")
        reader.wrong(f"needs {missing} beside {given}")


def _require_of_zendesk(reader: _Table) -> None:
    auth = reader.table.get("auth", "token")
    if auth in ("token", "password") and "email" not in reader.table:
        reader.wrong(f"needs email, as it signs in by {auth}")
    if auth == "password" and not {"password", "token"} & reader.table.keys():
        reader.wrong("needs password")
    if auth in ("token", "oauth") and "token" not in reader.table:
        reader.wrong("needs token")
