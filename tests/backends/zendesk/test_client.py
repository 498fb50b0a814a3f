"""Zendesk job statuses over real sockets: against the demo, and against a server with other habits."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from jobtui.backends.base import Backend, Connection, Scope
from jobtui.backends.zendesk.client import ZendeskBackend
from jobtui.demo import DemoServer
from jobtui.errors import Forbidden, NoSuchJob, RateLimited, RequestRefused, SignInRefused
from jobtui.model import (
    Cause,
    Control,
    Cursor,
    JobDetail,
    JobRef,
    Kind,
    Parameters,
    SecretSource,
    Source,
    State,
    Verdict,
)
from tests.backends.arcgis.picky_server import picky_server
from tests.backends.conftest import TOKEN, Answer, Scripted, answer, connection, scripted, secret

SOURCE = Source("desk", Kind.ZENDESK)
EMAIL = "oncall@acme.example"


def scope(limit: int = 5_000, known: frozenset[str] = frozenset()) -> Scope:
    return Scope(datetime.now(UTC) - timedelta(days=1), limit, known)


@pytest.fixture
async def desk(demo: DemoServer) -> AsyncIterator[Backend]:
    at = demo.sources["zendesk"]
    backend = ZendeskBackend(
        SOURCE, Connection(at["base_url"], {"token": secret(at["token"])}, {"email": at["email"]})
    )
    yield backend
    await backend.aclose()


@asynccontextmanager
async def speaking(
    *answers: Answer, path: str = "", **options: str
) -> AsyncIterator[tuple[ZendeskBackend, Scripted]]:
    async with scripted(*answers) as server:
        backend = ZendeskBackend(
            SOURCE, connection(server.url + path, timeout_s=1, **{"email": EMAIL, **options})
        )
        yield backend, server
        await backend.aclose()


@asynccontextmanager
async def at_server(
    decide: Callable[[str, str, str], tuple[int, object]],
) -> AsyncIterator[tuple[ZendeskBackend, list[str]]]:
    """A backend at a server that answers by method, path and query, and what that was asked."""
    asked: list[str] = []

    def answered(method: str, path: str, query: str) -> tuple[int, object]:
        path = path.removesuffix(".json")
        asked.append(path)
        return decide(method, path, query)

    with picky_server(lambda *_: (500, {}), by_query=answered) as root:
        backend = ZendeskBackend(SOURCE, connection(root, email=EMAIL))
        yield backend, asked
        await backend.aclose()


def rows(*ids: str, after: str | None = None, status: str = "completed") -> bytes:
    found = [{"id": job_id, "status": status, "results": []} for job_id in ids]
    meta = {} if after is None else {"meta": {"has_more": True, "after_cursor": after}}
    return answer(json.dumps({"job_statuses": found, **meta}))


async def ids_of(desk: Backend, wanted: Scope) -> list[list[str]]:
    return [[job.ref.job_id for job in page] async for page in desk.pages(wanted)]


# --- against the demo -------------------------------------------------------------------------------------
async def test_the_list_gives_the_worlds_jobs_in_several_states(desk: Backend) -> None:
    jobs = [job for page in [page async for page in desk.pages(scope())] for job in page]
    assert len({job.ref for job in jobs}) == len(jobs) >= 10
    assert {State.RUNNING, State.SUCCEEDED, State.PARTIAL, State.FAILED} <= {job.state for job in jobs}


async def test_a_partial_job_says_which_items_failed_and_why(desk: Backend) -> None:
    jobs = [job for page in [page async for page in desk.pages(scope())] for job in page]
    partial = next(job for job in jobs if job.state is State.PARTIAL)
    detail = await desk.get(partial.ref.job_id)
    failed = [step for step in detail.steps if step.state is State.FAILED]
    assert detail.job.items_failed == len(failed) > 0
    assert all(step.message for step in failed)
    assert f"{len(failed)} of " in (detail.job.why or "")


async def test_the_message_of_a_job_read_just_now_costs_no_request(desk: Backend, demo: DemoServer) -> None:
    jobs = [job for page in [page async for page in desk.pages(scope())] for job in page]
    ended = next(job for job in jobs if job.ended)
    await desk.get(ended.ref.job_id)
    before = len(demo.requests)
    [message] = (await desk.messages(ended.ref.job_id, Cursor())).messages
    assert len(demo.requests) == before
    assert message.at == ended.ended_at


async def test_several_ids_are_asked_at_once_and_unknown_ones_are_named(desk: Backend) -> None:
    jobs = [job for page in [page async for page in desk.pages(scope())] for job in page]
    ids = [job.ref.job_id for job in jobs]
    many = await desk.get_many([*ids, "nobody", ids[0], "a,b"])
    assert [job.ref.job_id for job in many.found] == ids
    assert many.missing == ("nobody", "a,b")
    with pytest.raises(NoSuchJob):
        await desk.get("nobody")


async def test_the_token_is_proved_and_a_wrong_one_is_refused(desk: Backend, demo: DemoServer) -> None:
    identity = await desk.identity()
    assert identity.user
    assert identity.rights == "agent"
    wrong = ZendeskBackend(SOURCE, connection(demo.sources["zendesk"]["base_url"], email=EMAIL))
    with pytest.raises(SignInRefused):
        await wrong.identity()
    await wrong.aclose()


# --- other servers' habits --------------------------------------------------------------------------------
async def test_pages_are_read_by_their_cursors() -> None:
    async with speaking(rows("a", "b", after="c1"), rows("c", after="c2"), rows("d")) as (desk, server):
        assert await ids_of(desk, scope()) == [["a", "b"], ["c"], ["d"]]
    assert [got.path for got in server.got] == [
        "/api/v2/job_statuses.json?page%5Bsize%5D=100",
        "/api/v2/job_statuses.json?page%5Bsize%5D=100&page%5Bafter%5D=c1",
        "/api/v2/job_statuses.json?page%5Bsize%5D=100&page%5Bafter%5D=c2",
    ]


@pytest.mark.parametrize(
    ("answers", "wanted", "pages"),
    [
        ((rows("a", after="c1"), rows("a", after="c2")), scope(), [["a"]]),
        ((rows("a", after="c1"), rows("b", after="c1"), rows("c")), scope(), [["a"], ["b"]]),
        ((rows("a", "b", after="c1"), rows("c")), scope(limit=1), [["a"]]),
        ((rows("a", after="c1"), rows("b")), scope(known=frozenset("a")), [["a"]]),
        ((rows("a", after="c1", status="working"), rows("b")), scope(known=frozenset("a")), [["a"], ["b"]]),
        ((rows(after="c1"), rows("b")), scope(), []),
    ],
)
async def test_paging_always_ends(answers: tuple[Answer, ...], wanted: Scope, pages: list[list[str]]) -> None:
    async with speaking(*answers) as (desk, _):
        assert await ids_of(desk, wanted) == pages


async def test_jobs_that_ended_too_long_ago_are_not_wanted() -> None:
    old = {
        "id": "a",
        "status": "completed",
        "message": "Completed at 2012-03-08 06:07:49 +0000",
        "results": [],
    }
    async with speaking(answer(json.dumps({"job_statuses": [old, {"id": "b", "status": "queued"}]}))) as (
        desk,
        _,
    ):
        assert await ids_of(desk, scope()) == [["b"]]


async def test_a_cursor_that_expired_is_an_error_not_the_end() -> None:
    complaint = answer(
        '{"errors":[{"code":"InvalidPaginationParameter","detail":"not a valid cursor"}]}', 400
    )
    async with speaking(rows("a", after="c1"), complaint) as (desk, _):
        with pytest.raises(RequestRefused, match="not a valid cursor"):
            await ids_of(desk, scope())


async def test_ids_are_asked_a_hundred_at_a_time() -> None:
    async with speaking(rows("1"), rows("101")) as (desk, server):
        many = await desk.get_many([str(number) for number in range(150)])
    assert [job.ref.job_id for job in many.found] == ["1", "101"]
    assert len(many.missing) == 148
    sent = [got.path.split("ids=")[1].replace("%2C", ",").split(",") for got in server.got]
    assert [len(ids) for ids in sent] == [100, 50]


async def test_a_not_found_for_several_ids_means_that_none_is_known() -> None:
    async with speaking(answer('{"error":"RecordNotFound"}', 404)) as (desk, _):
        many = await desk.get_many(["a", "b"])
    assert (many.found, many.missing) == ((), ("a", "b"))


@pytest.mark.parametrize("status", [400, 404])
async def test_an_id_that_spoils_its_batch_is_found_and_the_others_are_read(status: int) -> None:
    def decide(_method: str, path: str, query: str) -> tuple[int, object]:
        if not path.endswith("show_many"):
            job_id = path.rpartition("/")[2]
            known = {"job_status": {"id": job_id, "status": "working", "message": f"at work on {job_id}"}}
            return (404, {}) if job_id == "7" else (400, {}) if job_id == "8" else (200, known)
        ids = query.removeprefix("ids=").split("%2C")
        if {"7", "8"} & set(ids):
            return status, {"error": "InvalidValue"}
        return 200, {"job_statuses": [{"id": each, "status": "working"} for each in ids]}

    async with at_server(decide) as (desk, asked):
        many = await desk.get_many([str(number) for number in range(100)])
    assert len(many.found) == 98
    assert many.missing == ("7",)
    assert [(job_id, type(why)) for job_id, why in many.failed.items()] == [("8", RequestRefused)]
    assert sorted(each.text for each in many.messages) == [f"at work on {each}" for each in "01234569"]
    assert len(asked) == 1 + 10 + 10 + 1  # the last one proves once that several can be asked for


@pytest.mark.parametrize("body", [b"", b"<html><title>Not Found</title></html>"])
async def test_a_server_that_cannot_be_asked_for_several_is_asked_one_by_one(body: bytes) -> None:
    def decide(_method: str, path: str, _query: str) -> tuple[int, object]:
        job_id = path.rpartition("/")[2]
        shown = {"id": job_id, "status": "working", "message": f"at work on {job_id}"}
        return (404, body) if job_id == "show_many" else (200, shown)

    async with at_server(decide) as (desk, asked):
        for _ in range(2):
            many = await desk.get_many(["a", "b", "c"])
            assert len(many.found) == 3
            assert sorted(each.text for each in many.messages) == [f"at work on {each}" for each in "abc"]
    assert sum(path.endswith("show_many") for path in asked) == 2  # the question, and the proof
    assert len(asked) == 2 + 3 + 3


async def test_answers_about_several_ids_are_told_apart_in_any_order() -> None:
    async with speaking(rows("c", "a", "e", "b")) as (desk, _):
        many = await desk.get_many(["a", "b", "c", "d"])
    assert [job.ref.job_id for job in many.found] == ["a", "b", "c"], "e was not asked for"
    assert many.missing == ("d",)


async def test_a_job_is_asked_for_anew_each_time() -> None:
    told = [answer(json.dumps({"job_status": {"id": "a", "status": word}})) for word in ("queued", "working")]
    async with speaking(*told, rows("a")) as (desk, server):
        assert [(await desk.get("a")).job.raw_state for _ in range(2)] == ["queued", "working"]
        assert (await desk.get_many(["a"])).found[0].raw_state == "completed"
    assert len(server.got) == 3
    assert not any("if-none-match" in got.headers for got in server.got)


async def test_a_rate_limit_may_be_a_sentence_of_text() -> None:
    said = answer("Rate limit exceeded, please wait", 429, {"Retry-After": "37"}, "text/html; charset=utf-8")
    async with speaking(said) as (desk, server):
        with pytest.raises(RateLimited, match="Rate limit exceeded, please wait") as caught:
            await desk.get("a")
    assert caught.value.retry_after_s == 37
    assert len(server.got) == 1


async def test_no_ids_cost_no_request() -> None:
    async with speaking(rows()) as (desk, server):
        assert (await desk.get_many([])).found == ()
    assert server.got == []


async def test_a_message_of_another_job_is_asked_for() -> None:
    told = answer('{"job_status": {"id": "b", "status": "failed", "message": "Failed"}}')
    quiet = answer('{"job_status": {"id": "a", "status": "working"}}')
    async with speaking(quiet, told) as (desk, server):
        await desk.get("a")
        assert [message.text for message in (await desk.messages("b", Cursor())).messages] == ["Failed"]
    assert server.got[1].path == "/api/v2/job_statuses/b.json"


async def test_an_address_that_names_the_api_already_is_not_doubled() -> None:
    async with speaking(rows("a"), path="/api/v2") as (desk, server):
        await ids_of(desk, scope())
        assert desk.target_of(f"{server.url}/api/v2/job_statuses/a") == JobRef("desk", "a")
    assert server.got[0].path.startswith("/api/v2/job_statuses.json?")


@pytest.mark.parametrize(
    ("auth", "header"),
    [
        ("token", f"{EMAIL}/token:{TOKEN}"),
        ("password", f"{EMAIL}:{TOKEN}"),
        ("oauth", None),
    ],
)
async def test_each_way_to_sign_in_sends_its_header(auth: str, header: str | None) -> None:
    async with speaking(rows("a"), auth=auth) as (desk, server):
        await ids_of(desk, scope())
    sent = server.got[0].headers["authorization"]
    expected = f"Bearer {TOKEN}" if header is None else f"Basic {base64.b64encode(header.encode()).decode()}"
    assert sent == expected


@pytest.mark.parametrize(
    ("secrets", "options", "what"),
    [({}, {"email": EMAIL}, "token"), ({"token": secret()}, {}, "email")],
)
async def test_what_is_missing_to_sign_in_is_named(
    secrets: dict[str, SecretSource], options: dict[str, str], what: str
) -> None:
    desk = ZendeskBackend(SOURCE, Connection("http://127.0.0.1:1", secrets, options))
    with pytest.raises(SignInRefused, match=f"no {what} is configured"):
        await desk.get("a")


async def test_an_anonymous_answer_is_a_refused_sign_in() -> None:
    async with speaking(answer('{"user": {"id": null, "name": "Anonymous user"}}')) as (desk, _):
        with pytest.raises(SignInRefused, match="anonymous"):
            await desk.identity()


@pytest.mark.parametrize("body", ["{}", "<html><title>Not Found</title></html>"])
async def test_who_may_not_ask_who_they_are_is_proved_by_the_list(body: str) -> None:
    async with speaking(answer(body, 404), rows()) as (desk, _):
        assert (await desk.identity()).user is None
    async with speaking(answer("{}", 404), answer('{"error":"Forbidden"}', 403)) as (desk, _):
        with pytest.raises(Forbidden):
            await desk.identity()


@pytest.mark.parametrize("control", list(Control))
async def test_nothing_can_be_controlled_and_nothing_is_sent(control: Control) -> None:
    now = datetime.now(UTC)
    async with speaking(answer('{"job_status": {"id": "a", "status": "working"}}')) as (desk, server):
        detail: JobDetail = await desk.get("a")
        request = desk.freeze(control, detail, JobRef("desk", "a"), Parameters(), now)
        [reason] = desk.reasons(request, detail, now)
        outcome = await desk.control(request)
        assert desk.effect(request, detail, now) is None
        assert desk.consequence(request, detail, now) == reason.text
    assert reason.hard
    assert (outcome.verdict, outcome.sent, outcome.cause) == (Verdict.REFUSED, False, Cause.RULE)
    assert len(server.got) == 1
    assert desk.controls == frozenset()


def test_pasted_addresses_of_this_source_name_their_job() -> None:
    desk = ZendeskBackend(SOURCE, connection("https://acme.example", email=EMAIL))
    at = "https://acme.example/api/v2/job_statuses"
    assert desk.target_of(f"{at}/V3-4be0.json") == JobRef("desk", "V3-4be0")
    assert desk.target_of(f"{at}/V3-4be0?x=1") == JobRef("desk", "V3-4be0")
    for other in (
        at,
        f"{at}/",
        f"{at}/show_many.json?ids=a",
        f"{at}/a/b",
        "https://acme.example/api/v2/users/7",
    ):
        assert desk.target_of(other) is None
    assert desk.target_of("https://other.example/api/v2/job_statuses/a") is None


async def test_what_ended_long_ago_is_not_read_to_the_last_page() -> None:
    with DemoServer(seed=7, jobs=1_800) as crowded:
        at = crowded.sources["zendesk"]
        backend = ZendeskBackend(
            SOURCE, Connection(at["base_url"], {"token": secret(at["token"])}, {"email": at["email"]})
        )
        hour = Scope(datetime.now(UTC) - timedelta(hours=1), 5_000)
        recent = [job async for page in backend.pages(hour) for job in page]
        pages = len(crowded.requests)
        everything = [job async for page in backend.pages(scope()) for job in page]
        await backend.aclose()
        assert len(everything) > 500
        assert 0 < len(recent) < 100
        assert pages <= 2 < len(crowded.requests) - pages
