"""Sieves: which rows pass a filter; what words are looked for in is read once for every job."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from jobtui.model import Job, JobRef
from jobtui.monitor.rows import Row

AT_ONCE = 1_000
"""Jobs that are put through a filter, or made ready for one, at a time."""

Text = Callable[[Job], tuple[str, bool]]
"""What a job is searched in, and whether that stays the same until the job changes."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """A filter: words in the text of a job, each wanted or not, and a test of the job itself."""

    now: Callable[[], datetime]
    """The present that the test is told; once for very many jobs that are looked at together."""
    test: Callable[[Job, datetime], bool] | None = None
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
        return self.test is None or self.test(job, self.now())


class Sifter:
    """Puts many rows through a sieve."""

    def __init__(self) -> None:
        self._timed: list[Row] = []
        """Rows whose texts go with the time."""

    def passing(self, sieve: Sieve, rows: list[Row]) -> Iterator[list[Row]]:
        """Give the rows that pass, in their order; those of so many that were looked at, at a time."""
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            if sieve.words:
                self._read(sieve.text, part)
            for word, wanted in sieve.words:
                if wanted:
                    part = [row for row in part if word in row.text]
                else:
                    part = [row for row in part if word not in row.text]
            if (test := sieve.test) is not None:
                now = sieve.now()
                part = [row for row in part if test(row.job, now)]
            yield part

    def _read(self, text: Text, rows: Iterable[Row]) -> None:
        """Give every row its text."""
        for row in rows:
            if not row.text:
                row.text, is_steady = text(row.job)
                if not is_steady:
                    self._timed.append(row)

    def warm(self, text: Text, rows: list[Row]) -> Generator[None, None, None]:
        """Make the texts ready, a slice at a time."""
        for start in range(0, len(rows), AT_ONCE):
            self._read(text, rows[start : start + AT_ONCE])
            yield

    def cool(self, rows: Iterable[Row] | None = None) -> None:
        """Drop the texts of some rows; of none named, those that go with the time."""
        for row in self._timed if rows is None else rows:
            row.text = ""
        self._timed = []
