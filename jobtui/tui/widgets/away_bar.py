"""The line of what happened while nobody looked: told as the sources answer, dismissed for the session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual import work

from jobtui.errors import JobtuiError
from jobtui.monitor.away import Away, Digest
from jobtui.monitor.events import SourceHealth
from jobtui.tui.format.away import away_line
from jobtui.tui.homecoming import LATER_S, Homecoming
from jobtui.tui.widgets.line_bar import LineBar


class AwayBar(LineBar):
    """One line on return; none when nothing is known to have happened or it was dismissed."""

    def __init__(
        self,
        away: Away,
        *,
        now: Callable[[], datetime],
        say: Callable[[str], None],
        changed: Callable[[], None],
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        """``say`` is told what cannot be read; ``changed`` is called when the line comes or goes."""
        super().__init__(id=id)
        self.homecoming = Homecoming(away, show=self._told, now=now)
        self.digest: Digest | None = None
        """What the line tells; None when nothing is known, nobody was away for long, or it was dismissed."""
        self._now = now
        self._say = say
        self._changed = changed
        self._is_dismissed = False

    def begin(self) -> None:
        """Take over when somebody last looked, and tell what is known to have happened since."""
        self._tell(begin=True)

    def heard(self, health: SourceHealth) -> None:
        """Tell again when a source has answered for the first time."""
        if self.homecoming.heard(health):
            self._tell()

    def dismiss(self) -> None:
        """Take the line away, for this session."""
        self.digest, self._is_dismissed = None, True
        self._changed()

    def draw(self, width: int) -> None:
        """Show the line as it reads now."""
        self.show([] if self.digest is None else [away_line(self.digest, self._now(), width)])

    def _told(self, digest: Digest) -> None:
        if not self._is_dismissed:
            self.digest = digest
            self._changed()

    @work(group="away")
    async def _tell(self, *, begin: bool = False) -> None:
        try:
            if begin:
                await self.homecoming.begin()
            else:
                await self.homecoming.tell(after_s=1.0)
                await self.homecoming.tell(after_s=LATER_S)
        except JobtuiError as error:
            self._say(f"what happened while you were away cannot be read: {error}")
