"""What Guardian, the identity service, answers: sessions and accounts. Pure; every decode_ raises
UnexpectedReply and nothing else.

Source: the vendor's Python client (0.3.9) and its documents, which spell some keys differently.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from jobtui.backends.lenient import json_of, text_of, time_of
from jobtui.errors import UnexpectedReply
from jobtui.text import plain

_ANONYMOUS = "anonymous"
_NAMES = ("FullName", "Fullname", "Username", "Login", "Email")


@dataclass(frozen=True, slots=True)
class Session:
    """Whom a token stands for."""

    token: str | None = field(repr=False)
    is_anonymous: bool
    name: str | None = None
    """A name to show."""
    names: frozenset[str] = frozenset()
    """Everything that the user is called, the id that jobs name among it."""
    sort: str | None = None
    """What kind of user, in the server's word."""
    expires: datetime | None = None
    last_access: datetime | None = None
    """By the server's clock; with ``expires`` it gives a life that no wrong clock of ours can spoil."""


def decode_session(source: str, body: bytes) -> Session:
    """Read the answer of ``v3/login`` or ``v3/session``: nobody's session comes as a good answer, too."""
    value = json_of(source, body)
    if value is None:
        return Session(token=None, is_anonymous=True)
    if not isinstance(value, Mapping) or not {"ID", "User", "User.ID"} & value.keys():
        raise UnexpectedReply(source, "answered without a session")
    given = value.get("User")
    user: Mapping[str, object] = given if isinstance(given, Mapping) else {"ID": given}
    ids = [text_of(value.get("ID")), text_of(user.get("ID")), text_of(value.get("User.ID"))]
    has_user = ids[1] is not None or ids[2] is not None
    called = [text_of(user.get(key)) for key in _NAMES]
    return Session(
        token=ids[0],
        names=frozenset(filter(None, [*ids[1:], *called])),
        is_anonymous=not has_user or any((each or "").lower() == _ANONYMOUS for each in ids),
        name=next(filter(None, called), ids[1] or ids[2]),
        sort=text_of(user.get("Type")),
        expires=time_of(value.get("Expires")),
        last_access=time_of(value.get("LastAccess")),
    )


def session_status(status: int, body: bytes) -> int:
    """Return the HTTP status that an answer of Guardian means: nobody's session is a refusal."""
    if not 200 <= status < 300:
        return status
    try:
        session = decode_session("", body) if b'"User' in body else None
    except UnexpectedReply:
        return status
    return 401 if session is not None and session.is_anonymous else status


def decode_base(source: str, body: bytes, account: str, guardian: str) -> str:
    """Read where the jobs of an account are: ``URL.Base`` of its record.

    The token goes there, so it is taken only over https; over http only on this machine, and only when
    Guardian is there as well.
    """
    value = json_of(source, body)
    addresses = value.get("URL") if isinstance(value, Mapping) else None
    base = text_of(addresses.get("Base")) if isinstance(addresses, Mapping) else None
    if base is None:
        raise UnexpectedReply(source, f"the record of account {plain(account)} has no address in it")
    if not _is_safe(base, guardian):
        shown = plain(base.partition("?")[0].rpartition("@")[2], limit=100)
        text = f"account {plain(account)} is said to be at {shown}, where no token is sent: it is not https"
        raise UnexpectedReply(source, text)
    return base if "?" in base else base.rstrip("/")


def _is_safe(base: str, guardian: str) -> bool:
    parts = _split(base)
    if parts is None or parts.username is not None or parts.password is not None or parts.fragment:
        return False
    if not base.isprintable() or " " in base or "\\" in base:
        return False
    if parts.scheme == "https":
        return True
    ours = _split(guardian)
    return parts.scheme == "http" and _is_loopback(parts) and ours is not None and _is_loopback(ours)


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _is_loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
