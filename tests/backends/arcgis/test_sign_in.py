"""Signing in to Workflow Manager at a portal, over real sockets: tokens that end, and how they travel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from jobtui.backends.arcgis.client import ArcgisBackend
from jobtui.backends.arcgis.portal import MINUTES, decode_named_server, decode_token, portal_status
from jobtui.backends.base import Connection, Scope
from jobtui.demo import DemoServer
from jobtui.demo import arcgis_flow as flow
from jobtui.errors import NoSuchJob, RateLimited, SignInRefused, UnexpectedReply, Unreachable
from jobtui.model import (
    Cause,
    Control,
    ControlRequest,
    JobRef,
    Kind,
    Parameters,
    Source,
    StepRef,
    Target,
    Verdict,
)
from tests.backends.arcgis.listening import listening
from tests.backends.conftest import Answer, answer, json_values, scripted, secret

SOURCE = Source("field", Kind.ARCGIS)
GENERATE = "/sharing/rest/generateToken"


@pytest.fixture
def own() -> Iterator[DemoServer]:
    with DemoServer(seed=7) as demo:
        yield demo


def connected(demo: DemoServer, *, portal: str = "", word: str = "demo", **options: str) -> Connection:
    at = demo.sources["arcgis"]
    secrets = {"login": secret("dortiz"), "password": secret(word)}
    known = {"portal": portal or demo.url, "user": at["user"], **options}
    return Connection("/".join((at["base_url"], at["org"], at["item"])), secrets, known, timeout_s=5.0)


@asynccontextmanager
async def field_at(demo: DemoServer, **more: str) -> AsyncIterator[ArcgisBackend]:
    backend = ArcgisBackend(SOURCE, connected(demo, **more))
    try:
        yield backend
    finally:
        await backend.aclose()


async def first_id(field: ArcgisBackend) -> str:
    async for page in field.pages(Scope(datetime.now(UTC) - timedelta(days=1), 50)):
        return page[0].ref.job_id
    raise AssertionError("no jobs")


def sign_ins(demo: DemoServer) -> int:
    return sum(entry["path"] == GENERATE for entry in demo.requests)


@pytest.mark.parametrize("header", ["authorization", "x-esri-authorization", "query"])
async def test_a_name_and_a_password_give_a_token_that_travels_each_way(own: DemoServer, header: str) -> None:
    async with field_at(own, header=header) as field:
        job_id = await first_id(field)
        assert (await field.get(job_id)).steps
        assert (await field.identity()).user == "dortiz"
    assert sign_ins(own) == 1
    asked = own.requests[-1]
    assert ("token" in asked["query"]) == (header == "query")
    assert (header in asked["headers"]) == (header != "query")
    assert "referer" in asked["headers"]


async def test_a_token_is_renewed_before_it_ends(own: DemoServer) -> None:
    own.limit_sessions(3.0)
    async with field_at(own) as field:
        job_id = await first_id(field)
        async with asyncio.timeout(10):
            while sign_ins(own) < 2:
                await field.get(job_id)
                await asyncio.sleep(0.2)
    assert {entry["status"] for entry in own.requests} == {200}, "no request met an ended token"


async def test_a_token_that_was_ended_early_is_renewed_by_the_next_read(own: DemoServer) -> None:
    async with field_at(own) as field:
        job_id = await first_id(field)
        own.end_sessions()
        await asyncio.gather(*(field.get(job_id) for _ in range(3)))
    assert sign_ins(own) == 3, "signed in, asked in vain for a token of the server's own, signed in anew"


async def test_a_control_that_meets_an_ended_token_is_refused_and_not_sent_again(own: DemoServer) -> None:
    async with field_at(own) as field:
        job_id = await first_id(field)
        detail = await field.get(job_id)
        step = detail.current_steps()[0]
        own.end_sessions()
        ref = JobRef("field", job_id)
        named: Target = StepRef(ref, step.id)
        request = ControlRequest(
            Control.HOLD, ref, datetime.now(UTC), Parameters(step_ids=(step.id,)), named=named
        )
        outcome = await field.control(request)
        assert (outcome.verdict, outcome.sent, outcome.cause) == (Verdict.REFUSED, True, Cause.SIGN_IN)
        assert sum(entry["path"].endswith("/action") for entry in own.requests) == 1
        await field.get(job_id)
        assert (await field.control(request)).verdict is Verdict.ACCEPTED


async def test_a_server_that_wants_its_own_token_is_given_it(own: DemoServer) -> None:
    own.want_server_tokens()
    async with field_at(own) as field:
        job_id = await first_id(field)
        detail = await field.get(job_id)
        request = field.freeze(
            Control.HOLD,
            detail,
            detail.job.ref,
            Parameters((detail.current_steps()[0].id,)),
            detail.job.as_of,
        )
        assert (await field.control(request)).verdict is Verdict.ACCEPTED
    paths = [entry["path"] for entry in own.requests[:4]]
    statuses = [entry["status"] for entry in own.requests]
    assert [path.rpartition("/")[2] for path in paths] == [
        "generateToken",
        "search",
        "generateToken",
        "search",
    ]
    assert statuses == [200, 401] + [200] * (len(statuses) - 2), "the portal's own token is refused once only"


async def test_a_token_of_a_server_is_renewed_before_it_ends_and_after_it_was_ended(own: DemoServer) -> None:
    own.want_server_tokens()
    own.limit_sessions(3.0)
    async with field_at(own) as field:
        job_id = await first_id(field)
        refused = sum(entry["status"] == 401 for entry in own.requests)
        async with asyncio.timeout(10):
            while sign_ins(own) < 4:
                await field.get(job_id)
                await asyncio.sleep(0.2)
        assert sum(entry["status"] == 401 for entry in own.requests) == refused == 1
        own.end_sessions()
        await field.get(job_id)
    assert {entry["status"] for entry in own.requests[-3:]} == {200}


async def test_a_socket_too_is_opened_with_the_token_of_the_server(own: DemoServer) -> None:
    own.want_server_tokens()
    async with field_at(own) as field:
        job = own.world.add_workflow_job("not-started")
        push = field.push()
        assert push is not None
        push.want([job.job_id])
        async with listening(push) as ears:
            await ears.hears(job.job_id)
    assert len(ears.reasons) == 1, "the portal's own token is refused once only"


async def test_the_exchange_names_the_configured_server_and_each_token_goes_to_its_own_host() -> None:
    refused = answer('{"error": {"code": 498, "message": "Invalid token"}}')
    own, theirs = (
        f'{{"token": "{name}", "expires": 4102444800000}}' for name in ("tok-portal", "tok-server")
    )
    async with (
        scripted(answer(own), answer(theirs)) as portal,
        scripted(refused, answer('{"results": []}')) as server,
    ):
        url = f"{server.url}/org/item"
        field = ArcgisBackend(
            SOURCE,
            Connection(
                url,
                {"login": secret("Dana"), "password": secret("pw")},
                {"portal": portal.url},
                timeout_s=2.0,
            ),
        )
        await field.identity()
        await field.aclose()
    assert [asked.path for asked in portal.got] == [GENERATE] * 2
    fields = dict(parse_qsl(portal.got[1].body.decode()))
    assert fields == {
        "request": "getToken",
        "token": "tok-portal",
        "serverUrl": url,
        "referer": url,
        "expiration": str(MINUTES),
        "f": "json",
    }
    assert [asked.headers["authorization"] for asked in server.got[:2]] == [
        "Bearer tok-portal",
        "Bearer tok-server",
    ]


async def test_a_portal_that_trades_no_token_is_asked_for_a_new_one(own: DemoServer) -> None:
    # The server refuses whatever comes, and the portal knows of no federation with it.
    refused = answer('{"error": {"code": 498, "message": "Invalid token"}}')
    async with scripted(refused) as server:
        secrets = {"login": secret("dortiz"), "password": secret("demo")}
        field = ArcgisBackend(SOURCE, Connection(f"{server.url}/o/i", secrets, {"portal": own.url}))
        with pytest.raises(SignInRefused, match="Invalid token"):
            await field.identity()
        await field.aclose()
    assert [entry["path"] for entry in own.requests] == [GENERATE] * 3
    assert len(server.got) == 2


async def test_without_a_user_the_name_that_signed_in_tells_own_steps_from_others(own: DemoServer) -> None:
    job = own.world.add_workflow_job("not-started")
    with own.world.at_now():
        turn = next(iter(job.current.values()))
        flow.reassign(own.world.item, job, turn, ("User", "rpatel"), "lead")
    async with field_at(own, user="") as field:
        step = (await field.get(job.job_id)).current_steps()[0]
        assert (step.assigned_to, step.is_mine) == ("rpatel", False)
        with own.world.at_now():
            flow.reassign(own.world.item, job, turn, ("User", "dortiz"), "lead")
        assert (await field.get(job.job_id)).current_steps()[0].is_mine is True
        assert (await field.identity()).user == "dortiz"


async def test_a_wrong_root_is_told_with_the_server_that_the_portal_names(own: DemoServer) -> None:
    at = own.sources["arcgis"]
    roots = {
        f"{own.url}/another/{at['item']}": f"its portal names the server {own.url} and the organization acme",
        f"{own.url}/acme/another": "the same server and organization, so it is the item to check",
    }
    for root, hint in roots.items():
        made = replace(connected(own), url=root)
        field = ArcgisBackend(SOURCE, made)
        with pytest.raises(NoSuchJob, match="no workflow item at this address") as caught:
            await field.identity()
        assert hint in str(caught.value)
        await field.aclose()
    asked = [entry for entry in own.requests if entry["path"] == "/sharing/rest/portals/self"]
    assert len(asked) == 2
    assert not any("authorization" in entry["headers"] or "token" in entry["query"] for entry in asked)


async def test_the_address_that_a_portal_names_is_shown_harmlessly_and_never_asked() -> None:
    nowhere = answer('{"error": {"code": 404, "message": "gone"}}')
    async with scripted(answer('{"results": []}')) as lure, scripted(nowhere) as server:
        named = {"id": "x\u001b[31m", "helperServices": {"workflowManager": {"url": f"{lure.url}/"}}}
        async with scripted(answer(json.dumps(named))) as portal:
            made = Connection(f"{server.url}/o/i", {"token": secret()}, {"portal": portal.url}, timeout_s=2.0)
            field = ArcgisBackend(SOURCE, made)
            with pytest.raises(NoSuchJob) as caught:
                await field.identity()
            await field.aclose()
    assert f"its portal names the server {lure.url} and the organization" in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert lure.connections == 0
    assert "authorization" not in portal.got[0].headers


async def test_a_wrong_password_is_said_once_and_asked_once(own: DemoServer) -> None:
    async with field_at(own, word="hidden-word") as field:
        for _ in range(3):
            with pytest.raises(SignInRefused, match="Invalid username or password") as caught:
                await field.identity()
    assert "hidden-word" not in str(caught.value)
    assert [entry["path"] for entry in own.requests] == [GENERATE]
    assert "HTTP 401" not in str(caught.value), "the portal said it in an HTTP 200"


async def test_a_portal_that_is_down_or_slow_to_answer_leaves_a_control_unsent(own: DemoServer) -> None:
    async with field_at(own, portal="http://127.0.0.1:1") as field:
        with pytest.raises(Unreachable):
            await field.identity()
        request = field.freeze(Control.RUN, None, JobRef("field", "x"), Parameters(), datetime.now(UTC))
        outcome = await field.control(request)
    assert (outcome.verdict, outcome.sent, outcome.cause) == (Verdict.REFUSED, False, Cause.UNREACHABLE)
    assert own.requests == []


@pytest.mark.parametrize("path", ["", "/", "/sharing/rest", "/sharing/rest/generateToken"])
async def test_a_portals_address_may_name_more_or_less_of_its_path(own: DemoServer, path: str) -> None:
    async with field_at(own, portal=own.url + path) as field:
        await field.identity()
    assert own.requests[0]["path"] == GENERATE


async def test_the_form_says_all_that_a_portal_wants_and_the_token_stays_with_the_source() -> None:
    tokens = answer('{"token": "tok-portal", "expires": 4102444800000, "ssl": true}')
    async with scripted(tokens) as portal, scripted(answer('{"results": []}')) as server:
        secrets = {"login": secret("Dana"), "password": secret("p&w")}
        url = f"{server.url}/org/item"
        field = ArcgisBackend(SOURCE, Connection(url, secrets, {"portal": portal.url}, timeout_s=2.0))
        await field.identity()
        await field.aclose()
    [asked] = portal.got
    assert asked.path == GENERATE
    fields = dict(pair.split("=") for pair in asked.body.decode().split("&"))
    assert fields == {
        "username": "Dana",
        "password": "p%26w",
        "client": "referer",
        "referer": url.replace(":", "%3A").replace("/", "%2F"),
        "expiration": str(MINUTES),
        "f": "json",
    }
    assert server.got[0].headers["authorization"] == "Bearer tok-portal"
    assert server.got[0].headers["referer"] == url


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer("{}"), Unreachable),
        (answer("", 404), Unreachable),
        (answer("<html>", content_type="text/html"), Unreachable),
        (answer("", 429, {"Retry-After": "60"}), RateLimited),
        (answer('{"error": {"code": 498, "message": "x"}}'), SignInRefused),
        (answer('{"error": {"code": 403, "message": "locked"}}'), SignInRefused),
    ],
)
async def test_each_answer_of_a_portal_has_its_error(reply: Answer, error: type[Exception]) -> None:
    async with scripted(reply) as portal:
        secrets = {"login": secret("Dana"), "password": secret()}
        options = {"portal": portal.url}
        field = ArcgisBackend(SOURCE, Connection("http://127.0.0.1:1/o/i", secrets, options, timeout_s=2.0))
        with pytest.raises(error):
            await field.identity()
        await field.aclose()
    assert len(portal.got) == 1


def test_the_life_of_a_token_is_told_by_the_servers_clock() -> None:
    body = b'{"token": "t", "expires": 1800000000000}'
    assert decode_token("field", body, 1_799_996_400.0).good_for_s == 3600.0
    assert decode_token("field", b'{"token": "t"}', 0.0).good_for_s is None


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"helperServices": {"workflowManager": {"url": "ftp://x"}}}']
)
def test_a_portal_may_name_no_server(body: str) -> None:
    assert decode_named_server(body.encode()) is None


@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_token_or_unexpected(body: bytes) -> None:
    with suppress(UnexpectedReply):
        assert decode_token("field", body, 0.0).token.reveal()
    assert decode_named_server(body) is None
    assert isinstance(portal_status(200, body), int)
