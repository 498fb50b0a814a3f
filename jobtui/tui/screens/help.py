"""The help: the keys of the focused pane first, then all others; what is typed behind / finds among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from jobtui.insight.search import HELP
from jobtui.tui.format.spans import Line, Span, text_of, wrap
from jobtui.tui.format.states import WORDS, Glyphs, label
from jobtui.tui.hints import groups
from jobtui.tui.keymap import PANE_TITLES, UNBOUND, key_of
from jobtui.tui.screens.reading import ReadingScreen
from jobtui.tui.widgets.filter_input import FilterInput

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

Section = tuple[str, list[list[Line]]]
"""A heading, and what stands below it: each entry one or more lines."""


class HelpScreen(ReadingScreen):
    """Every key, to be scrolled and searched."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("slash", "search", show=False)]
    SUBTITLE = "j k PgDn PgUp move   / finds   Esc closes"
    DEFAULT_CSS = "HelpScreen FilterInput { dock: bottom; margin: 0 1; background: $panel; }"

    def __init__(self, glyphs: Glyphs, pane: str) -> None:
        """``pane`` is the focused one: its keys come first."""
        super().__init__("Help", lambda width: help_lines(width, glyphs, pane, self._search.value))
        self._search = FilterInput(id="find")

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield self._search

    def action_search(self) -> None:
        """Type words; only what has them all is left."""
        self._search.open("help", self._search.value, "words of a key or of what it does")

    @on(Input.Changed)
    def _typed(self) -> None:
        self._text.scroll_lines_to(0)
        self._show()

    @on(FilterInput.Closed)
    def _search_over(self, event: FilterInput.Closed) -> None:
        if not event.kept:
            self._search.value = ""
        self._search.leave()
        self._show()


def help_screen(glyphs: Glyphs, pane: str = "jobs") -> HelpScreen:
    """Make the screen of the help, for the focused pane."""
    return HelpScreen(glyphs, pane)


def help_lines(width: int, glyphs: Glyphs, pane: str = "jobs", search: str = "") -> list[Line]:
    """Lay out keys, states and filter words; with a search, only what has every word of it."""
    words = search.casefold().split()
    lines: list[Line] = []
    for title, entries in _sections(width, glyphs, pane):
        passing = [entry for entry in entries if _has(entry, words)]
        if passing:
            lines += [*([()] if lines else []), (Span(title, "strong"),)]
            lines += [line for entry in passing for line in entry]
    return lines or [(Span(f"nothing here has “{search.strip()}” in it", "dim"),)]


def _has(entry: list[Line], words: list[str]) -> bool:
    text = " ".join(text_of(line) for line in entry).casefold()
    return all(word in text for word in words)


def _sections(width: int, glyphs: Glyphs, pane: str) -> Iterator[Section]:
    for title, keys in groups(pane, PANE_TITLES):
        yield title, [_entry(key.faces or "no key", key.help, width, _KEY_WIDTH) for key in keys]
    yield "What is safe", [[(Span(text, "dim"),)] for text in _safety()]
    yield "States", [[(Span(label(look, glyphs), look), Span(f"  {_MEANINGS[look]}"))] for look in WORDS]
    yield "Filter", [_entry(typed, meaning, width, _KEY_WIDTH + 2) for typed, meaning in HELP]


def _safety() -> Iterator[str]:
    yield "A control asks something of a server: always a question first, on No."
    yield f"{key_of('leave').faces} leaves, and never touches a job."
    yield f"Never bound to a control: {', '.join(UNBOUND)}."
    yield "Every key can be changed in keys.toml: jobtui config keys lists the names."


def _entry(typed: str, meaning: str, width: int, room: int) -> list[Line]:
    return [
        (Span(f"{typed if number == 0 else '':<{room}}", "key"), Span(part))
        for number, part in enumerate(wrap(meaning, width - room))
    ]
