"""The one door to the network, against a server that really answers, hangs up, stalls and lies."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from jobtui.backends import http as http_module
from jobtui.backends.auth import Auth, bearer, query_token
from jobtui.backends.base import Connection
from jobtui.backends.http import Http, segment
from jobtui.errors import (
    BackendError,
    CredentialError,
    Forbidden,
    LostAnswer,
    NoSuchJob,
    RateLimited,
    RequestRefused,
    ServerTrouble,
    SignInRefused,
    UnexpectedReply,
    Unreachable,
)
from jobtui.model import Secret
from tests.backends.conftest import TOKEN, Answer, Scripted, answer, connection, never, scripted, secret
from tests.conftest import until


class Naps:
    """A sleep that takes no time and remembers for how long it was asked."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@asynccontextmanager
async def speaking(
    *answers: Answer, auth: Auth | None = None, timeout_s: float = 5.0, **options: Any
) -> AsyncIterator[tuple[Http, Scripted, Naps]]:
    """Give a client on a scripted server, and the pauses that it took."""
    naps = Naps()
    async with scripted(*answers) as server:
        http = Http(
            "tiles",
            connection(server.url, timeout_s=timeout_s),
            auth or bearer(secret()),
            sleep=naps,
            jitter=lambda: 0.5,
            **options,
        )
        try:
            yield http, server, naps
        finally:
            await http.aclose()


async def test_a_read_gives_the_answer_and_how_long_it_took() -> None:
    async with speaking(answer('{"a":1}', headers={"X-Thing": "T"})) as (http, server, _):
        reply = await http.read("jobs/1", query={"Result": "JSON"})
    assert (reply.status, reply.body, reply.content_type) == (200, b'{"a":1}', "application/json")
    assert reply.headers["x-thing"] == "T"
    assert reply.answer_s == http.answer_s
    assert 0 <= reply.answer_s < 5
    [got] = server.got
    assert (got.method, got.path) == ("GET", "/jobs/1?Result=JSON")
    assert got.headers["authorization"] == f"Bearer {TOKEN}"
    assert got.headers["user-agent"].startswith("jobtui/")


async def test_a_search_may_be_posted_and_carries_json() -> None:
    async with speaking(answer()) as (http, server, _):
        await http.read("search", method="POST", json={"q": "é"})
    assert server.got[0].method == "POST"
    assert server.got[0].headers["content-type"] == "application/json"
    assert server.got[0].body == '{"q":"é"}'.encode()


async def test_a_path_and_a_query_of_the_configured_address_stay() -> None:
    async with scripted(answer()) as server:
        http = Http("tiles", connection(f"{server.url}/deep/api/?tenant=a%20b"), bearer(secret()))
        await http.read("/jobs", query={"x": "1"})
        await http.aclose()
    assert server.got[0].path.replace("%20", "+") == "/deep/api/jobs?tenant=a+b&x=1"


@pytest.mark.parametrize("job_id", ["..", ".", "a/b", "a?b", "a#b", "//evil.example/x", "\ud800"])
async def test_no_id_can_name_another_path_or_host(job_id: str) -> None:
    async with speaking(answer()) as (http, server, _):
        await http.read(f"jobs/{segment(job_id)}/messages")
    path = server.got[0].path
    assert path.startswith("/jobs/")
    assert path.endswith("/messages")
    assert path.count("/") == 3
    assert server.got[0].headers["host"] == server.url.removeprefix("http://")


# --- reads are repeated -----------------------------------------------------------------------------------
@pytest.mark.parametrize("fault", [None, answer(b"", 502), answer(b"", 503), answer(b"", 504)])
async def test_a_read_outlives_what_passes_by_itself(fault: Answer) -> None:
    async with speaking(fault, fault, answer(b"[]")) as (http, server, naps):
        assert (await http.read("jobs")).body == b"[]"
    assert len(server.got) == 3
    assert naps.taken == pytest.approx([0.3, 0.6])


async def test_a_read_that_is_hung_up_on_gives_up_after_three_attempts() -> None:
    async with speaking(None) as (http, server, _):
        with pytest.raises(LostAnswer, match="lost"):
            await http.read("jobs")
    assert len(server.got) == 3


async def test_a_read_that_times_out_is_tried_twice() -> None:
    async with speaking(never, timeout_s=0.1) as (http, server, _):
        with pytest.raises(LostAnswer, match=r"within 0\.1 s"):
            await http.read("jobs")
    assert len(server.got) == 2


async def test_a_server_that_dribbles_is_left_in_the_end() -> None:
    async def dribble(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with speaking(dribble, timeout_s=0.05) as (http, _, _naps):
        with pytest.raises(LostAnswer):
            await http.read("jobs")


async def test_a_body_that_breaks_off_is_a_lost_answer() -> None:
    async def half(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()

    async with speaking(half, half, answer(b"{}")) as (http, server, _):
        assert (await http.read("jobs")).body == b"{}"
    assert len(server.got) == 3


async def test_an_internal_error_is_not_asked_for_again() -> None:
    async with speaking(answer("kaputt", 500, content_type="text/plain")) as (http, server, _):
        with pytest.raises(ServerTrouble, match=r"kaputt \(HTTP 500\)") as caught:
            await http.read("jobs")
    assert caught.value.status == 500
    assert len(server.got) == 1


async def test_a_short_retry_after_is_waited_for() -> None:
    limited = answer("slow down", 429, {"Retry-After": "7"}, "text/plain")
    async with speaking(limited, answer()) as (http, _, naps):
        await http.read("jobs")
    assert naps.taken == pytest.approx([7.15])


@pytest.mark.parametrize(("headers", "wait_s"), [({"Retry-After": "37"}, 37.0), ({}, None)])
async def test_a_long_or_untold_wait_is_left_to_the_caller(
    headers: dict[str, str], wait_s: float | None
) -> None:
    async with speaking(answer(b"", 429, headers)) as (http, server, naps):
        with pytest.raises(RateLimited) as caught:
            await http.read("jobs")
    assert caught.value.retry_after_s == wait_s
    assert len(server.got) == 1
    assert naps.taken == []


async def test_maintenance_that_says_how_long_is_not_pestered() -> None:
    async with speaking(answer(b"", 503, {"Retry-After": "600"})) as (http, server, _):
        with pytest.raises(ServerTrouble):
            await http.read("jobs")
    assert len(server.got) == 1


# --- controls are sent once -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (None, LostAnswer),
        (never, LostAnswer),
        (answer(b"", 503), ServerTrouble),
        (answer(b"", 429, {"Retry-After": "1"}), RateLimited),
        (answer(b"", 401), SignInRefused),
        (answer(b"", 307, {"Location": "/elsewhere"}), UnexpectedReply),
        (answer(b"", 409), RequestRefused),
    ],
)
async def test_a_control_is_never_repeated(fault: Answer, error: type[BackendError]) -> None:
    async with speaking(fault, timeout_s=0.2) as (http, server, naps):
        with pytest.raises(error):
            await http.send_once("DELETE", "jobs/1")
        await asyncio.sleep(0)
    assert len(server.got) == 1
    assert naps.taken == []


async def test_each_control_has_a_connection_of_its_own() -> None:
    async with speaking(answer()) as (http, server, _):
        await http.read("jobs")
        await http.read("jobs")
        await http.send_once("POST", "act", json={"type": "Run"})
        await http.send_once("POST", "act")
    assert [got.connection for got in server.got] == [1, 1, 2, 3]
    assert server.got[2].body == b'{"type":"Run"}'


async def test_a_control_does_not_wait_behind_slow_reads() -> None:
    async def by_method(writer: asyncio.StreamWriter) -> None:
        if server.got[-1].method == "GET":
            await never(writer)
        writer.write(answer())
        await writer.drain()

    async with speaking(by_method) as (http, server, _):
        reads = [asyncio.create_task(http.read("slow")) for _ in range(12)]
        await until(lambda: len(server.got) >= 6)
        reply = await http.send_once("DELETE", "jobs/1")
        assert reply.status == 200
        assert sum(got.method == "GET" for got in server.got) == 6
        for read in reads:
            read.cancel()
        await asyncio.gather(*reads, return_exceptions=True)


# --- nothing could be sent --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://127.0.0.1:1", "connection refused"),
        ("https://127.0.0.1:1", "connection refused"),
        ("gopher://127.0.0.1", "the address cannot be read"),
        ("http://[::1", "the address cannot be read"),
        ("nonsense", "the address cannot be read"),
    ],
)
async def test_without_a_connection_nothing_was_sent(url: str, text: str) -> None:
    naps = Naps()
    http = Http("tiles", connection(url), bearer(secret()), sleep=naps)
    for ask in (http.read("jobs"), http.send_once("DELETE", "jobs/1")):
        with pytest.raises(Unreachable, match=text):
            await ask
    await http.aclose()


async def test_a_handshake_that_fails_is_unreachable_and_nothing_was_sent() -> None:
    async with scripted(answer()) as server:
        http = Http("tiles", connection(server.url.replace("http:", "https:"), timeout_s=1), bearer(secret()))
        server_saw_nothing = server.got
        with pytest.raises(Unreachable, match="cannot connect"):
            await http.send_once("DELETE", "jobs/1")
        await http.aclose()
    assert server_saw_nothing == []


@pytest.mark.parametrize("key", ["ca", "client_cert"])
async def test_a_certificate_file_that_cannot_be_used_is_named(key: str, tmp_path: Any) -> None:
    path = tmp_path / "broken.pem"
    path.write_text("no certificate")
    files = {key: path}
    http = Http("tiles", Connection("https://127.0.0.1:1", {}, {}, **files), bearer(secret()))
    with pytest.raises(Unreachable, match=r"broken\.pem cannot be used"):
        await http.read("jobs")


async def test_a_proxy_setting_that_cannot_be_used_shows_no_password() -> None:
    odd = Connection("http://127.0.0.1:1", {}, {}, proxy="gopher://me:hidden-word@proxy")
    http = Http("tiles", odd, bearer(secret()))
    with pytest.raises(Unreachable, match="proxy") as caught:
        await http.read("jobs")
    assert "hidden-word" not in str(caught.value)


async def test_after_closing_nothing_is_sent() -> None:
    async with speaking(answer()) as (http, server, _):
        await http.aclose()
        with pytest.raises(Unreachable, match="closed"):
            await http.read("jobs")
        with pytest.raises(Unreachable, match="closed"):
            await http.send_once("DELETE", "jobs/1")
    assert server.got == []


async def test_closing_while_a_control_is_under_way_leaves_its_outcome_open() -> None:
    async with speaking(never) as (http, server, _):
        sending = asyncio.create_task(http.send_once("DELETE", "jobs/1"))
        await until(lambda: len(server.got) == 1)
        await http.aclose()
        with pytest.raises(LostAnswer):
            await sending


# --- what an answer means ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "error"),
    [(400, RequestRefused), (401, SignInRefused), (403, Forbidden), (404, NoSuchJob), (410, NoSuchJob)],
)
async def test_a_status_becomes_one_error_with_the_servers_reason(
    status: int, error: type[BackendError]
) -> None:
    def explain(status: int, body: bytes) -> str | None:
        return f"because {status} \x1b[2J{body.decode()}"

    async with speaking(answer("of that", status), explain=explain) as (http, server, _):
        with pytest.raises(error) as caught:
            await http.read("jobs/1")
    assert type(caught.value) is error
    assert caught.value.source == "tiles"
    assert f"because {status} ·[2Jof that" in str(caught.value)
    assert len(server.got) == 1


async def test_the_status_that_a_body_means_counts() -> None:
    async with speaking(answer('{"error":{"code":498}}'), status_of=lambda _status, _body: 498) as (
        http,
        _,
        _n,
    ):
        with pytest.raises(SignInRefused):
            await http.read("jobs")


async def test_a_redirect_is_not_followed_and_only_its_host_is_named() -> None:
    target = f"https://elsewhere.example:8443/login?token={TOKEN}"
    async with speaking(answer(b"", 302, {"Location": target})) as (http, server, _):
        with pytest.raises(UnexpectedReply) as caught:
            await http.read("jobs")
    assert "to elsewhere.example:8443, which" in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert len(server.got) == 1


async def test_a_web_page_is_no_answer() -> None:
    page = "\n<!DOCTYPE html><html><title>Sign in \x1b[31m</title>"
    async with speaking(answer(page, content_type="text/html")) as (http, _, _n):
        with pytest.raises(UnexpectedReply, match=r"HTML page .title “Sign in ·.31m”"):
            await http.read("jobs")


async def test_a_body_without_bound_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "MAX_BODY", 2**20)
    bomb = gzip.compress(b" " * 2**22)
    async with speaking(answer(bomb, headers={"Content-Encoding": "gzip"})) as (http, server, _):
        with pytest.raises(UnexpectedReply, match="more than 1 MiB"):
            await http.read("jobs")
    assert len(server.got) == 1


async def test_a_body_that_cannot_be_unpacked_is_unexpected() -> None:
    async with speaking(answer(b"not gzip", headers={"Content-Encoding": "gzip"})) as (http, server, _):
        with pytest.raises(UnexpectedReply, match="unpacked"):
            await http.read("jobs")
    assert len(server.got) == 1


async def test_the_budget_that_the_server_speaks_of_is_kept() -> None:
    headers = {"ratelimit-limit": "700", "ratelimit-remaining": "12", "ratelimit-reset": "41"}
    async with speaking(answer(headers=headers), answer()) as (http, _, _n):
        await http.read("jobs")
        await http.read("jobs")
        assert http.budget is not None
        assert (http.budget.limit, http.budget.remaining, http.budget.resets_s) == (700, 12, 41.0)


# --- secrets stay put -------------------------------------------------------------------------------------
def _every_text(error: BaseException) -> str:
    linked = [link for link in (error.__cause__, error.__context__) if link is not None]
    return " ".join([str(error), repr(error), *map(_every_text, linked)])


@pytest.mark.parametrize("make", [bearer, query_token])
@pytest.mark.parametrize(
    "fault", [None, answer(f"bad token {TOKEN}", 400, content_type="text/plain"), answer(b"", 500)]
)
async def test_no_text_of_an_error_or_a_log_holds_the_token(
    make: Callable[..., Auth], fault: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with speaking(fault, auth=make(secret())) as (http, server, _):
        with pytest.raises(BackendError) as caught:
            await http.read("jobs", query={"x": "1"})
    assert TOKEN in server.got[0].path + server.got[0].headers.get("authorization", "")
    assert TOKEN not in _every_text(caught.value)
    assert TOKEN not in caplog.text


async def test_cookies_are_not_kept() -> None:
    async with speaking(answer(headers={"Set-Cookie": "session=abc; Path=/"})) as (http, server, _):
        await http.read("jobs")
        await http.read("jobs")
    assert "cookie" not in server.got[1].headers


async def test_a_name_and_password_in_the_address_go_nowhere() -> None:
    async with scripted(answer()) as server:
        address = server.url.replace("http://", "http://me:hidden-word@")
        http = Http("tiles", connection(address), bearer(secret()))
        await http.read("jobs")
        await http.aclose()
    assert server.got[0].headers["authorization"] == f"Bearer {TOKEN}"


# --- tokens are rotated -----------------------------------------------------------------------------------
class Rotated:
    """A place where the secret changes after each look."""

    def __init__(self, *values: str) -> None:
        self.values = list(values)
        self.looks = 0

    async def __call__(self) -> Secret:
        self.looks += 1
        return Secret(self.values.pop(0) if len(self.values) > 1 else self.values[0])


def _only(token: str, server: Callable[[], Scripted]) -> Answer:
    async def check(writer: asyncio.StreamWriter) -> None:
        good = server().got[-1].headers["authorization"] == f"Bearer {token}"
        writer.write(answer(b"{}", 200 if good else 401))
        await writer.drain()

    return check


async def test_a_refused_token_is_fetched_anew_once_even_when_many_reads_meet_it() -> None:
    place = Rotated("old", "new")
    async with speaking(_only("new", lambda: server), auth=bearer(place)) as (http, server, _):
        replies = await asyncio.gather(*(http.read("jobs") for _ in range(5)))
    assert [reply.status for reply in replies] == [200] * 5
    assert place.looks == 2


async def test_a_token_that_did_not_change_is_not_tried_again() -> None:
    place = Rotated("same")
    async with speaking(answer(b"", 401), auth=bearer(place)) as (http, server, _):
        with pytest.raises(SignInRefused):
            await http.read("jobs")
    assert len(server.got) == 1
    assert place.looks == 2


async def test_a_token_that_keeps_changing_is_tried_once_more_and_no_further() -> None:
    place = Rotated("a", "b", "c", "d")
    async with speaking(answer(b"", 401), auth=bearer(place)) as (http, server, _):
        with pytest.raises(SignInRefused):
            await http.read("jobs")
    assert [got.headers["authorization"] for got in server.got] == ["Bearer a", "Bearer b"]


async def _no_secret() -> Secret:
    raise CredentialError("the variable TILES_TOKEN is not set")


async def test_a_missing_token_refuses_a_read_and_stops_a_control_before_it_is_sent() -> None:
    async with speaking(answer(), auth=bearer(_no_secret)) as (http, server, _):
        with pytest.raises(SignInRefused, match="TILES_TOKEN"):
            await http.read("jobs")
        with pytest.raises(CredentialError, match="TILES_TOKEN"):
            await http.send_once("DELETE", "jobs/1")
    assert server.got == []


async def test_a_token_that_vanished_after_it_was_refused_is_said() -> None:
    class Gone(Rotated):
        async def __call__(self) -> Secret:
            if self.looks:
                return await _no_secret()
            return await super().__call__()

    async with speaking(answer(b"", 401), auth=bearer(Gone("old"))) as (http, _, _n):
        with pytest.raises(SignInRefused, match="TILES_TOKEN"):
            await http.read("jobs")
