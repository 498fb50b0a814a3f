"""Addresses that people paste: which of them belong to a source."""

from __future__ import annotations

from urllib.parse import SplitResult, unquote, urlsplit

_PORTS = {"http": 80, "https": 443}


def path_within(root: str, address: str) -> str | None:
    """Return the path of an address below a root of the same host and port, or None when it is elsewhere.

    The path is still percent-encoded, without a leading slash; query and fragment are dropped.
    """
    base, other = _split(root), _split(address)
    if base is None or other is None or _origin(base) != _origin(other):
        return None
    prefix = base.path.rstrip("/") + "/"
    return other.path[len(prefix) :] if other.path.startswith(prefix) else None


def segment_text(text: str) -> str | None:
    """Return the id that a path segment spells, or None when it is empty."""
    return unquote(text) or None


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return None
    return parts if parts.hostname and parts.scheme in _PORTS and port != 0 else None


def _origin(parts: SplitResult) -> tuple[str | None, int]:
    return parts.hostname, parts.port or _PORTS[parts.scheme]
