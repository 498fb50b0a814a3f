"""What a fault of the connection means: whether anything was sent, and how a person would say it."""

from __future__ import annotations

import errno
import functools
import socket
import ssl
from typing import TYPE_CHECKING

from jobtui.backends.late import httpx
from jobtui.errors import BackendError, LostAnswer, UnexpectedReply, Unreachable
from jobtui.text import plain

if TYPE_CHECKING:
    Fault = httpx.HTTPError | httpx.InvalidURL | httpx.StreamError | OSError | UnicodeError

_ERRNO_WORDS = {
    errno.ECONNREFUSED: "connection refused",
    errno.EHOSTUNREACH: "no route to the host",
    errno.ENETUNREACH: "the network cannot be reached",
    errno.ECONNRESET: "the connection was reset",
}

# How a server refuses our side of TLS: by which alert, and what may be done about it. Under TLS 1.3 it says
# so when we believe the connection to be open; no request was looked at for all that.
_REFUSALS = {
    "ALERT_CERTIFICATE_REQUIRED": "it wants a client certificate; set client_cert",
    "ALERT_HANDSHAKE_FAILURE": "it broke off TLS; does it want a client certificate (client_cert)?",
    "ALERT_BAD_CERTIFICATE": "it does not take our client certificate (client_cert)",
    "ALERT_UNSUPPORTED_CERTIFICATE": "it does not take our client certificate (client_cert)",
    "ALERT_CERTIFICATE_UNKNOWN": "it does not take our client certificate (client_cert)",
    "ALERT_CERTIFICATE_REVOKED": "our client certificate (client_cert) was revoked",
    "ALERT_CERTIFICATE_EXPIRED": "our client certificate (client_cert) has expired",
    "ALERT_UNKNOWN_CA": "it does not know who issued our client certificate (client_cert)",
    "ALERT_ACCESS_DENIED": "our client certificate (client_cert) may not come in",
}


@functools.cache
def _nothing_sent() -> tuple[type[BaseException], ...]:
    """Give the faults met before the first byte could leave. After any other it may have arrived."""
    return (
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ProxyError,
        *_unreadable(),
    )


@functools.cache
def _unreadable() -> tuple[type[BaseException], ...]:
    return httpx.UnsupportedProtocol, httpx.InvalidURL, UnicodeError


def fault_of(source: str, host: str, error: Fault, timeout_s: float) -> BackendError:
    """Translate a fault of httpx or of the socket; no text of its own, since that may hold an address."""
    if isinstance(error, httpx.DecodingError):
        return UnexpectedReply(source, f"{host} answered with a body that cannot be unpacked")
    if isinstance(error, _nothing_sent()) or any(map(_refusal, _chain(error))):
        return Unreachable(source, f"cannot connect to {host}: {_why_not_connected(error, timeout_s)}")
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return LostAnswer(source, f"no answer from {host} within {timeout_s:g} s")
    if isinstance(error, httpx.RemoteProtocolError) and "illegal" in str(error):
        return LostAnswer(source, f"{host} answered in something that is not HTTP/1.1")
    return LostAnswer(source, f"the connection to {host} was lost before the answer was whole")


def is_time_out(error: Fault) -> bool:
    """Whether waiting, not a refusal, was what failed: repeating it costs a person another wait."""
    return isinstance(error, httpx.TimeoutException | TimeoutError)


def is_lasting(error: Fault) -> bool:
    """Whether repeating at once cannot help: distrust, a bad address, a body that cannot be unpacked."""
    if isinstance(error, (*_unreadable(), httpx.DecodingError)):
        return True
    return any(isinstance(cause, ssl.SSLCertVerificationError) or _refusal(cause) for cause in _chain(error))


def host_of(url: str) -> str:
    """Return host and port of an address, never a name or password before them."""
    netloc = url.partition("://")[2] or url
    return plain(netloc.partition("/")[0].partition("?")[0].rpartition("@")[2], limit=100)


def _why_not_connected(error: Fault, timeout_s: float) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"no connection within {timeout_s:g} s"
    if isinstance(error, httpx.ProxyError):
        return "the proxy refused"
    if isinstance(error, _unreadable()):
        return "the address cannot be read"
    return why_not_connected(error)


def why_not_connected(error: BaseException) -> str:
    """Say what stood in the way of a connection, whichever library met it."""
    return next(filter(None, map(_words, _chain(error))), "connection failed")


def _words(cause: BaseException) -> str | None:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({plain(cause.verify_message, limit=120)})"
    if refusal := _refusal(cause):
        return refusal
    if isinstance(cause, ssl.SSLError):
        reason = getattr(cause, "reason", None) or "no reason given"
        return f"TLS failed ({plain(reason, limit=80)})"
    if isinstance(cause, socket.gaierror):
        return "there is no host of that name"
    if isinstance(cause, OSError) and cause.errno is not None:
        return _ERRNO_WORDS.get(cause.errno) or errno.errorcode.get(cause.errno)
    return None


def _refusal(cause: BaseException) -> str | None:
    """Say why a server will not speak TLS with us; None for any other trouble."""
    reason = (getattr(cause, "reason", None) or "") if isinstance(cause, ssl.SSLError) else ""
    return next((words for alert, words in _REFUSALS.items() if str(reason).endswith(alert)), None)


def _chain(error: BaseException) -> list[BaseException]:
    """The error and what led to it, groups opened, each once."""
    found: list[BaseException] = []
    pending: list[BaseException | None] = [error]
    while pending:
        cause = pending.pop()
        if cause is None or any(cause is known for known in found):
            continue
        found.append(cause)
        pending += [cause.__context__, cause.__cause__]
        if isinstance(cause, BaseExceptionGroup):
            pending += cause.exceptions
    return found
