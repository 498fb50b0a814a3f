"""Guard: keeps a held key, a paste or a key typed ahead from answering a dialog."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.message import Message

OPENING_S = 0.4
"""How long a dialog hears nothing after it is seen, and after each key that came too early."""
BURST_S = 0.03
"""Keys closer together than this were not pressed by a finger."""

When = Callable[[Message | None], float]
"""Seconds at which a message came, or now where there is none."""


def came(message: Message | None) -> float:
    """Say when a message came, not when it was got round to: a pause of the program is none of the keys'."""
    return time.monotonic() if message is None else message.time


class Guard:
    """Says whether a key may count."""

    def __init__(self, when: When = came) -> None:
        self._when = when
        self._last = float("-inf")
        self.seen()

    def seen(self) -> None:
        """Hear nothing for a while from now on: only now can anybody have seen what is asked."""
        self._deaf_until = self._when(None) + OPENING_S

    def accepts(self, key: Message) -> bool:
        """Whether a key counts; to be asked once for each, in their order."""
        now = self._when(key)
        quiet, self._last = now - self._last, now
        if now < self._deaf_until:
            self._deaf_until = now + OPENING_S
            return False
        return quiet >= BURST_S
