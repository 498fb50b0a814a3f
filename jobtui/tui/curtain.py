"""The curtain: the last screen stays on the terminal, and keys wait, until the live one can be drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual import events

AT_MOST_S = 3.0
"""How long the live screen may be waited for."""
ENOUGH_S = 0.35
"""How long what is remembered may take to be whole; of very much, a part has to do, and the rest comes."""


class Curtain:
    """Up unless it is lowered, and once raised it stays up."""

    def __init__(self, act: Callable[[events.Event], Awaitable[None]]) -> None:
        """``act`` is what is done for a key."""
        self.is_down = False
        self.is_set = False
        """Whether all that is known stands behind it; what comes before that need not be laid out."""
        self._act = act
        self._waiting: list[events.Event] = []
        self._risen = asyncio.Event()

    async def risen(self) -> None:
        """Wait until the live screen is drawn over what was down."""
        await self._risen.wait()

    def holds(self, event: events.Event) -> bool:
        """Say whether an event has to wait; it is kept then. A key must not act on what only seems to be."""
        is_held = self.is_down and isinstance(event, events.Key | events.Paste)
        if is_held:
            self._waiting.append(event)
        return is_held

    async def rise(self, draw: Callable[[], None]) -> None:
        """Draw the live screen whole, and do what the keys that came meanwhile say, in their order."""
        if not self.is_down:
            return
        self.is_down = False
        draw()
        waiting, self._waiting = self._waiting, []
        for event in waiting:
            await self._act(event)
        self._risen.set()
