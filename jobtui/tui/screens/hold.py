"""The question before a hold: until it is released, until a time, or after another job or step."""

from __future__ import annotations

from collections.abc import Callable
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
from jobtui.insight.when import EXAMPLES, parse_when
from jobtui.model import Target
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.format.times import age, stamp
from jobtui.tui.widgets.line_bar import LineBar
from jobtui.tui.widgets.typing import Typing

_CHOICES = ("until it is released", "until a time", "after another job or step of the same source")
_UNTIL = 1
_REF_HELP = "write a ref, SOURCE:JOB-ID or SOURCE:JOB-ID#STEP-ID, or paste its address"


@dataclass(frozen=True, slots=True)
class HoldChoice:
    """What ends the hold; neither: somebody releases it."""

    until: datetime | None = None
    after: Target | None = None


class HoldScreen(ModalScreen[HoldChoice | None]):
    """Asks what ends a hold. Sends nothing: the answer goes into the question that follows."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "choose(1)", show=False),
        Binding("up,k", "choose(-1)", show=False),
        Binding("1", "pick(0)", show=False),
        Binding("2", "pick(1)", show=False),
        Binding("3", "pick(2)", show=False),
        Binding("enter", "take", show=False),
        Binding("escape,q", "back", show=False),
    ]

    def __init__(
        self,
        what: str,
        source: str,
        *,
        target_of: Callable[[str], Target],
        now: Callable[[], datetime],
    ) -> None:
        """``what`` names the target; ``target_of`` reads a ref and raises UsageError."""
        super().__init__()
        self._what = what
        self._source = source
        self._target_of = target_of
        self._now = now
        self.choice = 0
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
        """Go to the next or previous choice."""
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
        typed.value = ""
        typed.placeholder = (
            "18:00, +2h, tomorrow 08:00" if self.choice == _UNTIL else f"{self._source}:JOB-ID"
        )
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
        self._read()
        self._show()

    @on(Input.Submitted)
    def _submit(self) -> None:
        read = self._read()
        if read is None:
            self.fault = self.fault or EXAMPLES
            self._show()
        else:
            self.dismiss(read)

    def _read(self) -> HoldChoice | None:
        """Read what was typed; notes the fault when it cannot be read."""
        self.fault = ""
        text = self.query_one(Input).value.strip()
        if not text:
            return None
        try:
            if self.choice == _UNTIL:
                return HoldChoice(until=parse_when(text, self._now()))
            return HoldChoice(after=self._same_source(self._target_of(text)))
        except (ValueError, UsageError) as error:
            self.fault = str(error)
            return None

    def _same_source(self, target: Target) -> Target:
        if target.job.source != self._source:
            raise UsageError(f"a hold can wait only for a job of {self._source}, its own source")
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
        if self.fault and typed.value:
            return [(Span(part, "bad"),) for part in wrap(f"! {plain(self.fault)}", width)]
        read = self._read()
        if read is not None and read.until is not None:
            ahead = age(self._now(), read.until)
            return [(Span(f"{stamp(read.until)}, in {ahead}   Enter: go on", "good"),)]
        if read is not None and read.after is not None:
            return [(Span(f"{plain(str(read.after))}   Enter: go on", "good"),)]
        help_ = (
            EXAMPLES
            if self.choice == _UNTIL
            else "write a ref (SOURCE:JOB-ID or SOURCE:JOB-ID#STEP-ID) or an address"
        )
        return [(Span(part, "dim"),) for part in wrap(help_, width)]
