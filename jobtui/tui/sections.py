"""Sections: the rows of the list of jobs, with a head above the jobs of each group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct, field

from jobtui.insight.grouping import GroupOf
from jobtui.model import Job, JobRef
from jobtui.monitor.events import Change
from jobtui.monitor.view import View


class Section(Struct):
    """The jobs of one group, in the order of the list."""

    name: str
    refs: list[JobRef] = field(default_factory=list)
    needy: int = 0
    """How many of them need a person."""
    is_folded: bool = False


Row = JobRef | Section
Rank = Callable[[str, int], tuple[int, int]]


class Sections:
    """What stands in which row: groups in the order of their first jobs, or just the view."""

    def __init__(
        self, view: View, get: Callable[[JobRef], Job | None], needs_you: Callable[[Job], bool]
    ) -> None:
        self._view = view
        self._get = get
        self._needs_you = needs_you
        self._group_of: GroupOf | None = None
        self._rank: Rank | None = None
        self._folded: set[str] = set()
        self._sections: list[Section] = []
        self._rows: list[Row] = []
        self._places: dict[JobRef | str, int] = {}
        self._is_due = False

    @property
    def is_grouped(self) -> bool:
        """Whether there are heads."""
        return self._group_of is not None

    def group(self, group_of: GroupOf | None, rank: Rank | None = None) -> None:
        """Group anew, every group open; None for no groups. ``rank`` orders them by name and count."""
        self._group_of = group_of
        self._rank = rank
        self._folded = set()
        self.refresh()

    def refresh(self) -> None:
        """Take over that the view has another order or filter."""
        self._is_due = True

    def apply(self, changes: Sequence[Change]) -> bool:
        """Take over changes; True when rows moved, came or went."""
        has_moved = self._view.apply(changes)
        if self.is_grouped and (has_moved or any(map(_may_change_group, changes))):
            self.refresh()
            return True
        return has_moved

    def __len__(self) -> int:
        return len(self._list())

    def ref(self, row: int) -> JobRef | None:
        """Give the job of a row, None for a head or no row at all."""
        rows = self._list()
        one = rows[row] if 0 <= row < len(rows) else None
        return None if isinstance(one, Section) else one

    def head(self, row: int) -> Section | None:
        """Give the group whose head a row is."""
        rows = self._list()
        one = rows[row] if self.is_grouped and 0 <= row < len(rows) else None
        return one if isinstance(one, Section) else None

    def row_of(self, what: JobRef | str) -> int | None:
        """Give the row of a job, or of the head of a group; for a job folded away, that of its head."""
        if not self.is_grouped:
            return self._view.index(what) if isinstance(what, JobRef) else None
        self._list()
        return self._places.get(what)

    def first(self) -> int:
        """Give the row of the first job."""
        return next((row for row in range(len(self)) if self.head(row) is None), 0)

    def shown(self) -> list[JobRef]:
        """Give the jobs that have a row, from top to bottom."""
        if not self.is_grouped:
            return list(self._view)
        self._list()
        return [ref for one in self._sections if not one.is_folded for ref in one.refs]

    def after(self, row: int) -> Iterator[JobRef]:
        """Give the jobs below a row, then those above it and its own; folded ones too."""
        self._list()
        refs = [ref for one in self._sections for ref in one.refs] if self.is_grouped else list(self._view)
        ref, head = self.ref(row), self.head(row)
        if head is not None:
            ref = head.refs[0]
        start = refs.index(ref) + (head is None) if ref is not None else 0
        yield from refs[start:]
        yield from refs[:start]

    def fold(self, name: str) -> None:
        """Fold a group, or unfold it."""
        self._folded ^= {name}
        self.refresh()

    def fold_all(self) -> None:
        """Fold every group; when all are folded, unfold them."""
        self._list()
        names = {one.name for one in self._sections}
        self._folded = set() if names <= self._folded else names
        self.refresh()

    def reveal(self, ref: JobRef) -> None:
        """Unfold the group of a job."""
        row = self.row_of(ref)
        head = self.head(row) if row is not None else None
        if head is not None:
            self.fold(head.name)

    def _list(self) -> View | list[Row]:
        if self._group_of is None:
            return self._view
        if self._is_due:
            self._is_due = False
            self._build(self._group_of)
        return self._rows

    def _build(self, group_of: GroupOf) -> None:
        sections: dict[str, Section] = {}
        for ref in self._view:
            job = self._get(ref)
            if job is None:  # left the store between two events
                continue
            name = group_of(job)
            section = sections.get(name)
            if section is None:
                section = sections[name] = Section(name, is_folded=name in self._folded)
            section.refs.append(ref)
            section.needy += self._needs_you(job)
        rank = self._rank
        self._sections = list(sections.values())
        if rank is not None:
            self._sections.sort(key=lambda one: rank(one.name, len(one.refs)))
        self._lay_out()

    def _lay_out(self) -> None:
        self._rows, self._places = [], {}
        for section in self._sections:
            head = self._places[section.name] = len(self._rows)
            self._rows.append(section)
            if section.is_folded:
                self._places.update(dict.fromkeys(section.refs, head))
            else:
                self._places.update(
                    zip(section.refs, range(head + 1, head + 1 + len(section.refs)), strict=True)
                )
                self._rows.extend(section.refs)


def _may_change_group(change: Change) -> bool:
    before, after = change.before, change.after
    if before is None or after is None:
        return True
    return (before.state, before.flags, before.why) != (after.state, after.flags, after.why)
