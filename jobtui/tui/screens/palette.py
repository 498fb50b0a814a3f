"""The palette: type a few letters of anything, choose it, and it is done; each line shows its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from jobtui.tui.commands import Command, command_line, found
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.screens.dialog import Dialog
from jobtui.tui.widgets.choice_list import ChoiceList
from jobtui.tui.widgets.line_bar import LineBar
from jobtui.tui.widgets.typing import Typing

_KEYS: Line = (
    Span("↑ ↓", "key"),
    Span(" choose  "),
    Span("Enter", "key"),
    Span(" does it; a control asks first  "),
    Span("Esc", "key"),
    Span(" back"),
)


class PaletteScreen(Dialog[Command | None]):
    """A line to type in, and what fits it; gives what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", show=False),
        Binding("up,ctrl+p", "move(-1)", show=False),
        Binding("pagedown", "move(8)", show=False),
        Binding("pageup", "move(-8)", show=False),
        Binding("escape", "back", show=False),
    ]
    DEFAULT_CSS = """
    #palette {
        width: 78;
        max-width: 100%;
        height: auto;
        max-height: 100%;
        padding: 0 1;
        background: $surface;
        border: round $primary;
        border-title-color: $foreground;
    }
    #palette #typed { margin: 0 0 1 0; }
    #palette ChoiceList { max-height: 15; }
    #palette LineBar { width: 100%; }
    .-ascii #palette { border: ascii $primary; }
    """

    def __init__(self, commands: Sequence[Command], jobs: Callable[[str], Sequence[Command]]) -> None:
        """``jobs`` gives the jobs that a text can mean, at most a few."""
        super().__init__()
        self._commands = commands
        self._jobs = jobs
        self._found: list[Command] = []
        self._typed = Typing(id="typed", compact=True, placeholder="what to do, a view, a theme, a job")
        self._typed.cursor_blink = False
        self._list = ChoiceList(id="choices")

    def compose(self) -> ComposeResult:
        with Vertical(id="palette"):
            yield self._typed
            yield self._list
            yield LineBar(id="answer")

    def on_mount(self) -> None:
        self.query_one("#palette").border_title = "Palette"
        self.query_one("#answer", LineBar).show([_KEYS])
        self._list.can_focus = False
        self._typed.focus()
        self._show()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    @on(Input.Changed)
    def _changed(self) -> None:
        self._show()
        self._list.go_to(0)

    def _show(self) -> None:
        text = self._typed.value
        self._found = [*found(self._commands, text), *self._jobs(text)]
        nothing: Line = (Span("nothing is called so; a job can be named by its ref", "dim"),)
        width = self._list.line_width
        self._list.show([command_line(each, width) for each in self._found] or [nothing])

    def action_move(self, rows: int) -> None:
        """Move the choice; what is typed stays."""
        self._list.go_to(self._list.cursor + rows)

    @on(Input.Submitted)
    def _choose(self) -> None:
        # Not a key of the screen's own: it comes after all that was typed in the same burst.
        if self._found:
            self.dismiss(self._found[min(self._list.cursor, len(self._found) - 1)])

    def action_back(self) -> None:
        """Back, nothing done."""
        self.dismiss(None)
