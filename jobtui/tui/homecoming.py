"""Homecoming: what happened while nobody looked, told once the sources have answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from jobtui.errors import JobtuiError
from jobtui.monitor.away import Away, Digest
from jobtui.monitor.events import Link, SourceHealth

LONG = timedelta(minutes=5)
"""Who comes back sooner is told when asking only."""
LATER_S = 30.0
"""When it is told once more: details of what the first lists named have been read by then."""
_NOTE_EVERY_S = 60.0


class Homecoming:
    """Reads when somebody last looked, and has the digest shown as the sources answer."""

    def __init__(self, away: Away, *, show: Callable[[Digest], None], now: Callable[[], datetime]) -> None:
        self._away = away
        self._show = show
        self._now = now
        self._answered: set[str] = set()
        self._since: datetime | None = None
        self._is_long = False
        self.digest: Digest | None = None
        """What happened since somebody last looked; None when nobody has, or before it is read."""
        self._is_begun = False
        self._noted_at = float("-inf")

    async def begin(self) -> None:
        """Take over when somebody last looked; from now on somebody does. Raises JobtuiError."""
        last = await self._away.last_look()
        self._is_begun = True
        self.looked()
        if last is not None:
            self._since, self._is_long = last, self._now() - last >= LONG
            await self.tell()

    def looked(self, *, at_once: bool = False) -> None:
        """Note that somebody sits here; written at most once a minute, and when the screen is left."""
        now = time.monotonic()
        if self._is_begun and (at_once or now - self._noted_at >= _NOTE_EVERY_S):
            self._noted_at = now
            self._away.looked()

    def heard(self, health: SourceHealth) -> bool:
        """Say whether a source has answered for the first time, so that there is more to tell."""
        if health.link not in (Link.LIVE, Link.SLOW) or health.source in self._answered:
            return False
        self._answered.add(health.source)
        return self._is_begun is False or self._since is not None

    async def tell(self, after_s: float = 0.0) -> None:
        """Have what happened since at hand, as far as it is known, and show it. Raises JobtuiError."""
        await asyncio.sleep(after_s)
        if self._since is None:
            return
        try:
            self.digest = digest = await self._away.digest(self._since)
        except JobtuiError:
            self._since = None  # the journal's fault is said where it belongs
            raise
        if digest.news and self._is_long:
            self._show(digest)
