"""The columns of the job list, and the order that each gives. Pure.

An order never depends on the time of day: rows would move under the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from jobtui.insight.attention import rank
from jobtui.insight.since import newest_first
from jobtui.model import Job, Kind


class Column(StrEnum):
    """What the job list can show of a job."""

    STATE = "state"
    """Its order is the usual one: what needs a person first."""
    SOURCE = "source"
    KIND = "kind"
    ID = "id"
    TITLE = "title"
    WHY = "why"
    """Progress or the reason; its order is by progress."""
    OWNER = "owner"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Order:
    """By which column, and whether turned round. What is not known comes last either way."""

    by: Column = Column.STATE
    is_turned: bool = False

    def chosen(self, column: Column) -> Order:
        """Give the order after a column was chosen: by it, or turned round when it was by it already."""
        return Order(column, not self.is_turned if column is self.by else False)


Value = Any
"""What a column sorts by; those of one column can be compared with each other."""
Place = tuple[int, Value, int]
"""Whether it comes last (2: put there, 1 more: not known), the value of its column, its need of somebody."""
_FAR_S = 3.6e10
"""Seconds from 1970, a thousand years: what lies beyond is as far away as that."""
_RANKS_APART = 72 * 10**15
"""The microseconds between these; small enough for every need to be a short number, of 60 bits."""


class Turned:
    """A value that sorts the other way round."""

    __slots__ = ("_value",)

    def __init__(self, value: Value) -> None:
        self._value = value

    def __lt__(self, other: Turned) -> bool:
        return bool(other._value < self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Turned) and bool(other._value == self._value)

    def __hash__(self) -> int:
        return hash(self._value)


def _never(_: Job) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Sorting:
    """An order, as what jobs are sorted by, smallest first; what is equal by the column is worst first."""

    order: Order = Order()
    is_last: Callable[[Job], bool] = _never
    """Whether a job was put at the end of the usual order, however it stands."""

    def value(self, job: Job) -> Value | None:
        """Give what the column says of a job; None when that is not known."""
        return _VALUES[self.order.by]([job])[0]

    def values(self, jobs: Iterable[Job]) -> list[Value | None]:
        """Give what the column says of many."""
        return _VALUES[self.order.by](jobs)

    @property
    def has_few(self) -> bool:
        """Whether of many jobs most share what the column says."""
        return self.order.by in _FEW

    @property
    def is_usual(self) -> bool:
        """Whether this is by how much jobs need somebody."""
        return self.order.by is Column.STATE

    def last(self, value: Value | None, *, is_put: bool) -> int:
        """Say whether a job with this value comes last, perhaps as it was put there."""
        return 2 * (is_put and self.is_usual) + (value is None)

    def key(self, last: int, value: Value | None, need: int) -> Place:
        """Give what can be compared, whole, with that of any other job."""
        if value is None:
            return (last, (), need)
        return (last, Turned(value) if self.order.is_turned else value, need)

    def __call__(self, job: Job) -> Place:
        value = self.value(job)
        return self.key(self.last(value, is_put=self.is_last(job)), value, need(job))


def sort_key(order: Order) -> Sorting:
    """Give what jobs are sorted by."""
    return Sorting(order)


def need(job: Job) -> int:
    """Say how much a job needs a person in one number: smaller comes first; it looks at no clock."""
    group, moment = rank(job, job.as_of)
    if not -_FAR_S < moment < _FAR_S:
        moment = _FAR_S if moment > 0 else -_FAR_S
    return group * _RANKS_APART + round(moment * 1_000_000)


Values = list[Value | None]


def _ids(jobs: Iterable[Job]) -> Values:
    ids = [job.ref.job_id for job in jobs]
    return [
        text.rjust(21, "0") if text.isdigit() and text.isascii() and len(text) < 20 else f"1{text.casefold()}"
        for text in ids
    ]


def _progress(job: Job) -> Value | None:
    far = job.progress
    if far is None or (far.fraction is None and far.done is None):
        return None
    return (0, -far.fraction) if far.fraction is not None else (1, -(far.done or 0))


_folded = lru_cache(4_096)(str.casefold)
"""Of words that many jobs share."""
_KINDS = {kind: kind.value for kind in Kind}
_FEW = frozenset({Column.SOURCE, Column.KIND, Column.OWNER, Column.WHY})
_VALUES: dict[Column, Callable[[Iterable[Job]], Values]] = {
    # Each goes through all jobs itself: to be called for each of 100,000 is most of what that takes.
    Column.STATE: lambda jobs: [need(job) for job in jobs],
    Column.SOURCE: lambda jobs: [_folded(job.ref.source) for job in jobs],
    Column.KIND: lambda jobs: [_KINDS[job.kind] for job in jobs],
    Column.ID: _ids,
    Column.TITLE: lambda jobs: [job.title.casefold() or None for job in jobs],
    Column.WHY: lambda jobs: [_progress(job) for job in jobs],
    Column.OWNER: lambda jobs: [_folded(job.owner) if job.owner else None for job in jobs],
    Column.AGE: newest_first,
}
