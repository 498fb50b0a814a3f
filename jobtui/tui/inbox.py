"""The inbox: what the monitor announces, taken a little at a time, as a key may wait behind it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from jobtui.monitor.events import Event
from jobtui.turns import is_key_waiting

SLICE_S = 0.004
"""How long is taken from it at a stretch; a quarter of a frame."""


class Inbox:
    """Events in their order; whoever is asked to come takes some at a time."""

    def __init__(
        self,
        take: Callable[[Event], None],
        ask: Callable[[], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``take`` is what is done with each; ``ask`` has ``take_some`` called, behind what waits already."""
        self._take = take
        self._ask = ask
        self._clock = clock
        self._events: deque[Event] = deque()
        self._is_asked = False

    def put(self, event: Event) -> None:
        """Add one."""
        self._events.append(event)
        self.ask()

    def ask(self) -> None:
        """Have some taken, if there are any and nobody has been asked."""
        if self._events and not self._is_asked:
            self._is_asked = True
            self._ask()

    def ask_again(self) -> None:
        """Have some taken after all, where whoever was asked put it off."""
        self._is_asked = False
        self.ask()

    def take_all(self) -> None:
        """Take all there is, however long that takes."""
        while self._events:
            self._take(self._events.popleft())

    def take_some(self) -> None:
        """Take as many as one slice of time has room for, at least one if there is one."""
        self._is_asked = False
        until = self._clock() + SLICE_S
        while self._events:
            self._take(self._events.popleft())
            if self._clock() >= until or is_key_waiting():
                return
