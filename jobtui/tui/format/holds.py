"""Holds as lines: what keeps each step, and what a release would start."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from jobtui.insight.why import holds_alike
from jobtui.model import Hold, Job, JobDetail
from jobtui.text import plain
from jobtui.tui.format.jobs import hold_text
from jobtui.tui.format.spans import Line, Span, wrap

MOST_JOBS = 50
"""Jobs whose holds are listed; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class HeldJob:
    """One job, and what releasing it would do."""

    job: Job
    detail: JobDetail | None = None
    release: str = ""
    """The consequence of a release, or why it cannot be asked; empty when nothing is held."""


def is_held(job: Job, now: datetime) -> bool:
    """Whether some hold keeps a job now."""
    return any(hold.is_active(now) for hold in job.holds)


def hold_lines(held: Sequence[HeldJob], which: str, now: datetime, width: int) -> list[Line]:
    """List the holds of some jobs; ``which`` says of which jobs."""
    shown = [one for one in held if is_held(one.job, now)]
    holds = sum(hold.is_active(now) for one in shown for hold in one.job.holds)
    lines: list[Line] = [
        (Span(part, "dim"),) for part in wrap(f"{which}: {_count(len(held), 'job')}, {_holds(holds)}", width)
    ]
    for one in shown[:MOST_JOBS]:
        lines += _job_lines(one, now, width)
    if len(shown) > MOST_JOBS:
        lines.append((Span(f"and {len(shown) - MOST_JOBS} jobs more", "dim"),))
    return lines


def _job_lines(held: HeldJob, now: datetime, width: int) -> Iterator[Line]:
    yield ()
    for number, part in enumerate(wrap(f"{plain(str(held.job.ref))}  {plain(held.job.title)}", width)):
        yield (Span(part, "strong" if number == 0 else ""),)
    titles = _titles(held.detail)
    active: dict[str, list[Hold]] = {}
    for hold in held.job.holds:
        if hold.is_active(now):
            active.setdefault(hold.step_id, []).append(hold)
    for step_id, holds in active.items():
        for hold, count in holds_alike(holds):
            text = f"{titles(step_id)}: {hold_text(hold, now, count)}"
            yield from _indented(text, "held", width)
    if held.release:
        yield from _indented(f"release: {plain(held.release)}", "", width)


def _titles(detail: JobDetail | None) -> Callable[[str], str]:
    known = {} if detail is None else {step.id: plain(step.title) for step in detail.all_steps()}
    return lambda step_id: known.get(step_id) or f"step {plain(step_id)}"


def _indented(text: str, look: str, width: int) -> Iterator[Line]:
    for number, part in enumerate(wrap(text, max(4, width - 4))):
        yield (Span("  " if number == 0 else "    "), Span(part, look))


def _holds(count: int) -> str:
    return "no hold" if count == 0 else _count(count, "hold")


def _count(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
