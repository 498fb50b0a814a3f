"""The question before a control is sent. It opens on No, is deaf at first, and stops when the job moves.

In production, what cannot be taken back wants the end of the job's id typed instead of a key.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.timer import Timer

from jobtui.model import Control, JobDetail, Source
from jobtui.monitor.events import Event
from jobtui.monitor.monitor import Proposal
from jobtui.tui.format.asking import Facts, question_lines
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.screens.guard import Guard
from jobtui.tui.widgets.line_bar import LineBar

WIDTH = 66
SETTLE_S = 0.08
"""How long a yes waits for other keys: a paste without marks comes as many keys at once."""
_WANTS_TYPING = frozenset({Control.CANCEL, Control.STOP, Control.FINISH})
_TYPED = 4
"""So many of the last letters and digits of an id are to be typed."""


def confirm_screen(
    proposal: Proposal,
    source: Source,
    detail: JobDetail | None,
    *,
    facts: Callable[[], Facts],
    now: Callable[[], datetime],
    glyphs: Glyphs = UNICODE,
    clock: Callable[[], float] = time.monotonic,
) -> ConfirmScreen:
    """Make the question that a control on a source calls for."""
    is_typed = source.production and proposal.request.control in _WANTS_TYPING
    kind = TypedConfirmScreen if is_typed else ConfirmScreen
    return kind(proposal, source, detail, facts=facts, now=now, glyphs=glyphs, clock=clock)


class ConfirmScreen(ModalScreen[bool]):
    """Asks yes or no about one control, frozen when its key was pressed."""

    AUTO_FOCUS = ""
    WAYS_OUT: ClassVar[tuple[str, ...]] = ("escape", "q")

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
        self._settling: Timer | None = None
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
        dialog = self.query_one("#dialog")
        dialog.set_class(self._source.production, "-production")
        dialog.border_title = "PROD" if self._source.production else "Ask the server?"
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
        if self._settling is not None:
            self._settling.stop()  # a yes with another key on its heels was not pressed by a finger
            self._settling = None
        counts = self._guard.accepts()
        if event.key in self.WAYS_OUT:
            self.dismiss(False)
        elif counts:
            self.take(event)

    def take(self, event: events.Key) -> None:
        """Take a key that counts."""
        if (act := self._keys.get(event.key)) is not None:
            act()

    def _yes(self) -> None:
        self._settling = self.set_timer(SETTLE_S, self._settled)

    def _settled(self) -> None:
        if self.changed is None:
            self.dismiss(True)

    def _no(self) -> None:
        self.dismiss(False)

    def _chosen(self) -> None:
        if self.is_yes and self.changed is None:
            self._yes()
        else:
            self.dismiss(False)

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
        self.query_one("#answer", LineBar).show(self._changed(width) if self.changed else self.choices(width))

    def choices(self, width: int) -> list[Line]:
        """Lay out the answers that can be given."""
        del width
        verb = self._proposal.request.control.value
        no, yes = ("  No ", f"> Yes, {verb} ") if self.is_yes else ("> No ", f"  Yes, {verb} ")
        looks = ("dim", "match") if self.is_yes else ("match", "dim")
        hint = f"y: yes, {verb}   arrows and Enter: choose   Esc: leave it"
        return [(), (Span(no, looks[0]), Span("    "), Span(yes, looks[1])), (), (Span(hint, "dim"),)]

    def _changed(self, width: int) -> list[Line]:
        text = f"! While this was open {self.changed}. Nothing was sent. Esc closes; look, then ask again."
        return [(), *((Span(part, "bad"),) for part in wrap(text, width))]


class TypedConfirmScreen(ConfirmScreen):
    """Asks for the end of the job's id: no single key is a yes."""

    WAYS_OUT: ClassVar[tuple[str, ...]] = ("escape",)

    def on_mount(self) -> None:
        ref, control = self._proposal.request.ref, self._proposal.request.control
        ends = [each for each in ref.job_id if each.isascii() and each.isalnum()][-_TYPED:]
        self.wanted = "".join(ends) or control.value
        self.typed = ""
        super().on_mount()

    def take(self, event: events.Key) -> None:
        """Type; Enter answers yes when what is typed is right, and no when nothing is."""
        if self.changed is not None:
            return
        if event.key == "enter" and self.typed in ("", self.wanted):
            self.is_yes = self.typed == self.wanted
            self._chosen()
        elif event.key == "backspace":
            self.typed = self.typed[:-1]
        elif event.character is not None and event.is_printable and len(self.typed) < len(self.wanted):
            self.typed += event.character
        self._show()

    def choices(self, width: int) -> list[Line]:
        """Say what is to be typed, and what has been."""
        verb = self._proposal.request.control.value
        what = f"This is production. To {verb}, type {self.wanted} (the end of the job’s id), then Enter."
        lines: list[Line] = [(), *((Span(part),) for part in wrap(what, width))]
        wrong = bool(self.typed) and not self.wanted.startswith(self.typed)
        typed = Span(f"{self.typed:_<{len(self.wanted)}}", "bad" if wrong else "match")
        hint = "   not the same; Backspace" if wrong else ""
        return [*lines, (), (Span("> "), typed, Span(hint, "bad")), (), (Span("Esc: leave it", "dim"),)]
