"""TLS for real: an authority of our own, a client's certificate, and each way a server is not believed."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.canary.canaries import Flock
from tests.canary.scene import secret, write_private
from tests.cli.conftest import Cli, Ran


class Service(BaseHTTPRequestHandler):
    """Just enough of a service to be listed."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.heard.append(str(self.headers))  # type: ignore[attr-defined]
        body = b'{"Items": [], "TotalCount": 0}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_DELETE(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Secured(ThreadingHTTPServer):
    """A server that shakes hands in the thread of its request, so that a refused one ends that alone."""

    daemon_threads = True
    heard: list[str]
    context: ssl.SSLContext

    def finish_request(self, request: Any, client_address: Any) -> None:
        with self.context.wrap_socket(request, server_side=True, do_handshake_on_connect=False) as secured:
            try:
                secured.do_handshake()
                super().finish_request(secured, client_address)
            except OSError:
                _see_off(secured.fileno())  # not believed, or gone

    def shutdown_request(self, request: Any) -> None:
        """Leave it to the end of the handshake's socket."""
        self.close_request(request)


def _see_off(descriptor: int) -> None:
    """Hear out whom we refuse: a socket closed over unread words is reset, and the refusal lost."""
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as raw:
        raw.settimeout(2.0)
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(4096):
            pass


@contextmanager
def serving(cert: trustme.LeafCert, *, clients_of: trustme.CA | None = None) -> Iterator[Secured]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cert.configure_cert(context)
    if clients_of is not None:
        clients_of.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    with Secured(("127.0.0.1", 0), Service) as server:
        server.heard, server.context = [], context
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(5.0)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority that nobody knows but who is told."""
    return trustme.CA()


class Asking:
    """Lists the jobs of a server over TLS, with what the configuration says of trust."""

    def __init__(self, run: Cli, folder: Path) -> None:
        self._run = run
        self._folder = folder

    def __call__(self, server: Secured, *argv: str, **files: bytes) -> Ran:
        lines = ["[sources.tiles]", 'kind = "nextspace"', f"token = '{secret('bearer')}'", 'timeout = "5s"']
        lines.append(f'url = "https://127.0.0.1:{server.server_port}"')
        for key, content in files.items():
            write_private(self._folder / f"{key}.pem", content.decode())
            lines.append(f'{key} = "{key}.pem"')
        config = self._folder / "config.toml"
        write_private(config, "\n".join(lines) + "\n")
        ran = self._run("--config", str(config), *(argv or ("ls",)))
        assert not Flock(["bearer"]).seen_in((ran.out + ran.err).encode())
        return ran


@pytest.fixture
def ask(run: Cli, tmp_path: Path) -> Asking:
    return Asking(run, tmp_path)


def pem_of(*blobs: trustme.Blob) -> bytes:
    return b"".join(blob.bytes() for blob in blobs)


def test_an_authority_of_the_configuration_is_believed(ask: Asking, authority: trustme.CA) -> None:
    with serving(authority.issue_cert("127.0.0.1")) as server:
        ran = ask(server, ca=pem_of(authority.cert_pem))
    assert ran.code == 0
    assert all(secret("bearer") in heard for heard in server.heard)
    assert server.heard


def _expired(authority: trustme.CA) -> trustme.LeafCert:
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    return authority.issue_cert("127.0.0.1", not_before=long_ago, not_after=long_ago + dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("sort", "said"),
    [
        ("unknown", "certificate is not trusted (unable to get local issuer certificate)"),
        ("other name", "certificate is not trusted (IP address mismatch, certificate is not valid for"),
        ("expired", "certificate is not trusted (certificate has expired)"),
        ("not one of it", "certificate is not trusted"),
    ],
)
def test_who_is_not_believed_gets_nothing_and_is_named_in_one_sentence(
    ask: Asking, authority: trustme.CA, sort: str, said: str
) -> None:
    cert = {
        "unknown": authority.issue_cert("127.0.0.1"),
        "other name": authority.issue_cert("tiles.example"),
        "expired": _expired(authority),
        "not one of it": trustme.CA().issue_cert("127.0.0.1"),
    }[sort]
    known = {} if sort == "unknown" else {"ca": pem_of(authority.cert_pem)}
    with serving(cert) as server:
        for argv in (["ls"], ["source", "test"], ["show", "tiles:1"], ["cancel", "tiles:1", "--yes"]):
            ran = ask(server, *argv, **known)
            assert (argv, ran.code) == (argv, 3)
            assert len((ran.out + ran.err).splitlines()) == 1
            assert said in ran.out + ran.err
    assert server.heard == []


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_server_that_wants_a_certificate_gets_the_configured_one(
    ask: Asking, authority: trustme.CA, version: ssl.TLSVersion
) -> None:
    ours = authority.issue_cert("dortiz@acme.example")
    pair = pem_of(ours.private_key_and_cert_chain_pem)
    known = {"ca": pem_of(authority.cert_pem)}
    with serving(authority.issue_cert("127.0.0.1"), clients_of=authority) as server:
        server.context.minimum_version = server.context.maximum_version = version
        assert ask(server, **known, client_cert=pair).code == 0
        heard = len(server.heard)
        assert heard > 0
        stranger = pem_of(trustme.CA().issue_cert("x@acme.example").private_key_and_cert_chain_pem)
        for more in ({}, {"client_cert": stranger}):
            for argv in (["ls"], ["source", "test"], ["show", "tiles:1"], ["cancel", "tiles:1", "--yes"]):
                ran = ask(server, *argv, **known, **more)
                assert (argv, ran.code) == (argv, 3)
                assert len((ran.out + ran.err).splitlines()) == 1
                assert "client_cert" in ran.out + ran.err
    assert len(server.heard) == heard


@pytest.mark.parametrize("key", ["ca", "client_cert"])
def test_a_file_that_is_no_certificate_is_one_sentence(ask: Asking, authority: trustme.CA, key: str) -> None:
    with serving(authority.issue_cert("127.0.0.1")) as server:
        ran = ask(server, **{key: b"not a certificate\n"})
    assert (ran.code, len(ran.sentences)) == (3, 1)
    assert f"{key}.pem cannot be used for TLS" in ran.err
    assert server.heard == []


@pytest.mark.parametrize(
    "name", ["PYTHONHTTPSVERIFY", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"]
)
def test_nothing_in_the_environment_turns_trust_off(
    ask: Asking, authority: trustme.CA, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "0" if name == "PYTHONHTTPSVERIFY" else "")
    with serving(authority.issue_cert("127.0.0.1")) as server:
        assert ask(server).code == 3
    assert server.heard == []


def test_a_server_that_speaks_no_tls_is_one_sentence(ask: Asking, tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        server.heard = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        ran = ask(server)  # type: ignore[arg-type]
        server.shutdown()
        thread.join(5.0)
    assert (ran.code, len(ran.sentences)) == (3, 1)
    assert "TLS failed" in ran.err
    assert server.heard == []  # type: ignore[attr-defined]
