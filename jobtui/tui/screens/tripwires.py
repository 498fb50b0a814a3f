"""Tripwires: arm a rule on what is selected, see what is armed, take it back. Nothing is sent to a server."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Protocol

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input

from jobtui.errors import UsageError
from jobtui.insight.rule_help import BRIEF
from jobtui.insight.rules import Rule
from jobtui.model import Job, Target
from jobtui.monitor.armed import Armed, Origin
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut, wrap
from jobtui.tui.format.tripwires import Wire, armed_line, wire_line, wires_of
from jobtui.tui.screens.dialog import Dialog
from jobtui.tui.widgets.choice_list import ChoiceList
from jobtui.tui.widgets.line_bar import LineBar
from jobtui.tui.widgets.typing import Typing

_KEYS: Line = (
    Span("its key, Enter", "key"),
    Span(" arms it, or takes it back  "),
    Span("-", "key"),
    Span(" takes back  "),
    Span("Esc", "key"),
    Span(" closes"),
)
_WIDTH = 64


class Arming(Protocol):
    """What arms rules: the monitor's alarms."""

    @property
    def armed(self) -> tuple[Armed, ...]: ...

    def arm(self, rule: Rule, origin: Origin = ...) -> bool: ...

    def disarm(self, rule: Rule) -> bool: ...


class TripwiresScreen(Dialog[None]):
    """What can be armed on what is selected, and all that is armed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "turn", show=False),
        Binding("minus,delete", "drop", show=False),
        Binding("escape,q,T", "back", show=False),
    ]

    def __init__(
        self,
        alarms: Arming,
        target: Target | None,
        job: Callable[[], Job | None],
        *,
        is_so: Callable[[Rule], bool],
        how: str,
    ) -> None:
        """``target`` is fixed when the key is pressed; ``is_so`` tells whether a rule is true of it already;
        ``how`` says how this terminal is told."""
        super().__init__()
        self._alarms = alarms
        self._target = target
        self._job = job
        self._is_so = is_so
        self._how = how
        self._said, self._look = "", ""
        self._asking: Wire | None = None
        self._list = ChoiceList(id="choices")
        self._typed = Typing(id="typed", compact=True)
        self._typed.cursor_blink = False

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield LineBar(id="asked")
            yield self._list
            yield self._typed
            yield LineBar(id="answer")

    def on_mount(self) -> None:
        self.query_one("#dialog").border_title = "Tell me"
        self._choose()

    @property
    def _wires(self) -> list[Wire]:
        return wires_of(self._target, self._job())

    def on_key(self, event: events.Key) -> None:
        """Arm what a key names."""
        wire = next((wire for wire in self._wires if wire.key == event.character), None)
        if wire is not None and self._asking is None:
            event.stop()
            self._turn(wire)

    def action_turn(self) -> None:
        """Arm what is under the cursor, or take it back."""
        wires, row = self._wires, self._list.cursor
        if row < len(wires):
            self._turn(wires[row])
        else:
            self.action_drop()

    def action_drop(self) -> None:
        """Take back the rule under the cursor."""
        wires, armed = self._wires, self._alarms.armed
        row = self._list.cursor - len(wires) - 1
        if 0 <= row < len(armed):
            self._disarm(armed[row].rule)
        elif self._list.cursor < len(wires) and (found := self._armed_by(wires[self._list.cursor])):
            self._disarm(found.rule)
        else:
            self._choose("that is not armed")

    def action_back(self) -> None:
        """Back to the list, or to the jobs."""
        if self._asking is None:
            self.dismiss(None)
        else:
            self._choose()

    @on(Input.Submitted)
    def _submit(self) -> None:
        if (wire := self._asking) is not None:
            self._arm(wire, self._typed.value)

    def _turn(self, wire: Wire) -> None:
        if wire.asks:
            self._ask(wire)
        elif (found := self._armed_by(wire)) is not None:
            self._disarm(found.rule)
        else:
            self._arm(wire)

    def _armed_by(self, wire: Wire) -> Armed | None:
        if wire.asks:
            return None
        condition = wire.rule().condition
        return next((armed for armed in self._alarms.armed if armed.rule.condition == condition), None)

    def _arm(self, wire: Wire, typed: str = "") -> None:
        try:
            rule = wire.rule(typed)
            if rule.is_once and self._is_so(rule):
                self._choose("that is so already")
                return
            self._alarms.arm(rule)
        except UsageError as error:
            self._say(str(error), "warn")
            return
        self._choose(f"armed: {rule.sentence}", "good")

    def _disarm(self, rule: Rule) -> None:
        self._alarms.disarm(rule)
        self._choose(f"taken back: {rule.occasion}", "good")

    def _ask(self, wire: Wire) -> None:
        self._asking = wire
        self._typed.placeholder = wire.asks
        self._typed.value = ""
        self._typed.display = True
        self._typed.focus()
        self._say("", "")

    def _choose(self, said: str = "", look: str = "warn") -> None:
        self._asking = None
        self._typed.display = False
        self._list.focus()
        self._say(said, look)

    def _say(self, said: str, look: str) -> None:
        self._said, self._look = said, look
        self._show()

    def _show(self) -> None:
        job, armed = self._job(), self._alarms.armed
        head = "no job is selected" if self._target is None else plain(str(self._target))
        title = "" if job is None else f"  {plain(job.title)}"
        self.query_one("#asked", LineBar).show([(Span(cut(head + title, _WIDTH), "strong"),), ()])
        rows: list[Line] = [wire_line(wire, self._armed_by(wire), _WIDTH) for wire in self._wires]
        rows.append((Span(f"armed {len(armed)}" if armed else "nothing is armed", "dim"),))
        self._list.show([*rows, *(armed_line(one, _WIDTH) for one in armed)])
        self._list.display = self._asking is None
        asking = _KEYS
        if self._asking is not None:
            asking = (Span("Enter", "key"), Span(" arms it  "), Span("Esc", "key"), Span(" back"))
        said: list[Line] = [(Span(part, self._look),) for part in wrap(self._said, _WIDTH)[:3]]
        below = self._help() if self._asking is not None else [(Span(self._how, "dim"),)]
        self.query_one("#answer", LineBar).show([(), asking, *said, *below])

    def _help(self) -> list[Line]:
        """Say what a rule may say, where a whole one is typed."""
        if self._asking is None or self._asking.condition:
            return []
        width = max(len(word) for word, _ in BRIEF)
        return [
            (Span(f"{word:<{width}}  ", "key"), Span(cut(meaning, _WIDTH - width - 2), "dim"))
            for word, meaning in BRIEF
        ]
