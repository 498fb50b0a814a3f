"""The texts around the panes: titles, the strip below the list, and why a list is empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jobtui.insight.grouping import Grouping
from jobtui.insight.sorting import Order
from jobtui.model import Job, JobDetail
from jobtui.monitor.events import Link
from jobtui.monitor.monitor import Monitor
from jobtui.text import plain
from jobtui.tui.finding import Finding
from jobtui.tui.format.compared import ALONE, Compared
from jobtui.tui.format.details import strip_lines
from jobtui.tui.format.footer import Standing, no_controls_text, standing_lines
from jobtui.tui.format.heads import about_head
from jobtui.tui.format.sources import Known
from jobtui.tui.format.spans import Line, Span, cut
from jobtui.tui.format.times import span
from jobtui.tui.hints import On, Place
from jobtui.tui.keymap import key_of
from jobtui.tui.sections import Section
from jobtui.tui.widgets.job_table import JobTable
from jobtui.tui.widgets.message_log import MessageLog

STRIP_LINES = 7
"""Lines of the strip below the list."""
_LEAST_STRIP_LINES = 4
"""Lines that it keeps when sources or receipts need more: why, when, what the server says, what can be."""
_LEAST_ROWS = 8
"""Rows that the list keeps as the terminal gets lower, before the strip has any."""
_AROUND = 8
"""Lines of a narrow screen that are neither: head, frames, names of columns, receipt, keys."""


def strip_height(screen_height: int, receipt_lines: int) -> int:
    """Say how many lines the strip may have: it gives way to the list, and to a receipt of several lines."""
    more = max(0, receipt_lines - 1)
    room = screen_height - _AROUND - _LEAST_ROWS - more
    return max(0, min(room, max(_LEAST_STRIP_LINES, STRIP_LINES - more)))


def jobs_title(finding: Finding, known: int, table: JobTable, *, is_frozen: bool = False) -> str:
    """Name the list, how many jobs it has and are marked, what hides the others, and another order."""
    marks, grouping = table.marks, table.grouping
    shown = len(finding.view)
    parts = ["1 Jobs", *(["FROZEN"] if is_frozen else [])]
    parts.append(str(shown) if shown == known and not finding.hides else f"{shown} of {known}")
    if marks:
        hidden = marks.hidden(finding.view) if finding.hides else 0
        parts.append(f"marked {len(marks)}{f' ({hidden} not shown)' if hidden else ''}")
    if finding.problems:
        parts.append("only those that need you")
    if finding.text:
        parts.append(f"filter: {plain(finding.text)}")
    if grouping is not Grouping.NONE:
        parts.append(f"grouped by {grouping}")
    return "  ".join([*parts, *order_text(finding.order)])


def place_of(pane: str, table: JobTable, finding: Finding) -> Place:
    """Say where a key is pressed: in which pane, and what the cursor of the jobs is on."""
    if table.head is not None:
        on = On.FOLDED if table.head.is_folded else On.HEAD
    elif table.selected is None:
        on = On.HIDDEN if finding.hides else On.NOTHING
    else:
        on = On.JOB
    return Place(pane, on, bool(table.marks))


def order_text(order: Order) -> list[str]:
    """Say the order, unless it is the usual one."""
    return [] if order == Order() else [f"by {order.by}{', turned round' if order.is_turned else ''}"]


def steps_title(job: Job | None, detail: JobDetail | None, width: int) -> str:
    """Name the job whose steps are shown."""
    if job is None:
        return "2 Steps"
    steps = detail.all_steps() if detail is not None else []
    return cut(f"2 Steps {len(steps) or ''} {plain(job.title)}  {plain(str(job.ref))}", max(10, width))


def strip_text(
    job: Job | None,
    standings: Sequence[Standing],
    log: MessageLog,
    now: datetime,
    width: int,
    height: int,
    compared: Compared = ALONE,
    head: Section | None = None,
) -> tuple[str, list[Line]]:
    """Give title and lines of the strip: what the row has no room for, and the newest messages."""
    if job is None:
        about = [] if head is None else about_head(head, width)
        return "", (about + [()] * height)[:height]
    lines = strip_lines(job, standings, now, width, compared)
    if standings:
        lines.append(standing_lines(standings, width))
    else:
        lines.append((Span("can   ", "dim"), Span(no_controls_text(job.kind.value), "off")))
    # What goes on of why goes first, what can be asked last: the steps and the details say all of it.
    del lines[1 : 1 + max(0, len(lines) - height)]
    room = max(0, height - len(lines))
    lines += log.newest(room, width)
    title = cut(f"{plain(job.title)}  {plain(str(job.ref))}", width - 4)
    return title, (lines + [()] * height)[:height]


def why_empty(monitor: Monitor, known: Sequence[Known], finding: Finding, now: datetime) -> list[Line]:
    """Say why no job is shown, and what will change that."""
    text, problems = finding.text, finding.problems
    if not known:
        return [(Span("No source is configured. Leave with q, then: jobtui config init, or jobtui demo"),)]
    if len(monitor.store) and (text or problems):
        what = f"“{plain(text)}”" if text else "needs you"
        if text and problems:
            what += " and needs you"
        memory: Line = (
            Span(key_of("remembered").face, "key"),
            Span(" looks among all jobs ever seen here.", "dim"),
        )
        return [
            (Span(f"None of {len(monitor.store)} jobs {'matches ' if text else ''}{what}."),),
            (Span(f"{key_of('back').face} shows all jobs again.", "dim"),),
            *([memory] if text else []),
            *([(Span(next_poll, "dim"),)] if (next_poll := _next_poll(known, now)) else []),
        ]
    return [_silence(one, now) for one in known]


def _next_poll(known: Sequence[Known], now: datetime) -> str:
    """Say when some source is asked next; empty when that is not known."""
    waits = [(health.next_at - now).total_seconds() for _, health in known if health.next_at is not None]
    return f"Sources are asked again in {span(max(0.0, min(waits)))}." if waits else ""


def _silence(known: Known, now: datetime) -> Line:
    source, health = known
    wait = (
        "" if health.next_at is None else f" Next question in {span((health.next_at - now).total_seconds())}."
    )
    if source is None:
        return (Span(f"{plain(health.source)}: {plain(health.error or 'cannot be used')}", "warn"),)
    if health.fresh_at is None and health.link is Link.STARTING:
        return (Span(f"{plain(source.name)}: asking for the first time…", "dim"),)
    if health.error:
        return (Span(f"{plain(source.name)}: {plain(health.error)}.{wait}", "warn"),)
    past = span(source.history_s)
    return (Span(f"{plain(source.name)}: no open job, and none that ended within {past}.{wait}", "dim"),)
