"""The columns of the job list, and the order that each gives. Pure.

An order never depends on the time of day: rows would move under the reader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from jobtui.insight.attention import rank
from jobtui.insight.since import since
from jobtui.model import Job


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


Value = tuple[Any, ...]


def sort_key(order: Order) -> Callable[[Job], Value]:
    """Give what jobs are sorted by, smallest first; what is equal by the column is worst first."""
    value_of = _VALUES[order.by]

    def key(job: Job) -> Value:
        value = value_of(job)
        if value is None:
            return (1, (), _attention(job))
        return (0, _turned(value) if order.is_turned else value, _attention(job))

    return key


def _attention(job: Job) -> Value:
    return rank(job, job.as_of)  # which looks at no clock


def _turned(value: Value) -> Value:
    return tuple(_turned_text(part) if isinstance(part, str) else -part for part in value)


def _turned_text(text: str) -> Value:
    # Closed by 1, which no letter turned round reaches: else the shorter of two would still come first.
    return (*(-ord(letter) for letter in text), 1)


def _text(text: str | None) -> Value | None:
    return (text.casefold(), text) if text else None


def _id(job: Job) -> Value:
    text = job.ref.job_id
    is_number = text.isascii() and text.isdigit() and len(text) < 20
    return (0, int(text), "") if is_number else (1, 0, text.casefold())


def _progress(job: Job) -> Value | None:
    far = job.progress
    if far is None or (far.fraction is None and far.done is None):
        return None
    return (0, -far.fraction) if far.fraction is not None else (1, -(far.done or 0))


def _age(job: Job) -> Value | None:
    at = since(job)
    return None if at is None else (-at.timestamp(),)


_VALUES: dict[Column, Callable[[Job], Value | None]] = {
    Column.STATE: _attention,
    Column.SOURCE: lambda job: _text(job.ref.source),
    Column.KIND: lambda job: _text(job.kind.value),
    Column.ID: _id,
    Column.TITLE: lambda job: _text(job.title),
    Column.WHY: _progress,
    Column.OWNER: lambda job: _text(job.owner),
    Column.AGE: _age,
}
