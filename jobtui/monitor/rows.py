"""Rows: where jobs stand in a view, and lists of them that stay sorted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from jobtui.model import Job, JobRef

HIDDEN, GONE = -1, -2
"""Numbers of no filter."""

Key = Callable[["Row"], Any]


class Jobs(Protocol):
    """Where the jobs are, all of them and each."""

    def __iter__(self) -> Iterator[Job]: ...

    def get(self, ref: JobRef, /) -> Job | None:
        """Give a job; None when it is gone."""
        ...


class Row:
    """Where a job stands. What it is sorted by is of the moment at which it was put there."""

    __slots__ = ("is_put", "last", "need", "ref", "shown", "text", "value")

    def __init__(self, ref: JobRef) -> None:
        self.ref = ref
        self.need = 0
        self.value: Any = None
        self.last = 0
        self.is_put = False
        """Whether it was put at the end."""
        self.text = ""
        """What it is searched in, while that is known."""
        self.shown = 0
        """The filter that it passed last."""

    @property
    def name(self) -> tuple[str, str]:
        """Tell rows apart that are alike in all else: they never swap by themselves."""
        return (self.ref.source, self.ref.job_id)


def insert(rows: list[Row], row: Row, key: Key) -> None:
    """Put a row where it belongs."""
    rows.insert(bisect_left(rows, key(row), key=key), row)


def remove(rows: list[Row], row: Row, key: Key) -> None:
    """Take a row out."""
    del rows[bisect_left(rows, key(row), key=key)]


def merged(rows: list[Row], new: Iterable[Row], key: Key) -> list[Row]:
    """Leave out what is gone, and put in what is new."""
    rest = [row for row in rows if row.shown != GONE]
    both: list[Row] = []
    start = 0
    for row in sorted(new, key=key):
        place = bisect_left(rest, key(row), start, key=key)
        both += rest[start:place]
        both.append(row)
        start = place
    return both + rest[start:]


def refs_of(rows: list[Row]) -> list[JobRef]:
    """Give the jobs of some rows."""
    return [row.ref for row in rows]
