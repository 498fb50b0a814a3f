"""The proxy that counts: the counts are of what was sent, whatever the pieces it came in."""

from __future__ import annotations

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from jobtui.demo import DemoServer
from tests.bench.counting import Conversation, Frames, Traffic, counting_proxy
from tests.bench.table import Table, figure

_GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
_POST = b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
_HANDSHAKE = b"GET /s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n"
_ACCEPTED = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"
_MASKED, _PLAIN = b"\x81\x82abcdhi", b"\x81\x7e\x00\x80" + b"x" * 128


@pytest.mark.parametrize("piece", [1, 2, 7, 1_000])
def test_requests_are_counted_whole_however_they_are_cut(piece: int) -> None:
    traffic = Traffic()
    conversation = Conversation(traffic)
    sent = _GET + _POST + _GET
    for start in range(0, len(sent), piece):
        conversation.up(sent[start : start + piece])
    assert (traffic.requests, traffic.http_up, traffic.sockets) == (3, len(sent), 0)


@pytest.mark.parametrize("piece", [1, 3, 1_000])
def test_a_websocket_is_counted_by_itself_from_its_handshake_on(piece: int) -> None:
    traffic = Traffic()
    conversation = Conversation(traffic)
    up, down = _HANDSHAKE + _MASKED * 3, _ACCEPTED + _PLAIN * 2
    for start in range(0, len(up), piece):
        conversation.up(up[start : start + piece])
    for start in range(0, len(down), piece):
        conversation.down(down[start : start + piece])
    assert (traffic.requests, traffic.http_up, traffic.http_down, traffic.sockets) == (0, 0, 0, 1)
    assert (traffic.frames_up, traffic.frames_down) == (3, 2)
    assert (traffic.socket_up, traffic.socket_down) == (len(up), len(down))


def test_a_frame_that_has_not_ended_is_not_counted() -> None:
    frames = Frames()
    assert frames.take(_PLAIN[:100]) == 0
    assert frames.take(_PLAIN[100:] + b"\x89") == 1


async def test_what_a_client_asks_through_the_proxy_is_what_the_demo_was_asked(demo: DemoServer) -> None:
    before = len(demo.requests)
    async with counting_proxy(demo.url) as proxied, httpx.AsyncClient(trust_env=False) as client:
        bodies = [(await client.get(f"{proxied.url}/api/v2/job_statuses.json")).content for _ in range(3)]
        assert proxied.traffic.requests == len(demo.requests) - before == 3
        assert proxied.traffic.http_down > sum(map(len, bodies))


async def test_frames_pass_the_proxy_both_ways_and_are_counted() -> None:
    async def echo(socket: ServerConnection) -> None:
        async for text in socket:
            await socket.send(text)

    async with serve(echo, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with (
            counting_proxy(f"http://127.0.0.1:{port}") as proxied,
            connect(proxied.url.replace("http", "ws"), compression=None, proxy=None) as socket,
        ):
            for text in ("a", "b" * 300, "c" * 70_000):
                await socket.send(text)
                assert await socket.recv() == text
            traffic = proxied.traffic.copy()
    assert (traffic.requests, traffic.sockets, traffic.frames_up, traffic.frames_down) == (0, 1, 3, 3)
    assert traffic.socket_up > 70_301
    assert traffic.socket_down > 70_301


def test_a_table_has_words_to_the_left_and_figures_to_the_right() -> None:
    table = Table("what", ("way", "bytes"), [("push", 1234.0), ("polling", None)], ("a note",))
    assert table.lines() == [
        "what",
        "",
        "way      bytes",
        "-------  -----",
        "push     1,234",
        "polling      –",
        "  a note",
    ]


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (0.01234, "0.0123"), (1.234, "1.23"), (12.34, "12.3")])
def test_a_figure_has_as_many_digits_as_mean_something(value: float, text: str) -> None:
    assert figure(value) == text
