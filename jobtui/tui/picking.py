"""What a hold waits for, as it is picked: a job among those known, and of that the whole or one step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jobtui.model import Job, JobRef, Step, StepRef, Target
from jobtui.tui.format.picking import part_lines, parts, pick_lines, picks
from jobtui.tui.format.spans import Line
from jobtui.tui.format.states import UNICODE, Glyphs


class Picking:
    """Rows of jobs, or of the steps of one of them, with the one that is chosen."""

    def __init__(self, jobs: Iterable[Job], held: Sequence[Target]) -> None:
        """``jobs`` are kept as they are now: a row must not become another job's."""
        self._offered = list(jobs)
        self._held = held
        self.words = ""
        """What the jobs must contain."""
        self.row: int | None = None
        """The row chosen; None before anything is typed or chosen."""
        self.job: Job | None = None
        """The job whose steps are shown."""
        self._steps: list[Step] = []

    @property
    def found(self) -> list[Job]:
        """The jobs that fit."""
        return picks(self.words, self._offered, [held.job for held in self._held])

    def type(self, words: str) -> None:
        """Look for other jobs."""
        self.words, self.job = words, None
        self.row = 0 if words.strip() else None

    def move(self, rows: int) -> None:
        """Choose the next or previous row, round the end."""
        count = len(self._steps) + 1 if self.job is not None else len(self.found)
        if count:
            first = -1 if self.row is None and rows > 0 else (self.row or 0)
            self.row = (first + rows) % count

    def chosen(self) -> Job | None:
        """Give the job under the cursor."""
        found = self.found
        return None if self.row is None or not found or self.job is not None else found[self.row % len(found)]

    def open(self, job: Job, steps: Iterable[Step]) -> None:
        """Show the steps of a job."""
        own = [held.step_id for held in self._held if isinstance(held, StepRef) and held.job == job.ref]
        self.job, self._steps, self.row = job, parts(steps, own), 0

    def close(self) -> bool:
        """Go back from the steps to the jobs; False when no steps were shown."""
        if self.job is None:
            return False
        shown, self.job = self.job.ref, None
        self.row = next((row for row, job in enumerate(self.found) if job.ref == shown), None)
        return True

    def target(self) -> Target | None:
        """Give what is chosen: a job or one of its steps."""
        if self.job is None:
            job = self.chosen()
            return None if job is None else job.ref
        ref: JobRef = self.job.ref
        return StepRef(ref, self._steps[self.row - 1].id) if self.row else ref

    def lines(self, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
        """Draw the rows around the chosen one."""
        if self.job is not None:
            return part_lines(self.job, self._steps, self.row or 0, width, glyphs)
        return pick_lines(self.found, self.row, width, glyphs)
