"""The job list: a window over the store's order, whatever its length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from textual.message import Message

from jobtui.insight.attention import needs_you
from jobtui.insight.grouping import Grouping, biggest_first, group_of
from jobtui.insight.layout import USUAL, Layout
from jobtui.insight.sorting import Column, Order
from jobtui.model import Job, JobRef
from jobtui.monitor.events import Change
from jobtui.monitor.store import Store
from jobtui.monitor.view import View
from jobtui.tui.format.columns import NOTHING_CHOSEN, Columns, heading
from jobtui.tui.format.heads import head_line
from jobtui.tui.format.jobs import job_row
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.frozen import Shown
from jobtui.tui.marking import Marks
from jobtui.tui.sections import Section, Sections
from jobtui.tui.widgets.line_view import LineView

_DRAWN = 300
"""Jobs whose rows are kept as they were drawn: more than any screen shows."""
_Wanted = tuple[int, int, Glyphs, frozenset[Column], Mapping[Column, int]]
"""By what the columns share the width."""


class JobTable(LineView):
    """Jobs, one a line. The cursor is on a job, not on a row: it goes where its job goes."""

    class Moved(Message):
        """The cursor is on another job, or on none."""

        def __init__(self, ref: JobRef | None) -> None:
            super().__init__()
            self.ref = ref

    def __init__(
        self,
        store: Store | Shown,
        view: View,
        *,
        now: Callable[[], datetime],
        glyphs: Glyphs = UNICODE,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
    ) -> None:
        super().__init__(id=id)
        self._store = store
        self._now = now
        self.sections = Sections(view, store.get, self._needs_me)
        """What stands in which row."""
        self._glyphs = glyphs
        self._selected: JobRef | None = None
        self._head: str | None = None
        self._is_untouched = True
        self.marks = Marks()
        self.source_width = 6
        self.order = Order()
        """By what the view sorts, for the heading."""
        self.grouping = Grouping.NONE
        self.chosen: frozenset[Column] = USUAL
        """The columns that somebody wants to see."""
        self.widths: Mapping[Column, int] = NOTHING_CHOSEN
        """The cells that somebody gave to some of them."""
        self._shared_out: tuple[_Wanted, Columns] | None = None
        self._rows: dict[JobRef, tuple[Job, object, Line]] = {}
        """What was drawn of jobs, with all that it depends on."""
        self.stale_sources: frozenset[str] = frozenset()
        self.source_looks: dict[str, str] = {}
        """How the names of marked sources look."""
        self.why_empty: list[Line] = []
        self.is_muted: Callable[[Job], bool] = lambda _: False
        """Whether somebody has muted a job."""
        self.beside: Callable[[Job], str] = lambda _: ""
        """How a job stands beside others, in a word or two."""
        self.cause_of: Callable[[JobRef], str | None] = lambda _: None
        """Names the cause that a job shares with others."""

    @property
    def selected(self) -> JobRef | None:
        """The job under the cursor."""
        return self._selected

    @property
    def head(self) -> Section | None:
        """The group whose head the cursor is on."""
        return self.sections.head(self.cursor)

    @property
    def columns(self) -> Columns:
        """Where the columns are at this width; shared out once, and not for every line."""
        wanted = (self.line_width, self.source_width, self._glyphs, self.chosen, self.widths)
        if self._shared_out is None or self._shared_out[0] != wanted:
            self._shared_out = wanted, Columns.of(*wanted)
        return self._shared_out[1]

    def heading(self) -> Line:
        """Name the columns, for the line above the list."""
        return heading(self.columns, self.order, self._glyphs)

    def visible_refs(self) -> list[JobRef]:
        """Give the jobs on the screen, that under the cursor first."""
        return sorted(self.visible_refs_in_order(), key=lambda ref: ref != self._selected)

    def visible_refs_in_order(self) -> list[JobRef]:
        """Give the jobs on the screen, from top to bottom."""
        return [ref for row in self.visible_rows() if (ref := self.sections.ref(row)) is not None]

    def below_first(self) -> Iterator[JobRef]:
        """Give the jobs below the cursor, then the others from the top."""
        return self.sections.after(self.cursor)

    def apply(self, changes: Sequence[Change]) -> None:
        """Take over changed jobs, and draw them: the cursor stays on its job, and its line where it is."""
        self.take(changes)
        self.redraw()

    def take(self, changes: Sequence[Change]) -> None:
        """Take over changed jobs, which ``redraw`` draws; only the cursor is drawn at once."""
        if not self.sections.apply(changes):
            return
        line = self.cursor - self.scroll_offset.y
        self._find_again()
        if line != (now := self.cursor - self.scroll_offset.y):
            self._redraw_lines((line, now))

    def settle(self) -> None:
        """Find the selected job again after the order or the filter has changed."""
        self._find_again()
        self.redraw()

    def _find_again(self) -> None:
        self.sections.refresh()
        before, row = self.cursor, self._row_again()
        top = self.scroll_offset.y
        self.cursor = row
        if top > 0:  # at the top the list stays at the top, so that what is worst is seen to come
            self.scroll_lines_to(top + row - before)
        self._resize_lines()
        self.show_cursor()
        self._note_selection()

    def _row_again(self) -> int:
        """Give the row that the cursor belongs on: where what it was on is now."""
        if self._is_untouched:
            return self.sections.first()
        on = self._selected or self._head
        row = self.sections.row_of(on) if on is not None else None
        return min(self.cursor, max(0, len(self.sections) - 1)) if row is None else row

    def lay_out(self, layout: Layout) -> None:
        """Show other columns, or make them wider or narrower."""
        self.chosen, self.widths = layout.columns, layout.widths

    def group(self, grouping: Grouping) -> None:
        """Put jobs that have something in common together, each group below a head."""
        self.grouping = grouping
        rank = biggest_first if grouping is Grouping.CAUSE else None
        self.sections.group(group_of(grouping, self.cause_of), rank)
        self.settle()

    def toggle_fold(self) -> bool:
        """Fold or unfold the group whose head the cursor is on; False when it is on none."""
        if self._head is None:
            return False
        self.sections.fold(self._head)
        self.settle()
        return True

    def fold_all(self) -> None:
        """Fold every group; when all are folded, unfold them."""
        self.sections.fold_all()
        self.settle()

    def touch(self) -> None:
        """Keep the cursor to its job from now on: somebody is reading. Before that it is on the worst job."""
        self._is_untouched = False

    def select(self, ref: JobRef) -> bool:
        """Put the cursor on a job; False when it is not in the list."""
        self.sections.reveal(ref)
        row = self.sections.row_of(ref)
        if row is None:
            return False
        self._is_untouched = False
        self.go_to(row)
        self._note_selection()
        return True

    def line_count(self) -> int:
        return len(self.sections)

    def line(self, row: int) -> Line:
        head = self.sections.head(row)
        if head is not None:
            return head_line(head, self.grouping, self.line_width, self._glyphs)
        ref = self.sections.ref(row)
        job = self._store.get(ref) if ref is not None else None
        if ref is None or job is None:  # left the store between two events; the next one takes its row away
            return (Span(str(ref), "dim"),)
        return self._row(ref, job)

    def _row(self, ref: JobRef, job: Job) -> Line:
        """Draw a job, or give what was drawn of it within this second: rows are compared far more often."""
        now, columns, beside = self._now(), self.columns, self.beside(job)
        stale, is_muted = ref.source in self.stale_sources, self.is_muted(job)
        look = self.source_looks.get(ref.source, "dim")
        rest = (now.replace(microsecond=0), columns, stale, is_muted, beside, look)
        drawn = self._rows.get(ref)
        if drawn is not None and drawn[0] is job and drawn[1] == rest:
            return drawn[2]
        line = job_row(
            job,
            now,
            columns,
            stale=stale,
            is_muted=is_muted,
            glyphs=self._glyphs,
            beside=beside,
            source_look=look,
        )
        if len(self._rows) >= _DRAWN:
            self._rows.clear()
        self._rows[ref] = job, rest, line
        return line

    def mark(self, row: int) -> str:
        return "*" if self.sections.ref(row) in self.marks else " "

    def empty_lines(self) -> list[Line]:
        return self.why_empty

    def cursor_moved(self) -> None:
        self._is_untouched = False
        self._note_selection()

    def action_move(self, rows: int) -> None:
        self._is_untouched = False
        super().action_move(rows)

    def _needs_me(self, job: Job) -> bool:
        return needs_you(job, self._now()) and not self.is_muted(job)

    def _note_selection(self) -> None:
        ref, head = self.sections.ref(self.cursor), self.head
        self._head = head.name if head is not None else None
        if ref != self._selected:
            self._selected = ref
            self.post_message(self.Moved(ref))
