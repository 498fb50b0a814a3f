"""Addresses that people paste: which of them belong to a source."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, unquote, urlsplit

_PORTS = {"http": 80, "https": 443}
_SAME = {"ws": "http", "wss": "https"}


def path_within(root: str, address: str) -> str | None:
    """Return the path of an address below a root of the same host and port, or None when it is elsewhere.

    The path is still percent-encoded, without a leading slash; query and fragment are dropped.
    """
    base, other = split_address(root), split_address(address)
    if base is None or other is None or origin(base) != origin(other):
        return None
    prefix = base.path.rstrip("/") + "/"
    return other.path[len(prefix) :] if other.path.startswith(prefix) else None


def segment_text(text: str) -> str | None:
    """Return the id that a path segment spells, or None when it is empty."""
    return unquote(text) or None


def split_address(address: str) -> SplitResult | None:
    """Return the parts of a web or websocket address, or None when it is none."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return None
    return parts if parts.hostname and parts.scheme in (*_PORTS, *_SAME) and port != 0 else None


def origin(parts: SplitResult) -> tuple[str | None, int]:
    """Return host and port of an address, which tell two servers apart."""
    return parts.hostname, parts.port or _PORTS[_SAME.get(parts.scheme, parts.scheme)]


def is_loopback(host: str | None) -> bool:
    """Say whether a host is this machine: what is sent there passes nobody on the way."""
    if not host or host == "localhost" or host.endswith(".localhost"):
        return bool(host)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_own_machine(address: str) -> bool:
    """Say whether an address is on this machine: no proxy of the environment is asked for it."""
    parts = split_address(address)
    return parts is not None and is_loopback(parts.hostname)


def shown(address: str) -> str:
    """Return what may be shown of an address that was pasted: no name, password, query or fragment."""
    scheme, mark, rest = address.partition("?")[0].partition("#")[0].partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"
