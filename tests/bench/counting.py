"""A proxy between a client and a server that passes bytes on as they are, and counts what they are.

Counts what the wire carries above TCP: no TCP and IP headers, and no TLS, since the demo speaks without.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import astuple, dataclass, replace
from urllib.parse import urlsplit

_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_SOCKET = b"upgrade: websocket"
HOST = "127.0.0.1"


@dataclass(slots=True)
class Traffic:
    """What went over the wire; up is from the client to the server."""

    requests: float = 0
    posts: float = 0
    """Of these, those that post: lists of jobs, where an API searches for them."""
    http_up: float = 0
    http_down: float = 0
    sockets: float = 0
    """Websockets asked for; the bytes of their handshakes are theirs."""
    frames_up: float = 0
    frames_down: float = 0
    socket_up: float = 0
    socket_down: float = 0

    def copy(self) -> Traffic:
        """Give the counts as they are now."""
        return replace(self)

    def since(self, before: Traffic) -> Traffic:
        """Give what was added."""
        return Traffic(*(now - then for now, then in zip(astuple(self), astuple(before), strict=True)))

    def times(self, factor: float) -> Traffic:
        """Give the counts scaled, as to a minute."""
        return Traffic(*(count * factor for count in astuple(self)))

    @property
    def bytes(self) -> float:
        """All bytes, both ways."""
        return self.http_up + self.http_down + self.socket_up + self.socket_down


class Frames:
    """Counts websocket frames, in whatever pieces they come."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def take(self, data: bytes) -> int:
        """Take bytes; gives how many frames they completed, control frames too."""
        self._buffer += data
        complete = 0
        while (length := _frame_length(self._buffer)) is not None and length <= len(self._buffer):
            del self._buffer[:length]
            complete += 1
        return complete


def _frame_length(buffer: bytearray) -> int | None:
    """Say how long the first frame is; None while that is not known."""
    if len(buffer) < 2:
        return None
    mask, short = (4 if buffer[1] & 0x80 else 0), buffer[1] & 0x7F
    more = {126: 2, 127: 8}.get(short, 0)
    if len(buffer) < 2 + more:
        return None
    return 2 + more + mask + (int.from_bytes(buffer[2 : 2 + more]) if more else short)


class Conversation:
    """One connection: HTTP/1.1 requests one after the other, or one that becomes a websocket."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self._is_socket = False
        self._head = bytearray()
        self._answer: bytearray | None = bytearray()
        """The head of the answer to a handshake, until it is complete."""
        self._body_left = 0
        self._frames_up, self._frames_down = Frames(), Frames()

    def up(self, data: bytes) -> None:
        """Count what the client sends."""
        if self._is_socket:
            self._traffic.socket_up += len(data)
            self._traffic.frames_up += self._frames_up.take(data)
            return
        skipped = min(self._body_left, len(data))
        self._body_left -= skipped
        self._traffic.http_up += skipped
        self._head += data[skipped:]
        head, end, rest = bytes(self._head).partition(_HEAD_END)
        if end:
            self._head.clear()
            self._begin(head)
            self.up(rest)

    def down(self, data: bytes) -> None:
        """Count what the server sends."""
        if not self._is_socket:
            self._traffic.http_down += len(data)
            return
        self._traffic.socket_down += len(data)
        if self._answer is not None:
            self._answer += data
            _, end, data = bytes(self._answer).partition(_HEAD_END)
            if not end:
                return
            self._answer = None
        self._traffic.frames_down += self._frames_down.take(data)

    def _begin(self, head: bytes) -> None:
        size, lines = len(head) + len(_HEAD_END), head.lower().split(b"\r\n")
        if _SOCKET in lines:
            self._is_socket = True
            self._traffic.sockets += 1
            self._traffic.socket_up += size
            return
        self._traffic.requests += 1
        self._traffic.posts += head.startswith(b"POST ")
        self._traffic.http_up += size
        lengths = (line.removeprefix(_LENGTH) for line in lines if line.startswith(_LENGTH))
        self._body_left = int(next(lengths, b"0"))


@dataclass(frozen=True, slots=True)
class Proxied:
    """Where a server can be reached, and what went there."""

    url: str
    traffic: Traffic


@asynccontextmanager
async def counting_proxy(url: str) -> AsyncIterator[Proxied]:
    """Give a proxy to the server at a root address, with counts of its own, while the context lasts."""
    target = urlsplit(url)
    traffic = Traffic()
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            # Nobody awaits this task but the stream's own callback, to which a cancelled one is an error.
            with suppress(OSError, asyncio.CancelledError):
                onward = await asyncio.open_connection(target.hostname, target.port)
                await _pass_on((reader, writer), onward, Conversation(traffic))
        finally:
            writer.close()
            tasks.discard(task)

    server = await asyncio.start_server(serve, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield Proxied(f"http://{HOST}:{port}", traffic)
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


_Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _pass_on(client: _Stream, server: _Stream, conversation: Conversation) -> None:
    try:
        await asyncio.gather(
            _pump(client[0], server[1], conversation.up), _pump(server[0], client[1], conversation.down)
        )
    finally:
        server[1].close()


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, count: Callable[[bytes], None]
) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            count(data)
            writer.write(data)
            await writer.drain()
    writer.close()
