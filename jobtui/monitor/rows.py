"""Rows: where jobs stand in a view, and lists of them that stay sorted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Protocol

from msgspec import Struct

from jobtui.model import Job, JobRef

HIDDEN = -1
"""The number of no filter."""

Key = Callable[["Row"], Any]
Place = Callable[[Sequence["Row"], "Row", int], int]
"""Where a row belongs in a sorted list, at or after a place."""


class Jobs(Protocol):
    """Where all the jobs are."""

    def __iter__(self) -> Iterator[Job]: ...


class Row(Struct, eq=False, gc=False):
    """Where a job stands. What it is sorted by is of the moment at which it was put there."""

    job: Job
    """As it was when it last changed."""
    need: int
    value: Any = None
    """What the column says by which the list is sorted; of the usual order that is the need."""
    is_put: bool = False
    """Whether it was put at the end."""
    text: str = ""
    """What it is searched in, while that is known."""
    shown: int = 0
    """The filter that it passed last."""

    @property
    def name(self) -> tuple[str, str]:
        """Tell rows apart that are alike in all else: they never swap by themselves."""
        ref = self.job.ref
        return (ref.source, ref.job_id)


_need = attrgetter("need")
_name = attrgetter("name")


def by_need(row: Row) -> tuple[int, tuple[str, str]]:
    """Order rows by how much they need somebody."""
    return (row.need, row.name)


def place_by_need(rows: Sequence[Row], row: Row, start: int = 0) -> int:
    """Give the place of a row among those in the order of need; names count where the need is the same."""
    # Two numbers are compared several times as fast as two tuples that are made for it.
    low = bisect_left(rows, row.need, start, key=_need)
    if low == len(rows) or rows[low].need != row.need:
        return low
    return bisect_left(rows, row.name, low, bisect_right(rows, row.need, low, key=_need), key=_name)


def place_by(key: Key) -> Place:
    """Give what finds the place of a row in the order of a key."""
    return lambda rows, row, start: bisect_left(rows, key(row), start, key=key)


def insert(rows: list[Row], row: Row, place: Place) -> None:
    """Put a row where it belongs."""
    rows.insert(place(rows, row, 0), row)


def remove(rows: list[Row], row: Row, place: Place) -> None:
    """Take a row out."""
    del rows[place(rows, row, 0)]


def merged(rows: list[Row], gone: Iterable[Row], new: Iterable[Row], place: Place, key: Key) -> list[Row]:
    """Leave out what is gone, and put in what is new; of the others none is so much as looked at."""
    rest = _without(rows, sorted(place(rows, row, 0) for row in gone))
    both: list[Row] = []
    start = 0
    for row in sorted(new, key=key):
        at = place(rest, row, start)
        both += rest[start:at]
        both.append(row)
        start = at
    return both + rest[start:]


def _without(rows: list[Row], places: Iterable[int]) -> list[Row]:
    rest: list[Row] = []
    start = 0
    for at in places:
        rest += rows[start:at]
        start = at + 1
    return rest + rows[start:] if start else rows


def refs_of(rows: list[Row]) -> list[JobRef]:
    """Give the jobs of some rows."""
    return [row.job.ref for row in rows]
