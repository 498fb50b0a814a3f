"""Guard: keeps a held key, a paste or a key typed ahead from answering a dialog."""

from __future__ import annotations

import time
from collections.abc import Callable

OPENING_S = 0.4
"""How long a dialog hears nothing after it has opened, and after each key that came too early."""
BURST_S = 0.03
"""Keys closer together than this were not pressed by a finger."""


class Guard:
    """Says whether a key may count."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._deaf_until = clock() + OPENING_S
        self._last = float("-inf")

    def accepts(self) -> bool:
        """Whether the key pressed now counts; to be asked once for each key."""
        now = self._clock()
        quiet, self._last = now - self._last, now
        if now < self._deaf_until:
            self._deaf_until = now + OPENING_S
            return False
        return quiet >= BURST_S
