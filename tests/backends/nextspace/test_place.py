"""Where an account's jobs are and who asks for them: looked up, signed in, and never believed too easily."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.backends.auth import nobody
from jobtui.backends.base import Connection, Scope
from jobtui.backends.http import Http
from jobtui.backends.nextspace import guardian, place
from jobtui.backends.nextspace.client import NextspaceBackend
from jobtui.backends.nextspace.sessions import decode_base, decode_session
from jobtui.demo import DemoServer
from jobtui.errors import BackendError, RateLimited, SignInRefused, UnexpectedReply, Unreachable
from jobtui.model import (
    Cause,
    Control,
    Cursor,
    JobRef,
    Kind,
    Outcome,
    Parameters,
    SecretSource,
    Source,
    Verdict,
)
from tests.backends.conftest import (
    TOKEN,
    Answer,
    Scripted,
    answer,
    json_values,
    never,
    records,
    scripted,
    secret,
)

SOURCE = Source("tiles", Kind.NEXTSPACE)
DANA = {"ID": "s-1", "User": {"ID": "u-1", "FullName": "Dana Ortiz"}, "User.ID": "u-1"}
DANAS = answer(json.dumps(DANA))
NOBODY = '{"ID": "anonymous", "User": {"ID": "anonymous"}, "User.ID": "anonymous"}'
LIST = '{"Items": [{"ID": 7, "Status": "IN_PROGRESS", "Progress": 5}]}'


@pytest.fixture
def own() -> Iterator[DemoServer]:
    with DemoServer(seed=7) as demo:
        yield demo


@asynccontextmanager
async def backend_of(
    url: str, secrets: dict[str, SecretSource], **options: str
) -> AsyncIterator[NextspaceBackend]:
    backend = NextspaceBackend(SOURCE, Connection(url, secrets, options, timeout_s=2.0))
    try:
        yield backend
    finally:
        await backend.aclose()


async def first_id(tiles: NextspaceBackend) -> str:
    async for page in tiles.pages(Scope(datetime.now(UTC) - timedelta(days=1), 50)):
        return page[0].ref.job_id
    raise AssertionError("no jobs")


async def cancel(tiles: NextspaceBackend, job_id: str) -> Outcome:
    ref = JobRef("tiles", job_id)
    return await tiles.control(tiles.freeze(Control.CANCEL, None, ref, Parameters(), datetime.now(UTC)))


def paths(demo: DemoServer) -> list[str]:
    return [entry["path"].removeprefix("/nextspace/") for entry in demo.requests]


# --- against the demo -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "name"),
    [
        ({"login": "dortiz", "password": "demo"}, "Dana Ortiz"),
        ({"login": "kmeyer", "password": "demo", "code": "204518"}, "Kim Meyer"),
    ],
)
async def test_an_account_is_found_and_signed_in_to(
    own: DemoServer, words: dict[str, str], name: str
) -> None:
    base = own.sources["nextspace"]["base_url"]
    secrets = {key: secret(word) for key, word in words.items()}
    async with backend_of("", secrets, account="demo", guardian=base) as tiles:
        job_id = await first_id(tiles)
        identity = await tiles.identity()
        assert tiles.target_of(f"{base}/pendingAction/{job_id}") == JobRef("tiles", job_id)
    assert (identity.user, identity.address) == (name, base)
    assert identity.version
    assert paths(own)[:3] == ["v3/login", "account/demo", "pendingActions"]
    assert paths(own).count("v3/login") == 1
    assert own.requests[0]["body"]["Password"] == "***"


async def test_an_access_token_signs_in_as_the_password_of_nobody(own: DemoServer) -> None:
    at = own.sources["nextspace"]
    async with backend_of(
        at["base_url"], {"password": secret(at["token"])}, guardian=at["base_url"]
    ) as tiles:
        await first_id(tiles)
        assert (await tiles.identity()).address is None, "it was configured, not looked up"
    assert own.requests[0]["body"] == {"Username": "", "Password": "***"}


async def test_a_configured_token_is_proved_before_its_empty_list_is_believed(own: DemoServer) -> None:
    at = own.sources["nextspace"]
    options = {"account": "demo", "guardian": at["base_url"]}
    async with backend_of("", {"token": secret(at["token"])}, **options) as tiles:
        await first_id(tiles)
        assert (await tiles.identity()).user == "Dana Ortiz"
    async with backend_of("", {"token": secret()}, **options) as tiles:
        for ask in (tiles.get("7"), tiles.identity(), tiles.messages("7", Cursor())):
            with pytest.raises(SignInRefused, match="anonymous user") as caught:
                await ask
        assert TOKEN not in str(caught.value)
        outcome = await cancel(tiles, "7")
    assert (outcome.verdict, outcome.sent, outcome.cause) == (Verdict.REFUSED, False, Cause.SIGN_IN)


async def test_a_session_that_ended_early_is_begun_anew_by_the_next_read(own: DemoServer) -> None:
    base = own.sources["nextspace"]["base_url"]
    words = {"login": secret("dortiz"), "password": secret("demo")}
    async with backend_of(base, words, guardian=base) as tiles:
        job_id = await first_id(tiles)
        own.end_sessions()
        assert (await cancel(tiles, job_id)).cause is Cause.SIGN_IN, "a control is never sent again"
        await asyncio.gather(*(tiles.get(job_id) for _ in range(3)))
        assert (await cancel(tiles, job_id)).verdict in (Verdict.ACCEPTED, Verdict.REFUSED)
    assert paths(own).count("v3/login") == 2


async def test_a_session_is_renewed_before_it_ends(own: DemoServer) -> None:
    own.limit_sessions(4.0)
    base = own.sources["nextspace"]["base_url"]
    words = {"login": secret("dortiz"), "password": secret("demo")}
    async with backend_of(base, words, guardian=base, header="x-sessionid") as tiles:
        job_id = await first_id(tiles)
        async with asyncio.timeout(10):
            while paths(own).count("v3/login") < 2:
                await tiles.get(job_id)
                await asyncio.sleep(0.2)
    assert {entry["status"] for entry in own.requests} == {200}
    assert "x-sessionid" in own.requests[-1]["headers"]
    assert "authorization" not in own.requests[-1]["headers"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"login": "dortiz", "password": "hidden-word"}, "wrong password"),
        ({"login": "kmeyer", "password": "demo"}, "code is missing"),
        ({"login": "kmeyer", "password": "demo", "code": "999999"}, "code is missing or wrong"),
    ],
)
async def test_words_that_are_refused_are_said_and_asked_once(
    own: DemoServer, words: dict[str, str], said: str
) -> None:
    base = own.sources["nextspace"]["base_url"]
    secrets = {key: secret(word) for key, word in words.items()}
    async with backend_of("", secrets, account="demo", guardian=base) as tiles:
        for ask in (tiles.get("7"), tiles.identity(), tiles.get_many(["1", "2"])):
            with pytest.raises(SignInRefused, match=said) as caught:
                await ask
    assert "hidden-word" not in str(caught.value)
    assert paths(own) == ["v3/login"]


async def test_an_unknown_account_costs_no_job(own: DemoServer) -> None:
    at = own.sources["nextspace"]
    options = {"account": "acme", "guardian": at["base_url"]}
    async with backend_of("", {"token": secret(at["token"])}, **options) as tiles:
        for ask in (tiles.get("7"), tiles.get_many(["7"]), tiles.identity()):
            with pytest.raises(Unreachable, match="knows no account “acme”"):
                await ask
        outcome = await cancel(tiles, "7")
    assert (outcome.verdict, outcome.sent, outcome.cause) == (Verdict.REFUSED, False, Cause.UNREACHABLE)


# --- other servers' habits --------------------------------------------------------------------------------
@asynccontextmanager
async def looked_up(*answers: Answer, **words: str) -> AsyncIterator[tuple[NextspaceBackend, Scripted]]:
    """Give a backend whose Guardian answers so; a token when there are no words."""
    secrets = {key: secret(word) for key, word in (words or {"token": TOKEN}).items()}
    async with (
        scripted(*answers) as server,
        backend_of("", secrets, account="a/b", guardian=server.url) as tiles,
    ):
        yield tiles, server


def record(base: object) -> bytes:
    return answer(json.dumps({"ID": "acme", "URL": {"Base": base}}))


@pytest.mark.parametrize(
    "base",
    [
        "http://jobs.example/",
        "http://127.0.0.1.example/",
        "ftp://127.0.0.1/",
        "https://me:pw@jobs.example/",
        "https://",
        "https://jobs example/",
        "https:\\\\jobs.example",
        "//jobs.example",
        "https://jobs.example:0/",
        7,
        None,
    ],
)
async def test_a_token_goes_to_no_address_that_is_not_safe(base: object) -> None:
    async with looked_up(record(base)) as (tiles, server):
        with pytest.raises(Unreachable, match="account a/b") as caught:
            await tiles.get("7")
    assert "pw@" not in str(caught.value)
    assert [got.path for got in server.got] == ["/account/a%2Fb"]


def test_plain_http_on_this_machine_is_taken_only_from_a_guardian_that_is_here() -> None:
    body = b'{"URL": {"Base": "http://127.0.0.1:8801/api/?tenant=a"}}'
    assert decode_base("tiles", body, "a", "http://[::1]:5").endswith("/api/?tenant=a")
    with pytest.raises(UnexpectedReply, match="not https"):
        decode_base("tiles", body, "a", guardian.ROOT)


async def test_the_token_goes_to_the_address_that_was_looked_up_and_keeps_its_query() -> None:
    async with scripted(answer(LIST)) as jobs:
        base = f"{jobs.url}/api/?tenant=a"
        async with looked_up(record(base), answer(json.dumps(DANA))) as (tiles, server):
            await asyncio.gather(first_id(tiles), first_id(tiles))
    assert [got.path for got in server.got] == ["/account/a%2Fb", "/v3/session"], "once for all who ask"
    assert jobs.got[0].path == "/api/pendingActions?tenant=a&StartIndex=0&Amount=200"
    assert jobs.got[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    "reply", [answer(NOBODY), answer('{"ID": "s-1"}'), answer('{"ID": null, "User": {}}')]
)
async def test_a_login_that_gives_nobodys_session_is_refused(reply: Answer) -> None:
    async with looked_up(reply, login="dana", password="hidden-word") as (tiles, server):
        with pytest.raises(SignInRefused, match="anonymous session"):
            await tiles.identity()
    [asked] = server.got
    assert json.loads(asked.body) == {"Account": "a/b", "Username": "dana", "Password": "hidden-word"}
    assert "authorization" not in asked.headers


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer('{"ERROR": {"Type": "LOGIN_FAILED", "Message": "no hidden-word"}}'), SignInRefused),
        (answer('{"ERROR": "Access denied"}', 403), SignInRefused),
        (answer("<html>", 404), Unreachable),
        (answer("[]"), Unreachable),
        (answer("", 502), Unreachable),
        (answer("", 429, {"Retry-After": "60"}), RateLimited),
        (None, Unreachable),
    ],
)
async def test_each_answer_to_a_login_has_its_error_and_is_asked_once(
    reply: Answer, error: type[BackendError]
) -> None:
    async with looked_up(reply, login="dana", password="hidden-word") as (tiles, server):
        with pytest.raises(error) as caught:
            await tiles.get_many(["1", "2"])
        assert (await cancel(tiles, "1")).sent is False
    assert "hidden-word" not in str(caught.value)
    assert all(got.path == "/v3/login" for got in server.got)


# --- out again, and the older form ------------------------------------------------------------------------
@pytest.mark.parametrize("header", ["bearer", "x-sessionid"])
async def test_a_session_that_was_begun_here_is_ended_on_leaving(own: DemoServer, header: str) -> None:
    base = own.sources["nextspace"]["base_url"]
    words = {"login": secret("dortiz"), "password": secret("demo")}
    async with backend_of(base, words, guardian=base, header=header) as tiles:
        await first_id(tiles)
        assert "v3/logout" not in paths(own)
    assert paths(own)[-1] == "v3/logout"
    last = own.requests[-1]
    assert (last["method"], last["status"]) == ("POST", 200)
    assert ("x-sessionid" in last["headers"], "authorization" in last["headers"]) == (
        header == "x-sessionid",
        header == "bearer",
    )


async def test_what_the_user_gave_is_not_ended(own: DemoServer) -> None:
    at = own.sources["nextspace"]
    async with backend_of(at["base_url"], {"token": secret(at["token"])}, guardian=at["base_url"]) as tiles:
        await first_id(tiles)
    token = {"password": secret("an-access-token")}
    own_token = answer(json.dumps({**DANA, "ID": "an-access-token"}))
    async with (
        scripted(answer(LIST)) as jobs,
        scripted(own_token) as server,
        backend_of(jobs.url, token, guardian=server.url) as tiles,
    ):
        await first_id(tiles)
        await tiles.aclose()
        assert [got.path for got in server.got] == ["/v3/login"], "an access token that is its own session"
    assert "v3/logout" not in paths(own)


async def test_who_never_signed_in_has_nothing_to_end_and_begins_nothing_afterwards() -> None:
    async with looked_up(answer("{}"), login="dana", password="hidden-word") as (tiles, server):
        await tiles.aclose()
        with pytest.raises(Unreachable, match="was closed"):
            await tiles.get("7")
    assert server.got == []


@pytest.mark.parametrize("last", [never, None, answer("<html>", 502), answer("nonsense"), answer("{}", 404)])
async def test_leaving_never_waits_long_and_never_fails(last: Answer) -> None:
    words = {"login": "dana", "password": "hidden-word"}
    async with (
        scripted(answer(LIST)) as jobs,
        looked_up(DANAS, record(jobs.url), last, **words) as (tiles, server),
    ):
        await first_id(tiles)
        began = time.monotonic()
        await tiles.aclose()
        assert time.monotonic() - began < 8.0, "quitting does not wait for an answer"
        await tiles.aclose()
    assert [got.path for got in server.got][2:] == ["/v3/logout"], "once, and not again"
    assert server.got[2].headers["authorization"] == "Bearer s-1"


async def test_leaving_is_quiet_when_the_guardian_has_gone() -> None:
    async with scripted(answer(LIST)) as jobs:
        async with scripted(DANAS, record(jobs.url)) as server:
            words = {"login": secret("dana"), "password": secret("hidden-word")}
            tiles = NextspaceBackend(SOURCE, Connection("", words, {"account": "a", "guardian": server.url}))
            await first_id(tiles)
        await tiles.aclose()


async def test_a_guardian_of_old_is_signed_in_to_by_the_older_keys() -> None:
    session = answer(json.dumps({"ID": "s-9", "User": {"ID": "u-9", "Fullname": "Kim Meyer"}}))
    unknown = answer('{"ERROR": {"Type": "NOT_FOUND", "Message": "Specified edge is not found"}}', 404)
    async with scripted(answer(LIST)) as jobs:
        replies = (unknown, session, record(jobs.url))
        async with looked_up(*replies, login="dana", password="hidden-word", code="123456") as (
            tiles,
            server,
        ):
            assert await first_id(tiles) == "7"
    assert [got.path for got in server.got[:3]] == ["/v3/login", "/login", "/account/a%2Fb"]
    older = {"account": "a/b", "login": "dana", "password": "hidden-word"}
    assert json.loads(server.got[1].body) == older
    assert "authorization" not in server.got[1].headers
    assert jobs.got[0].headers["authorization"] == "Bearer s-9"


async def test_the_older_form_signs_in_to_the_demo(own: DemoServer) -> None:
    base = own.sources["nextspace"]["base_url"]
    older = {"account": "demo", "login": "dortiz", "password": "demo"}
    http = Http("tiles", Connection(base), nobody())
    session = decode_session("tiles", (await http.send_once("POST", "login", json=older)).body)
    await http.aclose()
    assert session.token is not None
    async with backend_of(base, {"token": secret(session.token)}) as tiles:
        await first_id(tiles)


async def test_a_server_without_any_login_says_what_it_said_first() -> None:
    replies = (answer('{"ERROR": "no such edge"}', 404), answer('{"ERROR": "none of old either"}', 404))
    async with looked_up(*replies, login="dana", password="hidden-word") as (tiles, server):
        with pytest.raises(Unreachable, match="cannot sign in: no such edge"):
            await tiles.get("7")
    assert [got.path for got in server.got] == ["/v3/login", "/login"]


async def test_words_that_today_refuses_are_not_tried_the_old_way() -> None:
    refused = answer('{"ERROR": {"Type": "LOGIN_FAILED", "Message": "no"}}', 401)
    async with looked_up(refused, login="dana", password="hidden-word") as (tiles, server):
        with pytest.raises(SignInRefused):
            await tiles.get("7")
    assert [got.path for got in server.got] == ["/v3/login"]


# --- addresses that are pasted ------------------------------------------------------------------------------
async def test_an_address_is_known_after_the_account_was_looked_up() -> None:
    async with scripted(answer(LIST)) as jobs, looked_up(record(jobs.url), DANAS) as (tiles, server):
        address = f"{jobs.url}/pendingAction/7"
        assert tiles.target_of(address) is None
        await tiles.locate()
        await tiles.locate()
        assert tiles.target_of(address) == JobRef("tiles", "7")
        assert [got.path for got in server.got] == ["/account/a%2Fb", "/v3/session"]
        assert jobs.got == []


@pytest.mark.parametrize("reply", [answer("{}", 404), answer("[]"), answer("{}", 500)])
async def test_a_guardian_that_does_not_know_sessions_proves_nothing_and_stops_nobody(reply: Answer) -> None:
    async with scripted(answer(LIST)) as jobs, looked_up(record(jobs.url), reply) as (tiles, _):
        assert await first_id(tiles) == "7"


async def test_an_empty_list_is_proved_not_to_be_what_visitors_get() -> None:
    async with scripted(answer('{"Items": []}')) as jobs:
        proofs = (answer(json.dumps(DANA)), answer(NOBODY))
        async with looked_up(record(jobs.url), *proofs) as (tiles, server):
            with pytest.raises(SignInRefused, match="anonymous user"):
                await first_id(tiles)
    assert [got.path for got in server.got] == ["/account/a%2Fb", "/v3/session", "/v3/session"]


async def test_a_session_that_became_nobodys_is_begun_anew_before_an_empty_list_is_believed() -> None:
    login = [answer(json.dumps({**DANA, "ID": token})) for token in ("s-1", "s-2")]
    async with scripted(answer('{"Items": []}'), answer(LIST)) as jobs:
        replies = (login[0], record(jobs.url), answer(NOBODY), login[1], answer(json.dumps(DANA)))
        async with looked_up(*replies, login="dana", password="hidden-word") as (tiles, server):
            assert await first_id(tiles) == "7"
            assert await first_id(tiles) == "7"
    assert [got.headers["authorization"] for got in jobs.got] == ["Bearer s-1", "Bearer s-2", "Bearer s-2"]
    assert [got.path for got in server.got][5:] == ["/v3/logout"]
    assert server.got[5].headers["authorization"] == "Bearer s-2"


async def test_an_account_without_jobs_is_proved_once_a_minute() -> None:
    async with scripted(answer('{"Items": []}')) as jobs, scripted(record(jobs.url), DANAS) as server:
        options = {"account": "acme", "guardian": server.url}
        async with backend_of("", {"token": secret()}, **options) as tiles:
            for _ in range(4):
                with pytest.raises(AssertionError, match="no jobs"):
                    await first_id(tiles)
    assert len(server.got) == 3
    assert len(jobs.got) == 4


async def test_without_an_account_nothing_is_sent_to_another_host(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scripted(answer("{}")) as elsewhere:
        monkeypatch.setattr(place, "ROOT", elsewhere.url)
        async with scripted(answer(LIST)) as jobs, backend_of(jobs.url, {"token": secret()}) as tiles:
            assert (await tiles.identity()).user is None
        assert elsewhere.got == []


async def test_a_session_of_nobody_at_the_sources_own_address_is_said() -> None:
    async with (
        scripted(answer(LIST), answer(NOBODY)) as jobs,
        backend_of(jobs.url, {"token": secret()}) as tiles,
    ):
        with pytest.raises(SignInRefused, match="anonymous user"):
            await tiles.identity()


async def test_after_closing_nothing_is_looked_up() -> None:
    async with looked_up(record("https://127.0.0.1:1/")) as (tiles, server):
        await tiles.aclose()
        with pytest.raises(Unreachable):
            await tiles.get("7")
    assert server.got == []


# --- decoders ---------------------------------------------------------------------------------------------
def test_a_session_is_read_in_both_spellings() -> None:
    old = {"ID": "s-2", "User": {"ID": "u-9", "Fullname": "Kim Meyer", "Login": "kim", "Type": "admin"}}
    session = decode_session("tiles", json.dumps(old).encode())
    assert (session.token, session.name, session.sort) == ("s-2", "Kim Meyer", "admin")
    assert not session.is_anonymous
    assert "s-2" not in repr(session)
    bare = decode_session("tiles", b'{"ID": "s-3", "User": "u-9"}')
    assert (bare.is_anonymous, bare.name) == (False, "u-9")
    assert decode_session("tiles", b"null").is_anonymous
    shouted = {**old, "User": {"ID": "ANONYMOUS"}}
    assert decode_session("tiles", json.dumps(shouted).encode()).is_anonymous


_KEYS = ("ID", "User", "User.ID", "Expires", "LastAccess", "URL", "Base")


@given(
    st.binary(max_size=80)
    | (records(_KEYS, ["anonymous"]) | json_values).map(lambda v: json.dumps(v).encode())
)
def test_any_bytes_are_a_session_and_an_address_or_unexpected(body: bytes) -> None:
    with suppress(UnexpectedReply):
        decode_session("tiles", body)
    with suppress(UnexpectedReply):
        assert decode_base("tiles", body, "acme", guardian.ROOT).startswith("https://")


@given(st.text(max_size=40))
def test_any_address_is_safe_or_refused(base: str) -> None:
    body = json.dumps({"URL": {"Base": f"https://{base}"}}).encode()
    with suppress(UnexpectedReply):
        assert decode_base("tiles", body, "acme", guardian.ROOT).startswith("https://")


def test_a_session_says_every_name_of_its_user_and_never_its_token() -> None:
    user = {"ID": "u-7c1e", "FullName": "Dana Ortiz", "Login": "dana", "Email": "dana@acme.test"}
    session = decode_session("tiles", json.dumps({"ID": "s-5f0b2c", "User": user}).encode())
    assert session.names == {"u-7c1e", "Dana Ortiz", "dana", "dana@acme.test"}
