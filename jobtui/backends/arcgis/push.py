"""The voice of a workflow item: its notification socket, opened again after every drop.

Source: the project's notes on the websocket of Workflow Manager, 2.3, and on how published clients use it.
The token travels as with every other request, and in each subscription.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
import uuid
from collections.abc import Callable, Sequence
from typing import NoReturn

from msgspec import Struct, field
from websockets.exceptions import WebSocketException

from jobtui.backends.arcgis.drops import Drop, drop_of, with_way_out
from jobtui.backends.arcgis.ear import Ear, Naming
from jobtui.backends.arcgis.frames import Complaint, Frame, Greeting, News, Nothing
from jobtui.backends.arcgis.line import Line, Patience, Wanted
from jobtui.backends.auth import Auth, Credential
from jobtui.backends.base import Connection, Pushed, PushState
from jobtui.backends.faults import host_of
from jobtui.errors import JobtuiError
from jobtui.model import JobRef

log = logging.getLogger(__name__)

Heard = Callable[[Pushed], None]
Stands = Callable[[PushState], None]


class Pace(Struct, frozen=True):
    """How soon and how long a socket is tried, in seconds."""

    first_pause_s: float = 0.5
    longest_pause_s: float = 60.0
    settled_s: float = 20.0
    """After a socket that was open this long the pauses begin from the first again."""
    ping_s: float = 15.0
    """How often a line is tried, and how long it may then stay silent."""
    patience: Patience = field(default_factory=Patience)


class Notifications:
    """Listens to one workflow item; its ear remembers what frames told."""

    def __init__(
        self,
        source: str,
        connection: Connection,
        auth: Auth,
        ear: Ear,
        names: Naming,
        *,
        pace: Pace = Pace(),  # noqa: B008 - frozen
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """``names`` gives the titles of a job's steps, as far as they are known."""
        self._source = source
        self._connection = connection
        self._host = host_of(connection.url)
        self._auth = auth
        self._ear = ear
        self._names = names
        self._pace = pace
        self._jitter = jitter
        self._sender = f"jobtui-{uuid.uuid4().hex[:8]}"
        self._wanted = Wanted()
        self._refused: Credential | None = None
        self._may_renew = True
        self.ignored = 0
        """Frames that told nothing we can use."""

    def want(self, job_ids: Sequence[str]) -> None:
        """Name all the jobs to be told of, in place of those named before; as often as liked."""
        self._wanted.replace(job_ids)

    async def run(self, heard: Heard, stands: Stands) -> NoReturn:
        """Listen until cancelled; connects again after every drop, and never gives up or raises."""
        failures = 0
        while True:
            began = time.monotonic()
            drop = await self._until_dropped(_Hearing(self._take, heard, stands, self._wanted))
            has_settled = time.monotonic() - began >= self._pace.settled_s
            failures = 1 if has_settled else failures + 1
            self._may_renew = self._may_renew or has_settled
            log.info("%s: %s", self._source, drop.text)
            stands(PushState(False, drop.text))
            await asyncio.sleep(self._pause_s(failures))

    def _pause_s(self, failures: int) -> float:
        # Not all at the same moment, after a server that many listened to comes back.
        pause_s: float = self._pace.first_pause_s * 2.0 ** min(failures - 1, 16)
        return min(pause_s, self._pace.longest_pause_s) * (0.5 + self._jitter())

    async def _until_dropped(self, hearing: _Hearing) -> Drop:
        # Deferred: a command that listens to nobody need not wait for the library.
        from jobtui.backends.arcgis.opening import opened

        credential: Credential | None = None
        try:
            credential = await self._credential()
            async with await opened(self._source, self._connection, credential, self._pace.ping_s) as socket:
                line = Line(
                    socket,
                    self._auth,
                    credential,
                    self._wanted,
                    sender=self._sender,
                    patience=self._pace.patience,
                )
                drop = await line.listen(hearing)
        except (JobtuiError, WebSocketException, OSError, ValueError, ImportError) as error:
            drop = drop_of(self._host, error, credential.redact if credential else str)
            drop = with_way_out(drop, credential)
        except Exception as error:  # noqa: BLE001 - see below
            # A bug must not end the listening. What it says may hold an address: only its name is kept.
            log.error("%s: listening failed with %s", self._source, type(error).__name__)
            drop = Drop("listening to notifications failed in a way not foreseen")
        self._refused = credential if drop.of_token else None
        return drop

    async def _credential(self) -> Credential:
        refused, self._refused = self._refused, None
        if refused is None or not self._may_renew:
            return await self._auth.credential()
        # Once: where no token is good enough, nobody is to be asked for a new one every minute.
        self._may_renew = False
        return await self._auth.renewed(refused)

    def _take(self, frame: Frame) -> Pushed | None:
        if isinstance(frame, News) and frame.job_id in self._wanted.job_ids:
            names = self._names(frame.job_id)
            return self._ear.hear(JobRef(self._source, frame.job_id), frame, names, time.monotonic())
        if isinstance(frame, Nothing | Complaint):
            self.ignored += 1
            why = frame.reason if isinstance(frame, Nothing) else "a complaint that names no job"
            log.debug("%s: a notification was left out: %s", self._source, why)
        return None


class _Hearing:
    """Hands on what the frames of one line tell.

    A line is open when the server has answered us: a greeting alone tells nobody that subscriptions work.
    """

    def __init__(
        self, take: Callable[[Frame], Pushed | None], heard: Heard, stands: Stands, wanted: Wanted
    ) -> None:
        self._take = take
        self._heard = heard
        self._stands = stands
        self._wanted = wanted
        self._is_open = False

    def __call__(self, frame: Frame) -> None:
        is_answer = not isinstance(frame, Nothing) and not (
            isinstance(frame, Greeting) and self._wanted.job_ids
        )
        if is_answer and not self._is_open:
            self._is_open = True
            self._stands(PushState(True))
        pushed = self._take(frame)
        if pushed is not None:
            self._heard(pushed)
