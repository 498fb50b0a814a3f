"""Columns and order: which columns are shown, and by which the jobs are sorted."""

from __future__ import annotations

from typing import ClassVar, Protocol

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from jobtui.insight.layout import Layout
from jobtui.insight.sorting import Column, Order
from jobtui.tui.format.columns import NAMES, mark
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.format.states import Glyphs
from jobtui.tui.screens.dialog import Dialog
from jobtui.tui.widgets.choice_list import ChoiceList
from jobtui.tui.widgets.line_bar import LineBar

_ORDERS = {
    Column.STATE: "what needs you first",
    Column.SOURCE: "by name",
    Column.KIND: "by name",
    Column.ID: "numbers, then names",
    Column.TITLE: "by name",
    Column.WHY: "the farthest first",
    Column.OWNER: "by name",
    Column.AGE: "the youngest first",
}
_KEYS: Line = tuple(
    Span(text, look)
    for text, look in (
        ("Enter", "key"),
        (" sorts, again turns round   ", ""),
        ("Space", "key"),
        (" shows or hides   ", ""),
        ("Esc", "key"),
        (" closes", ""),
    )
)
_WIDTH_KEYS: Line = tuple(
    Span(text, look)
    for text, look in (
        ("h l, ← →", "key"),
        (" narrower, wider   ", ""),
        ("=", "key"),
        (" as wide as usual", ""),
    )
)


class Chooser(Protocol):
    """What is asked to show jobs in another order or with other columns."""

    @property
    def chosen(self) -> Layout:
        """The columns and views chosen so far."""

    @property
    def order(self) -> Order:
        """The order in force."""

    def width_of(self, column: Column) -> int | None:
        """Give the cells that a column takes now; None when it is not shown."""

    def sort_jobs(self, order: Order) -> None:
        """Show the jobs in another order."""

    def lay_out(self, layout: Layout) -> None:
        """Show other columns, and keep that."""


class ColumnsScreen(Dialog[None]):
    """Every column with its order; what is chosen is seen at once behind it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "sort", show=False),
        Binding("space", "show_or_hide", show=False),
        Binding("left,h,minus", "widen(-1)", show=False),
        Binding("right,l,plus", "widen(1)", show=False),
        Binding("equals_sign", "usual_width", show=False),
        Binding("escape,q,s", "close", show=False),
    ]

    def __init__(self, chooser: Chooser, glyphs: Glyphs) -> None:
        super().__init__()
        self._chooser = chooser
        self._glyphs = glyphs
        self._columns = list(Column)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield ChoiceList(id="choices")
            yield LineBar(id="answer")

    def on_mount(self) -> None:
        self.query_one("#dialog").border_title = "Columns and order"
        self.query_one("#answer", LineBar).show([(), _KEYS, _WIDTH_KEYS])
        choices = self.query_one(ChoiceList)
        choices.cursor = self._columns.index(self._chooser.order.by)
        choices.focus()
        self._show()

    def action_sort(self) -> None:
        """Sort by the column under the cursor; by the one it is sorted by already, turned round."""
        self._chooser.sort_jobs(self._chooser.order.chosen(self._column))
        self.dismiss(None)

    def action_show_or_hide(self) -> None:
        """Show the column under the cursor, or hide it."""
        self._chooser.lay_out(self._chooser.chosen.toggled(self._column))
        self._show()

    def action_widen(self, cells: int) -> None:
        """Make the column under the cursor wider or narrower; a hidden one is shown first."""
        width = self._chooser.width_of(self._column)
        if width is None:
            self._chooser.lay_out(self._chooser.chosen.shown(self._column))
        else:
            self._chooser.lay_out(self._chooser.chosen.with_width(self._column, width + cells))
        self._show()

    def action_usual_width(self) -> None:
        """Give the column under the cursor its usual width again."""
        self._chooser.lay_out(self._chooser.chosen.with_width(self._column, None))
        self._show()

    def action_close(self) -> None:
        """Back to the jobs."""
        self.dismiss(None)

    @property
    def _column(self) -> Column:
        return self._columns[self.query_one(ChoiceList).cursor]

    def _show(self) -> None:
        self.query_one(ChoiceList).show([self._line(column) for column in self._columns])

    def _width(self, column: Column) -> str:
        width = self._chooser.width_of(column)
        return "" if width is None else str(width)

    def _line(self, column: Column) -> Line:
        order = self._chooser.order
        box = "[x] " if column in self._chooser.chosen.columns else "[ ] "
        sorts = f"{_ORDERS[column]}{', turned round' if order.is_turned and column is order.by else ''}"
        sign = mark(order, self._glyphs) if column is order.by else " "
        return (
            Span(box, "key"),
            Span(f"{NAMES[column]:<15}"),
            Span(f"{self._width(column):>4} ", "key" if column in self._chooser.chosen.widths else "dim"),
            Span(f"{sign} ", "strong"),
            Span(sorts, "" if column is order.by else "dim"),
        )


def next_order(order: Order, columns: frozenset[Column], step: int) -> Order:
    """Give the order by the column to the right or left of the one that sorts, round the end."""
    shown = [column for column in Column if column in columns or column is order.by]
    return Order(shown[(shown.index(order.by) + step) % len(shown)])
