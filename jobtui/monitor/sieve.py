"""Sieves: which rows pass a filter; what words are looked for in is read once for every job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from jobtui.model import Job, JobRef
from jobtui.monitor.rows import Jobs, Row

_SLICE = 1_000
"""Jobs that are made ready for a filter at a time."""

Text = Callable[[Job], tuple[str, bool]]
"""What a job is searched in, and whether that stays the same until the job changes."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """A filter: words in the text of a job, each wanted or not, and a test of the job itself."""

    test: Callable[[Job], bool] | None = None
    words: tuple[tuple[str, bool], ...] = ()
    text: Text = lambda _: ("", True)
    kept: Callable[[], JobRef | None] = lambda: None
    """A job that is shown whether it passes or not."""

    def passes(self, job: Job) -> bool:
        """Whether one job is shown."""
        if job.ref == self.kept():
            return True
        if self.words:
            text, _ = self.text(job)
            if not all((word in text) is wanted for word, wanted in self.words):
                return False
        return self.test is None or self.test(job)


class Sifter:
    """Puts many rows through a sieve."""

    def __init__(self, jobs: Jobs, by_ref: Callable[[], Mapping[JobRef, Row]]) -> None:
        self._jobs = jobs
        self._by_ref = by_ref
        self._timed: list[Row] = []
        """Rows whose texts go with the time."""

    def passing(self, sieve: Sieve, rows: list[Row]) -> list[Row]:
        """Give the rows that pass, in their order."""
        if sieve.words:
            self._read(sieve.text, rows)
        for word, wanted in sieve.words:
            if wanted:
                rows = [row for row in rows if word in row.text]
            else:
                rows = [row for row in rows if word not in row.text]
        return list(rows) if sieve.test is None else self._tested(sieve.test, rows)

    def _tested(self, test: Callable[[Job], bool], rows: list[Row]) -> list[Row]:
        by_ref = self._by_ref()
        if len(rows) * 2 < len(by_ref):
            get = self._jobs.get
            return [row for row in rows if (job := get(row.ref)) is not None and test(job)]
        # It takes longer to find a job than to look at it.
        refs = [job.ref for job in self._jobs if test(job)]
        passing = {id(row) for ref in refs if (row := by_ref.get(ref)) is not None}
        return [row for row in rows if id(row) in passing]

    def _read(self, text: Text, rows: Iterable[Row]) -> None:
        """Give every row its text."""
        get = self._jobs.get
        for row in [row for row in rows if not row.text]:
            job = get(row.ref)
            row.text, is_steady = ("", False) if job is None else text(job)
            if not is_steady:
                self._timed.append(row)

    def warm(self, text: Text, rows: list[Row]) -> Iterator[None]:
        """Make the texts ready, a slice at a time."""
        for start in range(0, len(rows), _SLICE):
            self._read(text, rows[start : start + _SLICE])
            yield

    def cool(self, rows: Iterable[Row] | None = None) -> None:
        """Drop the texts of some rows; of none named, those that go with the time."""
        for row in self._timed if rows is None else rows:
            row.text = ""
        self._timed = []
