"""Reading screens and panes with cases in every field that they have room for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from msgspec import structs
from textual.screen import Screen

from jobtui.insight.cause import group_of
from jobtui.insight.grouping import Grouping
from jobtui.insight.layout import Layout, SavedView
from jobtui.model import (
    Control,
    ControlRequest,
    Effect,
    Hold,
    JobDetail,
    JobRef,
    Kind,
    Outcome,
    Source,
    State,
    Step,
    StepRef,
    Verdict,
)
from jobtui.monitor.away import Digest, News, Sort
from jobtui.monitor.events import Controlled, Link, SourceHealth, Stage
from jobtui.tui.copies import LookedAt, copies_of
from jobtui.tui.format.actions import action_lines
from jobtui.tui.format.away import away_lines
from jobtui.tui.format.compared import group_lines
from jobtui.tui.format.details import detail_lines
from jobtui.tui.format.groups import group_row
from jobtui.tui.format.heads import head_line
from jobtui.tui.format.holds import HeldJob, hold_rows
from jobtui.tui.format.polling import polling_lines
from jobtui.tui.format.remembered import remembered_rows
from jobtui.tui.format.spans import Line
from jobtui.tui.screens.copying import CopyScreen
from jobtui.tui.screens.reading import ReadingScreen
from jobtui.tui.screens.views import ViewsScreen
from jobtui.tui.sections import Section
from jobtui.tui.seen import Seen
from tests.factory import NOW, a_job
from tests.hostile.pages import LONGEST_ID, MOST, Chunk, Page, chunks

_REF = JobRef("field", "1")
Laid = Callable[[Chunk, int], list[Line]]
"""Lays cases out for a width."""


def _pages(most: int, laid: Laid) -> Iterator[Page]:
    def screen(chunk: Chunk) -> Screen[Any]:
        return ReadingScreen("Cases", lambda width: laid(chunk, width))

    return (chunk.page(screen) for chunk in chunks(most))


def details() -> Iterator[Page]:
    """Everything that is said of a job, a case in every field."""
    return _pages(16, _details)


def _details(chunk: Chunk, width: int) -> list[Line]:
    job = a_job(
        title=chunk[0],
        raw_state=chunk[1],
        why=chunk[2],
        state=State.FAILED,
        ended=True,
        owner=chunk[3],
        application=chunk[4],
        url=chunk[5],
        dispatch=chunk[6],
        warnings=(chunk[7],),
        properties=((chunk[8], chunk[9]),),
    )
    hold = Hold("h", "s-1", by=chunk[10], after=StepRef(job.ref, chunk[11][:LONGEST_ID]))
    step = Step("s-1", chunk[12], State.FAILED, holds=(hold,), message=chunk[13])
    detail = JobDetail(replace(job, result={chunk[14]: chunk[15]}), (step,))
    return detail_lines(detail.job, detail, (), NOW, width)


def away() -> Iterator[Page]:
    """What failed and who holds what, since somebody looked."""
    return _pages(MOST, _away)


def _away(chunk: Chunk, width: int) -> list[Line]:
    sorts = (Sort.FAILED, Sort.HELD, Sort.ASSIGNED, Sort.CANCELLED)
    news = [
        News(_REF, NOW, sorts[number % 4], chunk[number], why=chunk[number + 1], who=chunk[number + 2])
        for number in range(0, len(chunk.tags), 3)
    ]
    return away_lines(Digest(NOW - timedelta(hours=1), tuple(news)), NOW, width)


def group() -> Iterator[Page]:
    """The cause, what the latest says, and the titles of all."""
    return _pages(MOST, _group)


def _group(chunk: Chunk, width: int) -> list[Line]:
    jobs = [
        a_job(str(number), title=text, why=chunk[1], state=State.FAILED, ended=True)
        for number, text in enumerate(chunk.texts)
    ]
    return group_lines(group_of(chunk[0], jobs), NOW, width)


def remembered() -> Iterator[Page]:
    """What was looked for, and the jobs that only the journal still knows."""
    return _pages(MOST, _remembered)


def _remembered(chunk: Chunk, width: int) -> list[Line]:
    jobs = [
        a_job(str(number), title=text, why=text, state=State.FAILED, ended=True)
        for number, text in enumerate(chunk.after(1))
    ]
    return [line for line, _ in remembered_rows(jobs, chunk[0], NOW, width)]


def heads() -> Iterator[Page]:
    """The heads of groups: by cause, by source, and the causes of the pane."""
    return _pages(MOST, _heads)


def _heads(chunk: Chunk, width: int) -> list[Line]:
    refs = [_REF, JobRef("field", "2")]
    lines = [
        line
        for text in chunk.texts
        for line in (
            head_line(Section(f"shared {text}", refs, 1), Grouping.CAUSE, width),
            head_line(Section(text, refs, is_folded=True), Grouping.SOURCE, width),
        )
    ]
    failed = a_job(state=State.FAILED, ended=True)
    return [*lines, *(group_row(group_of(text, [failed]), NOW, width) for text in chunk.texts)]


def holds() -> Iterator[Page]:
    """What blocks: the job, the step, who holds it, what it waits for, what a release does."""
    return _pages(MOST, _holds)


def _holds(chunk: Chunk, width: int) -> list[Line]:
    held = []
    for number in range(0, len(chunk.tags), 5):
        ref = JobRef("field", str(number))
        after = StepRef(ref, chunk[number + 2][:LONGEST_ID])
        hold = Hold(f"h{number}", "s-1", by=chunk[number + 1], since=NOW, after=after)
        job = a_job(ref.job_id, source="field", title=chunk[number], state=State.HELD, holds=(hold,))
        detail = JobDetail(job, (Step("s-1", chunk[number + 3], State.HELD, holds=(hold,)),))
        held.append(HeldJob(job, detail, chunk[number + 4]))
    return [line for line, _ in hold_rows(held, "all", NOW, width)]


def actions() -> Iterator[Page]:
    """What was asked here, why, and what became of it; what others did."""
    return _pages(20, _actions)


def _actions(chunk: Chunk, width: int) -> list[Line]:
    asked = []
    for number in range(0, len(chunk.tags), 5):
        ref, at = JobRef("field", chunk[number][:LONGEST_ID]), NOW + timedelta(seconds=number)
        request = ControlRequest(Control.CANCEL, ref, at, reason=chunk[number + 1])
        refused = Outcome(request, Verdict.REFUSED, True, at, reason=chunk[number + 2])
        accepted = structs.replace(refused, verdict=Verdict.ACCEPTED, reason=None)
        asked += [
            Controlled(Stage.ANSWERED, refused, at),
            Controlled(Stage.CONFIRMED, accepted, at, Effect(chunk[number + 3])),
            Controlled(Stage.OTHERWISE, accepted, at, Effect(chunk[number + 4], as_asked=False)),
        ]
    seen = [Seen(_REF, NOW, f"{text} HOLD {_REF}") for text in chunk.texts]
    return action_lines(asked, seen, NOW, NOW, width)


def polling() -> Iterator[Page]:
    """What sources say that is wrong, of what they warn, and which rules are armed."""
    return _pages(MOST, _polling)


def _polling(chunk: Chunk, width: int) -> list[Line]:
    known = [
        (
            Source("field", Kind.ARCGIS),
            SourceHealth(
                "field",
                Link.LIVE,
                NOW,
                error=chunk[number],
                is_told=False,
                told_text=chunk[number + 1],
                warnings=(chunk[number + 2],),
            ),
        )
        for number in range(0, len(chunk.tags) // 2, 3)
    ]
    return polling_lines(known, {}, list(chunk.after(len(chunk.tags) // 2)), [], NOW, width)


def views() -> Iterator[Page]:
    """Names and filters of views, as a file might have them."""
    return (chunk.page(_views) for chunk in chunks())


def _views(chunk: Chunk) -> Screen[Any]:
    return ViewsScreen(_Viewer(chunk))


class _Viewer:
    def __init__(self, chunk: Chunk) -> None:
        self.chosen = Layout(views=tuple(SavedView(f"n{text}", "x", text) for text in chunk.texts))

    def lay_out(self, layout: Layout) -> None:
        self.chosen = layout

    def present_view(self) -> SavedView:
        return self.chosen.views[0]


def copies() -> Iterator[Page]:
    """The menu of copies: the words of a job, the id of another, a command."""
    return (chunk.page(_copies) for chunk in chunks(3))


def _copies(chunk: Chunk) -> Screen[Any]:
    target = JobRef("field", chunk[1][:LONGEST_ID])
    seen = LookedAt(a_job(title=chunk[0]), target, None, (), (), chunk[2], NOW)
    return CopyScreen(copies_of(seen, NOW), "Cases")
