"""Finding: which jobs are shown and in which order; the last filter that could be read stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from jobtui.insight.muting import Mutes
from jobtui.insight.search import Query, read
from jobtui.insight.sorting import Order
from jobtui.model import Job, JobRef
from jobtui.monitor.store import View


class Finding:
    """The filter and the order of the list, and the view of the jobs that they make."""

    def __init__(self, jobs: Iterable[Job], now: Callable[[], datetime], mutes: Mutes) -> None:
        self._now = now
        self._mutes = mutes
        self._query = Query()
        self.text = ""
        """The filter in force, as typed."""
        self.trouble = ""
        """What of the text last typed cannot be read; empty when it is in force."""
        self.problems = False
        self.users: dict[str, frozenset[str]] = {}
        """What each source calls us, as far as it was asked."""
        self.order = Order()
        self.kept: JobRef | None = None
        """The selected job: it stays where it is when it no longer fits."""
        self.view = View(jobs, key=mutes.key(self.order))

    @property
    def hides(self) -> bool:
        """Whether some jobs may be hidden."""
        return bool(self.text) or self.problems

    def filter(self, text: str, *, problems: bool) -> None:
        """Show what passes, and of that only what needs somebody; what cannot be read changes nothing."""
        query = read(text, self.users)
        self.trouble = query.trouble
        if query.trouble and problems == self.problems:
            return
        if not query.trouble:
            self._query, self.text = query, text.strip()
        self.problems = problems
        self.kept = None
        self._refilter()

    @property
    def query(self) -> Query:
        """The filter in force, as the test that a job must pass."""
        return self._query

    @property
    def asks_me(self) -> bool:
        """Whether the filter asks for the jobs of whoever is signed in."""
        return self._query.asks_me

    def sort(self, order: Order) -> None:
        """Show the jobs in another order."""
        self.order = order
        self.view.set_order(self._mutes.key(order))

    def age(self) -> bool:
        """Look again at what passes merely because time has gone by; True when the filter asks for an age."""
        if self._query.is_timed:
            self._refilter()
        return self._query.is_timed

    def _refilter(self) -> None:
        # A key must not find another job below it than it was meant for: the selected one is kept.
        self.view.set_filter(self._passes if self._query or self.problems else None)

    def _passes(self, job: Job) -> bool:
        if job.ref == self.kept:
            return True
        now = self._now()
        return (not self.problems or self._mutes.needs_me(job, now)) and self._query.matches(job, now)
