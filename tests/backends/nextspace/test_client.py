"""Pending Actions over real sockets: against the demo, and against a server with other habits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from jobtui.backends.base import Backend, Connection, Scope
from jobtui.backends.nextspace.client import NextspaceBackend
from jobtui.demo import DemoServer
from jobtui.errors import Forbidden, NoSuchJob, SignInRefused
from jobtui.model import (
    Cause,
    Control,
    ControlRequest,
    Cursor,
    JobDetail,
    JobRef,
    Kind,
    Outcome,
    Parameters,
    Source,
    State,
    Verdict,
)
from tests.backends.conftest import TOKEN, Answer, Scripted, answer, connection, scripted, secret
from tests.backends.nextspace.test_rules import job

SOURCE = Source("tiles", Kind.NEXTSPACE)
CREATED = "2026-09-14T08:02:11.418Z"


def scope(limit: int = 5_000) -> Scope:
    return Scope(datetime.now(UTC) - timedelta(days=1), limit)


@pytest.fixture
async def tiles(demo: DemoServer) -> AsyncIterator[Backend]:
    at = demo.sources["nextspace"]
    backend = NextspaceBackend(SOURCE, Connection(at["base_url"], {"token": secret(at["token"])}))
    yield backend
    await backend.aclose()


@asynccontextmanager
async def speaking(*answers: Answer, **options: str) -> AsyncIterator[tuple[NextspaceBackend, Scripted]]:
    async with scripted(*answers) as server:
        backend = NextspaceBackend(SOURCE, connection(server.url, timeout_s=1, **options))
        yield backend, server
        await backend.aclose()


def listing(*rows: dict[str, object], total: int | None = None) -> bytes:
    extra = {} if total is None else {"TotalCount": total}
    return answer(json.dumps({"Items": list(rows), **extra}))


def open_row(number: int) -> dict[str, object]:
    return {"ID": number, "Status": "IN_PROGRESS", "Progress": 5, "Created": CREATED}


def ended_row(number: int) -> dict[str, object]:
    at = datetime.now(UTC).isoformat()
    return {"ID": number, "Status": "COMPLETE", "Result": "", "Created": CREATED, "Completed": at}


async def cancel(backend: Backend, job_id: str) -> Outcome:
    ref = JobRef("tiles", job_id)
    return await backend.control(backend.freeze(Control.CANCEL, None, ref, Parameters(), datetime.now(UTC)))


# --- against the demo -------------------------------------------------------------------------------------
async def test_the_list_gives_the_worlds_jobs_in_several_states(tiles: Backend) -> None:
    jobs = [job for page in [page async for page in tiles.pages(scope())] for job in page]
    assert len({job.ref for job in jobs}) == len(jobs) >= 10
    assert {State.RUNNING, State.SUCCEEDED, State.FAILED} <= {job.state for job in jobs}
    assert all(job.created is not None and job.title for job in jobs)


async def test_a_job_is_read_whole_with_messages_that_come_once(tiles: Backend) -> None:
    jobs = [job for page in [page async for page in tiles.pages(scope())] for job in page]
    failed = next(job for job in jobs if job.state is State.FAILED)
    detail = await tiles.get(failed.ref.job_id)
    assert detail.job.ref == failed.ref
    page = await tiles.messages(failed.ref.job_id, Cursor())
    assert page.messages
    assert detail.job.why == page.messages[-1].text
    again = await tiles.messages(failed.ref.job_id, page.cursor)
    assert {message.id for message in again.messages} <= {message.id for message in page.messages}
    assert not again.more


async def test_several_ids_are_read_at_once_and_unknown_ones_are_named(tiles: Backend) -> None:
    jobs = [job for page in [page async for page in tiles.pages(scope(limit=5))] for job in page]
    ids = list(dict.fromkeys(job.ref.job_id for job in jobs))
    many = await tiles.get_many([*ids, "999999", ids[0]])
    assert [job.ref.job_id for job in many.found] == ids
    assert many.missing == ("999999",)
    with pytest.raises(NoSuchJob, match="999999"):
        await tiles.get("999999")


async def test_a_cancel_is_accepted_and_seen_only_when_the_server_says_so() -> None:
    with DemoServer(seed=7, speed=20) as demo:
        at = demo.sources["nextspace"]
        async with aclosing(
            NextspaceBackend(SOURCE, Connection(at["base_url"], {"token": secret(at["token"])}))
        ) as tiles:
            jobs = [job for page in [page async for page in tiles.pages(scope())] for job in page]
            outcomes = [await cancel(tiles, job.ref.job_id) for job in jobs if not job.ended]
            accepted = [outcome.request for outcome in outcomes if outcome.verdict is Verdict.ACCEPTED]
            assert "cancelled" in await _first_effects(tiles, accepted)


async def _first_effects(tiles: NextspaceBackend, requests: list[ControlRequest]) -> set[str]:
    """Read until something is seen of at least one of the requests' cancels."""
    async with asyncio.timeout(20):
        while True:
            details = [await tiles.get(request.ref.job_id) for request in requests]
            now = datetime.now(UTC)
            effects = [tiles.effect(*pair, now) for pair in zip(requests, details, strict=True)]
            if seen := {effect.text for effect in effects if effect is not None and effect.as_asked}:
                return seen
            await asyncio.sleep(0.05)


async def test_a_cancel_of_an_ended_or_unknown_job_is_refused_by_the_server(tiles: Backend) -> None:
    jobs = [job for page in [page async for page in tiles.pages(scope())] for job in page]
    ended = next(job for job in jobs if job.ended)
    outcome = await cancel(tiles, ended.ref.job_id)
    assert (outcome.verdict, outcome.sent, outcome.cause) == (Verdict.REFUSED, True, Cause.SERVER)
    assert "already ended" in (outcome.reason or "")
    gone = await cancel(tiles, "999999")
    assert (gone.verdict, gone.sent, gone.cause) == (Verdict.REFUSED, True, Cause.NO_SUCH_JOB)


async def test_the_token_is_proved_and_a_wrong_one_is_refused(demo: DemoServer, tiles: Backend) -> None:
    assert (await tiles.identity()).version is not None
    wrong = NextspaceBackend(SOURCE, connection(demo.sources["nextspace"]["base_url"]))
    with pytest.raises(SignInRefused, match="session is missing"):
        await wrong.identity()
    assert (await cancel(wrong, "7")).cause is Cause.SIGN_IN
    await wrong.aclose()


# --- other servers' habits --------------------------------------------------------------------------------
async def test_open_jobs_behind_known_ended_ones_are_found_by_a_second_walk() -> None:
    first = [ended_row(number) for number in range(1_000, 1_200)]
    known = frozenset(str(number) for number in range(1_000, 1_200))
    async with speaking(listing(*first, total=900), listing(open_row(3))) as (tiles, server):
        wanted = Scope(datetime.now(UTC) - timedelta(days=1), 5_000, known)
        pages = [[job.ref.job_id for job in page] async for page in tiles.pages(wanted)]
    assert pages[-1] == ["3"]
    assert server.got[1].path == "/pendingActions?StartIndex=0&Amount=1000&Status=IN_PROGRESS"
    assert len(server.got) == 2


async def test_a_list_that_was_read_to_its_end_costs_one_request() -> None:
    async with speaking(listing(open_row(3), ended_row(2), total=2)) as (tiles, server):
        assert [len(page) async for page in tiles.pages(scope())] == [2]
    assert len(server.got) == 1


async def test_a_failure_whose_messages_cannot_be_read_keeps_its_own_reason() -> None:
    failed = answer('{"ID": 7, "Status": "FAILED", "Result": {"Output": "quota"}}')
    async with speaking(failed, answer("[]", 403)) as (tiles, server):
        assert (await tiles.get("7")).job.why == "quota"
    assert server.got[0].path == "/pendingAction/7?Result=JSON"
    assert "Order=DESC" in server.got[1].path


async def test_gateway_trouble_is_ridden_out_by_reads_and_never_by_a_cancel() -> None:
    bad = [answer("<html>", 502), answer("", 503, {"Retry-After": "0"}), answer("", 504), answer("", 502)]
    async with speaking(*bad, listing(open_row(3))) as (tiles, server):
        assert [len(page) async for page in tiles.pages(scope())] == [1]
    assert len(server.got) == 5
    async with speaking(*bad) as (tiles, server):
        assert (await cancel(tiles, "7")).verdict is Verdict.UNKNOWN
    assert len(server.got) == 1


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        ({"Type": "NOT_FOUND", "Message": "Pending action 7 was not found"}, NoSuchJob, "7 was not found"),
        ({"Type": "UNAUTHORIZED", "Message": "session ended"}, SignInRefused, "session ended"),
        ("Access denied", Forbidden, "in an answer with HTTP 200"),
    ],
)
async def test_an_error_inside_a_good_answer_is_the_right_error(
    error: object, kind: type[Exception], said: str
) -> None:
    async with speaking(answer(json.dumps({"ERROR": error}))) as (tiles, _):
        for ask in (tiles.get("7"), tiles.messages("7", Cursor()), tiles.identity()):
            with pytest.raises(kind, match=said):
                await ask


@pytest.mark.parametrize(
    ("messages", "state"),
    [
        (answer('{"Items": [{"ID": 1, "Message": "Starting", "Message.Type": "INFO"}]}'), State.RUNNING),
        (answer('{"Items": []}'), State.QUEUED),
        (answer("[]", 403), State.QUEUED),
    ],
)
async def test_a_job_without_progress_has_begun_when_it_has_said_something(
    messages: Answer, state: State
) -> None:
    async with speaking(answer('{"ID": 7, "Status": "IN_PROGRESS", "Progress": 0}'), messages) as (
        tiles,
        server,
    ):
        assert (await tiles.get("7")).job.state is state
        assert len(server.got) == 2
    async with speaking(answer('{"ID": 7, "Status": "IN_PROGRESS", "Progress": 0}')) as (tiles, server):
        assert (await tiles.get_many(["7"])).found[0].state is State.QUEUED
        assert len(server.got) == 1


async def test_there_is_no_push_and_all_is_learned_by_asking() -> None:
    told = [answer(json.dumps({"ID": 7, "Status": "IN_PROGRESS", "Progress": each})) for each in (5, 6)]
    async with speaking(*told) as (tiles, server):
        assert tiles.push() is None
        seen = [(await tiles.get("7")).job.progress for _ in range(2)]
    assert [progress.fraction for progress in seen if progress] == [0.05, 0.06]
    assert [got.path for got in server.got] == ["/pendingAction/7?Result=JSON"] * 2


async def test_a_session_id_may_travel_in_its_own_header() -> None:
    async with speaking(listing(), header="x-sessionid") as (tiles, server):
        await tiles.identity()
    assert server.got[0].headers["x-sessionid"] == TOKEN
    assert "authorization" not in server.got[0].headers


async def test_a_server_without_a_version_still_proves_the_token() -> None:
    async with speaking(listing(), answer("{}", 404)) as (tiles, _):
        assert (await tiles.identity()).version is None


async def test_each_unreadable_job_among_several_is_said() -> None:
    async with speaking(answer("{}", 403)) as (tiles, _):
        many = await tiles.get_many(["1", "2"])
    assert [(job_id, type(why)) for job_id, why in many.failed.items()] == [
        ("1", Forbidden),
        ("2", Forbidden),
    ]


@pytest.mark.parametrize(
    ("reply", "verdict", "sent", "cause"),
    [
        (answer(b"null"), Verdict.ACCEPTED, True, None),
        (answer(b"", 204), Verdict.ACCEPTED, True, None),
        (answer('{"ERROR": "not yours"}'), Verdict.REFUSED, True, Cause.SERVER),
        (answer('{"ERROR": "not yours"}', 403), Verdict.REFUSED, True, Cause.SIGN_IN),
        (answer('{"ID": 7, "Sta'), Verdict.UNKNOWN, True, None),
        (answer("<html>", content_type="text/html"), Verdict.UNKNOWN, True, None),
        (answer("", 502), Verdict.UNKNOWN, True, None),
        (None, Verdict.UNKNOWN, True, None),
    ],
)
async def test_each_answer_to_a_cancel_has_one_ending(
    reply: Answer, verdict: Verdict, sent: bool, cause: Cause | None
) -> None:
    async with speaking(reply) as (tiles, server):
        outcome = await cancel(tiles, "7")
    assert (outcome.verdict, outcome.sent, outcome.cause) == (verdict, sent, cause)
    assert [(got.method, got.path) for got in server.got] == [("DELETE", "/pendingAction/7")]


async def test_what_must_not_be_sent_is_not_sent() -> None:
    async with speaking(answer()) as (tiles, server):
        hold = tiles.freeze(Control.HOLD, None, JobRef("tiles", "7"), Parameters(), datetime.now(UTC))
        for outcome in (await tiles.control(hold), await cancel(tiles, "0")):
            assert (outcome.verdict, outcome.sent, outcome.cause) == (Verdict.REFUSED, False, Cause.RULE)
        assert tiles.consequence(hold, None, datetime.now(UTC))
        assert tiles.reasons(hold, JobDetail(job()), datetime.now(UTC))[0].hard
    assert server.got == []


async def test_without_a_token_nothing_is_sent() -> None:
    async with scripted(answer()) as server:
        tiles = NextspaceBackend(SOURCE, Connection(server.url))
        with pytest.raises(SignInRefused, match="no token is configured for tiles"):
            await tiles.get("7")
        outcome = await cancel(tiles, "7")
        assert (outcome.sent, outcome.cause) == (False, Cause.SIGN_IN)
        await tiles.aclose()
    assert server.got == []


def test_pasted_addresses_of_this_source_name_their_job() -> None:
    tiles = NextspaceBackend(SOURCE, connection("https://acme.example/api?tenant=1"))
    at = "https://acme.example/api/pendingAction"
    assert tiles.target_of(f"{at}/12/progressMessages?x=1") == JobRef("tiles", "12")
    assert tiles.target_of(f"{at}/12") == JobRef("tiles", "12")
    assert tiles.target_of(f"{at}/") is None
    assert tiles.target_of("https://acme.example/api/pendingActions") is None
    assert tiles.target_of("https://other.example/api/pendingAction/12") is None
