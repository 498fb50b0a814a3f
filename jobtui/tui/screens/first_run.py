"""The first-run card, in three steps: which back end, where it is and how its token is had, and the proof."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widget import Widget

from jobtui.errors import JobtuiError
from jobtui.model import Kind, Secret
from jobtui.tui.drafts import Draft, Setup, TokenWay
from jobtui.tui.format.first_run import (
    ASKING,
    DEMO,
    WAYS,
    WORDINGS,
    Next,
    Outcome,
    proven,
    unkept,
    unproven,
)
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.widgets.choice_list import ChoiceList
from jobtui.tui.widgets.line_bar import LineBar
from jobtui.tui.widgets.switch_line import SwitchLine
from jobtui.tui.widgets.typing import Typing

_KINDS = tuple(WORDINGS)
_WAYS = tuple(WAYS)
_FIELDS = ("address", "name", "user", "way", "token", "production")
_LABELS = {
    "address": "Its address",
    "name": "Your name for it",
    "way": "Its token comes from",
    "production": "Is it production? (looks different, asks harder)",
}
_SETUP = "setup"
_KEYS = {
    1: "Enter goes on   Esc, q leave",
    2: "Enter, Tab go on   Esc back   Ctrl+C leaves",
    3: "Enter goes on   Esc back   q leaves",
}


class FirstRunScreen(Screen[None]):
    """Ends the app with ``demo``, with ``ready`` when a source was written, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "onward", show=False, priority=True),
        Binding("tab,down", "turn(1)", show=False, priority=True),
        Binding("shift+tab,up", "turn(-1)", show=False, priority=True),
        Binding("escape", "back", show=False, priority=True),
        # In lists only: these are letters, and a field or a switch is where somebody types.
        Binding("j", "list(1)", show=False, priority=True),
        Binding("k", "list(-1)", show=False, priority=True),
        Binding("q", "leave", show=False, priority=True),
    ]
    AUTO_FOCUS = ""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self._setup = setup
        self._step = 1
        self._kind: Kind = _KINDS[0]
        self._outcome = ASKING
        self._is_writing = False
        self._choices = ChoiceList(id="choices")
        self._way = SwitchLine([WAYS[way][0] for way in _WAYS], self._way_turned, id="way")
        self._production = SwitchLine(["no", "yes"], id="production")
        self._inputs = {name: _typing(name) for name in ("address", "name", "user", "token")}

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="card", can_focus=False):
            yield LineBar(id="lead")
            yield self._choices
            for name in _FIELDS:
                yield LineBar(id=f"label-{name}")
                yield self._field(name)
            yield LineBar(id="answer")

    def on_mount(self) -> None:
        self.query_one("#card").border_title = "Welcome to jobtui"
        self._show()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    # --- what is shown --------------------------------------------------------------------------------
    def _field(self, name: str) -> Widget:
        return {"way": self._way, "production": self._production}.get(name) or self._inputs[name]

    def _fields(self) -> list[str]:
        asks_user = bool(WORDINGS[self._kind].user)
        return [name for name in _FIELDS if name != "user" or asks_user]

    def _show(self) -> None:
        """Show the step that it is at."""
        is_form = self._step == 2
        for name in _FIELDS:
            shown = is_form and name in self._fields()
            self._field(name).display = shown
            label = self.query_one(f"#label-{name}", LineBar)
            label.display = shown
            label.show([(Span(self._label(name), "dim"),)])
        self._choices.display = not is_form
        self._choices.show([(Span(text),) for text in self._options()])
        self.query_one("#lead", LineBar).show(self._wrapped(self._lead(), ""))
        self.query_one("#answer", LineBar).show(self._answer())
        if not is_form:
            self.set_focus(self._choices)

    def _label(self, name: str) -> str:
        return WORDINGS[self._kind].user.capitalize() if name == "user" else _LABELS.get(name, self._asked())

    def _asked(self) -> str:
        said = WAYS[self._way_chosen][1].format(keeps=self._setup.keeps)
        return said[0].upper() + said[1:]

    def _lead(self) -> str:
        match self._step:
            case 1:
                return "No source is set up yet. Step 1 of 3: where do your jobs run?"
            case 2:
                return f"Step 2 of 3: {WORDINGS[self._kind].title}. It needs {WORDINGS[self._kind].token}."
            case _:
                return f"Step 3 of 3: {self._outcome.said}"

    def _options(self) -> Sequence[str]:
        if self._step == 1:
            return [*(WORDINGS[kind].title for kind in _KINDS), DEMO]
        return [text for _, text in self._outcome.choices] or ["asking the server who you are…"]

    def _answer(self) -> list[Line]:
        where = f"It will be written to {self._setup.path}, for you alone."
        fault = self._outcome.fault
        lines = self._wrapped(fault, "bad") if fault else []
        return [(), *lines, *self._wrapped(where, "dim"), (Span(_KEYS[self._step], "key"),)]

    def _wrapped(self, text: str, look: str) -> list[Line]:
        width = self.query_one("#lead").size.width or 70
        return [(Span(part, look),) for part in wrap(text, width)]

    # --- keys -----------------------------------------------------------------------------------------
    def action_turn(self, step: int) -> None:
        """Go to the next or previous field, or line of a list."""
        if self._step != 2:
            self.action_list(step)
            return
        fields = self._fields()
        # Not has_focus: it comes about only after the keys that are here already.
        at = next((place for place, name in enumerate(fields) if self._field(name) is self.focused), 0)
        self._enter(fields[(at + step) % len(fields)])

    def _enter(self, name: str) -> None:
        self.set_focus(self._field(name))  # not focus(), which would be late as well
        if name == "name" and self._is_proposed():
            self._inputs["name"].select_all()  # what is typed is instead of it

    def _is_proposed(self) -> bool:
        return self._inputs["name"].value in {"", *(wording.name for wording in WORDINGS.values())}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave letters to what is typed."""
        return not (action in ("list", "leave") and self._step == 2)

    def action_list(self, step: int) -> None:
        """Go to the next or previous line of a list."""
        self._choices.go_to(self._choices.cursor + step)

    def action_onward(self) -> None:
        """Take the choice, or go to the next field, and after the last to the proof."""
        cursor = self._choices.cursor
        if self._step == 1:
            self._choose(cursor)
        elif self._step == 2 and self.focused is not self._field(self._fields()[-1]):
            self.action_turn(1)
        elif self._step == 2:
            self._ask()
        elif self._outcome.choices and not self._is_writing:
            self._decide(self._outcome.choices[cursor][0])

    def action_back(self) -> None:
        """Back one step; what was typed stays."""
        if self._step == 1:
            self.action_leave()
        elif not self._is_writing:
            self.workers.cancel_group(self, _SETUP)
            self._go(self._step - 1)

    def action_leave(self) -> None:
        """Leave; nothing is kept."""
        self.app.exit(None)

    def _way_turned(self) -> None:
        token = self._inputs["token"]
        token.password = self._way_chosen is TokenWay.TYPED
        token.value = ""
        self._show()

    @property
    def _way_chosen(self) -> TokenWay:
        return _WAYS[self._way.chosen]

    def _choose(self, place: int) -> None:
        if place == len(_KINDS):
            self.app.exit("demo")
            return
        self._kind = _KINDS[place]
        wording = WORDINGS[self._kind]
        self._inputs["address"].placeholder = wording.address
        if self._is_proposed():
            self._inputs["name"].value = wording.name
        self._go(2)

    def _decide(self, chosen: Next) -> None:
        match chosen:
            case Next.KEEP:
                self._is_writing = True
                self._write()
            case Next.CHANGE:
                self._go(2)
            case Next.AGAIN:
                self._ask()
            case Next.LEAVE:
                self.action_leave()

    def _go(self, step: int) -> None:
        self._step, self._outcome = step, ASKING
        self._choices.cursor = _KINDS.index(self._kind) if step == 1 else 0
        self._show()
        if step == 2:
            self._enter("address")

    def _end_with(self, outcome: Outcome) -> None:
        self._outcome, self._choices.cursor = outcome, 0
        self._show()

    # --- the server, and the file ---------------------------------------------------------------------
    def _draft(self) -> Draft:
        typed = {name: field.value.strip() for name, field in self._inputs.items()}
        is_typed = self._way_chosen is TokenWay.TYPED
        return Draft(
            self._kind,
            typed["name"],
            typed["address"],
            typed["user"] if WORDINGS[self._kind].user else "",
            self._way_chosen,
            "" if is_typed else typed["token"],
            Secret(typed["token"]) if is_typed else None,
            bool(self._production.chosen),
        )

    def _ask(self) -> None:
        self._go(3)  # at once: the next key is for this step already
        self._prove()

    @work(group=_SETUP, exclusive=True)
    async def _prove(self) -> None:
        """Ask the server; what it says decides what can be done next."""
        try:
            greeting = await self._setup.prove(self._draft())
        except JobtuiError as error:
            self._end_with(unproven(error))
        else:
            self._end_with(proven(greeting))

    @work(group=_SETUP, exclusive=True)
    async def _write(self) -> None:
        try:
            await self._setup.write(self._draft())
        except JobtuiError as error:
            self._is_writing = False
            self._end_with(unkept(error))
        else:
            self.app.exit("ready")


def _typing(name: str) -> Typing:
    field = Typing(id=name, compact=True, password=name == "token", select_on_focus=False)
    field.cursor_blink = False
    return field
