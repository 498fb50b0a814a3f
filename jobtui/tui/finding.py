"""Finding: which jobs are shown and in which order; the last filter that could be read stays."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime, timedelta

from jobtui.insight.muting import Mutes
from jobtui.insight.search import Query, Test, is_steady, read, text_of
from jobtui.insight.sorting import Order
from jobtui.model import Job, JobRef
from jobtui.monitor.rows import Jobs
from jobtui.monitor.sieve import Sieve
from jobtui.monitor.view import View

_FRESH = timedelta(seconds=10)
"""How long a text that says how long something has lasted is taken to be right."""


class Finding:
    """The filter and the order of the list, and the view of the jobs that they make."""

    def __init__(self, jobs: Jobs, now: Callable[[], datetime], mutes: Mutes) -> None:
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
        self._read_at = now()
        self._mark = object()
        """That of the filter in force."""
        self._moment: datetime | None = None
        """The present, while all jobs are looked at."""

    @property
    def hides(self) -> bool:
        """Whether some jobs may be hidden."""
        return bool(self.text) or self.problems

    def filter(self, text: str, *, problems: bool) -> None:
        """Show what passes, and of that only what needs somebody; what cannot be read changes nothing."""
        for _ in self.filtering(text, problems=problems):
            pass

    def filtering(self, text: str, *, problems: bool) -> Generator[None, None, None]:
        """Do that a slice of the jobs at a time: until it is through, all is shown as before."""
        query = read(text, self.users)
        self.trouble = query.trouble
        if query.trouble:
            if problems == self.problems:
                return
            query, text = self._query, self.text
        # What passes a longer text is among what passed the shorter one.
        narrows = query.narrows(self._query) and problems >= self.problems
        mark = object()
        yield from self._sifting(query, problems, mark, narrows=narrows)
        self._query, self.text, self.problems = query, text.strip(), problems
        self._mark, self.kept = mark, None

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
            for _ in self._sifting(self._query, self.problems, self._mark):
                pass
        return self._query.is_timed

    def begin(self) -> Generator[None, None, None]:
        """Make ready for the letters of a filter, a slice of the jobs at a time."""
        return self.view.warm(self._text)

    def end(self) -> None:
        """Give back what that takes: nobody types any more."""
        self.view.cool()

    def _sifting(
        self, query: Query, problems: bool, mark: object, *, narrows: bool = False
    ) -> Generator[None, None, None]:
        sieve = None
        if query or problems:
            # A key must not find another job below it than it was meant for: the selected one is kept, once
            # this filter is in force.
            sieve = Sieve(
                self._present,
                self._test_of(query, problems),
                query.words,
                self._text,
                lambda: self.kept if self._mark is mark else None,
            )
        self._moment = self._now()
        if self._moment - self._read_at > _FRESH:
            self.view.cool(only_timed=True)
            self._read_at = self._moment
        try:
            yield from self.view.filtering(sieve, narrows=narrows)
        finally:
            self._moment = None

    def _test_of(self, query: Query, problems: bool) -> Test | None:
        """Give what a job must pass beside the words."""
        if not query.tests and not problems:
            return None
        fits = query.tests[0] if len(query.tests) == 1 else query.fits
        needs_me = self._mutes.needs_me
        return (lambda job, now: needs_me(job, now) and fits(job, now)) if problems else fits

    def _text(self, job: Job) -> tuple[str, bool]:
        return text_of(job, self._present()), is_steady(job)

    def _present(self) -> datetime:
        return self._moment or self._now()
