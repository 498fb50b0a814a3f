"""What backend tests share: secrets, sources on the demo, and a server that fails on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st

from jobtui.backends.base import Connection
from jobtui.model import Secret, SecretSource

# How long one example takes says more of the machine than of the decoder.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

TOKEN = "tok-7f3a-never-shown"

Answer = bytes | None | Callable[[asyncio.StreamWriter], Awaitable[None]]
"""Bytes are written as they are; None hangs up; a function does as it likes with the writer."""


def secret(value: str = TOKEN) -> SecretSource:
    """Return a source of one secret."""

    async def fetch() -> Secret:
        return Secret(value)

    return fetch


def connection(url: str, *, timeout_s: float = 5.0, **options: str) -> Connection:
    """Return a connection with the token ``TOKEN``."""
    return Connection(url, {"token": secret()}, options, timeout_s=timeout_s)


def answer(
    body: bytes | str = b"{}",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
) -> bytes:
    """Write a whole HTTP answer."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(raw)}", f"Content-Type: {content_type}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


async def never(_writer: asyncio.StreamWriter) -> None:
    """Answer nothing and keep the connection open."""
    await asyncio.Event().wait()


@dataclass(frozen=True)
class Got:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: int


@dataclass
class Scripted:
    """A server that gives its answers in turn, the last one for ever."""

    answers: list[Answer]
    url: str = ""
    got: list[Got] = field(default_factory=list)
    connections: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        try:
            while await self._one(reader, writer, self.connections):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client left, as some tests mean it to
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode().strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        method, path, _ = first.split(" ")
        self.got.append(Got(method, path, headers, body, number))
        what = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if what is None:
            return False
        if isinstance(what, bytes):
            writer.write(what)
            await writer.drain()
            return True
        await what(writer)
        return False


@asynccontextmanager
async def scripted(*answers: Answer) -> AsyncIterator[Scripted]:
    """Serve scripted answers on a port of the system's choice."""
    script = Scripted(list(answers))
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    script.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield script
    finally:
        server.close()
        for task in script.tasks:
            task.cancel()
        await asyncio.gather(*script.tasks, return_exceptions=True)


json_values: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
"""Any JSON value."""


def records(keys: Sequence[str], words: Sequence[str]) -> st.SearchStrategy[object]:
    """Return records with some of these keys, holding plausible words or anything at all."""
    value = st.sampled_from([*words, "", "2026-09-14T08:02:11.418Z"]) | st.integers(-3, 300) | json_values
    return st.dictionaries(st.sampled_from(list(keys)), value, max_size=len(keys))
