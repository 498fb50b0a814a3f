"""The export menu: as what the view is written to a file."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from jobtui.text import plain
from jobtui.tui.exports import FORMATS
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.screens.dialog import Dialog
from jobtui.tui.widgets.choice_list import ChoiceList
from jobtui.tui.widgets.line_bar import LineBar

_TOLD = {
    "text": "an aligned table, or the messages as lines",
    "csv": "for a spreadsheet; formulas get an apostrophe",
    "json": "the documents of jobtui --json",
    "svg": "a picture of the whole screen, as it is",
}
_WIDTH = 66
_KEYS: Line = (
    Span("its key, Enter", "key"),
    Span(" writes a new private file   "),
    Span("Esc", "key"),
    Span(" closes"),
)


class ExportScreen(Dialog[str | None]):
    """Gives the format that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", show=False),
        Binding("escape,q,e", "close", show=False),
    ]

    def __init__(self, what: str, into: str) -> None:
        """``what`` says what is exported, ``into`` is the folder that the file goes into."""
        super().__init__()
        self._what = what
        self._into = into

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield ChoiceList(id="choices")
            yield LineBar(id="answer")

    def on_mount(self) -> None:
        self.query_one("#dialog").border_title = f"Export {self._what}"
        choices = self.query_one(ChoiceList)
        choices.show([_line(key, format_) for key, format_ in FORMATS.items()])
        choices.focus()
        into: list[Line] = [(Span(part, "dim"),) for part in wrap(f"into {plain(self._into)}", _WIDTH)]
        self.query_one("#answer", LineBar).show([(), _KEYS, *into])

    def on_key(self, event: events.Key) -> None:
        """Take the format at a key."""
        wanted = FORMATS.get(event.character or "")
        if wanted is not None:
            event.stop()
            event.prevent_default()
            self.dismiss(wanted)

    def action_take(self) -> None:
        """Take the format under the cursor."""
        self.dismiss(list(FORMATS.values())[self.query_one(ChoiceList).cursor])

    def action_close(self) -> None:
        """Back to where it was opened."""
        self.dismiss(None)


def _line(key: str, format_: str) -> Line:
    return (Span(f"{key}  ", "key"), Span(f"{format_:<6}"), Span(_TOLD[format_], "dim"))
