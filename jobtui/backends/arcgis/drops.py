"""Why a notification socket is not open, as a person would say it. Pure.

No text of a library's own, since that may hold an address with a token.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace
from websockets.exceptions import (
    ConnectionClosed,
    InvalidProxy,
    InvalidStatus,
    InvalidURI,
    ProxyError,
    WebSocketException,
)

from jobtui.backends.auth import REFERER, Credential
from jobtui.backends.faults import why_not_connected
from jobtui.errors import JobtuiError
from jobtui.text import plain

Trouble = JobtuiError | WebSocketException | OSError | ValueError | ImportError
"""All that may keep a socket from being open."""

_LONGEST_REASON = 120
_REFUSED_STATUSES = frozenset({401, 403, 498, 499})
_POLICY = 1008
_TOO_BIG = 1009
_NO_PONG = 1011
_OWN_CODES = range(4000, 5000)
_REFUSED_CODES = frozenset({_POLICY, 4001, 4003, 4401, 4403, 4498, 4499})
_ENDED_CODES = frozenset({1000, 1001, 1012})


class Drop(Struct, frozen=True):
    """Why there is no socket, and whether the token is to be had anew before the next try."""

    text: str
    of_token: bool = False
    of_handshake: bool = False
    """Whether it was the sign-in of the handshake that was refused."""


def drop_of(host: str, error: Trouble, hide: Callable[[str], str]) -> Drop:
    """Judge what ended a socket, or kept it from opening; ``hide`` masks the token in what a server says."""
    if isinstance(error, ConnectionClosed):
        return _closed(host, error, hide)
    if isinstance(error, InvalidStatus):
        return _refused(host, error.response.status_code)
    if isinstance(error, JobtuiError):
        return Drop(str(error))
    return Drop(f"no notifications from {host}: {_why(error)}")


def with_way_out(drop: Drop, credential: Credential | None) -> Drop:
    """Add what may help where the sign-in of a handshake is refused: some gateways drop its headers."""
    if not drop.of_handshake or credential is None or not set(credential.headers) - {REFERER}:
        return drop
    return replace(drop, text=f'{drop.text}; if reading works, try header = "query" for this source')


def _why(error: Trouble) -> str:
    if isinstance(error, TimeoutError):
        return "the socket did not open in time"
    if isinstance(error, OSError):  # first: an untrusted certificate is a ValueError, too
        return why_not_connected(error)
    if isinstance(error, ProxyError | InvalidProxy | ImportError):
        return "the proxy cannot be used for it"
    if isinstance(error, InvalidURI | ValueError):
        return "its address cannot be read"
    return "what answers there is no websocket"


def _refused(host: str, status: int) -> Drop:
    if status in _REFUSED_STATUSES:
        text = f"{host} refused the sign-in to its notifications (HTTP {status})"
        return Drop(text, of_token=True, of_handshake=True)
    if status == 404:
        return Drop(f"{host} has no notifications at this address (HTTP 404)")
    return Drop(f"{host} answered HTTP {status} instead of opening its notifications")


def _closed(host: str, error: ConnectionClosed, hide: Callable[[str], str]) -> Drop:
    if error.sent is not None and not error.rcvd_then_sent:
        if error.sent.code == _TOO_BIG:
            return Drop(f"{host} sent a notification that is too large")
        if error.sent.code == _NO_PONG:
            return Drop(f"the socket to {host} gave no sign of life")
    if error.rcvd is None:
        return Drop(f"the socket to {host} was cut")
    code, reason = error.rcvd.code, plain(hide(error.rcvd.reason).strip(), limit=_LONGEST_REASON)
    said = f": {reason}" if reason and code not in _ENDED_CODES else ""
    of_token = code in _REFUSED_CODES or (code in _OWN_CODES and "token" in reason.lower())
    return Drop(f"{host} closed the notifications ({code}){said}", of_token)
