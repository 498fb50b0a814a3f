"""The footer: the keys that work on this row now, and in grey those that do not, with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from jobtui.tui.format.footer import Standing, footer_lines
from jobtui.tui.format.spans import Span
from jobtui.tui.hints import Place, steers
from jobtui.tui.widgets.line_bar import LineBar


class KeyFooter(LineBar):
    """Two lines of keys."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.show([(), ()])

    def update(self, standings: Sequence[Standing], none: str, place: Place) -> None:
        """Show how the control keys stand for the selected row, then the keys of the focused pane.

        ``none`` says why there are no control keys.
        """
        works, refused = footer_lines(standings, self.size.width or 80, place, single=self.size.height == 1)
        says_none = not standings and steers(place.pane)
        self.show([works, (Span(none, "off"),) if says_none else refused])
