"""Holds as lines: what keeps each step, and what a release would start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from jobtui.insight.why import holds_alike
from jobtui.model import Hold, Job, JobDetail, JobRef, Step
from jobtui.text import plain
from jobtui.tui.format.jobs import hold_text
from jobtui.tui.format.spans import Line, Span, wrap

MOST_JOBS = 50
"""Jobs whose holds are listed; how many more there are is said."""
MOST_STEPS = 50
"""Held steps of one job that are listed; how many more there are is said."""


HoldRow = tuple[Line, JobRef | None]
"""A line, and the job that it is about, if any."""


class HeldJob(Struct, frozen=True):
    """One job, and what releasing it would do."""

    job: Job
    detail: JobDetail | None = None
    release: str = ""
    """The consequence of a release, or why it cannot be asked; empty when nothing is held."""

    def holds(self, now: datetime) -> list[Hold]:
        """Give the holds in force: of the current steps, and of those ahead once the job was read whole."""
        ahead = [hold for step in self._steps() if not step.current for hold in step.holds]
        known = {(hold.step_id, hold.id): hold for hold in (*self.job.holds, *ahead)}
        return [hold for hold in known.values() if hold.is_active(now)]

    def names(self) -> dict[str, str]:
        """Give what each known step is called, and whether the flow stands elsewhere."""
        return {
            step.id: plain(step.title) if step.current else f"{plain(step.title)} (not current)"
            for step in self._steps()
        }

    def _steps(self) -> list[Step]:
        return [] if self.detail is None else self.detail.all_steps()


def hold_rows(held: Sequence[HeldJob], which: str, now: datetime, width: int) -> list[HoldRow]:
    """List the holds of some jobs; ``which`` says of which jobs."""
    known = [(one, one.holds(now)) for one in held]
    shown = [(one, holds) for one, holds in known if holds]
    count = sum(len(holds) for _, holds in shown)
    head = f"{which}: {_count(len(held), 'job')}, {_holds(count)}"
    rows: list[HoldRow] = [((Span(part, "dim"),), None) for part in wrap(head, width)]
    for one, holds in shown[:MOST_JOBS]:
        rows.append(((), rows[-1][1]))
        rows += [(line, one.job.ref) for line in _job_lines(one, holds, now, width)]
    if len(shown) > MOST_JOBS:
        rows.append(((Span(f"and {len(shown) - MOST_JOBS} jobs more", "dim"),), None))
    return rows


def _job_lines(held: HeldJob, holds: Sequence[Hold], now: datetime, width: int) -> Iterator[Line]:
    for number, part in enumerate(wrap(f"{plain(str(held.job.ref))}  {plain(held.job.title)}", width)):
        yield (Span(part, "strong" if number == 0 else ""),)
    names = held.names()
    of_steps: dict[str, list[Hold]] = {}
    for hold in holds:
        of_steps.setdefault(hold.step_id, []).append(hold)
    for step_id in list(of_steps)[:MOST_STEPS]:
        name = names.get(step_id) or f"step {plain(step_id)}"
        for hold, count in holds_alike(of_steps[step_id]):
            yield from _indented(f"{name}: {hold_text(hold, now, count)}", "held", width)
    if len(of_steps) > MOST_STEPS:
        yield from _indented(f"and {len(of_steps) - MOST_STEPS} held steps more", "dim", width)
    if held.release:
        yield from _indented(f"release: {plain(held.release)}", "", width)


def _indented(text: str, look: str, width: int) -> Iterator[Line]:
    for number, part in enumerate(wrap(text, max(4, width - 4))):
        yield (Span("  " if number == 0 else "    "), Span(part, look))


def _holds(count: int) -> str:
    return "no hold" if count == 0 else _count(count, "hold")


def _count(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
