"""Mutes of somebody who listens: the same as on the screen, kept in the same file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from jobtui.insight.attention import needs_you
from jobtui.insight.muting import Mutes
from jobtui.layout_file import LayoutFile
from jobtui.model import Job
from jobtui.monitor.events import Change
from jobtui.text import plain


class Muting:
    """Which jobs are muted, and where that is kept."""

    def __init__(self, file: LayoutFile) -> None:
        self._file = file
        self._layout = file.read()
        self.mutes = Mutes(self._layout.muted)

    def needs_me(self, job: Job, now: datetime) -> bool:
        """Whether a job needs a person and is not muted."""
        return self.mutes.needs_me(job, now)

    def toggle(self, jobs: Sequence[Job], now: datetime) -> str:
        """Mute those that need somebody, or when all are muted take that back; gives a sentence on it."""
        needy = [job for job in jobs if needs_you(job, now)]
        if not needy:
            return "Nothing here needs you, so there is nothing to mute."
        is_muted = self.mutes.toggle(needy)
        what = "1 job is" if len(needy) == 1 else f"{len(needy)} jobs are"
        said = f"{what} {'muted until it changes' if is_muted else 'muted no more'}"
        if len(needy) > 1 and is_muted:
            said = f"{what} muted, each until it changes"
        return f"{said}{self._keep()}."

    def take(self, changes: Sequence[Change]) -> None:
        """Take over how jobs stand now: what has changed is muted no more."""
        over = [change for change in changes if self.mutes.notice(change.ref, change.after)]
        if over:
            self._keep()

    def _keep(self) -> str:
        """Keep the mutes for the next start; says why they are not."""
        try:
            self._layout = replace(self._layout, muted=self.mutes.conditions)
            self._file.keep(self._layout)
        except OSError as error:
            return f", but not at the next start: {plain(error.strerror or str(error))}"
        return ""
