"""Jobs to pick one of: those whose id or title contain what is typed, as lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jobtui.model import Job, JobRef
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut, width_of
from jobtui.tui.format.states import UNICODE, Glyphs, label, look_of

SHOWN = 6
"""Jobs shown at once."""


def picks(text: str, jobs: Iterable[Job], own: JobRef) -> list[Job]:
    """Give the jobs to wait for that fit: open, not the one held itself; the newest first."""
    words = text.casefold().split()
    found = [job for job in jobs if job.ref != own and not job.ended and _fits(job, words)]
    return sorted(found, key=_newest_first)


def pick_lines(found: Sequence[Job], chosen: int | None, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """Draw some of them around the chosen one, each with its id, title and state."""
    first = max(0, min((chosen or 0) - SHOWN // 2, len(found) - SHOWN))
    lines = [
        _line(job, width, glyphs, is_chosen=number == chosen)
        for number, job in enumerate(found[first : first + SHOWN], first)
    ]
    left = len(found) - len(lines)
    return [*lines, (Span(f"  {left} more", "dim"),)] if left else lines


def _line(job: Job, width: int, glyphs: Glyphs, *, is_chosen: bool) -> Line:
    look = look_of(job)
    head = Span("> " if is_chosen else "  ", "match" if is_chosen else "")
    name = Span(f"{cut(plain(job.ref.job_id), 24)}  ", "key")
    state = Span(label(look, glyphs) + " ", look)
    title = cut(plain(job.title), width - width_of([head, state, name]))
    return (head, state, name, Span(title, "match" if is_chosen else ""))


def _fits(job: Job, words: Sequence[str]) -> bool:
    # Only looked in, never drawn.
    text = f"{job.ref.job_id} {job.title}".casefold()
    return all(word in text for word in words)


def _newest_first(job: Job) -> tuple[float, str]:
    at = job.started or job.created
    return (-at.timestamp() if at is not None else 0.0, job.ref.job_id)
