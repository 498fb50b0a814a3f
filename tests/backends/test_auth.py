"""The ways a token travels, and that it shows itself nowhere."""

from __future__ import annotations

import base64

import pytest

from jobtui.backends.auth import basic, bearer, named_header, nobody, query_token, unsent
from jobtui.errors import CredentialError
from jobtui.model import Secret
from tests.backends.conftest import TOKEN, secret


async def test_each_way_puts_the_token_where_its_server_looks() -> None:
    assert (await bearer(secret()).credential()).headers == {"Authorization": f"Bearer {TOKEN}"}
    esri = await bearer(secret(), header="X-Esri-Authorization").credential()
    assert esri.headers == {"X-Esri-Authorization": f"Bearer {TOKEN}"}
    assert (await named_header(secret(), "x-sessionid").credential()).headers == {"x-sessionid": TOKEN}
    assert (await query_token(secret()).credential()).query == {"token": TOKEN}
    assert (await nobody().credential()).headers == {}
    value = (await basic(secret("pw"), "é@acme.example/token").credential()).headers["Authorization"]
    assert base64.b64decode(value.removeprefix("Basic ")).decode() == "é@acme.example/token:pw"


async def test_a_credential_never_shows_itself() -> None:
    credential = await basic(secret(), "me@acme.example").credential()
    pair = credential.headers["Authorization"].removeprefix("Basic ")
    assert TOKEN not in repr(credential)
    assert pair not in repr(credential)
    assert credential.redact(f"you sent {TOKEN} as {pair}!") == "you sent •••• as ••••!"


async def test_very_short_secrets_do_not_blank_out_every_sentence() -> None:
    credential = await bearer(secret("a")).credential()
    assert credential.redact("a plain answer") == "a plain answer"


@pytest.mark.parametrize("value", ["", "  \n", "two\nlines", "schlüssel", "tab\tbed\x00"])
async def test_a_token_that_cannot_travel_is_said_without_showing_it(value: str) -> None:
    with pytest.raises(CredentialError) as caught:
        await bearer(secret(value)).credential()
    assert not value.strip() or value not in str(caught.value)


async def test_blanks_around_a_token_are_dropped() -> None:
    assert (await bearer(secret(" x \n")).credential()).headers["Authorization"] == "Bearer x"


async def test_a_secret_is_fetched_once_until_it_is_refused() -> None:
    looks: list[int] = []

    async def place() -> Secret:
        looks.append(1)
        return await secret(f"token-{len(looks)}")()

    auth = bearer(place)
    first = await auth.credential()
    assert await auth.credential() is first
    second = await auth.renewed(first)
    assert await auth.renewed(first) is second, (
        "who was refused with the old one gets what was found meanwhile"
    )
    assert len(looks) == 2
    assert not second.travels_as(first)


@pytest.mark.parametrize(
    "echo", ["ab+/cd==ef", "ab%2B%2Fcd%3D%3Def", "ab%2b%2fcd%3d%3def", "ab%2B/cd%3D%3Def", "ab+\\/cd==ef"]
)
async def test_a_token_is_hidden_however_a_server_spells_it(echo: str) -> None:
    credential = await bearer(secret("ab+/cd==ef")).credential()
    assert credential.redact(f"GET /x?token={echo}&y=1") == "GET /x?token=••••&y=1"
    assert credential.redact_body(f'"{echo}"'.encode()) == '"••••"'.encode()


async def test_good_data_loses_a_long_token_that_was_sent_along_and_nothing_else() -> None:
    long = "long-enough+to/be=told"
    sent = await bearer(secret(long)).credential()
    body = b'{"a": "x?t=long-enough+to/be=told", "b": "x?t=long-enough%2Bto%2Fbe%3Dtold"}'
    assert long.encode() not in sent.redact_good(body)
    assert sent.redact_good(body).count("••••".encode()) == 2
    brief = await bearer(secret("complete")).credential()
    assert brief.redact_good(b'"complete"') == b'"complete"'
    in_the_body = await unsent([long]).credential()
    assert in_the_body.redact_good(body) == body


@pytest.mark.parametrize(
    "address", ["http://me:pass%2Bword@proxy.example:3128", "me:pass%2Bword@proxy.example:3128"]
)
async def test_what_the_environments_proxy_is_sent_is_hidden_too(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", address)
    credential = await nobody().credential()
    pair = base64.b64encode(b"me:pass+word").decode()
    assert credential.redact(f"pass+word and pass%2Bword and {pair}") == "•••• and •••• and ••••"
    monkeypatch.setenv("https_proxy", "http://[nonsense")
    assert (await nobody().credential()).redact("fine") == "fine"
