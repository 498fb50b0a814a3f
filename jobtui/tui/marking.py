"""Marks: jobs set apart by key, for one control or one copy of them all. Kept by identity, never by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jobtui.model import JobRef
from jobtui.monitor.events import Change
from jobtui.monitor.view import View


class Marks:
    """Which jobs are marked. A marked job stays so wherever it goes, and whatever hides it."""

    def __init__(self) -> None:
        self._refs: frozenset[JobRef] = frozenset()
        self._last: JobRef | None = None

    @property
    def refs(self) -> frozenset[JobRef]:
        """The marked jobs; what was taken from here does not change any more."""
        return self._refs

    def __len__(self) -> int:
        return len(self._refs)

    def __contains__(self, ref: object) -> bool:
        return ref in self._refs

    def __iter__(self) -> Iterator[JobRef]:
        return iter(self._refs)

    def listed(self, view: View) -> list[JobRef]:
        """Give the marked jobs in the order shown, those that are hidden at the end by their names."""
        rows = {ref: view.index(ref) for ref in self._refs}
        return sorted(self._refs, key=lambda ref: (rows[ref] is None, rows[ref] or 0, ref))

    def hidden(self, view: View) -> int:
        """Count the marked jobs that the list does not show."""
        return sum(ref not in view for ref in self._refs)

    def toggle(self, ref: JobRef) -> bool:
        """Mark a job, or take its mark away; True when it is marked now."""
        self._refs ^= {ref}
        is_marked = ref in self._refs
        self._last = ref if is_marked else None
        return is_marked

    def extend(self, shown: Sequence[JobRef], to: JobRef) -> None:
        """Mark what is shown from the job marked last to another one."""
        if to not in shown:
            return
        end = shown.index(to)
        start = shown.index(self._last) if self._last in shown else end
        first, last = sorted((start, end))
        self._refs |= frozenset(shown[first : last + 1])
        self._last = to

    def all_or_none(self, shown: Iterable[JobRef]) -> None:
        """Mark all that is shown, or none of it when all of it is marked; what is hidden keeps its marks."""
        wanted = frozenset(shown)
        self._refs = self._refs - wanted if wanted <= self._refs else self._refs | wanted
        self._last = None

    def keep(self, refs: Iterable[JobRef]) -> None:
        """Leave only these marked: those for which something is still to be done."""
        self._refs = frozenset(refs)
        self._last = None

    def clear(self) -> None:
        """Take every mark away."""
        self.keep(())

    def apply(self, changes: Iterable[Change]) -> None:
        """Drop the marks of jobs that are no longer known."""
        gone = {change.ref for change in changes if change.after is None}
        if gone:
            self._refs -= gone
            self._last = None if self._last in gone else self._last
