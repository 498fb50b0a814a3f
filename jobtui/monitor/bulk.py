"""Several controls, frozen together, sent one at a time, each with its own intent; until somebody stops."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct

from jobtui.errors import JobtuiError
from jobtui.model import ControlRequest, Outcome
from jobtui.monitor.controls import Still


class Sender(Protocol):
    """What carries a single control out."""

    async def turn(self, source: str) -> None:
        """Wait until the budget of a source has room."""

    async def carry_out(self, request: ControlRequest, still: Still = ...) -> Outcome:
        """Carry one control from intent to outcome."""

    async def refuse(self, request: ControlRequest, reason: str) -> Outcome:
        """End a control that is not sent."""


class Asked(Struct, frozen=True):
    """One of the controls: what is sent is this and nothing else."""

    request: ControlRequest
    still: Still = lambda _: None
    """Says what of its job is no longer as the person was told."""


class Bulk:
    """A frozen list of controls on their way."""

    def __init__(self, sender: Sender, asked: Sequence[Asked]) -> None:
        self._sender = sender
        self.asked = tuple(asked)
        self.outcomes: list[Outcome] = []
        """How those ended that were carried out, in their order."""
        self.waits_for: str | None = None
        """The source whose budget has no room just now."""
        self._stopped = asyncio.Event()

    @property
    def is_stopped(self) -> bool:
        """Whether somebody stopped what is not yet under way."""
        return self._stopped.is_set()

    @property
    def left(self) -> tuple[Asked, ...]:
        """Those that were not carried out."""
        return self.asked[len(self.outcomes) :]

    def stop(self) -> None:
        """Send no more; what is under way is followed to its end."""
        self._stopped.set()

    async def run(self, moved: Callable[[], None]) -> None:
        """Send one after the other, each when its source has room; ``moved`` is called at each turn."""
        for asked in self.asked:
            moved()
            if not await self._may_go(asked.request.ref.source, moved):
                return
            self.outcomes.append(await self._send(asked))
        moved()

    async def _send(self, asked: Asked) -> Outcome:
        try:
            return await self._sender.carry_out(asked.request, asked.still)
        except JobtuiError as error:
            # Only what happens before sending is raised: no credential, or no journal for the intent.
            return await self._sender.refuse(asked.request, str(error))

    async def _may_go(self, source: str, moved: Callable[[], None]) -> bool:
        """Wait for room, or until it is stopped."""
        turn = asyncio.ensure_future(self._sender.turn(source))
        stopped = asyncio.ensure_future(self._stopped.wait())
        try:
            done, _ = await asyncio.wait({turn, stopped}, timeout=0.2, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                self.waits_for = source
                moved()
                await asyncio.wait({turn, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.waits_for = None
            for task in (turn, stopped):
                task.cancel()
            await asyncio.gather(turn, stopped, return_exceptions=True)
        return not self.is_stopped
