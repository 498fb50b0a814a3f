"""A view: the jobs that pass a filter, in an order. A change moves its own row, and sorts nothing again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Any, Protocol

from jobtui.insight.sorting import Sorting, need
from jobtui.model import Job, JobRef
from jobtui.monitor.events import Change

_MANY = 64
"""Changes at once that are rather merged than moved one by one."""
_HIDDEN, _GONE = -1, -2
"""Numbers of no filter."""
_SLICE = 1_000
"""Jobs that are made ready for a filter at a time."""

Text = Callable[[Job], tuple[str, bool]]
"""What a job is searched in, and whether that stays the same until the job changes."""


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
        self._timed: list[Row] = []
        """Rows whose texts go with the time."""
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
            _insert(self._shown, old, self._key)
        else:
            del self._shown[bisect_left(self._shown, self._key(old), key=self._key)]
        return True

    def _take_out(self, row: Row) -> None:
        del self._by_ref[row.ref]
        del self._base[bisect_left(self._base, _base_key(row), key=_base_key)]
        key = self._key(row)
        del self._ordered[bisect_left(self._ordered, key, key=self._key)]
        if self._is_shown(row):
            del self._shown[bisect_left(self._shown, key, key=self._key)]

    def _put_in(self, row: Row) -> None:
        self._by_ref[row.ref] = row
        _insert(self._base, row, _base_key)
        _insert(self._ordered, row, self._key)
        if self._is_shown(row):
            _insert(self._shown, row, self._key)

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
            row.shown = _GONE
            del self._by_ref[row.ref]
        self._by_ref.update((row.ref, row) for row in new)
        self._base = _merged(self._base, new, _base_key)
        self._ordered = _merged(self._ordered, new, self._key)
        if self._sieve is None:
            self._shown = list(self._ordered)
        else:
            self._shown = _merged(self._shown, [row for row in new if self._is_shown(row)], self._key)

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
        self._shown = self._passing(sieve, rows)
        for row in self._shown:
            row.shown = number
        kept = self._by_ref.get(ref) if (ref := sieve.kept()) is not None else None
        if kept is not None and kept.shown != number:
            kept.shown = number
            _insert(self._shown, kept, self._key)

    def _passing(self, sieve: Sieve, rows: list[Row]) -> list[Row]:
        if sieve.words:
            self._read(sieve.text, rows)
        for word, wanted in sieve.words:
            if wanted:
                rows = [row for row in rows if word in row.text]
            else:
                rows = [row for row in rows if word not in row.text]
        return list(rows) if sieve.test is None else self._tested(sieve.test, rows)

    def _tested(self, test: Callable[[Job], bool], rows: list[Row]) -> list[Row]:
        if len(rows) * 2 < len(self._by_ref):
            get = self._jobs.get
            return [row for row in rows if (job := get(row.ref)) is not None and test(job)]
        # It takes longer to find a job than to look at it.
        refs = [job.ref for job in self._jobs if test(job)]
        passing = {id(row) for ref in refs if (row := self._by_ref.get(ref)) is not None}
        return [row for row in rows if id(row) in passing]

    def _read(self, text: Text, rows: Iterable[Row]) -> None:
        """Give every row its text."""
        get = self._jobs.get
        for row in [row for row in rows if not row.text]:
            job = get(row.ref)
            row.text, is_steady = ("", False) if job is None else text(job)
            if not is_steady:
                self._timed.append(row)

    def warm(self, text: Text) -> Iterator[None]:
        """Make the texts ready for a filter, a slice at a time."""
        rows = list(self._ordered)
        for start in range(0, len(rows), _SLICE):
            self._read(text, rows[start : start + _SLICE])
            yield

    def cool(self, *, only_timed: bool = False) -> None:
        """Drop the texts, or those that go with the time."""
        for row in self._timed if only_timed else self._ordered:
            row.text = ""
        self._timed = []

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
        groups: dict[int, list[Row]] = {}
        for row in self._base:
            groups.setdefault(row.last, []).append(row)
        for last, rows in groups.items():
            if not last % 2:
                rows.sort(key=_value, reverse=self._sorting.order.is_turned)
        self._ordered = list(chain.from_iterable(groups[last] for last in sorted(groups)))
        self._shown = list(self._ordered)
        if self._sieve is not None:
            self._shown = [row for row in self._ordered if row.shown == self._filters]

    def _rebuild(self) -> bool:
        before = _refs(self._shown)
        rows = [self._placed(job) for job in self._jobs]
        self._by_ref = {row.ref: row for row in rows}
        rows.sort(key=attrgetter("name"))
        rows.sort(key=attrgetter("need"))
        self._base = rows
        self._sort()
        return before != _refs(self._shown)

    # --- a row ----------------------------------------------------------------------------------------
    def _placed(self, job: Job) -> Row:
        row, sorting = Row(job.ref), self._sorting
        row.need, row.value = need(job), sorting.value(job)
        row.is_put = sorting.is_last(job)
        row.last = sorting.last(row.value, is_put=row.is_put)
        row.shown = self._filters if self._sieve is None or self._sieve.passes(job) else _HIDDEN
        return row

    def _key(self, row: Row) -> Any:
        return (self._sorting.key(row.last, row.value, row.need), row.name)

    def _is_shown(self, row: Row) -> bool:
        return self._sieve is None or row.shown == self._filters


def _insert(rows: list[Row], row: Row, key: Callable[[Row], Any]) -> None:
    rows.insert(bisect_left(rows, key(row), key=key), row)


def _merged(rows: list[Row], new: list[Row], key: Callable[[Row], Any]) -> list[Row]:
    """Leave out what is gone, and put in what is new."""
    rest = [row for row in rows if row.shown != _GONE]
    merged: list[Row] = []
    start = 0
    for row in sorted(new, key=key):
        place = bisect_left(rest, key(row), start, key=key)
        merged += rest[start:place]
        merged.append(row)
        start = place
    return merged + rest[start:]


def _refs(rows: list[Row]) -> list[JobRef]:
    return [row.ref for row in rows]
