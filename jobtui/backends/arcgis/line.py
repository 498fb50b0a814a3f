"""One open notification socket: its greeting, subscriptions kept in step with what is wanted, its frames."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from websockets.exceptions import ConnectionClosed

from jobtui.backends.arcgis.drops import Drop
from jobtui.backends.arcgis.frames import Complaint, Frame, Greeting, decode_frame
from jobtui.backends.auth import Auth, Credential

if TYPE_CHECKING:
    # The rest of the library is loaded by whoever opens a socket.
    from websockets.asyncio.client import ClientConnection

MOST_WANTED = 1_000
BATCH = 50
"""Jobs named in one frame."""
_COALESCE_S = 0.1
"""Between two looks at what is wanted: whoever scrolls changes it many times a second."""


class Wanted:
    """The jobs to be told of."""

    def __init__(self) -> None:
        self.job_ids: dict[str, None] = {}
        self.changed = asyncio.Event()

    def replace(self, job_ids: Iterable[str]) -> None:
        """Want these and no others; each once, the first ``MOST_WANTED`` of them."""
        self.job_ids = dict.fromkeys([each for each in job_ids if each][:MOST_WANTED])
        self.changed.set()


class Patience(Struct, frozen=True):
    """How long an open line waits, in seconds."""

    greeting_s: float = 10.0
    """For the server's first word; after that we speak first, as published clients do."""
    token_check_s: float = 5.0
    """Between two looks at the token: it may have been had anew, and sockets die with the old one."""


class Line:
    """A socket that has just been opened."""

    def __init__(
        self,
        socket: ClientConnection,
        auth: Auth,
        credential: Credential,
        wanted: Wanted,
        *,
        sender: str,
        patience: Patience,
    ) -> None:
        """``sender`` is the name under which the server answers subscriptions."""
        self._socket = socket
        self._auth = auth
        self._credential = credential
        self._wanted = wanted
        self._sender = sender
        self._patience = patience
        self._greeted = asyncio.Event()
        self._is_leaving = False

    async def listen(self, take: Callable[[Frame], None]) -> Drop:
        """Hand every frame over until there is a reason of ours to hang up; raises when the server does."""
        keeping = asyncio.create_task(self._keep_subscribed())
        try:
            return await self._hear(take)
        except ConnectionClosed:
            if self._is_leaving:
                return await keeping
            raise
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    async def _hear(self, take: Callable[[Frame], None]) -> Drop:
        while True:
            heard = self._credential.redact_good(await self._socket.recv(decode=False))
            frame = decode_frame(heard, datetime.now(UTC))
            if isinstance(frame, Complaint) and frame.of_token:
                return Drop("the server no longer takes the token for its notifications", of_token=True)
            if isinstance(frame, Greeting):
                self._greeted.set()
            take(frame)

    async def _keep_subscribed(self) -> Drop:
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience.greeting_s):
                    await self._greeted.wait()
            subscribed: dict[str, None] = {}
            while await self._is_token_good():
                subscribed = await self._subscribe(subscribed)
                await asyncio.sleep(_COALESCE_S)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._patience.token_check_s):
                        await self._wanted.changed.wait()
            return Drop("the token was renewed; listening again with the new one")
        finally:
            self._is_leaving = True
            await self._socket.close()

    async def _is_token_good(self) -> bool:
        return (await self._auth.credential()).serial == self._credential.serial

    async def _subscribe(self, subscribed: dict[str, None]) -> dict[str, None]:
        """Tell the server what has changed of what is wanted; return what it now tells of."""
        self._wanted.changed.clear()
        wanted = self._wanted.job_ids
        gone = [each for each in subscribed if each not in wanted]
        if gone and not wanted:
            await self._say("unsubscribe", all=True)
        else:
            await self._say_of("unsubscribe", gone)
        await self._say_of(
            "subscribe", [each for each in wanted if each not in subscribed], senderId=self._sender
        )
        return wanted

    async def _say_of(self, word: str, job_ids: Sequence[str], **more: object) -> None:
        for first in range(0, len(job_ids), BATCH):
            await self._say(word, jobIds=job_ids[first : first + BATCH], **more)

    async def _say(self, word: str, **more: object) -> None:
        token = token_in(self._credential)
        frame = {"msgType": word, **more, **({"token": token} if token else {})}
        await self._socket.send(msgspec.json.encode(frame).decode())


def token_in(credential: Credential) -> str | None:
    """Return the bare token, as frames carry it; None when there is none."""
    named = (
        value.removeprefix("Bearer ") for value in credential.headers.values() if value.startswith("Bearer ")
    )
    return next(iter(credential.query.values()), None) or next(named, None)
