"""Causes as rows: how many jobs and items failed alike, since when; and what happened while nobody looked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jobtui.insight.cause import Group
from jobtui.insight.when import moment
from jobtui.monitor.away import Digest
from jobtui.text import plain
from jobtui.tui.format.away import counts_text
from jobtui.tui.format.spans import Line, Span, cut, fit
from jobtui.tui.format.times import span

_MOMENT = 9


def groups_heading() -> Line:
    """Name the columns of the causes."""
    return (Span(f"JOBS ITEMS {'FIRST':<{_MOMENT}} {'LAST':<{_MOMENT}} IN and CAUSE", "dim"),)


def group_row(group: Group, now: datetime, width: int) -> Line:
    """Draw one cause: jobs, failed items as far as they are told, first, last, sources, words."""
    told = [job.items_failed for job in group.jobs if job.items_failed is not None]
    items = str(sum(told)) if told else "-"
    first, last = (fit(moment(at, now), _MOMENT) for at in (group.first, group.last))
    head = f"{len(group.jobs):>4} {items:>5} "
    sources = ",".join(sorted({plain(job.ref.source) for job in group.jobs}))
    text = f"{sources}: {plain(group.cause)}"
    room = width - len(head) - 2 * _MOMENT - 2
    return (Span(head, "strong"), Span(f"{first} {last} ", "dim"), Span(cut(text, room)))


def by_size(groups: Sequence[Group]) -> list[Group]:
    """Order causes: most jobs first, then the latest."""
    return sorted(groups, key=lambda group: (-len(group.jobs), -group.last.timestamp(), group.cause))


def digest_text(digest: Digest | None, now: datetime) -> str:
    """Say in a sentence what happened while nobody looked."""
    if digest is None:
        return "A tells what happened while you were away"
    away = span((now - digest.since).total_seconds())
    return f"while you were away ({away}): {counts_text(digest)}. A lists it."
