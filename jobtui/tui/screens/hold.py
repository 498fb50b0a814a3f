"""The question before a hold: until it is released, until a time, or after another job or step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from msgspec import Struct
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input

from jobtui.errors import JobtuiError, UsageError
from jobtui.insight.when import examples, moment_and_zone, parse_when
from jobtui.model import Job, JobRef, Step, Target
from jobtui.monitor.events import Event
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.format.states import UNICODE, Glyphs
from jobtui.tui.format.times import ahead
from jobtui.tui.picking import Picking
from jobtui.tui.screens.dialog import Dialog
from jobtui.tui.widgets.line_bar import LineBar
from jobtui.tui.widgets.typing import Typing

_CHOICES = ("until it is released", "until a time", "after another job or step of the same source")
_UNTIL, _AFTER = 1, 2
_REF_HELP = "type words of its title or id, a ref (SOURCE:JOB-ID#STEP-ID) or an address; arrows pick"


class HoldChoice(Struct, frozen=True):
    """What ends the hold; neither: somebody releases it."""

    until: datetime | None = None
    after: Target | None = None


class HoldScreen(Dialog[HoldChoice | None]):
    """Asks what ends a hold. Sends nothing: the answer goes into the question that follows."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        # Before the pane that scrolls, which would take the arrows while something is typed.
        Binding("down", "choose(1)", show=False, priority=True),
        Binding("up", "choose(-1)", show=False, priority=True),
        Binding("tab", "open", show=False, priority=True),
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
        held: Sequence[Target],
        *,
        jobs: Callable[[], Iterable[Job]],
        steps_of: Callable[[JobRef], Awaitable[Iterable[Step]]],
        target_of: Callable[[str], Target],
        now: Callable[[], datetime],
        glyphs: Glyphs = UNICODE,
        changed: Callable[[], str | None] = lambda: None,
    ) -> None:
        """``what`` names what is ``held``; ``jobs`` gives those of its source, and ``steps_of`` the steps of
        one, of which one may be picked; ``target_of`` reads a ref and raises UsageError; ``changed`` says
        what has changed since the key was pressed."""
        super().__init__()
        self._what = what
        self._held = held
        self._jobs = jobs
        self._steps_of = steps_of
        self._target_of = target_of
        self._now = now
        self._glyphs = glyphs
        self._what_changed = changed
        self.changed: str | None = None
        """What has changed while it was open; after that nothing is left but to leave."""
        self.choice = 0
        self._picking = Picking((), held)
        self._typed = Typing(id="typed", compact=True)
        self._typed.cursor_blink = False
        self._above, self._below = LineBar(id="question"), LineBar(id="answer")
        self.fault = ""

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield self._above
            yield self._typed
            yield self._below

    def on_mount(self) -> None:
        self.query_one("#dialog").border_title = "Hold"
        self._typed.display = False
        self._show()

    def receive(self, event: Event) -> None:
        """Look whether the job has moved; once it has, this hold must be asked for anew."""
        del event
        if self.changed is None and (changed := self._what_changed()) is not None:
            self.changed = changed
            self._leave_typing()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave nothing but the way out once the job has moved."""
        return self.changed is None or action == "back"

    # --- keys -----------------------------------------------------------------------------------------
    def action_choose(self, step: int) -> None:
        """Go to the next or previous choice, or row where one is picked."""
        if not self._typed.display:
            self.choice = (self.choice + step) % len(_CHOICES)
        elif self.choice == _AFTER:
            self._picking.move(step)
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
        typed = self._typed
        typed.value, self._picking = "", Picking(self._jobs(), self._held)
        typed.placeholder = "18:00, +2h, tomorrow 08:00" if self.choice == _UNTIL else "words, id or ref"
        typed.display = True
        typed.focus()
        self._show()

    def action_back(self) -> None:
        """Back from steps to jobs, to the choices, or out of the dialog."""
        if not self._typed.display:
            self.dismiss(None)
        elif self._picking.close():
            self._show()
        else:
            self._leave_typing()

    @work(exclusive=True)
    async def action_open(self) -> None:
        """Show the steps of the job under the cursor, so that one of them can be waited for."""
        job = self._picking.chosen() if self._is_picking() else None
        if job is None:
            return
        try:
            steps = await self._steps_of(job.ref)
        except JobtuiError as error:
            self.fault = f"{job.ref} cannot be read just now: {error}"
        else:
            if self._is_picking() and self._picking.chosen() == job:
                self._picking.open(job, steps)
        self._show()

    @on(Input.Changed)
    def _explain(self) -> None:
        self._picking.type(self._typed.value)
        self._read()
        self._show()

    @on(Input.Submitted)
    def _submit(self) -> None:
        read = self._read()
        if read is None:
            self.fault = self.fault or self._help()
            self._show()
        elif self.changed is None:
            self.dismiss(read)

    def _leave_typing(self) -> None:
        self.fault = ""
        self._typed.display = False
        self.set_focus(None)
        self._show()

    # --- what was typed -------------------------------------------------------------------------------
    def _is_picking(self) -> bool:
        """Whether rows of jobs or steps are shown, of which one is picked."""
        is_asked = self._typed.display and self.choice == _AFTER and not _is_ref(self._typed.value)
        return is_asked and bool(self._picking.found)

    def _read(self) -> HoldChoice | None:
        """Read what was typed; notes the fault when it cannot be read."""
        self.fault = ""
        text = self._typed.value.strip()
        try:
            if self.choice == _UNTIL:
                return HoldChoice(until=parse_when(text, self._now())) if text else None
            if self._is_picking():
                picked = self._picking.target()
                return None if picked is None else HoldChoice(after=self._other(picked))
            return HoldChoice(after=self._other(self._target_of(text))) if text else None
        except (ValueError, UsageError) as error:
            self.fault = str(error)
            return None

    def _other(self, target: Target) -> Target:
        sources = sorted({held.job.source for held in self._held})
        if sources != [target.job.source]:
            raise UsageError(f"a hold can wait only for a job of {' and '.join(sources)}, its own source")
        if any(target in (held, held.job) for held in self._held):
            raise UsageError("a job cannot wait for itself")
        return target

    # --- drawing --------------------------------------------------------------------------------------
    def _show(self) -> None:
        if not self.is_attached:
            return
        width = max(20, min(66, self.size.width - 6))
        lines: list[Line] = [(Span(part, "strong"),) for part in wrap(plain(self._what), width)]
        lines.append(())
        for number, text in enumerate(_CHOICES):
            mark = "> " if number == self.choice else "  "
            lines.append((Span(f"{mark}{number + 1} {text}", "match" if number == self.choice else ""),))
        self._above.show(lines)
        self._below.show([(), *self._hint(width)])

    def _hint(self, width: int) -> list[Line]:
        if self.changed is not None:
            said = (
                f"! While this was open {self.changed}. Nothing was sent. Esc closes; look, then ask again."
            )
            return [(Span(part, "bad"),) for part in wrap(said, width)]
        if not self._typed.display:
            return [(Span("Enter: go on   Esc: leave all as it is", "dim"),)]
        if self.fault and self._typed.value:
            return [(Span(part, "bad"),) for part in wrap(f"! {plain(self.fault)}", width)]
        if self._is_picking():
            return [*self._picking.lines(width, self._glyphs), (Span(self._picking_keys(), "dim"),)]
        read = self._read()
        if read is not None:
            return [(Span(f"{self._said(read)}   Enter: go on", "good"),)]
        return [(Span(part, "dim"),) for part in wrap(self._help(), width)]

    def _help(self) -> str:
        return examples(self._now()) if self.choice == _UNTIL else _REF_HELP

    def _picking_keys(self) -> str:
        if self._picking.job is not None:
            return "arrows: pick   Enter: go on   Esc: back to the jobs"
        if self._picking.row is None:
            return "type words, or arrows: pick"
        return "arrows: pick   Enter: go on   Tab: one of its steps"

    def _said(self, read: HoldChoice) -> str:
        if read.until is None:
            return plain(str(read.after))
        return f"{moment_and_zone(read.until, self._now())}, in {ahead(read.until, self._now())}"


def _is_ref(text: str) -> bool:
    """Whether a text is a ref or an address rather than words of a title."""
    return ":" in text or "/" in text
