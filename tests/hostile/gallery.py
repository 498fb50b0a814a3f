"""The dialogs and reading screens, one after the other, each with a few cases in every field it has.

Run in a terminal: ``python -m tests.hostile.gallery KIND``; F9 shows the next.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen

import jobtui.tui
from jobtui.insight.cause import group_of
from jobtui.insight.layout import Layout, SavedView
from jobtui.model import (
    Control,
    ControlRequest,
    Hold,
    Job,
    JobDetail,
    JobRef,
    Kind,
    Parameters,
    Reason,
    Source,
    State,
    Step,
    StepRef,
)
from jobtui.monitor.away import Digest, News, Sort
from jobtui.monitor.proposals import Proposal
from jobtui.tui.format.asking import question_lines
from jobtui.tui.format.away import away_lines
from jobtui.tui.format.compared import group_lines
from jobtui.tui.format.details import detail_lines
from jobtui.tui.question import Question
from jobtui.tui.screens.confirm import confirm_screen
from jobtui.tui.screens.hold import HoldScreen
from jobtui.tui.screens.reading import ReadingScreen
from jobtui.tui.screens.views import ViewsScreen
from jobtui.tui.themes import load_themes
from tests.factory import NOW, a_job
from tests.hostile.corpus import spoken_cases
from tests.hostile.server import tag

NEXT = "\x1b[20~"
"""F9 as a terminal sends it."""
_LONG = 60
"""Characters of a text, so that all of a page are on the screen; whole ones are drawn by the lists."""
_ID = 25
"""Characters of an id, in which each that is strange takes three or more."""


@dataclass(frozen=True)
class Page:
    """A screen and the tags of the cases to be seen on it."""

    tags: tuple[str, ...]
    make: Callable[[], Screen[Any]]


def _spoken() -> list[tuple[str, str]]:
    return [(tag(number), f"{tag(number)} {case.text}") for number, case in enumerate(spoken_cases())]


def _chunks(most: int) -> Iterator[list[tuple[str, str]]]:
    """Give the cases in portions, each text as far as its field has room."""
    spoken = _spoken()
    for first in range(0, len(spoken), most):
        yield [(one, "\n".join(text[:_LONG].split("\n")[:3])) for one, text in spoken[first : first + most]]


def _of(chunk: list[tuple[str, str]], place: int) -> str:
    return chunk[place][1] if place < len(chunk) else "x"


def _tags(chunk: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(each for each, _ in chunk)


def _detail(job: Job, step_id: str, chunk: list[tuple[str, str]]) -> JobDetail:
    return JobDetail(job, (Step(step_id, _of(chunk, 1), State.WAITING, current=True),))


def _confirm() -> Iterator[Page]:
    """Title, name of the step, the server's word, the consequence and a doubt."""
    for chunk in _chunks(6):
        yield Page(_tags(chunk), partial(_question, chunk))


def _question(chunk: list[tuple[str, str]]) -> Screen[Any]:
    job = a_job(kind=Kind.ARCGIS, source="field", title=_of(chunk, 0), raw_state=_of(chunk, 2))
    detail = _detail(job, "s-1", chunk)
    request = ControlRequest(Control.RUN, job.ref, NOW, Parameters(step_ids=("s-1",)))
    proposal = Proposal(request, job, _of(chunk, 3), None, _doubts(chunk[4:]))
    return _asked(proposal, detail)


def _doubts(chunk: list[tuple[str, str]]) -> tuple[Reason, ...]:
    return tuple(Reason(text, hard=False) for _, text in chunk)


def _ids() -> Iterator[Page]:
    """The same question for jobs and steps with cases as ids."""
    for chunk in _chunks(6):
        short = [(one, text[:_ID]) for one, text in chunk]
        yield Page(_tags(chunk), partial(_question_of_ids, short))


def _question_of_ids(chunk: list[tuple[str, str]]) -> Screen[Any]:
    job = a_job(job_id=_of(chunk, 0), kind=Kind.ARCGIS, source="field", title="x")
    steps = tuple(text for _, text in chunk[1:])
    request = ControlRequest(Control.STOP, job.ref, NOW, Parameters(step_ids=steps))
    return _asked(Proposal(request, job, "x", None), None)


def _asked(proposal: Proposal, detail: JobDetail | None) -> Screen[Any]:
    source = Source("field", Kind.ARCGIS)
    return confirm_screen(
        Question("Ask?", "run", lambda width: question_lines(proposal, source, detail, NOW, width))
    )


def _hold() -> Iterator[Page]:
    """The name of what is held, and six jobs to wait for."""
    for chunk in _chunks(7):
        yield Page(_tags(chunk), partial(_hold_of, chunk))


class _Picking(HoldScreen):
    """Opened where a job is picked."""

    def on_mount(self) -> None:
        self.call_after_refresh(self.action_pick, 2)


def _hold_of(chunk: list[tuple[str, str]]) -> Screen[Any]:
    others = [a_job(str(number), source="field", title=text) for number, (_, text) in enumerate(chunk[1:], 2)]
    held = JobRef("field", "1")
    return _Picking(
        f"Hold {_of(chunk, 0)}",
        held,
        jobs=lambda: others,
        target_of=lambda _: held,
        steps_of=_no_steps,
        now=lambda: NOW,
    )


async def _no_steps(_: JobRef) -> list[Step]:
    return []


def _details() -> Iterator[Page]:
    """Everything that is said of a job, a case in every field that has room on the screen."""
    for chunk in _chunks(7):
        yield Page(_tags(chunk), partial(_reading_of, chunk))


def _reading_of(chunk: list[tuple[str, str]]) -> Screen[Any]:
    job = a_job(
        title=_of(chunk, 0),
        raw_state=_of(chunk, 1),
        why=_of(chunk, 2),
        state=State.FAILED,
        ended=True,
        owner=_of(chunk, 3),
        application=_of(chunk, 4),
        url=_of(chunk, 5),
        warnings=(_of(chunk, 6),),
    )
    hold = Hold("h", "s-1", by=_of(chunk, 0), after=StepRef(job.ref, _of(chunk, 1)[:_ID]))
    step = Step("s-1", _of(chunk, 2), State.FAILED, holds=(hold,), message=_of(chunk, 3))
    detail = JobDetail(replace(job, result={_of(chunk, 4): _of(chunk, 5)}), (step,))
    return ReadingScreen(str(job.ref), lambda width: detail_lines(detail.job, detail, (), NOW, width))


def _away() -> Iterator[Page]:
    """What failed and who holds what, since somebody looked."""
    for chunk in _chunks(8):
        yield Page(_tags(chunk), partial(_digest_of, chunk))


def _digest_of(chunk: list[tuple[str, str]]) -> Screen[Any]:
    ref = JobRef("field", "1")
    news = (
        News(ref, NOW, Sort.FAILED, _of(chunk, 1), why=_of(chunk, 2)),
        News(ref, NOW, Sort.HELD, _of(chunk, 3), who=_of(chunk, 4)),
        News(ref, NOW, Sort.ASSIGNED, _of(chunk, 5), who=_of(chunk, 6)),
        News(ref, NOW, Sort.CANCELLED, _of(chunk, 7), why=_of(chunk, 0)),
    )
    digest = Digest(NOW - timedelta(hours=1), news)
    return ReadingScreen("While you were away", lambda width: away_lines(digest, NOW, width))


def _group() -> Iterator[Page]:
    """The cause, what the latest says, and the titles of all."""
    for chunk in _chunks(12):
        yield Page(_tags(chunk), partial(_group_of, chunk))


def _group_of(chunk: list[tuple[str, str]]) -> Screen[Any]:
    jobs = [
        a_job(str(number), title=text, why=_of(chunk, 1), state=State.FAILED, ended=True)
        for number, (_, text) in enumerate(chunk)
    ]
    group = group_of(_of(chunk, 0), jobs)
    return ReadingScreen("Same cause", lambda width: group_lines(group, NOW, width))


def _views() -> Iterator[Page]:
    """Names and filters of views, as a file might have them."""
    for chunk in _chunks(8):
        yield Page(_tags(chunk), partial(_views_of, chunk))


def _views_of(chunk: list[tuple[str, str]]) -> Screen[Any]:
    return ViewsScreen(_Viewer(chunk))


class _Viewer:
    def __init__(self, chunk: list[tuple[str, str]]) -> None:
        views = [SavedView(f"n{text}", "x", text) for _, text in chunk]
        self.chosen = Layout(views=tuple(views))

    def lay_out(self, layout: Layout) -> None:
        self.chosen = layout

    def present_view(self) -> SavedView:
        return self.chosen.views[0]


KINDS: dict[str, Callable[[], Iterator[Page]]] = {
    "confirm": _confirm,
    "ids": _ids,
    "hold": _hold,
    "details": _details,
    "away": _away,
    "group": _group,
    "views": _views,
}


class Gallery(App[None]):
    """Shows page after page."""

    CSS_PATH = str(Path(jobtui.tui.__file__).with_name("jobtui.tcss"))
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f9", "next", show=False, priority=True)]

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.animation_level = "none"
        self._pages = KINDS[kind]()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return load_themes()["harbour"].variables

    async def action_next(self) -> None:
        """Put the next page in the place of this one."""
        page = next(self._pages, None)
        if page is None:
            self.exit()
        elif len(self.screen_stack) > 1:
            await self.switch_screen(page.make())
        else:
            await self.push_screen(page.make())


if __name__ == "__main__":
    Gallery(sys.argv[1]).run()
