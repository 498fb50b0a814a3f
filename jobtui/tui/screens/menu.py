"""The action menu: every control, possible or not and why, with what it would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from jobtui.model import Control
from jobtui.monitor.events import Event
from jobtui.tui.format.menu import Offer, explained, heading, offer_line
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.pace import Pace
from jobtui.tui.screens.dialog import Dialog
from jobtui.tui.widgets.choice_list import ChoiceList
from jobtui.tui.widgets.line_bar import LineBar

_WIDTH = 66
_LOW = 20
"""Lines of a terminal below which the dialog does without empty ones."""
_BORDER, _PADDING = 2, 2
_LEAST = 2
"""Rows of controls that are shown however long the explanation is."""
_KEYS: Line = (
    Span("Enter", "key"),
    Span(" or its key asks, and sends nothing yet  "),
    Span("Esc", "key"),
    Span(" back"),
)


class MenuScreen(Dialog[Control | None]):
    """Every control of what was selected when it was opened; gives the one to be asked about."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", show=False),
        Binding("escape,q,x", "back", show=False),
    ]

    def __init__(self, what: str, offers: Callable[[], Sequence[Offer]]) -> None:
        """``what`` names what it is about; ``offers`` gives how each control stands when it is called."""
        super().__init__()
        self._what = what
        self._offers_now = offers
        self._offers: Sequence[Offer] = offers()
        self._list = ChoiceList(id="choices")
        self._above, self._below = LineBar(id="question"), LineBar(id="answer")
        self._pace = Pace(self._renew, self.set_timer)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield self._above
            yield self._list
            yield self._below

    def on_mount(self) -> None:
        self.query_one("#dialog").border_title = "Actions"
        possible = (row for row, offer in enumerate(self._offers) if offer.reason is None)
        self._list.cursor = next(possible, 0)
        self._list.focus()
        self._show()

    def receive(self, event: Event) -> None:
        """Show how the controls stand now, in its own time."""
        del event
        self._pace.news()

    def on_resize(self) -> None:
        self._show()

    def on_key(self, event: events.Key) -> None:
        """Choose a control by its own key."""
        chosen = next((offer for offer in self._offers if offer.face and offer.face == event.character), None)
        if chosen is not None:
            event.stop()
            self._list.go_to(self._offers.index(chosen))
            self.action_choose()

    @on(ChoiceList.Moved)
    def _moved(self) -> None:
        self._show()

    def action_choose(self) -> None:
        """Ask about the control under the cursor; one that cannot be asked now says why, and stays."""
        offer = self._offers[self._list.cursor]
        if offer.reason is None:
            self.dismiss(offer.control)

    def action_back(self) -> None:
        """Back to the jobs."""
        self.dismiss(None)

    def _renew(self) -> None:
        if self.is_attached:
            self._offers = self._offers_now()
            self._show()

    def _show(self) -> None:
        width = max(20, min(_WIDTH, self.size.width - 6))
        is_low = self.size.height < _LOW
        gap: list[Line] = [] if is_low else [()]
        above = [*heading(self._what, self._offers, width), *gap]
        below = [*gap, *explained(self._offers[self._list.cursor], width), *gap, _KEYS]
        # What the row under the cursor would do stays on the screen, however little room there is.
        frame = _BORDER + (0 if is_low else _PADDING)
        self._list.styles.max_height = max(_LEAST, self.size.height - frame - len(above) - len(below))
        self.query_one("#dialog").set_class(is_low, "-low")
        self._above.show(above)
        self._list.show([offer_line(offer, width - 3) for offer in self._offers])
        self._below.show(below)
