"""The board at rest: a source that answered as before changes its age, and nothing else is drawn for it.

Nor is anything drawn behind the last screen, where nobody would see it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from jobtui.monitor.events import Event, HealthChanged, SourceHealth
from jobtui.tui.at_once import DrawnInTurns
from jobtui.tui.curtain import Curtain
from jobtui.tui.format.sources import is_old
from jobtui.tui.pace import Pace
from jobtui.tui.screens.board import Board

YOUNG_S = 75.0
"""How long after the last news something may be on the screen whose age is told in seconds."""
ROWS_S = 15.0
"""How much too young a row may be called, whose age is told in minutes."""


class RestingBoard(DrawnInTurns, Board):
    """A board that draws the ages of its sources by themselves."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.curtain: Curtain | None = None
        """What may stand on the terminal, to be drawn over whole."""
        self._stood: dict[str, SourceHealth] = {}
        """How each source stood, whenever that was."""
        self._aging = Pace(self._show_ages, self.set_timer)
        self._moved_at = self._aged_at = time.monotonic()

    def _is_plain(self) -> bool:
        return (self.curtain is None or not self.curtain.is_down) and super()._is_plain()

    def _compositor_refresh(self) -> None:
        if self.curtain is not None and self.curtain.is_down:
            self._dirty_widgets.clear()
        else:
            super()._compositor_refresh()

    def _flushing(self) -> Iterator[None]:
        self._moved_at = time.monotonic()
        if self.curtain is None or not self.curtain.is_down or self.curtain.is_set:
            yield from super()._flushing()

    def receive(self, event: Event) -> None:
        """Take an event of the monitor; what says nothing new is no reason to draw everything."""
        if isinstance(event, HealthChanged) and self._stands(event.health):
            self.away.heard(event.health)
            self._aging.interval_s = self.pace.interval_s
            self._aging.news()
        else:
            super().receive(event)

    def _stands(self, health: SourceHealth) -> bool:
        timeless = replace(health, fresh_at=None, next_at=None, answer_s=None)
        before = self._stood.get(health.source)
        self._stood[health.source] = timeless
        return timeless == before and len(self.view) > 0

    def _age(self) -> None:
        """Show how old all is; where nothing on the screen can be younger than a minute, only at times."""
        now = time.monotonic()
        is_young = min(now - self._moved_at, self.pace.quiet_s) < YOUNG_S
        if is_young or now - self._aged_at >= ROWS_S:
            self._aged_at = now
            super()._age()
        else:
            self._show_ages()

    def _show_ages(self) -> None:
        if not self.is_attached or not self.is_mounted:
            return
        known = self.known_sources()
        if self.jobs.stale_sources != {one[1].source for one in known if is_old(one, self.now())}:
            self.pace.news()
            return
        self.sources.update(known)
        self.attention.show([self._second_line(known, self.size.width - 2)])
        self.wall.draw(self.job, self.marks.listed(self.view), known, self.away.digest)
