"""Where jobs are held: by source and by the server's id, so that one source is found without the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from msgspec import Struct

from jobtui.model import Job, JobRef

Table = dict[str, "Held"]

_GONE = -1
_FEW = 1_000
"""So many that are gone are not worth a new list."""


class Held(Struct, eq=False, gc=False):
    """One job, and when the question was asked that last told of it."""

    job: Job
    asked_at: datetime | None
    listed: int = 0
    """The last of the lists of its source that had it; they are numbered from 1. Less once it is let go."""


class Shelf:
    """Every job that is held. A mapping by id is looked into several times as fast as one by ref."""

    def __init__(self) -> None:
        self._tables: dict[str, Table] = {}
        self._rows: dict[str, list[Held]] = {}
        """The same as they came, with some that are gone. To go through a table in parts, it would have to be
        copied each time, and the garbage collector would look at all of the copy, twice and more."""

    def table(self, source: str) -> Table:
        """The jobs of a source by their ids, to look into; it stays the same object."""
        return self._tables.setdefault(source, {})

    def held(self, ref: JobRef) -> Held | None:
        table = self._tables.get(ref.source)
        return None if table is None else table.get(ref.job_id)

    def get(self, ref: JobRef) -> Job | None:
        held = self.held(ref)
        return None if held is None else held.job

    def put(self, job: Job) -> None:
        """Hold a job in place of the one of its ref, as told by the same question."""
        if (held := self.held(job.ref)) is not None:
            held.job = job
        else:
            self.table(job.ref.source)[job.ref.job_id] = held = Held(job, None)
            self._rows.setdefault(job.ref.source, []).append(held)

    def note_listed(self, jobs: Iterable[Job], number: int) -> int:
        """Note that a list of a source has jobs; gives how many it was not known to have."""
        count = 0
        for job in jobs:
            held = self.held(job.ref)
            if held is not None and held.listed != number:
                held.listed = number
                count += 1
        return count

    def pop(self, ref: JobRef) -> Held | None:
        """Let go of a job."""
        table = self.table(ref.source)
        if (held := table.pop(ref.job_id, None)) is not None:
            held.listed = _GONE
            if len(self._rows[ref.source]) > 2 * len(table) + _FEW:
                self._rows[ref.source] = list(table.values())  # who goes through the old one keeps it
        return held

    def of_source(self, source: str) -> list[Job]:
        return [held.job for held in self._tables.get(source, {}).values()]

    def parts_of(self, source: str, size: int) -> Iterator[list[Job]]:
        """Give the jobs of a source, so many at a time; what comes or goes meanwhile may be left out."""
        rows = self._rows.get(source, [])
        for start in range(0, len(rows), size):
            if jobs := [held.job for held in rows[start : start + size] if held.listed != _GONE]:
                yield jobs

    def parts(self, size: int) -> Iterator[list[Job]]:
        """Give all jobs, so many at a time; what comes or goes meanwhile may be left out."""
        return chain.from_iterable(self.parts_of(source, size) for source in tuple(self._tables))

    def count_of(self, source: str) -> int:
        return len(self._tables.get(source, ()))

    def __len__(self) -> int:
        return sum(map(len, self._tables.values()))

    def __iter__(self) -> Iterator[Job]:
        return (held.job for table in tuple(self._tables.values()) for held in table.values())
