"""The list of causes: one row for all jobs that failed alike, over all sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from jobtui.insight.cause import Group
from jobtui.model import JobRef
from jobtui.monitor.away import Digest
from jobtui.tui.format.groups import digest_text, group_row, groups_heading
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.widgets.line_view import LineView


class CauseList(LineView):
    """Causes with a cursor that stays on its cause; the head and the digest are lines that it passes over."""

    def __init__(self, *, now: Callable[[], datetime], id: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(id=id)
        self._now = now
        self._groups: list[Group] = []
        self._away: Digest | None = None

    @property
    def chosen(self) -> JobRef | None:
        """A job of the cause under the cursor; None when there is none."""
        row = self.cursor - 1
        return self._groups[row].jobs[0].ref if 0 <= row < len(self._groups) else None

    def show(self, groups: Sequence[Group], away: Digest | None) -> None:
        """Show these causes from now on; the cursor stays on its own while that is among them."""
        row = self.cursor - 1
        kept = self._groups[row].cause if 0 <= row < len(self._groups) else None
        self._groups, self._away = list(groups), away
        found = next((row for row, group in enumerate(self._groups) if group.cause == kept), None)
        self.cursor = 1 + found if found is not None else max(1, self.cursor)
        self.redraw()

    def line_count(self) -> int:
        return 1 + max(1, len(self._groups)) + 1 + len(self._digest())

    def line(self, row: int) -> Line:
        count = max(1, len(self._groups))
        if row == 0:
            return groups_heading()
        if row <= len(self._groups):
            return group_row(self._groups[row - 1], self._now(), self.line_width)
        if row <= count:
            return (Span("nothing has failed for a cause that can be compared", "good"),)
        digest, at = self._digest(), row - count - 2
        return (Span(digest[at], "dim"),) if 0 <= at < len(digest) else ()

    def _digest(self) -> list[str]:
        return wrap(digest_text(self._away, self._now()), self.line_width)
