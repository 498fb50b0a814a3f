"""Trust: whom we believe, what a certificate file changes, and how distrust is said."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from jobtui.backends.auth import bearer
from jobtui.backends.base import Connection
from jobtui.backends.http import Http
from jobtui.errors import LostAnswer, Unreachable
from tests.backends.conftest import Scripted, answer, secret

# A key and certificate for 127.0.0.1 that exist for this test alone; nobody trusts them.
PAIR = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgfoxBHWxoHBRTntAp
xQFuOdGFnMEsYqRBv6fmPz3+OQ2hRANCAAQwF6jHXXLZq519cFs0vdHA5M9jCG26
4B5nTheLB6XOKtqBhCrkLo2j0iDAjMRSAlmtS4C/HCWS1j3gh1tXgqQ5
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBuDCCAV2gAwIBAgIBAjAKBggqhkjOPQQDAjApMScwJQYDVQQDDB5qb2J0dWkg
dGVzdCwgdHJ1c3RlZCBieSBub2JvZHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAx
MDEwMDAwMDBaMCkxJzAlBgNVBAMMHmpvYnR1aSB0ZXN0LCB0cnVzdGVkIGJ5IG5v
Ym9keTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDAXqMddctmrnX1wWzS90cDk
z2MIbbrgHmdOF4sHpc4q2oGEKuQujaPSIMCMxFICWa1LgL8cJZLWPeCHW1eCpDmj
dDByMA8GA1UdEQQIMAaHBH8AAAEwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8E
BAMCAoQwHQYDVR0OBBYEFL/2YsjJ1n8OXfQ2nUG0Xy4VH4KvMB8GA1UdIwQYMBaA
FL/2YsjJ1n8OXfQ2nUG0Xy4VH4KvMAoGCCqGSM49BAMCA0kAMEYCIQCvLHFHq0YD
E1O7VVC4PqThnGI37rAKzEA5BHwE5FMvZwIhAKG5yOt8zBdWEOnrw5tb2LXNkIGO
FysAC8eoOeSnmQen
-----END CERTIFICATE-----
"""


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    path = tmp_path / "pair.pem"
    path.write_text(PAIR)
    return path


@asynccontextmanager
async def over_tls(pair: Path, *, ask_client: bool = False) -> AsyncIterator[Scripted]:
    script = Scripted([answer(b"[]")])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    if ask_client:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(pair)
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0, ssl=context)
    script.url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield script
    finally:
        server.close()
        for task in script.tasks:
            task.cancel()
        await asyncio.gather(*script.tasks, return_exceptions=True)


async def _no_sleep(_seconds: float) -> None:
    return


def http(url: str, *, ca: Path | None = None, client_cert: Path | None = None) -> Http:
    connection = Connection(url, {}, {}, ca=ca, client_cert=client_cert)
    return Http("tiles", connection, bearer(secret()), sleep=_no_sleep)


async def test_a_stranger_is_not_trusted_and_nothing_is_sent(pair: Path) -> None:
    async with over_tls(pair) as server:
        client = http(server.url)
        with pytest.raises(Unreachable, match=r"its certificate is not trusted \(self.signed certificate\)"):
            await client.read("jobs")
        with pytest.raises(Unreachable, match="not trusted"):
            await client.send_once("DELETE", "jobs/1")
        await client.aclose()
    assert server.got == []


async def test_a_configured_authority_is_trusted_beside_the_others(pair: Path) -> None:
    async with over_tls(pair) as server:
        client = http(server.url, ca=pair)
        assert (await client.read("jobs")).body == b"[]"
        assert (await client.send_once("DELETE", "jobs/1")).status == 200
        await client.aclose()


async def test_a_name_that_does_not_match_is_not_trusted_whoever_signed_it(pair: Path) -> None:
    async with over_tls(pair) as server:
        client = http(server.url.replace("127.0.0.1", "localhost"), ca=pair)
        with pytest.raises(Unreachable, match="cannot connect to localhost"):
            await client.read("jobs")
        await client.aclose()


async def test_a_client_certificate_is_shown_to_a_server_that_asks(pair: Path) -> None:
    async with over_tls(pair, ask_client=True) as server:
        known = http(server.url, ca=pair, client_cert=pair)
        assert (await known.read("jobs")).status == 200
        await known.aclose()
        unknown = http(server.url, ca=pair)
        with pytest.raises((LostAnswer, Unreachable)):
            await unknown.send_once("DELETE", "jobs/1")
        await unknown.aclose()
    assert [got.method for got in server.got] == ["GET"]


async def test_a_file_that_was_renewed_is_read_anew(pair: Path) -> None:
    own = pair.rename(pair.with_name("server.pem"))  # noqa: ASYNC240 - a test may wait for its files
    pair.touch()  # noqa: ASYNC240
    async with over_tls(own) as server:
        early = http(server.url, ca=pair)
        with pytest.raises(Unreachable, match="cannot be used for TLS"):
            await early.read("jobs")
        pair.write_text(PAIR)  # noqa: ASYNC240
        late = http(server.url, ca=pair)
        assert (await late.read("jobs")).status == 200
        await early.aclose()
        await late.aclose()
