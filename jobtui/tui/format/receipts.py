"""Receipts: how far the last control has come, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from jobtui.model import ControlRequest, JobRef, StepRef, Verdict
from jobtui.monitor.events import Controlled, Stage
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.format.times import clock, span

_MOST_NAMED = 3


def receipt_line(event: Controlled, glyphs: Glyphs = UNICODE) -> Line:
    """Say what was asked and how it stands: sent, accepted, confirmed, not visible, refused, unknown."""
    request = event.outcome.request
    head = f"{clock(request.asked_at, event.at)} {request.control.value.upper()} {target_text(request)} "
    tail, look = standing_of(event, glyphs)
    return (Span(head), Span(f"{glyphs.arrow} {tail}", look))


def target_text(request: ControlRequest) -> str:
    """Name what a control is aimed at: the job, and the steps if they are known."""
    steps = request.parameters.step_ids
    if not steps:
        return plain(str(request.ref))
    first = plain(str(StepRef(request.ref, steps[0])))
    return (
        first if len(steps) == 1 else f"{first} and {len(steps) - 1} more step{'s' if len(steps) > 2 else ''}"
    )


def watched_text(refs: Sequence[JobRef]) -> tuple[str, str]:
    """Say which jobs are watched from now on, and the look of that."""
    if not refs:
        return "no server has named a job that is not on the screen already", "warn"
    named = ", ".join(plain(str(ref)) for ref in refs[:_MOST_NAMED])
    more = f" and {len(refs) - _MOST_NAMED} more" if len(refs) > _MOST_NAMED else ""
    return (
        f"watching {len(refs)} more job{'s' if len(refs) > 1 else ''}, now and later: {named}{more}",
        "good",
    )


def standing_of(event: Controlled, glyphs: Glyphs = UNICODE) -> tuple[str, str]:
    """Say how far a control has come, and the look of that."""
    outcome, effect = event.outcome, event.effect
    said = plain(outcome.reason or "")
    # Of what nobody answered only its effect can tell that it was accepted.
    accepted = f"{'unknown' if outcome.verdict is Verdict.UNKNOWN else 'accepted'} {glyphs.arrow} "
    match event.stage:
        case Stage.SENDING:
            return "sending", "key"
        case Stage.CONFIRMED:
            took = span((event.at - outcome.request.asked_at).total_seconds())
            seen = f": {plain(effect.text)}" if effect is not None else ""
            return f"{accepted}confirmed{seen} ({took} later)", "good"
        case Stage.OTHERWISE:
            return (
                f"{accepted}{plain(effect.text) if effect is not None else 'the job went another way'}",
                "warn",
            )
        case Stage.NOT_VISIBLE:
            return f"{accepted}not visible after 40s, still looking", "warn"
    if outcome.verdict is Verdict.REFUSED:
        sent = "refused" if outcome.sent else "not sent"
        return f"{sent}: {said or 'no reason given'}", "bad"
    if outcome.verdict is Verdict.UNKNOWN:
        return f"unknown: {said or 'no readable answer'}; may or may not have happened, looking", "warn"
    if outcome.verdict is Verdict.CONFIRMED:
        return f"{accepted}confirmed", "good"
    return f"{accepted}waiting for the server to show it", "key"
