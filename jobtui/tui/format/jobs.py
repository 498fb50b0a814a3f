"""A job as one row of the list, and as the strip below it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jobtui.insight.why import why
from jobtui.model import Flag, Hold, HoldKind, Job, JobRef, Progress, State
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut, fit
from jobtui.tui.format.states import UNICODE, Glyphs, label, look_of
from jobtui.tui.format.times import age, moment

AGE_WIDTH = 5
_MOVING = frozenset({State.RUNNING, State.QUEUED})
"""States whose progress is news even when there is a reason to give."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of the job list begin and end, in cells."""

    state: int
    source: int
    title: int
    why: int

    @classmethod
    def of(cls, width: int, source: int, glyphs: Glyphs = UNICODE) -> Columns:
        """Share a width out: state, source and age are fixed, title and why divide the rest."""
        state = len(label("queued", glyphs))
        source = max(2, min(source, 10 if width >= 90 else 8))
        rest = max(10, width - state - source - AGE_WIDTH - 4)
        title = min(rest * 45 // 100, 44)
        return cls(state, source, title, rest - title)


def heading(columns: Columns) -> Line:
    """Name the columns."""
    words = (
        fit("STATE", columns.state),
        fit("IN", columns.source),
        fit("JOB", columns.title),
        fit("PROGRESS / WHY", columns.why),
        fit("AGE", AGE_WIDTH, right=True),
    )
    return (Span("  " + " ".join(words), "dim"),)


def job_row(
    job: Job, now: datetime, columns: Columns, *, stale: bool = False, glyphs: Glyphs = UNICODE
) -> Line:
    """Draw one job on one line; a stale one is dim and says so."""
    look = look_of(job)
    quiet = "dim" if stale or Flag.FORGOTTEN in job.flags else ""
    old = stale or Flag.STALE in job.flags
    return (
        Span(label(look, glyphs) + " ", quiet or look),
        Span(fit(plain(job.ref.source), columns.source) + " ", "dim"),
        Span(fit(plain(job.title), columns.title) + " ", quiet),
        Span(fit(progress_or_why(job, now, columns.why, glyphs), columns.why) + " ", quiet),
        Span(fit("stale" if old else age(since(job), now), AGE_WIDTH, right=True), "warn" if old else "dim"),
    )


def since(job: Job) -> datetime | None:
    """Name the moment that a job's age counts from: its end, else its beginning."""
    if job.ended:
        return job.ended_at or job.updated
    return job.started or job.created


def progress_or_why(job: Job, now: datetime, width: int, glyphs: Glyphs = UNICODE) -> str:
    """Say what a reader wants first: why, or else how far."""
    reason = reason_of(job, now)
    if job.state in _MOVING or not reason:
        far = progress(job.progress, width if not reason else min(width, 12), glyphs) if not job.ended else ""
        return f"{far}  {reason}" if far and reason else reason or far
    return reason


def reason_of(job: Job, now: datetime) -> str:
    """Say why a job is as it is, moments in the zone of ``now``; empty when there is nothing to say."""
    return plain(why(job, now) or "")


def progress(value: Progress | None, width: int, glyphs: Glyphs = UNICODE) -> str:
    """Draw how far: a bar with a number where both fit; nothing when the server gives no measure."""
    if value is None:
        return ""
    counted = f"{value.done}/{value.total}" if value.done is not None and value.total else ""
    if value.fraction is None:
        return counted or ("" if value.done is None else f"{value.done} done")
    share = f"{round(value.fraction * 100)}%"
    cells = min(10, width - max(len(share), 4) - 1)
    if cells < 5:
        return cut(share, width)
    full = round(min(1.0, max(0.0, value.fraction)) * cells)
    bar = glyphs.bar_full * full + glyphs.bar_empty * (cells - full)
    text = f"{bar} {share:>4}"
    return f"{text} {counted}" if counted and len(text) + len(counted) < width else text


def hold_text(hold: Hold, now: datetime, count: int = 1) -> str:
    """Say what keeps a step: who, since when, until what; the oldest of so many of its sort."""
    who = f"held by {plain(hold.by)}" if hold.by else "held"
    parts = [who if count == 1 else f"{count} holds: {who}"]
    if hold.since is not None:
        parts.append(f"since {moment(hold.since, now)} ({age(hold.since, now)})")
    if hold.until is not None:
        parts.append(f"until {moment(hold.until, now)}")
    if hold.after is not None:
        parts.append(f"until {plain(str(hold.after))} is done")
    if hold.hook is not None:
        parts.append(f"until {plain(hold.hook)} says so")
    if hold.until is None and hold.kind is not HoldKind.DEPENDENCY:
        parts.append("until released")
    return " ".join(parts)


def short_ref(ref: JobRef, width: int) -> str:
    """Give a ref, cut to a width."""
    return cut(plain(str(ref)), width)
