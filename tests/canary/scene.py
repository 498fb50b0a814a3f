"""Eleven sources, each with an origin and a secret of its own, and where each secret may be seen."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from jobtui.demo import DemoServer, arcgis_portal, nextspace, zendesk
from tests.canary.canaries import Flock, Sighting, secret_of
from tests.canary.wire import Origin, Request, Wire

SOURCE_OF_KIND = {
    "nextspace": ("bearer", "sessionid", "login", "access"),
    "zendesk": ("apitoken", "deskpass", "oauth"),
    "arcgis": ("authorization", "esri", "query", "portal"),
}
TOKENS = ("bearer", "sessionid", "access", "apitoken", "oauth", "authorization", "esri", "query")
WORDS = ("login-password", "login-code", "deskpass", "portal-password")
DERIVED = ("login-session", "access-session", "portal-token")
"""What a server gives for words; the demo is made to give canaries."""
WAYS = {
    "bearer": "env",
    "sessionid": "file",
    "login-password": "command",
    "login-code": "env",
    "access": "literal",
    "apitoken": "command",
    "deskpass": "file",
    "oauth": "env",
    "authorization": "literal",
    "esri": "command",
    "query": "env",
    "portal-password": "file",
}
# By origin: what may be seen there. A session goes to the identity service that gave it, too.
MAY_SEE: Mapping[str, frozenset[str]] = {
    **{name: frozenset({name}) for name in (*TOKENS, "deskpass") if name != "access"},
    "login": frozenset({"login-session"}),
    "login-guardian": frozenset({"login-password", "login-code", "login-session"}),
    "access": frozenset({"access-session"}),
    "access-guardian": frozenset({"access", "access-session"}),
    "portal": frozenset({"portal-token"}),
    # The portal's own token may be traded there for one of the server's.
    "portal-portal": frozenset({"portal-password", "portal-token"}),
}
HEADERS = frozenset({b"authorization", b"x-esri-authorization", b"x-sessionid", b"proxy-authorization"})


class AnyOf(str):
    """A token of the demo that several canaries are equal to."""

    _all: frozenset[str]

    def __new__(cls, *tokens: str) -> AnyOf:
        made = super().__new__(cls, tokens[0])
        made._all = frozenset(map(str, tokens))
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and str.__str__(other) in self._all

    def __hash__(self) -> int:
        return hash(str.__str__(self))


def secret(kind: str) -> str:
    """Give the canary of a kind; what stands in a session's header comes from a server, without roughness."""
    return secret_of(kind, "-" if kind in DERIVED else '/+&%"=')


def prepare(demo: DemoServer, patch: pytest.MonkeyPatch) -> None:
    """Have the demo take the canaries for its secrets, and give canaries for words."""
    services = demo._services
    services._actions.token = AnyOf(*map(secret, ("bearer", "sessionid", "access")))
    services._statuses.token = AnyOf(*map(secret, ("apitoken", "oauth")))
    services._manager.token = AnyOf(*map(secret, ("authorization", "esri", "query")))
    patch.setattr(nextspace, "PASSWORD", secret("login-password"))
    patch.setattr(nextspace, "CODE", secret("login-code"))
    patch.setattr(zendesk, "PASSWORD", secret("deskpass"))
    patch.setattr(arcgis_portal, "PASSWORD", secret("portal-password"))
    patch.setattr(arcgis_portal, "token_for", lambda *_words, **_more: secret("portal-token"))

    def login(self: nextspace.PendingActions, body: dict[str, Any]) -> dict[str, str] | None:
        person = before(self, body)
        kind = "access-session" if person is nextspace.PERSON else "login-session"
        patch.setattr(nextspace, "token_for", lambda *_words, **_more: secret(kind))
        return person

    before = nextspace.PendingActions._person
    patch.setattr(nextspace.PendingActions, "_person", login)


@dataclass
class Scene:
    """What the canaries are let loose in."""

    demo: DemoServer
    wire: Wire
    folder: Path
    home: Path
    flock: Flock = field(default_factory=lambda: Flock((*WAYS, *DERIVED)))
    environment: dict[str, str] = field(default_factory=dict)
    own: list[Path] = field(default_factory=list)
    """The user's own files, which hold secrets by the user's choice."""

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def noted(self) -> Path:
        """Where the credential commands note what the process list showed."""
        return self.folder / "noted"

    def origin(self, name: str) -> Origin:
        return next(origin for origin in self.wire.origins if origin.name == name)

    def build(self) -> None:
        """Begin the origins, and write the configuration and the files it names."""
        upstream = int(self.demo.url.rpartition(":")[2])
        for name in MAY_SEE:
            self.wire.origin(name, upstream)
        self.wire.origin("evil")
        self.own.append(self.config)
        self.write()

    def write(self, *only: str) -> None:
        """Write the configuration, of some sources or of all."""
        lines = ["version = 1"]
        for name, table in self._tables().items():
            if not only or name in only:
                lines += [f"[sources.{name}]", *(f"{key} = {value}" for key, value in table.items())]
        write_private(self.config, "\n".join(lines) + "\n")

    def _tables(self) -> dict[str, dict[str, str]]:
        kinds = {name: kind for kind, names in SOURCE_OF_KIND.items() for name in names}
        tables: dict[str, dict[str, str]] = {}
        for name, kind in kinds.items():
            table = {"kind": json.dumps(kind), "url": json.dumps(self._url(kind, name)), "timeout": '"3s"'}
            tables[name] = {**table, "budget": "100000", "limit": "12", **self._signing_in(name)}
        return tables

    def _url(self, kind: str, name: str) -> str:
        url = self.origin(name).url
        at = self.demo.sources["arcgis"]
        tails = {"nextspace": nextspace.PREFIX, "zendesk": "", "arcgis": f"/{at['org']}/{at['item']}"}
        return url + tails[kind]

    def _signing_in(self, name: str) -> dict[str, str]:
        email = json.dumps(zendesk.EMAIL)
        guardian = f"{name}-guardian"
        if name in ("login", "access"):
            at = {"guardian": json.dumps(self.origin(guardian).url + nextspace.PREFIX)}
        more: dict[str, dict[str, str]] = {
            "sessionid": {"header": '"x-sessionid"'},
            "apitoken": {"email": email},
            "deskpass": {"email": email, "auth": '"password"', "password": self._place("deskpass")},
            "oauth": {"auth": '"oauth"'},
            "esri": {"header": '"x-esri-authorization"'},
            "query": {"header": '"query"'},
        }
        if name == "login":
            words = {"login": json.dumps(nextspace.CAREFUL), "password": self._place("login-password")}
            return {**at, **words, "code": self._place("login-code")}
        if name == "access":
            return {**at, "password": self._place("access")}
        if name == "portal":
            portal = json.dumps(self.origin("portal-portal").url)
            words = {"login": '"dortiz"', "password": self._place("portal-password")}
            return {"portal": portal, "user": '"dortiz"', **words}
        token = {} if name == "deskpass" else {"token": self._place(name)}
        return {**token, **more.get(name, {})}

    def _place(self, kind: str) -> str:
        way = WAYS[kind]
        if way == "literal":
            return json.dumps(secret(kind))
        if way == "env":
            variable = f"CANARY_{kind.upper().replace('-', '_')}"
            self.environment[variable] = secret(kind)
            return f"{{ env = {json.dumps(variable)} }}"
        path = self.folder / "own" / f"{kind}.txt"
        path.parent.mkdir(exist_ok=True, mode=0o700)
        write_private(path, secret(kind) + "\n")
        self.own.append(path)
        if way == "file":
            return f"{{ file = {json.dumps(str(path))} }}"
        return f"{{ command = {json.dumps(['/bin/sh', str(self._spy()), str(path)])} }}"

    def _spy(self) -> Path:
        """Write a command that prints a secret, and notes what the system shows of itself and of us."""
        spy = self.folder / "own" / "spy.sh"
        self.noted.mkdir(exist_ok=True)
        noted = f"{self.noted}/$$"
        spy.write_text(
            f"cat /proc/$$/environ >{noted}-environ\n"
            f"cat /proc/$$/cmdline >{noted}-cmdline\n"
            f"cat /proc/$PPID/cmdline >{noted}-parent\n"
            'cat "$1"\n'
        )
        return spy

    # --- what was found ---------------------------------------------------------------------------------
    def leaks_on_the_wire(self) -> list[Sighting]:
        """Find every canary that went to a stranger, or in a part of a request that is not meant for it."""
        found: list[Sighting] = []
        for origin in self.wire.origins:
            own = MAY_SEE.get(origin.name, frozenset())
            for request in origin.requests():
                for part, data in _parts(request):
                    allowed = own if _is_meant(part, request, origin.name) else frozenset()
                    found += [
                        sighting
                        for sighting in self.flock.sightings(f"{origin.name} {part}", data)
                        if sighting.kind not in allowed
                    ]
        return found

    def seen_on_the_wire(self) -> set[str]:
        """Name the canaries that arrived where they belong: a search that finds none proves nothing."""
        return {
            kind
            for origin in self.wire.origins
            for stream in origin.streams
            for kind in self.flock.seen_in(bytes(stream.data)) & MAY_SEE.get(origin.name, frozenset())
        }

    def leaks_in_files(self) -> list[Sighting]:
        """Find canaries in all that was written, under the home and beside the configuration."""
        return [
            *self.flock.in_files(self.home),
            *self.flock.in_files(self.folder, but=self.own),
        ]


def _parts(request: Request) -> Iterable[tuple[str, bytes]]:
    yield "request line", request.line
    for name, value in request.headers:
        yield f"header {name.decode('latin-1').lower()}", name + b": " + value
    yield f"body of {request.line.decode('latin-1')[:60]}", request.body
    for frame in request.frames:
        yield "frame", frame


def _is_meant(part: str, request: Request, origin: str) -> bool:
    if part.startswith("header "):
        return part.removeprefix("header ").encode() in HEADERS
    if part == "request line":
        return origin == "query" and request.target.count(b"token=") == 1
    if part == "frame":
        return b'"token"' in request.frames[0]
    # Guardians of old have no v3.
    return request.path.endswith((b"/v3/login", b"/nextspace/login", b"/generateToken"))


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
