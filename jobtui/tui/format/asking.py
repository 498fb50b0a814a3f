"""A control as a question: what it is aimed at, what it would do, what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from jobtui.insight.when import moment_and_zone
from jobtui.model import Control, ControlRequest, Job, JobDetail, Reason, Source
from jobtui.monitor.monitor import Proposal
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.format.states import UNICODE, Glyphs, label, look_of, word_of
from jobtui.tui.format.times import age

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


@dataclass(frozen=True, slots=True)
class Facts:
    """What a question rests on: when these change, the question must be asked anew."""

    state: str
    raw_state: str
    steps: tuple[tuple[str, str], ...]
    """The steps aimed at, each with its state."""
    holds: frozenset[str]
    """Ids of the active holds on them."""
    refusal: str | None

    def difference(self, after: Facts) -> str | None:
        """Say what has changed since; None when nothing has."""
        if self.state != after.state or self.raw_state != after.raw_state:
            return f"the job went from {self.state} to {after.state}"
        if self.steps != after.steps:
            return f"the step went from {_states(self.steps)} to {_states(after.steps)}"
        if self.holds != after.holds:
            return "its holds changed"
        if self.refusal != after.refusal:
            return after.refusal or "it can be asked now"
        return None


def facts_of(
    request: ControlRequest, job: Job | None, detail: JobDetail | None, refusal: Reason | None, now: datetime
) -> Facts:
    """Gather what a question rests on."""
    aimed = request.parameters.step_ids
    steps = [step for step in detail.all_steps() if step.id in aimed] if detail is not None else []
    return Facts(
        state=word_of(job.state) if job is not None else "unread",
        raw_state=job.raw_state if job is not None else "",
        steps=tuple((step.id, word_of(step.state)) for step in steps),
        holds=frozenset(hold.id for step in steps for hold in step.holds if hold.is_active(now)),
        refusal=refusal.text if refusal is not None else None,
    )


def question_lines(
    proposal: Proposal,
    source: Source,
    detail: JobDetail | None,
    now: datetime,
    width: int,
    glyphs: Glyphs = UNICODE,
) -> list[Line]:
    """Lay the question out: the target as it was frozen, the consequence, the doubts."""
    request, job = proposal.request, proposal.job
    head = [Span("PROD  ", "risk")] if source.production else []
    lines: list[Line] = [(*head, Span(QUESTIONS[request.control], "strong")), ()]
    lines += _named("source", f"{plain(source.name)} ({source.kind.value})", width)
    lines += _named(
        "job", f"{plain(job.title)}  {plain(str(job.ref))}" if job else plain(str(request.ref)), width
    )
    for step_id in request.parameters.step_ids:
        lines += _named("step", _step_text(step_id, detail), width)
    if job is not None:
        look = look_of(job)
        said = f" server says {plain(job.raw_state) or '-'}, read {age(job.as_of, now)} ago"
        lines.append((Span(f"{'state':<9}", "dim"), Span(label(look, glyphs), look), Span(said, "dim")))
    for name, value in _parameters(request, now):
        lines += _named(name, value, width)
    lines.append(())
    lines += [(Span(text),) for text in wrap(plain(proposal.consequence), width)]
    for doubt in proposal.doubts:
        lines += [(Span(text, "warn"),) for text in wrap(f"! {plain(doubt.text)}", width)]
    return lines


def _parameters(request: ControlRequest, now: datetime) -> Iterator[tuple[str, str]]:
    if request.parameters.until is not None:
        until = request.parameters.until
        yield "until", f"{moment_and_zone(until, now)}, in {age(now, until)}"
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


def _states(steps: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(state for _, state in steps) or "gone"
