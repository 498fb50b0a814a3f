"""The step tree: what a job consists of, which step it is at, what keeps it and what failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile

from textual.message import Message

from jobtui.insight.usual import Usual
from jobtui.model import Job, JobDetail, JobRef, State, Step
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.format.steps import TreeRow, TreeView, tree_rows
from jobtui.tui.widgets.line_view import LineView

_AGES_LAST = timedelta(seconds=5)
"""How long the ages within the tree stand before they are drawn anew."""


class StepTree(LineView):
    """Steps of one job. The cursor and the folding belong to steps, by their ids."""

    class Moved(Message):
        """The cursor is on another step, or on none."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        glyphs: Glyphs = UNICODE,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._now = now
        self._glyphs = glyphs
        self._detail: JobDetail | None = None
        self._ref: JobRef | None = None
        self._rows: list[TreeRow] = []
        self._rows_width = 0
        self._toggled: dict[JobRef, set[str]] = {}
        self._key: str | None = None
        self._trouble = ""
        self._is_untouched = True
        """Whether the cursor stands where the flow does; not once somebody has moved it in this job."""
        self._laid_out: JobRef | None = None
        self._ages_until = now()
        self.why_empty: list[Line] = []
        self.usual_of: Callable[[Job, Step], Usual | None] = lambda _job, _step: None
        """What is usual for a step of a job."""

    @property
    def step(self) -> Step | None:
        """The step under the cursor."""
        return self._rows[self.cursor].step if self._rows else None

    @property
    def rows(self) -> list[TreeRow]:
        """The lines of the tree."""
        return self._rows

    def show(self, job: Job | None, detail: JobDetail | None) -> None:
        """Show a job's steps; for the job already shown, cursor, scroll and folding stay."""
        ref = job.ref if job is not None else None
        if ref != self._ref:
            self._ref, self._key, self.cursor, self._is_untouched = ref, None, 0, True
            self._rows, self._trouble = [], ""
            self.scroll_lines_to(0)
        is_same = detail is self._detail and ref == self._laid_out
        if detail is not None and not is_same and detail != self._detail:
            self._trouble = ""
        self._detail = detail
        self.why_empty = [] if job is None else [(Span(self._trouble or _why_empty(job, detail), "dim"),)]
        if not is_same or self._now() >= self._ages_until or self.line_width != self._rows_width:
            self.layout_rows()
        else:
            self.redraw()
        if self._key is None or (self._is_untouched and self._has_flow_gone_on()):
            self._go_to_news()

    def trouble(self, text: str) -> None:
        """Say that the job could not be read; steps already known stay."""
        self._trouble = text
        self.redraw()

    def select(self, step_id: str) -> bool:
        """Put the cursor on a step; False when it is not shown."""
        row = next((row for row, one in enumerate(self._rows) if one.key == step_id), None)
        if row is not None:
            self.go_to(row)
        return row is not None

    def layout_rows(self) -> None:
        """Lay the steps out anew, keeping the cursor on what it was on."""
        self._rows_width, self._laid_out = self.line_width, self._ref
        self._ages_until = self._now() + _AGES_LAST
        before = self.cursor
        detail = self._detail
        self._rows = [] if detail is None else self._tree(detail)
        row = next((number for number, one in enumerate(self._rows) if one.key == self._key), None)
        if row is not None and row != before:
            self.cursor = row
            self.scroll_lines_to(self.scroll_offset.y + row - before)
        self.redraw()

    def _tree(self, detail: JobDetail) -> list[TreeRow]:
        usual_of = partial(self.usual_of, detail.job)
        view = TreeView(self.line_width, self._now(), self._folding(), self._glyphs, usual_of)
        return tree_rows(detail.steps, detail.job.kind, view)

    def toggle(self) -> bool:
        """Fold or unfold what is under the cursor; False when there is nothing below it."""
        fold = self._rows[self.cursor].fold if self._rows else None
        if fold is None or self._ref is None:
            return False
        self._toggled.setdefault(self._ref, set()).symmetric_difference_update({fold})
        self._key = self._rows[self.cursor].key
        self.layout_rows()
        return True

    def line_count(self) -> int:
        return len(self._rows)

    def line(self, row: int) -> Line:
        return self._rows[row].line

    def empty_lines(self) -> list[Line]:
        return self.why_empty

    def cursor_moved(self) -> None:
        self._is_untouched = False
        self._key = self._rows[self.cursor].key if self._rows else None
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        if self.line_width != self._rows_width:
            self.layout_rows()

    def _folding(self) -> set[str]:
        return self._toggled.get(self._ref, set()) if self._ref is not None else set()

    def _has_flow_gone_on(self) -> bool:
        is_at_current = self.step is not None and self.step.current
        return not is_at_current and self._detail is not None and bool(self._detail.current_steps())

    def _go_to_news(self) -> None:
        """Put the cursor on the current step, else on the first that failed, with what it says in sight."""
        steps = [(row, one.step) for row, one in enumerate(self._rows) if one.step and one.key == one.step.id]
        failed = next((row for row, step in steps if step.state is State.FAILED), 0)
        row = next((row for row, step in steps if step.current), failed)
        if self._rows:
            self._key = self._rows[row].key
            self.cursor = row
            self.show_cursor()
            self._show_words(row)
            self.redraw()
            self.post_message(self.Moved())

    def _show_words(self, row: int) -> None:
        """Scroll so far that what a step says below its name is visible, and the name still is."""
        step = self._rows[row].step
        words = sum(1 for _ in takewhile(lambda one: one.step is step, self._rows[row + 1 :]))
        top = min(row, row + words - self.page_height + 1)
        if self.scroll_offset.y < top:
            self.scroll_lines_to(top)


def _why_empty(job: Job, detail: JobDetail | None) -> str:
    if detail is None:
        return "reading the job…"
    if job.ended:
        return "This job has no steps."
    return "No steps yet: the server gives them when the job has a result."
