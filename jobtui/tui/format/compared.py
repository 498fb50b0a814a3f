"""A job beside others: what is usual for its like, and who failed for the same cause."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from jobtui.insight.cause import Group, failed_at
from jobtui.insight.usual import Usual, can_stall, runs_s
from jobtui.insight.when import moment
from jobtui.model import Job, JobRef
from jobtui.text import plain, plain_lines
from jobtui.tui.format.spans import Line, Span, cut, wrap
from jobtui.tui.format.states import UNICODE, Glyphs, label, look_of
from jobtui.tui.format.times import span


class Compared(Struct, frozen=True):
    """What is known of jobs like this one."""

    usual: Usual | None = None
    left_s: float | None = None
    """Seconds it may still take; None where nobody can tell."""
    alike: int = 0
    """Other jobs that failed for the same cause."""


ALONE = Compared()
"""A job of which nothing alike is known."""


def usual_text(job: Job, compared: Compared, now: datetime) -> str:
    """Say how long a job has run, what is usual, and what is left: only what is known; else empty."""
    usual, ran = compared.usual, runs_s(job, now)
    parts = []
    if ran is not None and (job.ended or can_stall(job)):
        parts.append(f"{'took' if job.ended else 'running'} {span(ran)}")
    if usual is not None and usual.is_known:
        parts.append(f"usually {span(usual.median_s)} (p90 {span(usual.p90_s)}, of {usual.count})")
    elif compared.left_s is None:
        return ""
    if compared.left_s is not None:
        parts.append(f"{left_text(compared.left_s)} left")
    return ", ".join(parts)


def left_text(seconds: float) -> str:
    """Say roughly how long is left, never to the second: ``about 3m``."""
    return "less than 1m" if seconds < 60 else f"about {span(seconds)}"


def brief_left_text(seconds: float) -> str:
    """Say roughly how long is left where there is little room: ``~3m``."""
    return "<1m" if seconds < 60 else f"~{span(seconds)}"


def alike_text(alike: int) -> str:
    """Say how many others failed for the same cause; empty when none did."""
    return f"+{alike} alike" if alike else ""


def group_lines(group: Group, now: datetime, width: int, glyphs: Glyphs = UNICODE) -> list[Line]:
    """List the jobs that failed for one cause, the latest first, with the whole text of the latest."""
    return [line for line, _ in group_rows(group, now, width, glyphs)]


def group_rows(
    group: Group, now: datetime, width: int, glyphs: Glyphs = UNICODE
) -> list[tuple[Line, JobRef | None]]:
    """As ``group_lines``, each line with the job that it stands for."""
    before, after = _about_group(group, now, width), _latest(group, width)
    jobs = [(line, job.ref) for job in group.jobs for line in _one(job, now, width, glyphs)]
    return [*((line, None) for line in before), *jobs, *((line, None) for line in after)]


def _about_group(group: Group, now: datetime, width: int) -> list[Line]:
    count, sources = len(group.jobs), sorted({plain(job.ref.source) for job in group.jobs})
    lines: list[Line] = [(Span(text, "strong"),) for text in wrap(plain(group.cause), width)]
    lines.append((Span("# stands for any number or id, @ for any path or address", "dim"),))
    jobs = "1 job" if count == 1 else f"{count} jobs"
    seen = f"first {moment(group.first, now)}, last {moment(group.last, now)}"
    return [*lines, (), (Span(f"{jobs} of {', '.join(sources)}; {seen}"),), ()]


def _latest(group: Group, width: int) -> list[Line]:
    lines: list[Line] = [(), (Span("What the latest says", "strong"),)]
    for text in plain_lines(group.jobs[0].why or ""):
        lines += [(Span(part, "bad"),) for part in wrap(text, width)]
    return lines


def _one(job: Job, now: datetime, width: int, glyphs: Glyphs) -> Iterator[Line]:
    look = look_of(job)
    head = f"{label(look, glyphs)} "
    said = f"{moment(failed_at(job), now):<10} {plain(str(job.ref))}  {plain(job.title)}"
    yield (Span(head, look), Span(cut(said, width - len(head))))
