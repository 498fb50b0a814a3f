"""A job as one row of the list, and as the strip below it."""

from __future__ import annotations

from datetime import datetime

from jobtui.insight.since import since
from jobtui.insight.sorting import Column
from jobtui.insight.why import why
from jobtui.model import Flag, Hold, HoldKind, Job, JobRef, Progress, State
from jobtui.text import plain
from jobtui.tui.format.columns import Columns
from jobtui.tui.format.spans import Line, Span, cut, fit
from jobtui.tui.format.states import UNICODE, Glyphs, label, look_of
from jobtui.tui.format.times import age, moment

_MOVING = frozenset({State.RUNNING, State.QUEUED})
"""States whose progress is news even when there is a reason to give."""


def job_row(
    job: Job,
    now: datetime,
    columns: Columns,
    *,
    stale: bool = False,
    is_muted: bool = False,
    glyphs: Glyphs = UNICODE,
    beside: str = "",
    source_look: str = "dim",
) -> Line:
    """Draw one job on one line; a stale or muted one is dim and says so. ``beside`` comes after why."""
    quiet = "dim" if stale or is_muted or Flag.FORGOTTEN in job.flags else ""
    is_old = stale or Flag.STALE in job.flags
    spans: list[Span] = []
    for column, width in columns.widths:
        if column is Column.STATE:
            look = look_of(job)
            cell = Span(fit(label(look, glyphs), width), quiet or look)
        elif column is Column.AGE:
            text = "stale" if is_old else age(since(job), now)
            cell = Span(fit(text, width, right=True), "warn" if is_old else "dim")
        elif column is Column.WHY:
            muted = "muted: " if is_muted else ""
            said = _why_and_beside(job, now, width - len(muted), glyphs, beside)
            cell = Span(muted + said, quiet)
        else:
            usual = {Column.TITLE: "", Column.SOURCE: source_look}
            look = quiet or usual.get(column, "dim")
            cell = Span(fit(plain(_text(job, column, glyphs)), width), look)
        spans += [cell, Span(" ", cell.look)]
    return tuple(spans[:-1])


def _why_and_beside(job: Job, now: datetime, width: int, glyphs: Glyphs, beside: str) -> str:
    """Say why or how far, and after it, where there is room, how the job stands beside others."""
    more = f" {beside}" if beside and len(beside) < width // 2 else ""
    room = width - len(more)
    return fit(cut(progress_or_why(job, now, room, glyphs), room) + more, width)


def _text(job: Job, column: Column, glyphs: Glyphs) -> str:
    match column:
        case Column.SOURCE:
            return job.ref.source
        case Column.KIND:
            return job.kind.value
        case Column.ID:
            return job.ref.job_id
        case Column.OWNER:
            return job.owner or glyphs.unknown
        case _:
            return job.title


def progress_or_why(job: Job, now: datetime, width: int, glyphs: Glyphs = UNICODE) -> str:
    """Say what a reader wants first: why, or else how far."""
    reason = reason_of(job, now)
    if job.state in _MOVING or not reason:
        room = 4 if Flag.STALLED in job.flags else 12  # of what stands still the number says it all
        far = "" if job.ended else progress(job.progress, min(width, room) if reason else width, glyphs)
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
