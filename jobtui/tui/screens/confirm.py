"""The question before a control is sent. It opens on No, is deaf at first, and stops when the job moves."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from jobtui.model import JobDetail, Source
from jobtui.monitor.events import Event
from jobtui.monitor.monitor import Proposal
from jobtui.tui.format.asking import Facts, question_lines
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.screens.guard import Guard
from jobtui.tui.widgets.line_bar import LineBar

WIDTH = 66


class ConfirmScreen(ModalScreen[bool]):
    """Asks yes or no about one control, frozen when its key was pressed."""

    AUTO_FOCUS = ""

    def __init__(
        self,
        proposal: Proposal,
        source: Source,
        detail: JobDetail | None,
        *,
        facts: Callable[[], Facts],
        now: Callable[[], datetime],
        glyphs: Glyphs = UNICODE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``facts`` gives what the question rests on, as known when it is called."""
        super().__init__()
        self._proposal = proposal
        self._source = source
        self._detail = detail
        self._facts = facts
        self._frozen = facts()
        self._now = now
        self._glyphs = glyphs
        self._guard = Guard(clock)
        self.is_yes = False
        self.changed: str | None = None
        self._keys: dict[str, Callable[[], None]] = {
            "y": self._yes,
            "enter": self._chosen,
            "left": self._to_no,
            "h": self._to_no,
            "right": self._to_yes,
            "l": self._to_yes,
            "tab": self._other,
            "shift+tab": self._other,
            "n": self._no,
        }

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield LineBar(id="question")
            yield LineBar(id="answer")

    def on_mount(self) -> None:
        self.query_one("#dialog").border_title = "PROD" if self._source.production else "Ask the server?"
        self._show()

    def receive(self, event: Event) -> None:
        """Look whether the job has moved; once it has, this question cannot be answered with yes."""
        del event  # whatever has come, what is known now decides
        if self.changed is None and (difference := self._frozen.difference(self._facts())):
            self.changed, self.is_yes = difference, False
            self._show()

    def on_resize(self) -> None:
        self._show()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        counts = self._guard.accepts()
        if event.key in ("escape", "q"):
            self.dismiss(False)
        elif counts and (act := self._keys.get(event.key)) is not None:
            act()

    def _yes(self) -> None:
        if self.changed is None:
            self.dismiss(True)

    def _no(self) -> None:
        self.dismiss(False)

    def _chosen(self) -> None:
        self.dismiss(self.is_yes and self.changed is None)

    def _to_no(self) -> None:
        self._choose(yes=False)

    def _to_yes(self) -> None:
        self._choose(yes=True)

    def _other(self) -> None:
        self._choose(yes=not self.is_yes)

    def _choose(self, *, yes: bool) -> None:
        self.is_yes = yes and self.changed is None
        self._show()

    def _show(self) -> None:
        width = max(20, min(WIDTH, self.size.width - 6))
        lines = question_lines(self._proposal, self._source, self._detail, self._now(), width, self._glyphs)
        self.query_one("#question", LineBar).show(lines)
        self.query_one("#answer", LineBar).show(self._changed(width) if self.changed else self._choices())

    def _choices(self) -> list[Line]:
        verb = self._proposal.request.control.value
        no, yes = ("  No ", f"> Yes, {verb} ") if self.is_yes else ("> No ", f"  Yes, {verb} ")
        looks = ("dim", "match") if self.is_yes else ("match", "dim")
        hint = f"y: yes, {verb}   arrows and Enter: choose   Esc: leave it"
        return [(), (Span(no, looks[0]), Span("    "), Span(yes, looks[1])), (), (Span(hint, "dim"),)]

    def _changed(self, width: int) -> list[Line]:
        text = f"! While this was open {self.changed}. Nothing was sent. Esc closes; look, then ask again."
        return [(), *((Span(part, "bad"),) for part in wrap(text, width))]
