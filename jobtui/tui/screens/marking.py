"""The marking board: jobs set apart by key, one, a range, or all that are shown."""

from __future__ import annotations

from jobtui.tui.screens.quieting import QuietingBoard


class MarkingBoard(QuietingBoard):
    """The board, and how somebody marks jobs on it. A mark does nothing by itself."""

    def action_mark(self) -> None:
        """Mark the selected job or group, or take the mark away; the cursor goes on to the next."""
        ref, head = self.jobs.selected, self.jobs.head
        if ref is not None:
            self.marks.toggle(ref)
        elif head is not None:
            self.marks.all_or_none(head.refs)
        else:
            self.receipt.say("no job is selected")
            return
        if self.focused is self.jobs:
            self.jobs.action_move(1)
        self._marked()

    def action_mark_range(self) -> None:
        """Mark every job from the one marked last to the selected one."""
        ref = self.jobs.selected
        if ref is None:
            self.receipt.say("no job is selected")
            return
        self.marks.extend(self.jobs.sections.shown(), ref)
        self._marked()

    def action_mark_all(self) -> None:
        """Mark all jobs that are shown; again: none."""
        self.marks.all_or_none(self.jobs.sections.shown())
        self._marked()

    def clear_marks(self) -> None:
        """Take every mark away."""
        self.marks.clear()
        self._marked()

    def _marked(self) -> None:
        self.jobs.redraw()
        self._show()
