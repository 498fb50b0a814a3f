"""What a fault of the connection means, for those that no loopback server can produce."""

from __future__ import annotations

import errno
import socket
import ssl
from typing import TYPE_CHECKING

import httpx
import pytest

from jobtui.backends.faults import fault_of, host_of, is_lasting, is_time_out
from jobtui.errors import BackendError, LostAnswer, Unreachable

if TYPE_CHECKING:
    from jobtui.backends.faults import Fault


def caused(error: httpx.HTTPError, cause: BaseException) -> httpx.HTTPError:
    """Chain a cause as the library does."""
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("fault", "error", "text"),
    [
        (httpx.ConnectTimeout("x"), Unreachable, "no connection within 10 s"),
        (httpx.PoolTimeout("x"), Unreachable, "no connection within 10 s"),
        (httpx.ProxyError("http://me:hidden@proxy"), Unreachable, "the proxy refused"),
        (httpx.ConnectError("x"), Unreachable, "connection failed"),
        (caused(httpx.ConnectError("x"), socket.gaierror(-2, "x")), Unreachable, "no host of that name"),
        (
            caused(httpx.ConnectError("x"), OSError(errno.ENETUNREACH, "x")),
            Unreachable,
            "network cannot be reached",
        ),
        (caused(httpx.ConnectError("x"), OSError(errno.EMFILE, "x")), Unreachable, "EMFILE"),
        (
            caused(httpx.ConnectError("x"), ExceptionGroup("all", [OSError(errno.ECONNREFUSED, "x")])),
            Unreachable,
            "connection refused",
        ),
        (caused(httpx.ConnectError("x"), ssl.SSLError(1, "x")), Unreachable, "TLS failed (no reason given)"),
        (UnicodeError("label too long"), Unreachable, "the address cannot be read"),
        (httpx.WriteTimeout("x"), LostAnswer, "no answer from acme.example within 10 s"),
        (httpx.WriteError("x"), LostAnswer, "was lost"),
        (httpx.RemoteProtocolError("x"), LostAnswer, "was lost"),
        (httpx.LocalProtocolError("Illegal header value b'Bearer hidden'"), LostAnswer, "was lost"),
        (ssl.SSLError(1, "x"), LostAnswer, "was lost"),
        (TimeoutError(), LostAnswer, "no answer"),
    ],
)
def test_a_fault_says_whether_anything_was_sent(fault: Fault, error: type[BackendError], text: str) -> None:
    translated = fault_of("tiles", "acme.example", fault, 10.0)
    assert type(translated) is error
    assert text in str(translated)
    assert "hidden" not in str(translated)


def test_waiting_and_distrust_are_told_apart_from_what_passes() -> None:
    distrust = caused(httpx.ConnectError("x"), ssl.SSLCertVerificationError(1, "x"))
    assert is_lasting(distrust)
    assert not is_lasting(httpx.ConnectError("x"))
    assert is_time_out(httpx.ReadTimeout("x"))
    assert not is_time_out(httpx.ReadError("x"))


def test_a_chain_of_causes_that_bites_its_tail_ends() -> None:
    first, second = httpx.ConnectError("a"), OSError("b")
    first.__cause__, second.__context__ = second, first
    assert "connection failed" in str(fault_of("tiles", "acme.example", first, 1.0))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://me:hidden@acme.example:8443/api?token=1", "acme.example:8443"),
        ("acme.example/api", "acme.example"),
        ("https://acme.example?x=@y", "acme.example"),
        ("", ""),
    ],
)
def test_only_host_and_port_of_an_address_are_shown(url: str, host: str) -> None:
    assert host_of(url) == host
