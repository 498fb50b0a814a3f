"""A job that the server cannot show is read from its lists; and what else a full or busy account says."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.backends.base import Connection, Scope
from jobtui.backends.zendesk.client import ZendeskBackend
from jobtui.backends.zendesk.complaints import refine
from jobtui.backends.zendesk.showing import SKIPPED_S, Showing
from jobtui.backends.zendesk.wire import Told, decode_status
from jobtui.demo import DemoServer, ManualClock
from jobtui.errors import (
    BackendError,
    LostAnswer,
    NoSuchAddress,
    NoSuchJob,
    RateLimited,
    RequestRefused,
    ServerTrouble,
    SignInRefused,
    TooManyJobs,
    UnexpectedReply,
)
from jobtui.model import Cursor, Kind, Source, State
from jobtui.monitor.cadence import after_failure
from tests.backends.conftest import Answer, Scripted, answer, connection, json_values, scripted, secret

SOURCE = Source("desk", Kind.ZENDESK)
EMAIL = "oncall@acme.example"


@pytest.fixture
def own() -> Iterator[DemoServer]:
    with DemoServer(seed=7, clock=ManualClock()) as demo:
        yield demo


@asynccontextmanager
async def desk_at(demo: DemoServer, auth: str = "token", word: str = "") -> AsyncIterator[ZendeskBackend]:
    at = demo.sources["zendesk"]
    key = "password" if auth == "password" else "token"
    secrets = {key: secret(word or at["token"])}
    backend = ZendeskBackend(
        SOURCE, Connection(at["base_url"], secrets, {"email": at["email"], "auth": auth}, timeout_s=5.0)
    )
    try:
        yield backend
    finally:
        await backend.aclose()


@asynccontextmanager
async def speaking(*answers: Answer) -> AsyncIterator[tuple[ZendeskBackend, Scripted]]:
    async with scripted(*answers) as server:
        backend = ZendeskBackend(SOURCE, connection(server.url, timeout_s=1, email=EMAIL))
        try:
            yield backend, server
        finally:
            await backend.aclose()


async def jobs_of(desk: ZendeskBackend) -> list[str]:
    since = datetime.now(UTC) - timedelta(days=2)
    return [
        job.ref.job_id for page in [page async for page in desk.pages(Scope(since, 5_000))] for job in page
    ]


# --- showing ----------------------------------------------------------------------------------------------
async def test_a_job_that_cannot_be_shown_is_read_from_several_whole(own: DemoServer) -> None:
    batch = next(each for each in own.world.batches.by_id.values() if each.failed_items and each.ends < 0)
    own.set_faults("show-fails")
    async with desk_at(own) as desk:
        detail = await desk.get(batch.batch_id)
        assert detail.job.items_failed == batch.failed_items
        assert len(detail.steps) == batch.size
        before = len(own.requests)
        [message] = (await desk.messages(batch.batch_id, Cursor())).messages
        await desk.get(batch.batch_id)
        paths = [entry["path"].rpartition("/")[2] for entry in own.requests[before:]]
        assert message.text.startswith(("Completed", "Failed"))
        assert paths == ["show_many.json"], "what failed just now is not tried again"
        with pytest.raises(ServerTrouble):
            await desk.get("nobody")


async def test_the_list_is_the_last_place_that_is_looked_in() -> None:
    row = '{"job_statuses": [{"id": "a", "status": "working", "progress": 1, "total": 4}]}'
    async with speaking(answer("", 500), answer("", 500), answer(row)) as (desk, server):
        assert (await desk.get("a")).job.state is State.RUNNING
    assert [got.path.partition("?")[0].rpartition("/")[2] for got in server.got] == [
        "a.json",
        "show_many.json",
        "job_statuses.json",
    ]


class Shows:
    """A server that shows jobs or fails, and a list that has them or not."""

    def __init__(self) -> None:
        self.now = 0.0
        self.error: BackendError | None = None
        self.has_row = True
        self.asked: list[str] = []

    async def show(self, job_id: str) -> Told:
        self.asked.append("show")
        if self.error is not None:
            raise self.error
        return told(job_id)

    async def listed(self, job_id: str) -> Told | None:
        self.asked.append("list")
        return told(job_id) if self.has_row else None


def told(job_id: str) -> Told:
    body = json.dumps({"id": job_id, "status": "working"}).encode()
    return decode_status("desk", body, as_of=datetime.now(UTC), root="http://x")


@pytest.mark.parametrize(
    ("error", "looks"),
    [
        (ServerTrouble("desk", "x", status=500), True),
        (LostAnswer("desk", "x"), True),
        (UnexpectedReply("desk", "x"), True),
        (NoSuchAddress("desk", "x"), False),
        (NoSuchJob("desk", "x"), False),
        (SignInRefused("desk", "x"), False),
        (RateLimited("desk", "x", retry_after_s=None), False),
    ],
)
async def test_only_where_showing_itself_fails_the_list_is_looked_in(
    error: BackendError, looks: bool
) -> None:
    server = Shows()
    server.error = error
    showing = Showing(server.show, server.listed)
    if looks:
        assert (await showing.read("a")).detail.job.ref.job_id == "a"
        server.has_row = False
    with pytest.raises(type(error)):
        await showing.read("b")
    assert ("list" in server.asked) == looks


async def test_showing_is_tried_again_after_a_while() -> None:
    server = Shows()
    server.error = ServerTrouble("desk", "x", status=500)
    showing = Showing(server.show, server.listed, clock=lambda: server.now)
    await showing.read("a")
    await showing.read("a")
    assert server.asked == ["show", "list", "list"]
    server.now, server.error = SKIPPED_S, None
    await showing.read("a")
    await showing.read("a")
    assert server.asked[3:] == ["show", "show"]


# --- many ids, budgets, full queues -----------------------------------------------------------------------
async def test_a_thousand_ids_cost_ten_requests_and_none_is_asked_twice(own: DemoServer) -> None:
    known = [own.world.add_batch().batch_id for _ in range(700)]
    wanted = [*known, *(f"gone{number}" for number in range(300)), *known]
    async with desk_at(own) as desk:
        many = await desk.get_many(wanted)
    assert [job.ref.job_id for job in many.found] == known
    assert len(many.missing) == 300
    assert len(own.requests) == 10
    asked = [each for entry in own.requests for each in entry["query"].removeprefix("ids=").split("%2C")]
    assert sorted(asked) == sorted(set(wanted))


async def test_the_rest_of_the_budget_is_left_to_the_others_of_the_account(own: DemoServer) -> None:
    own.limit_requests(20)
    async with desk_at(own) as desk:
        job_id = (await jobs_of(desk))[0]
        for _ in range(17):
            await desk.get(job_id)
        with pytest.raises(RateLimited, match="2 of 20 requests are left") as caught:
            await desk.get(job_id)
        with pytest.raises(RateLimited):
            await desk.get_many([job_id])
    assert len(own.requests) == 18, "two are the reserve, and none is sent in vain"
    assert 30 < (caught.value.retry_after_s or 0) <= 60


async def test_a_full_queue_names_the_jobs_that_can_be_watched(own: DemoServer) -> None:
    for _ in range(4):
        own.world.add_batch()
    running = {batch.batch_id for batch in own.world.batches.unfinished(own.world.now)}
    own.set_faults("zendesk/too-many-jobs")
    async with desk_at(own) as desk:
        with pytest.raises(TooManyJobs, match="is full; retry in a while") as caught:
            await desk.get("a")
        own.set_faults("")
        assert await jobs_of(desk), "a full queue of jobs holds back no request"
    assert set(caught.value.current_job_ids) == running
    assert f"jobtui add desk:{caught.value.current_job_ids[0]} desk:" in str(caught.value)
    assert f"and {len(running) - 3} more" in str(caught.value)
    assert caught.value.retry_after_s == 5
    assert sum(entry["status"] == 429 for entry in own.requests) == 1, "it is not asked again at once"


@pytest.mark.parametrize(
    "error", [RequestRefused("desk", "x", status=422), ServerTrouble("desk", "x", status=503)]
)
def test_a_full_queue_is_one_whatever_status_it_comes_with(error: BackendError) -> None:
    body = b'{"error": "TooManyJobs", "current_job_ids": ["a", "a", null, 7, "\\u001b[31m"]}'
    refined = refine(error, 422, body)
    assert isinstance(refined, TooManyJobs)
    assert refined.current_job_ids == ("a", "7", "·[31m")
    assert refined.retry_after_s is None
    bare = refine(error, 422, b'{"error": "TooManyJobs", "current_job_ids": 7}')
    assert str(bare) == "x"


@pytest.mark.parametrize(
    ("headers", "told", "waits_s"),
    [
        ({}, 41, 41.0),
        ({}, "41", 41.0),
        ({"Retry-After": "17"}, 41, 17.0),
        ({}, -1, None),
        ({}, 1e300, 86_400.0),
        ({}, {"a": 1}, None),
    ],
)
async def test_a_wait_that_a_body_asks_for_counts_where_no_header_does(
    headers: dict[str, str], told: object, waits_s: float | None
) -> None:
    body = json.dumps({"error": "TooManyRequests", "retry_in": told})
    async with speaking(answer(body, 429, headers)) as (desk, server):
        with pytest.raises(RateLimited) as caught:
            await desk.get("a")
    assert caught.value.retry_after_s == waits_s
    assert ("asks to wait" in str(caught.value)) == (waits_s is not None)
    assert len(server.got) == 1
    waited_s = after_failure(SOURCE, caught.value, 1, random.Random(1))
    assert waits_s is None or waits_s <= waited_s < waits_s + 1


def test_a_full_queue_may_say_in_its_body_how_long_to_wait() -> None:
    error = RateLimited("desk", "x", retry_after_s=None)
    refined = refine(error, 429, b'{"error": "TooManyJobs", "retry_in": 9, "current_job_ids": ["a"]}')
    assert isinstance(refined, TooManyJobs)
    assert refined.retry_after_s == 9


@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps({"error": value}).encode()))
def test_any_other_complaint_stays_what_it_is(body: bytes) -> None:
    error = RequestRefused("desk", "x", status=400)
    assert refine(error, 400, body) is error


# --- signing in -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("auth", "word"), [("token", ""), ("oauth", ""), ("password", "demo")])
async def test_each_way_to_sign_in_is_good_at_the_demo(own: DemoServer, auth: str, word: str) -> None:
    async with desk_at(own, auth, word) as desk:
        assert (await desk.identity()).user == "On call"
    async with desk_at(own, auth, "hidden-word") as desk:
        with pytest.raises(SignInRefused) as caught:
            await desk.identity()
    assert "hidden-word" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (404, '{"error":"RecordNotFound","description":"Not found"}', NoSuchJob, "RecordNotFound: Not found"),
        (403, '{"error":{"title":"Forbidden","message":"Agents only."}}', BackendError, "Agents only."),
        (400, '{"errors":[{"code":"X","title":"T","detail":"no cursor"}]}', RequestRefused, "no cursor"),
        (
            422,
            '{"error":"RecordInvalid","description":"bad","details":{"base":[{"description":"too long"}]}}',
            RequestRefused,
            r"RecordInvalid: bad \(too long\)",
        ),
        (401, '{"error":"Couldn\'t authenticate you"}', SignInRefused, "Couldn't authenticate you"),
        (500, "Something broke", ServerTrouble, "Something broke"),
    ],
)
async def test_each_shape_of_complaint_is_one_sentence(
    status: int, body: str, kind: type[Exception], said: str
) -> None:
    async with speaking(answer(body, status, content_type="text/plain")) as (desk, _):
        with pytest.raises(kind, match=said):
            await jobs_of(desk)
