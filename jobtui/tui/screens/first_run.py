"""The first-run card, in three steps: which back end, where it is and how its token is had, and the proof."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widget import Widget

from jobtui.errors import JobtuiError
from jobtui.model import Kind, Secret
from jobtui.text import plain
from jobtui.tui.drafts import Draft, Setup, TokenWay
from jobtui.tui.format.first_run import DEMO, WAYS, WORDINGS
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


class FirstRunScreen(Screen[None]):
    """Ends the app with ``demo``, with ``ready`` when a source was written, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "onward", show=False, priority=True),
        Binding("tab,down", "turn(1)", show=False, priority=True),
        Binding("shift+tab,up", "turn(-1)", show=False, priority=True),
        Binding("escape", "back", show=False, priority=True),
        # In lists only, and at once like Enter: what a slow line delivers in one burst keeps its order.
        Binding("j", "list(1)", show=False, priority=True),
        Binding("k", "list(-1)", show=False, priority=True),
        Binding("q", "leave", show=False),
    ]
    AUTO_FOCUS = ""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self._setup = setup
        self._step = 1
        self._kind: Kind = _KINDS[0]
        self._fault = ""
        self._proven = ""
        self._is_asking = False
        self._choices = ChoiceList(id="choices")
        self._way = SwitchLine([WAYS[way][0] for way in _WAYS], id="way")
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
            self._choices.focus()

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
                return f"Step 3 of 3: {self._proven or 'what the server says.'}"

    def _options(self) -> Sequence[str]:
        if self._step == 1:
            return [*(WORDINGS[kind].title for kind in _KINDS), DEMO]
        if self._is_asking:
            return ["asking the server who you are…"]
        if self._proven:
            return ["keep it, and open the screen", "change something", "leave, and keep nothing"]
        return ["change something", "try again", "keep it all the same: the server may only be away"]

    def _answer(self) -> list[Line]:
        keys = "Enter goes on   Esc back   q leaves" if self._step != 2 else "Enter, Tab go on   Esc back"
        where = f"It will be written to {self._setup.path}, for you alone."
        lines = self._wrapped(self._fault, "bad") if self._fault else []
        return [(), *lines, *self._wrapped(where, "dim"), (Span(keys, "key"),)]

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
        at = next((place for place, name in enumerate(fields) if self._field(name).has_focus), 0)
        self._field(fields[(at + step) % len(fields)]).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave letters to what is typed."""
        return not (action == "list" and self._step == 2)

    def action_list(self, step: int) -> None:
        """Go to the next or previous line of a list."""
        self._choices.go_to(self._choices.cursor + step)

    def action_onward(self) -> None:
        """Take the choice, or go to the next field, and after the last to the proof."""
        cursor = self._choices.cursor
        if self._step == 1:
            self._choose(cursor)
        elif self._step == 2 and not self._field(self._fields()[-1]).has_focus:
            self.action_turn(1)
        elif self._step == 2:
            self._prove()
        elif not self._is_asking:
            self._decide(cursor)

    def action_back(self) -> None:
        """Back one step; what was typed stays."""
        if self._step == 1:
            self.action_leave()
        elif not self._is_asking:
            self._go(self._step - 1)

    def action_leave(self) -> None:
        """Leave; nothing is kept."""
        self.app.exit(None)

    @on(SwitchLine.Turned)
    def _way_turned(self, event: SwitchLine.Turned) -> None:
        if event.line is not self._way:
            return
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
        self._inputs["name"].value = wording.name
        self._go(2)

    def _decide(self, place: int) -> None:
        chosen = self._options()[place]
        if chosen.startswith("keep"):
            self._write()
        elif chosen.startswith("leave"):
            self.action_leave()
        elif chosen.startswith("try"):
            self._prove()
        else:
            self._go(2)

    def _go(self, step: int) -> None:
        self._step, self._fault, self._proven = step, "", ""
        self._choices.cursor = _KINDS.index(self._kind) if step == 1 else 0
        self._show()
        if step == 2:
            self._inputs["address"].focus()

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

    @work(group="setup", exclusive=True)
    async def _prove(self) -> None:
        """Ask the server; what it says decides what can be done next."""
        self._go(3)
        self._is_asking = True
        self._show()
        try:
            self._proven = await self._setup.prove(self._draft())
        except JobtuiError as error:
            self._fault = plain(str(error))
        finally:
            self._is_asking = False
        self._show()

    @work(group="setup", exclusive=True)
    async def _write(self) -> None:
        try:
            await self._setup.write(self._draft())
        except JobtuiError as error:
            self._fault, self._proven = plain(str(error)), ""
            self._show()
        else:
            self.app.exit("ready")


def _typing(name: str) -> Typing:
    field = Typing(id=name, compact=True, password=name == "token", select_on_focus=False)
    field.cursor_blink = False
    return field
