"""The question before a hold: until it is released, until a time, or after another job or step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input

from jobtui.errors import UsageError
from jobtui.insight.when import EXAMPLES, moment_and_zone, parse_when
from jobtui.model import Job, Target
from jobtui.text import plain
from jobtui.tui.format.picking import pick_lines, picks
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.format.times import age
from jobtui.tui.widgets.line_bar import LineBar
from jobtui.tui.widgets.typing import Typing

_CHOICES = ("until it is released", "until a time", "after another job or step of the same source")
_UNTIL, _AFTER = 1, 2
_REF_HELP = "type words of its title or id, a ref (SOURCE:JOB-ID#STEP-ID) or an address; arrows pick"


@dataclass(frozen=True, slots=True)
class HoldChoice:
    """What ends the hold; neither: somebody releases it."""

    until: datetime | None = None
    after: Target | None = None


class HoldScreen(ModalScreen[HoldChoice | None]):
    """Asks what ends a hold. Sends nothing: the answer goes into the question that follows."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        # Before the pane that scrolls, which would take the arrows while something is typed.
        Binding("down", "choose(1)", show=False, priority=True),
        Binding("up", "choose(-1)", show=False, priority=True),
        Binding("j", "choose(1)", show=False),
        Binding("k", "choose(-1)", show=False),
        Binding("1", "pick(0)", show=False),
        Binding("2", "pick(1)", show=False),
        Binding("3", "pick(2)", show=False),
        Binding("enter", "take", show=False),
        Binding("escape,q", "back", show=False),
    ]

    def __init__(
        self,
        what: str,
        held: Target,
        *,
        jobs: Callable[[], Iterable[Job]],
        target_of: Callable[[str], Target],
        now: Callable[[], datetime],
        glyphs: Glyphs = UNICODE,
    ) -> None:
        """``what`` names what is ``held``; ``jobs`` gives the known jobs of its source, of which one may be
        picked; ``target_of`` reads a ref and raises UsageError."""
        super().__init__()
        self._what = what
        self._held = held
        self._source = held.job.source
        self._jobs = jobs
        self._target_of = target_of
        self._now = now
        self._glyphs = glyphs
        self.choice = 0
        self._offered: list[Job] = []
        """The jobs as known when the question was put: a row must not become another job's."""
        self.picked: int | None = None
        """The row chosen among the jobs that fit; None before anything is typed or chosen."""
        self.fault = ""

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield LineBar(id="question")
            typed = Typing(id="typed", compact=True)
            typed.cursor_blink = False
            yield typed
            yield LineBar(id="answer")

    def on_mount(self) -> None:
        self.query_one("#dialog").border_title = "Hold"
        self.query_one(Input).display = False
        self._show()

    def action_choose(self, step: int) -> None:
        """Go to the next or previous choice, or job where one is picked."""
        if self.query_one(Input).display:
            found = self._found()
            if found and self.choice == _AFTER:
                first = -1 if self.picked is None and step > 0 else (self.picked or 0)
                self.picked = (first + step) % len(found)
            self._show()
            return
        self.choice = (self.choice + step) % len(_CHOICES)
        self._show()

    def action_pick(self, choice: int) -> None:
        """Take a choice by its number."""
        self.choice = choice
        self.action_take()

    def action_take(self) -> None:
        """Go on with the choice: ask what it needs, or be done."""
        if self.choice == 0:
            self.dismiss(HoldChoice())
            return
        typed = self.query_one(Input)
        typed.value, self.picked, self._offered = "", None, list(self._jobs())
        typed.placeholder = "18:00, +2h, tomorrow 08:00" if self.choice == _UNTIL else "words, id or ref"
        typed.display = True
        typed.focus()
        self._show()

    def action_back(self) -> None:
        """Back to the choices, or out of the dialog."""
        typed = self.query_one(Input)
        if not typed.display:
            self.dismiss(None)
            return
        self.fault = ""
        typed.display = False
        self.set_focus(None)
        self._show()

    @on(Input.Changed)
    def _explain(self) -> None:
        self.picked = 0 if self.query_one(Input).value.strip() else None
        self._read()
        self._show()

    @on(Input.Submitted)
    def _submit(self) -> None:
        read = self._read()
        if read is None:
            self.fault = self.fault or (EXAMPLES if self.choice == _UNTIL else _REF_HELP)
            self._show()
        else:
            self.dismiss(read)

    def _read(self) -> HoldChoice | None:
        """Read what was typed; notes the fault when it cannot be read."""
        self.fault = ""
        text = self.query_one(Input).value.strip()
        try:
            if self.choice == _UNTIL:
                return HoldChoice(until=parse_when(text, self._now())) if text else None
            return self._read_after(text)
        except (ValueError, UsageError) as error:
            self.fault = str(error)
            return None

    def _read_after(self, text: str) -> HoldChoice | None:
        found = self._found()
        if not _is_ref(text) and found:
            return None if self.picked is None else HoldChoice(after=found[self.picked % len(found)].ref)
        return HoldChoice(after=self._other(self._target_of(text))) if text else None

    def _found(self) -> list[Job]:
        return picks(self.query_one(Input).value, self._offered, self._held.job)

    def _other(self, target: Target) -> Target:
        if target.job.source != self._source:
            raise UsageError(f"a hold can wait only for a job of {self._source}, its own source")
        if target in (self._held, self._held.job):
            raise UsageError("a job cannot wait for itself")
        return target

    def _show(self) -> None:
        width = max(20, min(66, self.size.width - 6))
        lines: list[Line] = [(Span(part, "strong"),) for part in wrap(plain(self._what), width)]
        lines.append(())
        for number, text in enumerate(_CHOICES):
            mark = "> " if number == self.choice else "  "
            lines.append((Span(f"{mark}{number + 1} {text}", "match" if number == self.choice else ""),))
        self.query_one("#question", LineBar).show(lines)
        self.query_one("#answer", LineBar).show([(), *self._hint(width)])

    def _hint(self, width: int) -> list[Line]:
        typed = self.query_one(Input)
        if not typed.display:
            return [(Span("Enter: go on   Esc: leave all as it is", "dim"),)]
        if self.choice == _AFTER and not _is_ref(typed.value.strip()) and (found := self._found()):
            keys = "arrows: pick   Enter: go on" if self.picked is not None else "type words, or arrows: pick"
            return [*pick_lines(found, self.picked, width, self._glyphs), (Span(keys, "dim"),)]
        if self.fault and typed.value:
            return [(Span(part, "bad"),) for part in wrap(f"! {plain(self.fault)}", width)]
        read = self._read()
        if read is not None and read.until is not None:
            ahead = age(self._now(), read.until)
            return [(Span(f"{moment_and_zone(read.until, self._now())}, in {ahead}   Enter: go on", "good"),)]
        if read is not None and read.after is not None:
            return [(Span(f"{plain(str(read.after))}   Enter: go on", "good"),)]
        return [
            (Span(part, "dim"),) for part in wrap(EXAMPLES if self.choice == _UNTIL else _REF_HELP, width)
        ]


def _is_ref(text: str) -> bool:
    """Whether a text is a ref or an address rather than words of a title."""
    return ":" in text or "/" in text
