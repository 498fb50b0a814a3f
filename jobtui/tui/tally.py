"""Tally: how many jobs are in which state, and which need a person; kept up by changes, never recounted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from jobtui.insight.attention import needs_you
from jobtui.model import Job, JobRef
from jobtui.monitor.events import Change
from jobtui.tui.format.spans import Line, Span, cut, width_of
from jobtui.tui.format.states import WORDS, look_of

_ORDER = tuple(look for look in WORDS if look != "skipped")


class Tally:
    """Counts by state, and the refs of what needs a person."""

    def __init__(self, needs_me: Callable[[Job, datetime], bool] = needs_you) -> None:
        self._needs_me = needs_me
        self._looks: dict[JobRef, str] = {}
        self._needy: set[JobRef] = set()
        self.counts: Counter[str] = Counter()

    @property
    def needy(self) -> int:
        """How many jobs need a person."""
        return len(self._needy)

    def apply(self, changes: Iterable[Change], now: datetime) -> None:
        """Take over changes."""
        for change in changes:
            self._forget(change.ref)
            if change.after is not None:
                self.count(change.after, now)

    def count(self, job: Job, now: datetime) -> None:
        """Count one job that was not counted before."""
        look = look_of(job)
        self._looks[job.ref] = look
        self.counts[look] += 1
        if self._needs_me(job, now):
            self._needy.add(job.ref)

    def line(self, width: int) -> Line:
        """Say how many need a person, then how many are in each state."""
        if not self._looks:
            return ()
        verb = "needs" if self.needy == 1 else "need"
        head = (
            Span(f"! {self.needy} {verb} you, ! goes to the next", "bad")
            if self.needy
            else Span("nothing needs you", "good")
        )
        counts = "  ".join(
            f"{self.counts[look]} {WORDS[look].lower()}" for look in _ORDER if self.counts[look]
        )
        return (head, Span(cut(f"   {counts}", width - width_of([head])), "dim"))

    def brief(self) -> Line:
        """Say how many need a person where there is room for nothing else; empty when none does."""
        return (Span(f"! {self.needy}", "bad"),) if self.needy else ()

    def _forget(self, ref: JobRef) -> None:
        look = self._looks.pop(ref, None)
        if look is not None:
            self.counts[look] -= 1
        self._needy.discard(ref)
