"""Jobs and steps to pick one of: those whose id or title contain what is typed, as lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from jobtui.model import Job, JobRef, State, Step
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut, width_of
from jobtui.tui.format.states import UNICODE, Glyphs, label, look_of

SHOWN = 6
"""Jobs or steps shown at once."""
_OVER = frozenset({State.SUCCEEDED, State.SKIPPED, State.CANCELLED})


def picks(text: str, jobs: Iterable[Job], own: Collection[JobRef]) -> list[Job]:
    """Give the jobs to wait for that fit: open, none of those held themselves; the newest first."""
    words = text.casefold().split()
    found = [job for job in jobs if job.ref not in own and not job.ended and _fits(job, words)]
    return sorted(found, key=_newest_first)


def parts(steps: Iterable[Step], own: Collection[str]) -> list[Step]:
    """Give the steps of a job that can be waited for: not over, and none of those held themselves."""
    return [step for step in steps if step.state not in _OVER and step.id not in own]


def pick_lines(found: Sequence[Job], chosen: int | None, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """Draw some of the jobs around the chosen one, each with its id, title and state."""
    return _around([_job_line(job, width, glyphs) for job in found], chosen)


def part_lines(
    job: Job, steps: Sequence[Step], chosen: int, width: int, glyphs: Glyphs = UNICODE
) -> list[Line]:
    """Draw the whole job, then some of its steps around the chosen one."""
    whole: Line = (Span(cut(f"the whole job, {plain(job.title)}", width - 2)),)
    return _around([whole, *(_step_line(step, width, glyphs) for step in steps)], chosen)


def _around(lines: Sequence[Line], chosen: int | None) -> list[Line]:
    first = max(0, min((chosen or 0) - SHOWN // 2, len(lines) - SHOWN))
    drawn: list[Line] = []
    for number, (*rest, title) in enumerate(lines[first : first + SHOWN], first):
        look = "match" if number == chosen else ""
        drawn.append((Span("> " if look else "  ", look), *rest, Span(title.text, look)))
    left = len(lines) - len(drawn)
    return [*drawn, (Span(f"  {left} more", "dim"),)] if left else drawn


def _job_line(job: Job, width: int, glyphs: Glyphs) -> Line:
    return _line(job.ref.job_id, look_of(job), job.title, width, glyphs)


def _step_line(step: Step, width: int, glyphs: Glyphs) -> Line:
    return _line(step.id, step.state.value, step.title, width, glyphs)


def _line(name: str, look: str, title: str, width: int, glyphs: Glyphs) -> Line:
    head = (Span(label(look, glyphs) + " ", look), Span(f"{cut(plain(name), 24)}  ", "key"))
    return (*head, Span(cut(plain(title), width - 2 - width_of(head))))


def _fits(job: Job, words: Sequence[str]) -> bool:
    # Only looked in, never drawn.
    text = f"{job.ref.job_id} {job.title}".casefold()
    return all(word in text for word in words)


def _newest_first(job: Job) -> tuple[float, str]:
    at = job.started or job.created
    return (-at.timestamp() if at is not None else 0.0, job.ref.job_id)
