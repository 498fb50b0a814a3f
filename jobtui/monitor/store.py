"""The store: the latest job per ref, and ordered views of them. Older questions lose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from jobtui.model import Job, JobRef
from jobtui.monitor.events import Change

SortKey = tuple[object, ...]


class Store:
    """What is known of every job. Only the monitor writes; faces read."""

    def apply(self, jobs: Iterable[Job], asked_at: datetime) -> tuple[Change, ...]:
        """Take over answers to a question asked at a moment; a job known from a later question stays."""
        raise NotImplementedError

    def get(self, ref: JobRef) -> Job | None:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def __iter__(self) -> Iterator[Job]:
        raise NotImplementedError

    def of_source(self, source: str) -> list[Job]:
        raise NotImplementedError


class View:
    """The jobs that pass a filter, in an order: what a list shows. Indexable, cheap to keep up to date."""

    def __init__(
        self, store: Store, *, key: Callable[[Job], SortKey], passes: Callable[[Job], bool] | None = None
    ) -> None:
        """``key`` orders jobs, smallest first; the ref breaks ties so that rows never swap by themselves."""
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def __getitem__(self, index: int) -> JobRef:
        raise NotImplementedError

    def index(self, ref: JobRef) -> int | None:
        """The row of a job, or None when it is not shown."""
        raise NotImplementedError

    def apply(self, changes: Sequence[Change]) -> bool:
        """Take over changes; True when rows moved, came or went (else only contents differ)."""
        raise NotImplementedError

    def set_filter(self, passes: Callable[[Job], bool] | None) -> None:
        raise NotImplementedError

    def set_order(self, key: Callable[[Job], SortKey]) -> None:
        raise NotImplementedError
