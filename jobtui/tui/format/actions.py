"""Actions as lines: what was asked here and how far it came, and what others were seen to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from jobtui.monitor.events import Controlled
from jobtui.text import plain
from jobtui.tui.format.receipts import standing_of, target_text
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.format.times import clock
from jobtui.tui.seen import Seen

_INDENT = " " * len("00:00:00 ")
"""What stands below the time of day."""


def action_lines(
    asked: Sequence[Controlled],
    seen: Sequence[Seen],
    since: datetime,
    now: datetime,
    width: int,
    glyphs: Glyphs = UNICODE,
) -> list[Line]:
    """List controls and others' doings, newest first; ``since`` is when this screen began to look."""
    dated: list[tuple[datetime, list[Line]]] = [
        (event.outcome.request.asked_at, list(_asked(event, now, width, glyphs))) for event in asked
    ]
    dated += [(one.at, list(_seen(one, now, width))) for one in seen]
    dated.sort(key=lambda pair: pair[0], reverse=True)
    lines = [line for _, block in dated for line in block]
    if not asked:
        lines += [(Span(part, "dim"),) for part in wrap("no control asked in this session", width)]
    if not seen:
        text = f"nothing seen of others since {clock(since, now)}"
        lines += [(Span(part, "dim"),) for part in wrap(text, width)]
    return lines


def _asked(event: Controlled, now: datetime, width: int, glyphs: Glyphs) -> Iterator[Line]:
    request = event.outcome.request
    what = f"you   {request.control.value.upper()} {target_text(request)}"
    yield from _wrapped(f"{clock(request.asked_at, now)} ", what, "", width)
    said, look = standing_of(event, glyphs)
    yield from _wrapped(_INDENT, said, look, width)
    if request.reason:
        yield from _wrapped(_INDENT, f"“{plain(request.reason)}”", "dim", width)


def _seen(one: Seen, now: datetime, width: int) -> Iterator[Line]:
    yield from _wrapped(f"{clock(one.at, now)} ", f"{plain(one.text)} (seen)", "", width)


def _wrapped(head: str, text: str, look: str, width: int) -> Iterator[Line]:
    """Draw a text beside its head, and what goes on of it below the text."""
    first, *rest = wrap(text, max(4, width - len(head)))
    yield (Span(f"{head}{first}", look),)
    for part in rest:
        yield (Span(" " * len(head)), Span(part, look))
