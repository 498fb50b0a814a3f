"""Notification sockets that the demo never has: hostile, silent, moved, behind TLS or a proxy."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import logging
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from jobtui.backends.arcgis.ear import Ear
from jobtui.backends.arcgis.line import Patience
from jobtui.backends.arcgis.opening import LARGEST_FRAME
from jobtui.backends.arcgis.push import Notifications, Pace
from jobtui.backends.auth import Auth, bearer, nobody, query_token
from jobtui.backends.base import Connection, Pushed
from jobtui.errors import CredentialError
from jobtui.model import Secret
from tests.backends.arcgis.listening import listening
from tests.backends.conftest import TOKEN, Answer, never, scripted, secret
from tests.backends.test_http_tls import PAIR
from tests.conftest import until

QUICK = Pace(first_pause_s=0.02, longest_pause_s=0.05, patience=Patience(greeting_s=0.05, token_check_s=0.01))
GREETING = '{"connected": true}'
Behaviour = Callable[[ServerConnection], Awaitable[None]]


def news(word: str = "JobUpdated", job_id: str = "a", **message: object) -> str:
    return json.dumps({"msgType": word, "timestamp": 1795282695791, "message": {"jobId": job_id, **message}})


@dataclass
class Place:
    """A small server with a notification socket, and what it was told."""

    behaviour: Behaviour
    url: str = ""
    opened: list[Request] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)

    async def serve(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        self.opened.append(socket.request)
        await self.behaviour(socket)
        async for content in socket:
            self.frames.append(json.loads(content))

    def said(self, word: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["msgType"] == word]


@asynccontextmanager
async def place(
    behaviour: Behaviour,
    answer: Callable[[], Response | None] = lambda: None,
    trust: ssl.SSLContext | None = None,
    judge: Callable[[Request], Response | None] = lambda _request: None,
) -> AsyncIterator[Place]:
    made = Place(behaviour)

    def process(_socket: ServerConnection, request: Request) -> Response | None:
        assert request.path.partition("?")[0] == "/org/item/notificationWs"
        return answer() or judge(request)

    async with serve(made.serve, "127.0.0.1", 0, process_request=process, ssl=trust, max_size=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        made.url = f"http{'s' if trust else ''}://127.0.0.1:{port}/org/item"
        yield made


def saying(*contents: str | bytes) -> Behaviour:
    async def say(socket: ServerConnection) -> None:
        for content in contents:
            await socket.send(content)

    return say


def voice(
    url: str, auth: Auth | None = None, *job_ids: str, pace: Pace = QUICK, **more: Any
) -> Notifications:
    made = Notifications(
        "field",
        Connection(url, **{"timeout_s": 5.0, **more}),
        auth or bearer(secret()),
        Ear(),
        lambda _job_id: {},
        pace=pace,
    )
    made.want(job_ids or ("a",))
    return made


async def first_reason(push: Notifications) -> str:
    async with listening(push) as ears:
        await until(lambda: ears.reasons)
        return ears.reasons[0]


async def test_hostile_frames_are_left_out_and_listening_goes_on() -> None:
    hostile: list[str | bytes] = [
        b"\x00\xff\xfe",
        b"[" * 900_000,
        b'{"a":' * 150_000,
        "nonsense",
        "[]",
        '{"msgType": "StepDanced", "message": {"jobId": "a"}}',
        '{"msgType": {"msgType": []}, "message": "x"}',
        news(job_id="not-wanted"),
        json.dumps({"msgType": "StepStarted", "message": {"jobId": "a" * 500_000}}),
    ]
    async with place(saying(GREETING, *hostile, news())) as server:
        push = voice(server.url)
        async with listening(push) as ears:
            await until(lambda: ears.pushed)
            assert [each.ref.job_id for each in ears.pushed] == ["a"]
            assert push.ignored == 7
            assert [state.is_open for state in ears.states] == [True]


async def test_text_that_is_no_utf_8_is_left_out() -> None:
    async def odd(socket: ServerConnection) -> None:
        await socket.send(b"\xff\xfe", text=True)
        await socket.send(news())

    async with place(odd) as server, listening(voice(server.url)) as ears:
        await until(lambda: ears.pushed)


async def test_a_frame_that_is_too_large_is_not_read_and_the_socket_is_opened_again() -> None:
    async with place(saying(GREETING, " " * (LARGEST_FRAME + 1))) as server:
        async with listening(voice(server.url)) as ears:
            await until(lambda: len(server.opened) > 1)
        host = server.url.split("/")[2]
        assert ears.reasons[0] == f"{host} sent a notification that is too large"


async def test_a_server_that_does_not_greet_is_spoken_to_and_is_open_once_it_speaks() -> None:
    heard_us = asyncio.Event()

    async def shy(socket: ServerConnection) -> None:
        assert json.loads(await socket.recv())["msgType"] == "subscribe"
        heard_us.set()
        await until(lambda: may_speak)
        await socket.send(news())

    may_speak: list[bool] = []
    async with place(shy) as server, listening(voice(server.url)) as ears:
        await heard_us.wait()
        assert ears.states == []
        may_speak.append(True)
        await until(lambda: ears.is_open and ears.pushed)


async def test_a_greeting_alone_does_not_mean_that_we_are_told_what_happens() -> None:
    async with place(saying(GREETING)) as server:
        async with listening(voice(server.url)) as ears:
            await until(lambda: server.said("subscribe"))
            assert ears.states == []
        push = voice(server.url)
        push.want([])
        async with listening(push) as ears:
            await ears.opened()


async def test_subscriptions_come_in_batches_with_the_token_and_who_we_are() -> None:
    ids = [f"job-{number}" for number in range(120)]
    async with place(saying(GREETING)) as server:
        push = voice(server.url, None, *ids, *ids, "")
        async with listening(push):
            await until(lambda: len(server.said("subscribe")) == 3)
            push.want(ids[:60])
            await until(lambda: len(server.said("unsubscribe")) == 2)
            push.want([])
            await until(lambda: len(server.said("unsubscribe")) == 3)
    subscribed = server.said("subscribe")
    assert [each for frame in subscribed for each in frame["jobIds"]] == ids
    assert {frame["token"] for frame in server.frames} == {TOKEN}
    assert len({frame["senderId"] for frame in subscribed}) == 1
    *some, all_ = server.said("unsubscribe")
    assert [each for frame in some for each in frame["jobIds"]] == ids[60:]
    assert all_ == {"msgType": "unsubscribe", "all": True, "token": TOKEN}


async def test_the_handshake_is_that_of_a_real_client() -> None:
    async with place(saying(GREETING)) as server:
        async with listening(
            voice(f"{server.url}?tenant=x", bearer(secret(), header="X-Esri-Authorization"))
        ):
            await until(lambda: server.opened)
        async with listening(voice(server.url, query_token(secret()))):
            await until(lambda: len(server.opened) == 2)
        async with listening(voice(server.url, nobody())):
            await until(lambda: len(server.opened) == 3)
            await until(lambda: server.frames)
    by_header, by_query, by_nobody = server.opened
    assert by_header.headers["Origin"] == server.url.removesuffix("/org/item")
    assert by_header.headers["X-Esri-Authorization"] == f"Bearer {TOKEN}"
    assert by_header.path.endswith("?tenant=x")
    assert by_query.path.endswith(f"?token={TOKEN}")
    assert "Authorization" not in by_query.headers
    assert not {"Authorization", "X-Esri-Authorization"} & set(by_nobody.headers)
    assert "token" not in server.frames[-1]


async def test_a_redirect_is_not_followed_so_that_no_token_leaves_the_host() -> None:
    async with place(saying(GREETING)) as elsewhere:
        to = Headers(Location=elsewhere.url.replace("http:", "ws:") + "/notificationWs")
        moved = Response(HTTPStatus.FOUND, "Found", to)
        async with place(saying(), lambda: moved) as server:
            reason = await first_reason(voice(server.url))
    assert reason.endswith("answered HTTP 302 instead of opening its notifications")
    assert elsewhere.opened == []


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "refused the sign-in to its notifications (HTTP 401)"),
        (404, "has no notifications at this address (HTTP 404)"),
        (502, "answered HTTP 502 instead of opening its notifications"),
        (200, "answered HTTP 200 instead of opening its notifications"),
    ],
)
async def test_an_answer_that_opens_no_socket_is_said_in_a_sentence(status: int, said: str) -> None:
    async with place(saying(), lambda: Response(status, "X", Headers(), b"<html>")) as server:
        assert said in await first_reason(voice(server.url))


def without_headers(request: Request) -> Response | None:
    """A server behind a gateway that lets no sign-in of a websocket's headers through."""
    if f"token={TOKEN}" in request.path.partition("?")[2]:
        return None
    return Response(HTTPStatus.UNAUTHORIZED, "Unauthorized", Headers(), b"")


@pytest.mark.parametrize("header", ["Authorization", "X-Esri-Authorization"])
async def test_a_gateway_that_drops_the_sign_in_of_the_handshake_is_passed_with_the_token_in_the_query(
    header: str,
) -> None:
    async with place(saying(GREETING, news()), judge=without_headers) as server:
        reason = await first_reason(voice(server.url, bearer(secret(), header=header)))
        assert reason.endswith(
            'refused the sign-in to its notifications (HTTP 401); if reading works, try header = "query" '
            "for this source"
        )
        async with listening(voice(server.url, query_token(secret()))) as ears:
            await until(lambda: ears.pushed)
        assert ears.reasons == []
        (frame,) = server.said("subscribe")
        assert frame["token"] == TOKEN, "subscriptions carry it, too"


async def test_without_a_header_there_is_no_other_way_to_name() -> None:
    refused = Response(HTTPStatus.UNAUTHORIZED, "Unauthorized", Headers(), b"")
    async with place(saying(), lambda: refused) as server:
        for auth in (query_token(secret()), nobody()):
            assert (await first_reason(voice(server.url, auth))).endswith("(HTTP 401)")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "what answers there is no websocket"),
        (never, "the socket did not open in time"),
    ],
)
async def test_a_server_that_speaks_no_http_is_said_in_a_sentence(what: Answer, said: str) -> None:
    async with scripted(what) as server:
        push = voice(server.url, timeout_s=0.2)
        assert await first_reason(push) == f"no notifications from {server.url[7:]}: {said}"


async def test_no_token_is_in_any_text_or_log_even_when_the_server_says_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def spiteful(socket: ServerConnection) -> None:
        await socket.close(1008, f"bad \x1b[31m{TOKEN}")

    caplog.set_level(logging.DEBUG)
    async with place(spiteful) as server:
        for auth in (bearer(secret()), query_token(secret())):
            reason = await first_reason(voice(server.url, auth))
            assert "closed the notifications (1008): bad " in reason
            assert reason.isprintable()
            assert TOKEN not in reason
    ours = [record for record in caplog.records if record.name.startswith("jobtui")]
    assert ours
    assert TOKEN not in "".join(record.getMessage() for record in ours)


async def test_a_policy_close_has_the_token_fetched_anew() -> None:
    tokens = iter(["first", "second"])

    async def fetch() -> Secret:
        return Secret(next(tokens))

    async def expiring(socket: ServerConnection) -> None:
        assert socket.request is not None
        if socket.request.headers["Authorization"] == "Bearer first":
            await socket.close(1008, "token expired")
        await socket.send(GREETING)

    async with place(expiring) as server, listening(voice(server.url, bearer(fetch))) as ears:
        await until(lambda: server.said("subscribe"))
        assert server.frames[0]["token"] == "second"
        assert len(ears.reasons) == 1


async def test_where_no_token_is_good_enough_a_new_one_is_asked_for_once() -> None:
    fetched: list[int] = []

    async def fetch() -> Secret:
        fetched.append(1)
        return Secret(f"token-{len(fetched)}")

    tries: list[int] = []

    def forbidding() -> Response:
        tries.append(1)
        return Response(403, "Forbidden", Headers())

    async with place(saying(), forbidding) as server, listening(voice(server.url, bearer(fetch))):
        await until(lambda: len(tries) > 4)
    assert len(fetched) == 2


async def test_a_token_that_was_renewed_elsewhere_is_taken_up_by_the_socket() -> None:
    tokens = iter(["first", "second"])

    async def fetch() -> Secret:
        return Secret(next(tokens))

    auth = bearer(fetch)
    async with place(saying(GREETING)) as server, listening(voice(server.url, auth)) as ears:
        await until(lambda: server.frames)
        await auth.renewed(await auth.credential())
        await until(lambda: server.frames[-1]["token"] == "second")
        assert ears.reasons == ["the token was renewed; listening again with the new one"]


async def test_a_token_that_cannot_be_had_is_said_and_asked_for_again() -> None:
    tries: list[int] = []

    async def fetch() -> Secret:
        tries.append(1)
        raise CredentialError("FIELD_TOKEN is not set")

    async with listening(voice("http://127.0.0.1:9/org/item", bearer(fetch))) as ears:
        await until(lambda: len(tries) > 2)
        assert set(ears.reasons) == {"FIELD_TOKEN is not set"}


@asynccontextmanager
async def silent_server() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Open every socket, and then say nothing more, not even that a ping arrived.

    Gives host and port, and what is set once a client has spoken.
    """

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        key = next(
            line.split(": ")[1] for line in head.split("\r\n") if line.lower().startswith("sec-websocket-key")
        )
        magic = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()
        accept = base64.b64encode(hashlib.sha1(magic, usedforsecurity=False).digest()).decode()
        lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
        writer.write("\r\n".join([*lines, f"Sec-WebSocket-Accept: {accept}", "", ""]).encode())
        await reader.read(1)
        spoken_to.set()
        await reader.read()
        writer.close()

    spoken_to = asyncio.Event()
    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", spoken_to
    server.close()


async def test_a_dead_line_is_noticed_by_its_silence() -> None:
    pace = Pace(first_pause_s=0.02, ping_s=0.1, patience=QUICK.patience)
    async with silent_server() as (host, _):
        reason = await first_reason(voice(f"http://{host}/org/item", pace=pace))
    assert reason == f"the socket to {host} gave no sign of life"


async def test_leaving_a_dead_line_does_not_keep_the_user_waiting() -> None:
    async with silent_server() as (host, spoken_to):
        push = voice(f"http://{host}/org/item")
        task = asyncio.create_task(push.run(lambda _: None, lambda _: None))
        await spoken_to.wait()
        began = time.monotonic()
        task.cancel()
        await asyncio.wait([task])
        assert time.monotonic() - began < 8.0


async def test_whom_the_socket_trusts_is_what_the_configuration_trusts(tmp_path: Path) -> None:
    pair = tmp_path / "pair.pem"
    pair.write_text(PAIR)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    async with place(saying(GREETING, news()), trust=context) as server:
        assert "its certificate is not trusted" in await first_reason(voice(server.url))
        assert server.opened == []
        async with listening(voice(server.url, ca=pair)) as ears:
            await until(lambda: ears.pushed)
    assert "cannot be used for TLS" in await first_reason(voice(server.url, ca=tmp_path / "none.pem"))


async def test_the_configured_proxy_is_asked_and_is_not_shown_the_token() -> None:
    asked: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    proxy = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = proxy.sockets[0].getsockname()[1]
    async with place(saying(GREETING)) as server:
        reason = await first_reason(voice(server.url, proxy=f"http://127.0.0.1:{port}"))
        assert server.opened == []
    proxy.close()
    assert reason.endswith("the proxy cannot be used for it")
    assert asked[0].startswith(b"CONNECT 127.0.0.1:")
    assert TOKEN.encode() not in asked[0]


async def test_a_bug_of_ours_does_not_end_the_listening(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Pushed] = []
    reasons: list[str | None] = []

    def stumbling(pushed: Pushed) -> None:
        heard.append(pushed)
        raise KeyError(TOKEN)

    async with place(saying(GREETING, news())) as server:
        push = voice(server.url)
        task = asyncio.create_task(push.run(stumbling, lambda state: reasons.append(state.text)))
        await until(lambda: len(heard) > 1)
        task.cancel()
        await asyncio.wait([task])
    assert "listening to notifications failed in a way not foreseen" in reasons
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("url", ["ftp://host/org/item", "http:///org", "http://[::1/x"])
async def test_an_address_that_cannot_be_one_is_a_sentence_not_an_end(url: str) -> None:
    assert "cannot" in await first_reason(voice(url))


def test_pauses_grow_to_a_bound_and_are_never_all_alike() -> None:
    def pauses(jitter: float) -> list[float]:
        push = Notifications(
            "field", Connection("http://h"), nobody(), Ear(), lambda _job_id: {}, jitter=lambda: jitter
        )
        return [push._pause_s(failures) for failures in (1, 2, 3, 20, 10_000)]

    assert pauses(0.5) == [0.5, 1.0, 2.0, 60.0, 60.0]
    assert pauses(0.0) == [each / 2 for each in pauses(0.5)]


def test_a_command_that_listens_to_nobody_does_not_load_the_socket_library() -> None:
    program = "import sys, jobtui.backends.arcgis.client; print('websockets.asyncio.client' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
