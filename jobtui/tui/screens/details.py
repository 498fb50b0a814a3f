"""The details of a job: lines to read and to search, its result as a tree, its JSON at one key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut, text_of
from jobtui.tui.format.tree import Folding, TreeRow
from jobtui.tui.screens.reading import ReadingScreen
from jobtui.tui.widgets.filter_input import FilterInput
from jobtui.tui.widgets.line_view import TextLines

_SUBTITLE = "Enter folds   / finds, n N go on   J {other}   Esc closes"


class DetailsScreen(ReadingScreen, inherit_bindings=False):
    """Everything known of a job. Nothing here asks anything of a server."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "fold", show=False),
        Binding("J", "raw", show=False),
        Binding("slash", "search", show=False),
        Binding("n", "match(1)", show=False),
        Binding("N", "match(-1)", show=False),
        Binding("escape,q", "back", show=False),
    ]
    SUBTITLE = _SUBTITLE.format(other="JSON")
    DEFAULT_CSS = "DetailsScreen FilterInput { dock: bottom; margin: 0 1; background: $panel; }"

    def __init__(
        self,
        title: str,
        rows: Callable[[int, Folding], Sequence[TreeRow]],
        raw: Callable[[int], list[Line]],
    ) -> None:
        """``rows`` and ``raw`` lay the job out for a width: as lines to read, and as JSON."""
        super().__init__(title, lambda width: [line for line, _ in self._rows_for(width)])
        self._text = _Lines(id="reading")
        self._layout_rows = rows
        self._layout_raw = raw
        self._search = FilterInput(id="find")
        self._toggled: set[str] = set()
        self._folds: list[str | None] = []
        self._is_raw = False

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield self._search

    @property
    def _sought(self) -> str:
        return self._search.value.strip().casefold()

    # --- keys -----------------------------------------------------------------------------------------
    def action_fold(self) -> None:
        """Fold or unfold what the line under the cursor heads."""
        fold = self._folds[self._text.cursor] if self._text.cursor < len(self._folds) else None
        if fold is not None:
            self._toggled ^= {fold}
            self._show()

    def action_raw(self) -> None:
        """Show the job as JSON, or as lines to read again."""
        self._is_raw = not self._is_raw
        self._text.go_to(0)
        self._show()

    def action_search(self) -> None:
        """Type what to look for; what is folded is looked at too."""
        self._search.open("details", self._search.value, "find in the details")

    def action_match(self, step: int) -> None:
        """Go to the next or previous line that has what is looked for, round the end."""
        if not self._sought:
            return
        count, here = self._text.line_count(), self._text.cursor
        for row in ((here + step * away) % count for away in range(1, count + 1)):
            if self._sought in text_of(self._text.line(row)).casefold():
                self._text.go_to(row)
                return

    def action_back(self) -> None:
        """Look for nothing any more, or close."""
        if self._sought:
            self._search.value = ""
            self._show()
        else:
            self.action_close()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._show()
        if self._sought and not self._has(self._text.cursor):
            self.action_match(1)

    @on(FilterInput.Closed)
    def _search_over(self, event: FilterInput.Closed) -> None:
        if not event.kept:
            self._search.value = ""
        self._search.leave()
        self._show()

    # --- drawing --------------------------------------------------------------------------------------
    def _has(self, row: int) -> bool:
        return row < self._text.line_count() and self._sought in text_of(self._text.line(row)).casefold()

    def _rows_for(self, width: int) -> list[TreeRow]:
        if self._is_raw:
            rows: Sequence[TreeRow] = [(line, None) for line in self._layout_raw(width)]
        else:
            rows = self._layout_rows(width, Folding(self._toggled, is_all_open=bool(self._sought)))
        return [(self._marked(line), fold) for line, fold in rows]

    def _marked(self, line: Line) -> Line:
        text = text_of(line)
        return (Span(text, "match"),) if self._sought and self._sought in text.casefold() else line

    def _show(self) -> None:
        if self._text.is_attached:
            rows = self._rows_for(self._text.line_width)
            self._folds = [fold for _, fold in rows]
            self._text.show([line for line, _ in rows])
            self._say_keys(any(self._has(row) for row in range(len(rows))))

    def _say_keys(self, is_found: bool) -> None:
        """Name the keys; before all, that what is looked for is nowhere."""
        said = _SUBTITLE.format(other="lines" if self._is_raw else "JSON")
        if self._sought and not is_found:
            said = f"“{cut(plain(self._search.value.strip()), 20)}” is nowhere here   Esc looks for nothing"
        self._text.border_subtitle = Content(said)  # not a str: that would be read as markup


class _Lines(TextLines):
    HAS_CURSOR = True
