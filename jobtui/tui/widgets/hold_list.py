"""The list of holds: what keeps each job, and the job that somebody may want to go to."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message

from jobtui.model import JobRef
from jobtui.tui.format.holds import HoldRow
from jobtui.tui.widgets.line_view import TextLines


class HoldList(TextLines):
    """Holds with a cursor that stays on its job while that is among them."""

    HAS_CURSOR = True

    class Moved(Message):
        """The cursor is on the lines of another job."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._refs: list[JobRef | None] = []
        self._told: JobRef | None = None

    @property
    def chosen(self) -> JobRef | None:
        """The job whose lines the cursor is on."""
        return self._refs[self.cursor] if self.cursor < len(self._refs) else None

    def show_rows(self, rows: Sequence[HoldRow]) -> None:
        """Show these lines from now on."""
        before = self.chosen
        within = 0 if before is None else self.cursor - self._refs.index(before)
        self._refs = [ref for _, ref in rows]
        if before is not None and before in self._refs:
            self.cursor = self._refs.index(before) + min(within, self._refs.count(before) - 1)
        else:
            self.cursor = next((row for row, ref in enumerate(self._refs) if ref is not None), 0)
        self.show([line for line, _ in rows])
        self.cursor_moved()

    def cursor_moved(self) -> None:
        if self.chosen != self._told:
            self._told = self.chosen
            self.post_message(self.Moved())
