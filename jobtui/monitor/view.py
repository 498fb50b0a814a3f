"""A view: the jobs that pass a filter, in an order. A change moves its own row, and sorts nothing again."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any

from jobtui.insight.sorting import Sorting, need
from jobtui.model import Job, JobRef
from jobtui.monitor.events import Change
from jobtui.monitor.ordering import by_value, turned, usual
from jobtui.monitor.rows import (
    HIDDEN,
    Jobs,
    Place,
    Row,
    by_need,
    insert,
    merged,
    place_by,
    place_by_need,
    refs_of,
    remove,
)
from jobtui.monitor.sieve import Sieve, Sifter, Text

_MANY = 64
"""Changes at once that are rather merged than moved one by one."""

_FEW = 0.6
"""While less than this share of the jobs is shown, what narrows a filter looks at these alone."""

_job, _need, _name = attrgetter("job"), attrgetter("need"), attrgetter("name")


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
        self._ordered = self._base
        """All in the order of the list; the very same list when that is the order of need."""
        self._shown = self._base
        """The very same list as the ordered one when there is no filter."""
        self._place: Place = place_by_need
        self._late: list[Row] | None = None
        """What came or changed while a filter is not through; None while there is none."""
        self._sifter = Sifter()
        self._rebuild()

    def __len__(self) -> int:
        return len(self._shown)

    def __getitem__(self, index: int) -> JobRef:
        return self._shown[index].job.ref

    def __contains__(self, ref: object) -> bool:
        row = self._by_ref.get(ref) if isinstance(ref, JobRef) else None
        return row is not None and self._is_shown(row)

    def __iter__(self) -> Iterator[JobRef]:
        return (row.job.ref for row in self._shown)

    def index(self, ref: JobRef) -> int | None:
        """The row of a job, or None when it is not shown."""
        row = self._by_ref.get(ref)
        if row is None or not self._is_shown(row):
            return None
        return self._place(self._shown, row, 0)

    # --- changes --------------------------------------------------------------------------------------
    def apply(self, changes: Sequence[Change]) -> bool:
        """Take over changes; True when rows moved, came or went (else only contents differ)."""
        if len(changes) > _MANY + 2 * len(self._by_ref):
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
        old.job, old.text, old.is_put = new.job, "", new.is_put
        was, now = self._is_shown(old), self._is_shown(new)
        old.shown = new.shown
        self._note_late(old)
        if was == now:
            return False
        if now:
            insert(self._shown, old, self._place)
        else:
            remove(self._shown, old, self._place)
        return True

    def _take_out(self, row: Row) -> None:
        del self._by_ref[row.job.ref]
        remove(self._base, row, place_by_need)
        if self._ordered is not self._base:
            remove(self._ordered, row, self._place)
        if self._shown is not self._ordered and self._is_shown(row):
            remove(self._shown, row, self._place)
        self._note_late(row)

    def _put_in(self, row: Row) -> None:
        self._by_ref[row.job.ref] = row
        self._own_order_for([row])
        insert(self._base, row, place_by_need)
        if self._ordered is not self._base:
            insert(self._ordered, row, self._place)
        if self._shown is not self._ordered and self._is_shown(row):
            insert(self._shown, row, self._place)
        self._note_late(row)

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
        for row in chain(gone, new):
            self._note_late(row)
        self._own_order_for(new)
        is_usual, is_whole = self._ordered is self._base, self._shown is self._ordered
        seen = [row for row in gone if self._is_shown(row)], [row for row in new if self._is_shown(row)]
        if not is_whole:
            self._shown = merged(self._shown, *seen, self._place, self._key)
        for row in gone:
            del self._by_ref[row.job.ref]
        self._by_ref.update((row.job.ref, row) for row in new)
        self._base = merged(self._base, gone, new, place_by_need, by_need)
        self._ordered = self._base if is_usual else merged(self._ordered, gone, new, self._place, self._key)
        if is_whole:
            self._shown = self._ordered

    def _own_order_for(self, new: list[Row]) -> None:
        """Let the list have an order of its own once something is put at its end."""
        if self._ordered is self._base and any(row.is_put for row in new):
            is_whole = self._shown is self._ordered
            self._ordered = list(self._base)
            self._shown = self._ordered if is_whole else self._shown
            self._place = place_by(self._key)

    # --- the filter -----------------------------------------------------------------------------------
    def set_filter(self, sieve: Sieve | None, *, narrows: bool = False) -> None:
        """Show what passes; ``narrows`` says that what is hidden now would not pass either."""
        for _ in self.filtering(sieve, narrows=narrows):
            pass

    def filtering(self, sieve: Sieve | None, *, narrows: bool = False) -> Generator[None, None, None]:
        """Do that a slice of the jobs at a time: until it is through, all is shown as before.

        What comes or changes meanwhile is put through at the end; whoever gives up closes this.
        """
        passing: list[Row] = []
        late: list[Row] = []
        self._late = late
        is_few = narrows and len(self._shown) < _FEW * len(self._by_ref)
        try:
            if sieve is not None:
                # What stands in the list moves while this waits. Very many are gone through as they lie in
                # memory: in any other order most of the time would go into finding them.
                rows = list(self._shown if is_few else self._by_ref.values())
                for part in self._sifter.passing(sieve, rows):
                    passing += part
                    yield
        finally:
            is_newest = self._late is late
            self._late = None if is_newest else self._late
        self._show(sieve, passing, late if is_newest else list(self._base), is_ordered=is_few)

    def _show(self, sieve: Sieve | None, passing: list[Row], late: list[Row], *, is_ordered: bool) -> None:
        """Show what passed; of what is late it is not known whether it does, or where it stands."""
        self._filters += 1
        self._sieve, number = sieve, self._filters
        if sieve is None:
            self._shown = self._ordered
            return
        for row in passing:
            row.shown = number
        for row in late:
            row.shown = number if sieve.passes(row.job) else HIDDEN
        if is_ordered and not late:
            self._shown = passing
        else:
            self._shown = [row for row in self._ordered if row.shown == number]
        kept = self._by_ref.get(ref) if (ref := sieve.kept()) is not None else None
        if kept is not None and kept.shown != number:
            kept.shown = number
            insert(self._shown, kept, self._place)

    def _note_late(self, row: Row) -> None:
        if self._late is not None:
            self._late.append(row)

    def warm(self, text: Text) -> Generator[None, None, None]:
        """Make what words are looked for in ready for a filter, a slice at a time."""
        return self._sifter.warm(text, list(self._by_ref.values()))

    def cool(self, *, only_timed: bool = False) -> None:
        """Drop that, or just what of it goes with the time."""
        self._sifter.cool(None if only_timed else self._base)

    # --- the order ------------------------------------------------------------------------------------
    def set_order(self, key: Sorting) -> None:
        """Show the jobs in another order."""
        is_other = key.order.by is not self._sorting.order.by
        self._sorting = key
        if is_other:
            self._value_all()
        self._sort(only_turned=not is_other)

    def _value_all(self) -> None:
        rows = list(self._by_ref.values())
        if self._sorting.is_usual:
            for row in rows:
                row.value = None
            return
        for row, value in zip(rows, self._sorting.values(map(_job, rows)), strict=True):
            row.value = value

    def _sort(self, *, only_turned: bool = False) -> None:
        """Order all by their values, and pick those that are shown out of them."""
        sorting, is_turned = self._sorting, self._sorting.order.is_turned
        if sorting.is_usual:
            self._ordered = usual(self._base, is_turned=is_turned)
        elif only_turned:
            self._ordered = turned(self._ordered, is_turned=is_turned)
        else:
            rows = list(self._by_ref.values())
            self._ordered = by_value(rows, self._base, is_turned=is_turned, has_few=sorting.has_few)
        self._place = place_by_need if self._ordered is self._base else place_by(self._key)
        self._shown = self._ordered
        if self._sieve is not None:
            self._shown = [row for row in self._ordered if row.shown == self._filters]
        for row in self._base[:1]:
            self._note_late(row)  # what is being put through a filter has the order before

    def _rebuild(self) -> bool:
        before = refs_of(self._shown)
        rows = [self._placed(job) for job in self._jobs]
        self._by_ref = {row.job.ref: row for row in rows}
        rows.sort(key=_name)
        rows.sort(key=_need)
        self._base = rows
        self._late = None if self._late is None else list(rows)
        self._sort()
        return before != refs_of(self._shown)

    # --- a row ----------------------------------------------------------------------------------------
    def _placed(self, job: Job) -> Row:
        sorting = self._sorting
        row = Row(job, need(job))
        if sorting.is_last(job):
            row.is_put = True
        if not sorting.is_usual:
            row.value = sorting.value(job)
        row.shown = self._filters if self._sieve is None or self._sieve.passes(job) else HIDDEN
        return row

    def _key(self, row: Row) -> Any:
        sorting = self._sorting
        value = row.need if sorting.is_usual else row.value
        last = sorting.last(value, is_put=row.is_put)
        return (sorting.key(last, value, row.need), row.name)

    def _is_shown(self, row: Row) -> bool:
        return self._sieve is None or row.shown == self._filters
