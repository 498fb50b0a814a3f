"""What somebody chose to see: the columns of the list, and views with a name and a key. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from jobtui.insight.grouping import Grouping
from jobtui.insight.sorting import Column, Order

USUAL = frozenset({Column.STATE, Column.SOURCE, Column.TITLE, Column.WHY, Column.AGE})
"""The columns shown until somebody chooses others."""
MOST_VIEWS = 40
LEAST_WIDTH, MOST_WIDTH = 3, 120


class SavedView(Struct, frozen=True):
    """A filter, an order and a grouping, called by one key."""

    name: str
    key: str
    filter: str = ""
    problems: bool = False
    order: Order = field(default_factory=Order)
    grouping: Grouping = Grouping.NONE


BUILT_IN = (
    SavedView("everything", "a"),
    SavedView("problems", "p", problems=True),
    SavedView("mine", "m", "owner:me"),
    SavedView("held", "h", "state:held"),
    SavedView("last hour", "l", "age<1h", order=Order(Column.AGE)),
    SavedView("by cause", "c", problems=True, grouping=Grouping.CAUSE),
)
"""Views that are always there."""
RESERVED = "jkgGqv?+-"
"""Keys that do something else in the list of views."""


class Layout(Struct, frozen=True):
    """The columns, their widths and the grouping wanted, and the views of the user's own."""

    columns: frozenset[Column] = USUAL
    views: tuple[SavedView, ...] = ()
    theme: str | None = None
    """The theme chosen on the screen; None leaves it to the configuration."""
    grouping: Grouping = Grouping.NONE
    widths: dict[Column, int] = field(default_factory=dict)
    """The cells that somebody chose for a column; the others share the rest."""
    muted: dict[str, str] = field(default_factory=dict)
    """The condition in which somebody muted a job, by its ref."""

    @property
    def all_views(self) -> tuple[SavedView, ...]:
        """Every view, those that are always there first."""
        return (*BUILT_IN, *self.views)

    def toggled(self, column: Column) -> Layout:
        """Show a column, or hide it; one is always left."""
        columns = self.columns ^ {column}
        return replace(self, columns=columns) if columns else self

    def shown(self, column: Column) -> Layout:
        """Show a column."""
        return replace(self, columns=self.columns | {column})

    def with_width(self, column: Column, width: int | None) -> Layout:
        """Give a column so many cells, within reason; None for what is usual."""
        others = {one: cells for one, cells in self.widths.items() if one is not column}
        chosen = {} if width is None else {column: max(LEAST_WIDTH, min(width, MOST_WIDTH))}
        return replace(self, widths=others | chosen)

    def with_view(self, view: SavedView) -> Layout:
        """Keep a view, in place of one of the same name."""
        return replace(self, views=(*_others(self.views, view.name), view))

    def without_view(self, name: str) -> Layout:
        """Drop a view of the user's own."""
        return replace(self, views=tuple(_others(self.views, name)))

    def why_not_name(self, name: str) -> str:
        """Say why a view cannot be called so; empty when it can."""
        if name in {view.name for view in BUILT_IN}:
            return f"“{name}” is always there; another name is needed"
        if len(self.views) >= MOST_VIEWS and name not in {view.name for view in self.views}:
            return f"there are {MOST_VIEWS} views already; - drops one"
        return ""

    def why_not_key(self, key: str, name: str) -> str:
        """Say why a key cannot call the view of a name; empty when it can."""
        if len(key) != 1 or not key.isascii() or not key.isprintable() or key == " ":
            return "one letter, digit or sign is needed"
        if key in RESERVED:
            return f"{key} does something else in this list"
        taken = next((view.name for view in self.all_views if view.key == key and view.name != name), None)
        return f"{key} calls “{taken}”" if taken else ""

    def free_key(self, name: str) -> str:
        """Propose a key for a name: one of its letters, else a digit."""
        letters = f"{name.casefold()}123456789{name.upper()}"
        return next((letter for letter in letters if not self.why_not_key(letter, name)), "")


def _others(views: Iterable[SavedView], name: str) -> list[SavedView]:
    return [view for view in views if view.name != name]
