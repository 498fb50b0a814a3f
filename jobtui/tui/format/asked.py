"""What was asked of a job in this session, and what the server said to each step of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from jobtui.model import Outcome, Verdict
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.format.times import clock

_LOOKS = {Verdict.REFUSED: "bad", Verdict.UNKNOWN: "warn", Verdict.ACCEPTED: "key", Verdict.CONFIRMED: "good"}


def asked_lines(outcomes: Sequence[Outcome], now: datetime, width: int) -> Iterator[Line]:
    """Lay out controls with their verdicts, and the server's own word for every step."""
    if not outcomes:
        return
    yield ()
    yield (Span("Asked in this session", "strong"),)
    for outcome in outcomes:
        head = f"{clock(outcome.request.asked_at, now)} {outcome.request.control.value}: "
        sent = "" if outcome.sent else "not sent, "
        said = f"{sent}{outcome.verdict}" + (f": {plain(outcome.reason)}" if outcome.reason else "")
        for text in wrap(head + said, width):
            yield (Span(text, _LOOKS[outcome.verdict]),)
        for step in outcome.steps:
            word = f" [{plain(step.status)}]" if step.status else ""
            answer = f"step {plain(step.id) or '-'}: {step.verdict}, {plain(step.description)}{word}"
            for text in wrap(answer, width - 2):
                yield (Span("  "), Span(text, _LOOKS[step.verdict]))
