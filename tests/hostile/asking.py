"""Dialogs with cases in what they say: questions, holds, the action menu, rules, controls on their way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from textual.screen import Screen

from jobtui.insight.rules import Rule
from jobtui.model import (
    Control,
    ControlRequest,
    JobDetail,
    JobRef,
    Kind,
    Outcome,
    Parameters,
    Reason,
    Source,
    State,
    Step,
    Verdict,
)
from jobtui.monitor.armed import Armed, Origin
from jobtui.monitor.bulk import Asked, Bulk
from jobtui.monitor.controls import Still
from jobtui.monitor.proposals import Proposal
from jobtui.tui.format import picking
from jobtui.tui.format.asking import question_lines
from jobtui.tui.format.facts import facts_of
from jobtui.tui.format.many import Able, Many, Unable, many_lines
from jobtui.tui.format.menu import ORDER, Offer
from jobtui.tui.question import Question
from jobtui.tui.screens.confirm import confirm_screen
from jobtui.tui.screens.hold import HoldScreen
from jobtui.tui.screens.menu import MenuScreen
from jobtui.tui.screens.sending import SendingScreen
from jobtui.tui.screens.tripwires import TripwiresScreen
from tests.factory import NOW, a_job
from tests.hostile.pages import LONGEST_ID, MOST, Chunk, Page, chunks

_SOURCE = Source("field", Kind.ARCGIS)
_ABLE, _SENTENCES = 8, 3
_CHANGED = 2


def confirm() -> Iterator[Page]:
    """Title, name of the step, the server's word, the consequence, and doubts."""
    return (chunk.page(_question) for chunk in chunks())


def _question(chunk: Chunk) -> Screen[Any]:
    job = a_job(kind=Kind.ARCGIS, source="field", title=chunk[0], raw_state=chunk[2])
    detail = JobDetail(job, (Step("s-1", chunk[1], State.WAITING, current=True),))
    request = ControlRequest(Control.RUN, job.ref, NOW, Parameters(step_ids=("s-1",)))
    doubts = tuple(Reason(text, hard=False) for text in chunk.after(4))
    return _asked(Proposal(request, job, chunk[3], None, doubts), detail)


def ids() -> Iterator[Page]:
    """The same question for jobs and steps with cases as ids."""
    return (chunk.page(_question_of_ids) for chunk in chunks())


def _question_of_ids(chunk: Chunk) -> Screen[Any]:
    job = a_job(job_id=chunk[0][:LONGEST_ID], kind=Kind.ARCGIS, source="field", title="x")
    steps = tuple(text[:LONGEST_ID] for text in chunk.after(1))
    request = ControlRequest(Control.STOP, job.ref, NOW, Parameters(step_ids=steps))
    return _asked(Proposal(request, job, "x", None), None)


def _asked(proposal: Proposal, detail: JobDetail | None) -> Screen[Any]:
    return confirm_screen(
        Question("Ask?", "run", lambda width: question_lines(proposal, _SOURCE, detail, NOW, width))
    )


def many() -> Iterator[Page]:
    """Jobs that can be asked, what it does to them, what speaks against it; jobs that cannot, and why."""
    return (chunk.page(_question_of_many) for chunk in chunks())


def _question_of_many(chunk: Chunk) -> Screen[Any]:
    first = _ABLE + 2 * _SENTENCES
    able = tuple(_able(number, chunk) for number in range(_ABLE))
    rest = chunk.after(first)
    unable = tuple(
        Unable(JobRef("field", f"u{number}"), title, rest[number + 1] if number + 1 < len(rest) else "x")
        for number, title in enumerate(rest)
        if number % 2 == 0
    )
    changed = {each.ref: _difference(number, each, chunk) for number, each in enumerate(able[:_CHANGED])}
    asked = Many(Control.CANCEL, able, unable)
    return confirm_screen(
        Question(
            "Ask?",
            "cancel",
            lambda width: many_lines(asked, changed, NOW, width, production=[chunk[_CHANGED]]),
        )
    )


def _difference(number: int, able: Able, chunk: Chunk) -> str:
    """Say who owns the first now, and why the second cannot be asked any more."""
    job, request = able.proposal.job, able.proposal.request
    assert job is not None
    assert able.facts is not None
    moved = replace(job, owner=chunk[0]) if number == 0 else job
    refusal = None if number == 0 else Reason(chunk[1])
    return able.facts.difference(facts_of(request, moved, None, refusal, NOW)) or "nothing"


def _able(number: int, chunk: Chunk) -> Able:
    title = chunk[number] if number >= _CHANGED else "x"
    job = a_job(str(number), kind=Kind.ARCGIS, source="field", title=title)
    request = ControlRequest(Control.CANCEL, job.ref, NOW)
    sentence, doubt = _ABLE + number % _SENTENCES, _ABLE + _SENTENCES + number % _SENTENCES
    proposal = Proposal(request, job, chunk[sentence], None, (Reason(chunk[doubt], hard=False),))
    return Able(proposal, facts_of(request, job, None, None, NOW))


def hold() -> Iterator[Page]:
    """The name of what is held, and jobs to wait for: more of them than are shown at once elsewhere."""
    return (chunk.page(_hold) for chunk in chunks())


class _Picking(HoldScreen):
    """Opened where a job is picked."""

    def on_mount(self) -> None:
        picking.SHOWN = MOST  # here, as what only counts these pages is to change nothing
        self.call_after_refresh(self.action_pick, 2)


def _hold(chunk: Chunk) -> Screen[Any]:
    others = [a_job(str(number), source="field", title=text) for number, text in enumerate(chunk.after(1), 2)]
    held = JobRef("field", "1")
    return _Picking(
        f"Hold {chunk[0]}",
        [held],
        jobs=lambda: others,
        target_of=lambda _: held,
        steps_of=_no_steps,
        now=lambda: NOW,
    )


async def _no_steps(_: JobRef) -> list[Step]:
    return []


def menu() -> Iterator[Page]:
    """What it is about, every control with what it would do or why not, and doubts of the first."""
    return (chunk.page(_menu) for chunk in chunks())


def _menu(chunk: Chunk) -> Screen[Any]:
    first = len(ORDER) + 1
    offers = [
        Offer(
            control,
            "",
            chunk[number] if number % 2 == 0 else None,
            "x" if number % 2 == 0 else chunk[number],
            chunk.after(first),
        )
        for number, control in enumerate(ORDER, 1)
    ]
    return MenuScreen(chunk[0], lambda: offers)


def sending() -> Iterator[Page]:
    """Why each of several controls was refused, and which is under way."""
    return (chunk.page(_sending) for chunk in chunks())


def _sending(chunk: Chunk) -> Screen[Any]:
    refs = [JobRef("field", str(number)) for number in range(len(chunk.tags))]
    requests = [ControlRequest(Control.CANCEL, ref, NOW) for ref in refs]
    under_way = ControlRequest(Control.CANCEL, JobRef("field", chunk[0]), NOW)
    bulk = Bulk(_NoSender(), [Asked(request) for request in [*requests, under_way]])
    bulk.outcomes += [
        Outcome(request, Verdict.REFUSED, True, NOW, reason=text)
        for request, text in zip(requests, chunk.texts, strict=True)
    ]
    bulk.waits_for = chunk[0]
    return SendingScreen("Cancel jobs", bulk)


class _NoSender:
    """Nothing is sent from a page."""

    async def turn(self, source: str) -> None:
        raise AssertionError(source)

    async def carry_out(self, request: ControlRequest, still: Still = lambda _: None) -> Outcome:
        raise AssertionError(request)

    async def refuse(self, request: ControlRequest, reason: str) -> Outcome:
        raise AssertionError(reason)


def rules() -> Iterator[Page]:
    """The job that a rule is armed on, its cause, what armed rules wait for, and their names."""
    return (chunk.page(_rules) for chunk in chunks())


def _rules(chunk: Chunk) -> Screen[Any]:
    job = a_job(source="field", title=chunk[0], why=chunk[1], state=State.FAILED, ended=True)
    armed = [
        Rule("x", filter=text) if number % 2 else Rule("x", name=text)
        for number, text in enumerate(chunk.after(1))
    ]
    return TripwiresScreen(_Armed(armed), job.ref, lambda: job, is_so=lambda _: False, how="by bell")


class _Armed:
    def __init__(self, rules: Sequence[Rule]) -> None:
        self.armed = tuple(Armed(rule, NOW, Origin.CONFIG) for rule in rules)

    def arm(self, rule: Rule, origin: Origin = Origin.SCREEN) -> bool:
        raise AssertionError(rule, origin)

    def disarm(self, rule: Rule) -> bool:
        raise AssertionError(rule)
