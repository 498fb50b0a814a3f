"""Jobs that only the journal still knows, as lines to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jobtui.insight.when import moment
from jobtui.model import Job, JobRef
from jobtui.text import plain
from jobtui.tui.format.jobs import reason_of
from jobtui.tui.format.spans import Line, Span, cut
from jobtui.tui.format.states import UNICODE, Glyphs, label, look_of


def remembered_rows(
    jobs: Sequence[Job], wanted: str, now: datetime, width: int, glyphs: Glyphs = UNICODE
) -> list[tuple[Line, JobRef | None]]:
    """List jobs as they were last seen, under how many of them were found."""
    count = "1 job" if len(jobs) == 1 else f"{len(jobs)} jobs"
    head = f"{count} not in the list, remembered from before: {plain(wanted)}"
    lines: list[tuple[Line, JobRef | None]] = [((Span(cut(head, width), "strong"),), None), ((), None)]
    for job in jobs:
        look = look_of(job)
        state = Span(f"{label(look, glyphs)} ", look)
        at = job.ended_at or job.updated or job.started or job.created or job.as_of
        said = f"{moment(at, now):<10} {plain(str(job.ref))}  {plain(job.title)}"
        reason = reason_of(job, now)
        text = f"{said}  {reason}" if reason else said
        lines.append(((state, Span(cut(text, width - len(state.text)))), job.ref))
    return lines
