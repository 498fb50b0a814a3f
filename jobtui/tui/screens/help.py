"""The help: every key, from the table that binds them."""

from __future__ import annotations

from jobtui.insight.search import HELP
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.format.states import WORDS, Glyphs, label
from jobtui.tui.keymap import UNBOUND, in_force, rows
from jobtui.tui.screens.reading import ReadingScreen

_KEY_WIDTH = 16
_MEANINGS = {
    "queued": "not started yet",
    "running": "at work",
    "waiting": "needs a person",
    "held": "a hold keeps it",
    "stalled": "no progress for longer than usual (ours)",
    "stopped": "paused, can be run again",
    "succeeded": "ended well",
    "partial": "ended, but some items failed",
    "failed": "failed",
    "cancelled": "cancelled",
    "skipped": "on a branch that was passed by",
    "unknown": "the server used a word we do not know",
}


def help_screen(glyphs: Glyphs) -> ReadingScreen:
    """Make the screen of the help."""
    return ReadingScreen("Help", lambda width: help_lines(width, glyphs))


def help_lines(width: int, glyphs: Glyphs) -> list[Line]:
    """Lay out the keys by where they work, then what the states mean."""
    lines: list[Line] = []
    where = None
    for place, keys, text in rows(in_force()):
        if place != where:
            lines += [*([()] if lines else []), (Span(place, "strong"),)]
            where = place
        for number, part in enumerate(wrap(text, width - _KEY_WIDTH)):
            lines.append((Span(f"{keys if number == 0 else '':<{_KEY_WIDTH}}", "key"), Span(part)))
    lines += [
        (),
        (Span("Capital letters ask something of a server: always a question first, on No.", "dim"),),
    ]
    lines += [(Span(f"Never bound: {', '.join(UNBOUND)}.", "dim"),)]
    lines += [(), (Span("States", "strong"),)]
    lines += [(Span(label(look, glyphs), look), Span(f"  {_MEANINGS[look]}")) for look in WORDS]
    lines += [(), (Span("Filter", "strong"),)]
    for typed, meaning in HELP:
        for number, part in enumerate(wrap(meaning, width - _KEY_WIDTH - 2)):
            lines.append((Span(f"{typed if number == 0 else '':<{_KEY_WIDTH + 2}}", "key"), Span(part)))
    return lines
