"""A control as a question: what it is aimed at, what it would do, what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from jobtui.insight.when import moment_and_zone
from jobtui.insight.why import holds_alike
from jobtui.model import Control, ControlRequest, JobDetail, Source
from jobtui.monitor.monitor import Proposal
from jobtui.text import plain
from jobtui.tui.format.badge import badge
from jobtui.tui.format.jobs import hold_text
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.format.states import UNICODE, Glyphs, label, look_of, word_of
from jobtui.tui.format.times import age, ahead

QUESTIONS = {
    Control.CANCEL: "Cancel this job?",
    Control.HOLD: "Hold this step?",
    Control.RELEASE: "Release what holds this step?",
    Control.FINISH: "Finish this step?",
    Control.RUN: "Run this step?",
    Control.STOP: "Stop this step?",
    Control.SET_CURRENT: "Make this step the current one?",
    Control.REFRESH: "Read this step anew?",
}
_ABOUT_HOLDS = frozenset({Control.HOLD, Control.RELEASE})


def question_lines(
    proposal: Proposal,
    source: Source,
    detail: JobDetail | None,
    now: datetime,
    width: int,
    glyphs: Glyphs = UNICODE,
) -> list[Line]:
    """Lay the question out: the target as it was frozen, the consequence, the doubts, and what matters less.

    On a small terminal the lower lines are scrolled to.
    """
    request, job = proposal.request, proposal.job
    head = badge(source, "  ")
    lines: list[Line] = [(*head, Span(QUESTIONS[request.control], "strong"))]
    named = f"{plain(job.title)}  {plain(str(job.ref))}" if job else plain(str(request.ref))
    lines += _named("job", named, width)
    for step_id in request.parameters.step_ids:
        lines += _named("step", _step_text(step_id, detail), width)
    lines += parameter_lines(request, now, width)
    lines += [(Span(text, "strong"),) for text in wrap(plain(proposal.consequence), width)]
    for doubt in proposal.doubts:
        lines += [(Span(text, "warn"),) for text in wrap(f"! {plain(doubt.text)}", width)]
    return [*lines, (), *_beside(request, source, detail, now, width), *_state(proposal, now, glyphs)]


def _beside(
    request: ControlRequest, source: Source, detail: JobDetail | None, now: datetime, width: int
) -> Iterator[Line]:
    """Lay out what a person may want to know as well: the holds that there are, and the source."""
    if request.control in _ABOUT_HOLDS and detail is not None:
        for held in _held(request, detail, now):
            yield from _named("hold", held, width)
    yield from _named("source", f"{plain(source.name)} ({source.kind.value})", width)


def _state(proposal: Proposal, now: datetime, glyphs: Glyphs) -> Iterator[Line]:
    if (job := proposal.job) is not None:
        look = look_of(job)
        said = f" server says {plain(job.raw_state) or '-'}, read {age(job.as_of, now)} ago"
        yield (Span(f"{'state':<9}", "dim"), Span(label(look, glyphs), look), Span(said, "dim"))


def _held(request: ControlRequest, detail: JobDetail, now: datetime) -> Iterator[str]:
    """Say whose the holds are that stand on the steps aimed at, and what ends them."""
    for step_id in request.parameters.step_ids:
        step = detail.step(step_id)
        holds = [hold for hold in step.holds if hold.is_active(now)] if step is not None else []
        yield from (hold_text(hold, now, count) for hold, count in holds_alike(holds))


def parameter_lines(request: ControlRequest, now: datetime, width: int) -> list[Line]:
    """Lay out what goes with a control: until when, after what."""
    return [line for name, value in _parameters(request, now) for line in _named(name, value, width)]


def _parameters(request: ControlRequest, now: datetime) -> Iterator[tuple[str, str]]:
    if request.parameters.until is not None:
        until = request.parameters.until
        yield "until", f"{moment_and_zone(until, now)}, in {ahead(until, now)}"
    if request.parameters.after is not None:
        yield "after", plain(str(request.parameters.after))


def _step_text(step_id: str, detail: JobDetail | None) -> str:
    step = detail.step(step_id) if detail is not None else None
    return (
        plain(step_id) if step is None else f"{plain(step.title)}  {plain(step_id)} ({word_of(step.state)})"
    )


def _named(name: str, value: str, width: int) -> list[Line]:
    return [
        (Span(f"{name if number == 0 else '':<9}", "dim"), Span(text))
        for number, text in enumerate(wrap(value, width - 9))
    ]
