"""A view: the jobs that pass a filter, in an order. A change moves its own row, and sorts nothing again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from jobtui.insight.sorting import Sorting, need
from jobtui.model import Job, JobRef
from jobtui.monitor.events import Change
from jobtui.monitor.rows import GONE, HIDDEN, Jobs, Row, insert, merged, refs_of, remove
from jobtui.monitor.sieve import Sieve, Sifter, Text

_MANY = 64
"""Changes at once that are rather merged than moved one by one."""

_base_key = attrgetter("need", "name")
_value = attrgetter("value")


class View:
    """The jobs that a list shows. Indexable, cheap to keep up to date."""

    def __init__(self, jobs: Jobs, *, key: Sorting, sieve: Sieve | None = None) -> None:
        self._jobs = jobs
        self._sorting = key
        self._sieve = sieve
        self._filters = 0
        self._by_ref: dict[JobRef, Row] = {}
        self._base: list[Row] = []
        """All by how much they need somebody; any other order is a stable sort of this one."""
        self._ordered: list[Row] = []
        """All in the order of the list."""
        self._shown: list[Row] = []
        self._sifter = Sifter(jobs, lambda: self._by_ref)
        self._rebuild()

    def __len__(self) -> int:
        return len(self._shown)

    def __getitem__(self, index: int) -> JobRef:
        return self._shown[index].ref

    def __contains__(self, ref: object) -> bool:
        row = self._by_ref.get(ref) if isinstance(ref, JobRef) else None
        return row is not None and self._is_shown(row)

    def __iter__(self) -> Iterator[JobRef]:
        return (row.ref for row in self._shown)

    def index(self, ref: JobRef) -> int | None:
        """The row of a job, or None when it is not shown."""
        row = self._by_ref.get(ref)
        if row is None or not self._is_shown(row):
            return None
        return bisect_left(self._shown, self._key(row), key=self._key)

    # --- changes --------------------------------------------------------------------------------------
    def apply(self, changes: Sequence[Change]) -> bool:
        """Take over changes; True when rows moved, came or went (else only contents differ)."""
        if len(changes) > _MANY + len(self._by_ref) // 8:
            return self._rebuild()
        if len(changes) > _MANY:
            return self._merge({change.ref: change.after for change in changes})
        moved = [self._move(change.ref, change.after) for change in changes]
        return any(moved)

    def _move(self, ref: JobRef, job: Job | None) -> bool:
        old = self._by_ref.get(ref)
        new = None if job is None else self._placed(job)
        if old is not None and new is not None and self._key(old) == self._key(new):
            return self._turn(old, new)
        was_shown = old is not None and self._is_shown(old)
        if old is not None:
            self._take_out(old)
        if new is not None:
            self._put_in(new)
        return was_shown or (new is not None and self._is_shown(new))

    def _turn(self, old: Row, new: Row) -> bool:
        """Take over that a job is where it was, and perhaps no longer or only now shown."""
        old.text, old.is_put = "", new.is_put
        was, now = self._is_shown(old), self._is_shown(new)
        old.shown = new.shown
        if was == now:
            return False
        if now:
            insert(self._shown, old, self._key)
        else:
            remove(self._shown, old, self._key)
        return True

    def _take_out(self, row: Row) -> None:
        del self._by_ref[row.ref]
        remove(self._base, row, _base_key)
        remove(self._ordered, row, self._key)
        if self._is_shown(row):
            remove(self._shown, row, self._key)

    def _put_in(self, row: Row) -> None:
        self._by_ref[row.ref] = row
        insert(self._base, row, _base_key)
        insert(self._ordered, row, self._key)
        if self._is_shown(row):
            insert(self._shown, row, self._key)

    def _merge(self, jobs: dict[JobRef, Job | None]) -> bool:
        """Take over many changes: once through every list, instead of once for every change."""
        gone: list[Row] = []
        new: list[Row] = []
        has_moved = False
        for ref, job in jobs.items():
            old, row = self._by_ref.get(ref), None if job is None else self._placed(job)
            if old is not None and row is not None and self._key(old) == self._key(row):
                has_moved = self._turn(old, row) or has_moved
                continue
            gone += [old] if old is not None else []
            new += [row] if row is not None else []
        has_moved = has_moved or any(map(self._is_shown, chain(gone, new)))
        self._replace(gone, new)
        return has_moved

    def _replace(self, gone: list[Row], new: list[Row]) -> None:
        for row in gone:
            row.shown = GONE
            del self._by_ref[row.ref]
        self._by_ref.update((row.ref, row) for row in new)
        self._base = merged(self._base, new, _base_key)
        self._ordered = merged(self._ordered, new, self._key)
        if self._sieve is None:
            self._shown = list(self._ordered)
        else:
            self._shown = merged(self._shown, [row for row in new if self._is_shown(row)], self._key)

    # --- the filter -----------------------------------------------------------------------------------
    def set_filter(self, sieve: Sieve | None, *, narrows: bool = False) -> None:
        """Show what passes; ``narrows`` says that what is hidden now would not pass either."""
        rows = self._shown if narrows else self._ordered
        self._sieve = sieve
        self._sift(rows)

    def _sift(self, rows: list[Row]) -> None:
        self._filters += 1
        sieve, number = self._sieve, self._filters
        if sieve is None:
            self._shown = list(rows)
            return
        self._shown = self._sifter.passing(sieve, rows)
        for row in self._shown:
            row.shown = number
        kept = self._by_ref.get(ref) if (ref := sieve.kept()) is not None else None
        if kept is not None and kept.shown != number:
            kept.shown = number
            insert(self._shown, kept, self._key)

    def warm(self, text: Text) -> Iterator[None]:
        """Make what words are looked for in ready for a filter, a slice at a time."""
        return self._sifter.warm(text, list(self._ordered))

    def cool(self, *, only_timed: bool = False) -> None:
        """Drop that, or just what of it goes with the time."""
        self._sifter.cool(None if only_timed else self._ordered)

    # --- the order ------------------------------------------------------------------------------------
    def set_order(self, key: Sorting) -> None:
        """Show the jobs in another order."""
        is_other = key.order.by is not self._sorting.order.by
        self._sorting = key
        if is_other and key.is_usual:
            for row in self._base:
                row.value, row.last = row.need, 2 * row.is_put
        elif is_other:
            self._value_all()
        self._sort()

    def _value_all(self) -> None:
        jobs = list(self._jobs)
        row_of = self._by_ref.get
        for job, value in zip(jobs, self._sorting.values(jobs), strict=True):
            row = row_of(job.ref)
            if row is not None:
                row.value, row.last = value, value is None

    def _sort(self) -> None:
        """Order all by their values, and pick those that are shown out of them."""
        groups = {0: [row for row in self._base if not row.last]}
        if len(groups[0]) < len(self._base):
            for row in self._base:
                if row.last:
                    groups.setdefault(row.last, []).append(row)
        for last, rows in groups.items():
            if not last % 2:
                rows.sort(key=_value, reverse=self._sorting.order.is_turned)
        self._ordered = list(chain.from_iterable(groups[last] for last in sorted(groups)))
        self._shown = list(self._ordered)
        if self._sieve is not None:
            self._shown = [row for row in self._ordered if row.shown == self._filters]

    def _rebuild(self) -> bool:
        before = refs_of(self._shown)
        rows = [self._placed(job) for job in self._jobs]
        self._by_ref = {row.ref: row for row in rows}
        rows.sort(key=attrgetter("name"))
        rows.sort(key=attrgetter("need"))
        self._base = rows
        self._sort()
        return before != refs_of(self._shown)

    # --- a row ----------------------------------------------------------------------------------------
    def _placed(self, job: Job) -> Row:
        row, sorting = Row(job.ref), self._sorting
        row.need, row.value = need(job), sorting.value(job)
        row.is_put = sorting.is_last(job)
        row.last = sorting.last(row.value, is_put=row.is_put)
        row.shown = self._filters if self._sieve is None or self._sieve.passes(job) else HIDDEN
        return row

    def _key(self, row: Row) -> Any:
        return (self._sorting.key(row.last, row.value, row.need), row.name)

    def _is_shown(self, row: Row) -> bool:
        return self._sieve is None or row.shown == self._filters
