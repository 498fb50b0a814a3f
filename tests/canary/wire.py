"""Origins that write down every byte they are sent: in front of the demo, or answering by themselves."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

Answer = Callable[["Request"], bytes]
"""What an origin says instead of the demo; nothing at all hangs up."""


@dataclass
class Request:
    """One request as it came over the wire."""

    line: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    frames: list[bytes] = field(default_factory=list)
    """What was sent on the websocket that it became, unmasked."""

    @property
    def target(self) -> bytes:
        return self.line.split(b" ")[1]

    @property
    def path(self) -> bytes:
        return self.target.partition(b"?")[0]

    def header(self, name: bytes) -> bytes:
        return next((value for key, value in self.headers if key.lower() == name), b"")


@dataclass
class Stream:
    """All that one connection sent."""

    data: bytearray = field(default_factory=bytearray)

    def requests(self) -> Iterator[Request]:
        rest = bytes(self.data)
        while rest:
            head, end, rest = rest.partition(b"\r\n\r\n")
            line, *lines = head.split(b"\r\n")
            pairs = [each.partition(b":") for each in lines]
            request = Request(line, [(name, value.strip()) for name, _, value in pairs])
            if not end or line.count(b" ") != 2:
                # Not HTTP, or cut off: all of it counts as the first line.
                yield Request(b"x " + head + end + rest + b" x", [])
                return
            length = int(request.header(b"content-length") or 0)
            request.body, rest = rest[:length], rest[length:]
            if request.header(b"upgrade"):
                request.frames, rest = list(_frames(rest)), b""
            yield request


class Origin:
    """A host of its own."""

    def __init__(self, name: str, upstream: int | None) -> None:
        self.name = name
        self.upstream = upstream
        self.answer: Answer | None = None
        """Given, it answers instead of whoever is behind."""
        self.streams: list[Stream] = []
        self.port = 0
        self._passing: dict[asyncio.Task[None], asyncio.AbstractEventLoop] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def turn(self, answer: Answer) -> None:
        """Answer from now on; what is connected to whoever is behind is hung up, else it would go on."""
        self.answer = answer
        for passing, loop in list(self._passing.items()):
            loop.call_soon_threadsafe(passing.cancel)

    def requests(self) -> list[Request]:
        """List all that was asked here."""
        return [request for stream in self.streams for request in stream.requests()]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream = Stream()
        self.streams.append(stream)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            if self.answer is None and self.upstream is not None:
                passing = asyncio.ensure_future(self._pass_on(stream, reader, writer))
                self._passing[passing] = asyncio.get_running_loop()
                passing.add_done_callback(self._passing.pop)
                await passing
            else:
                await self._reply(stream, reader, writer)
        writer.close()

    async def _reply(
        self, stream: Stream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        stream.data += head
        (request,) = Stream(bytearray(head)).requests()
        length = int(request.header(b"content-length") or 0)
        request.body = await reader.readexactly(length)
        stream.data += request.body
        writer.write(self.answer(request) if self.answer else b"")
        await writer.drain()

    async def _pass_on(
        self, stream: Stream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        back, forth = await asyncio.open_connection("127.0.0.1", self.upstream)
        pumps = [
            asyncio.ensure_future(_pump(reader, forth, stream.data)),
            asyncio.ensure_future(_pump(back, writer, bytearray())),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            forth.close()


class Wire:
    """The loop that all origins of a test live on, in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._servers: list[asyncio.Server] = []
        self.origins: list[Origin] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5.0)
        self._loop.close()

    def origin(self, name: str, upstream: int | None = None) -> Origin:
        """Begin an origin: in front of another port of this machine, or on its own."""
        origin = Origin(name, upstream)
        server = self._run(asyncio.start_server(origin.serve, "127.0.0.1", 0, family=socket.AF_INET))
        self._servers.append(server)
        origin.port = server.sockets[0].getsockname()[1]
        self.origins.append(origin)
        return origin

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10.0)


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, kept: bytearray) -> None:
    while data := await source.read(65536):
        kept += data
        sink.write(data)
        await sink.drain()


def _frames(data: bytes) -> Iterator[bytes]:
    """Unmask what a client sent on a websocket."""
    while len(data) >= 6:
        size, at = data[1] & 0x7F, 2
        if size == 126:
            size, at = int.from_bytes(data[2:4]), 4
        elif size == 127:
            size, at = int.from_bytes(data[2:10]), 10
        mask, payload = data[at : at + 4], data[at + 4 : at + 4 + size]
        yield bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
        data = data[at + 4 + size :]
