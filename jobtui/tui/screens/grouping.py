"""Grouping: what the jobs of one group have in common, chosen by one key from a list."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from jobtui.insight.grouping import Grouping
from jobtui.tui.format.heads import CHOICES
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.screens.dialog import Dialog
from jobtui.tui.widgets.choice_list import ChoiceList
from jobtui.tui.widgets.line_bar import LineBar

LETTERS = {"n": Grouping.NONE, "s": Grouping.SOURCE, "t": Grouping.STATE, "c": Grouping.CAUSE}
_KEYS: Line = (
    Span("its key, Enter", "key"),
    Span(" groups   "),
    Span("b", "key"),
    Span(" the next   "),
    Span("f", "key"),
    Span(" folds all, or unfolds"),
)
Choice = Grouping | Literal["fold"] | None


class GroupingScreen(Dialog[Choice]):
    """Every grouping with its key; gives the one chosen, or that all groups are to be folded."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", show=False),
        Binding("b", "next", show=False),
        Binding("f", "fold", show=False),
        Binding("escape,q", "dismiss(None)", show=False),
    ]

    def __init__(self, present: Grouping) -> None:
        super().__init__()
        self._present = present
        self._list = ChoiceList(id="choices")

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield self._list
            yield LineBar(id="answer")

    def on_mount(self) -> None:
        self.query_one("#dialog").border_title = "Groups"
        self.query_one("#answer", LineBar).show([(), _KEYS])
        self._list.show([self._line(letter, one) for letter, one in LETTERS.items()])
        self._list.go_to(list(LETTERS.values()).index(self._present))
        self._list.focus()

    def on_key(self, event: events.Key) -> None:
        """Choose by its letter."""
        chosen = LETTERS.get(event.character or "")
        if chosen is not None:
            event.stop()
            self.dismiss(chosen)

    def action_choose(self) -> None:
        """Choose what is under the cursor."""
        self.dismiss(list(LETTERS.values())[self._list.cursor])

    def action_next(self) -> None:
        """Go to the next one, round the end."""
        self._list.go_to((self._list.cursor + 1) % len(LETTERS))

    def action_fold(self) -> None:
        """Ask for all groups to be folded, or unfolded."""
        self.dismiss("fold")

    def _line(self, letter: str, grouping: Grouping) -> Line:
        is_present = grouping is self._present
        mark = "(*) " if is_present else "( ) "
        return (
            Span(f"{letter}  ", "key"),
            Span(mark),
            Span(CHOICES[grouping], "strong" if is_present else ""),
        )
