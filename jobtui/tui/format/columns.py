"""Columns: which of them are shown, how wide each is, and the line that names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct

from jobtui.insight.layout import LEAST_WIDTH, USUAL
from jobtui.insight.sorting import Column, Order
from jobtui.tui.format.spans import Line, Span, fit
from jobtui.tui.format.states import UNICODE, Glyphs, label

NAMES = {
    Column.STATE: "STATE",
    Column.SOURCE: "IN",
    Column.KIND: "KIND",
    Column.ID: "ID",
    Column.TITLE: "JOB",
    Column.WHY: "PROGRESS / WHY",
    Column.OWNER: "OWNER",
    Column.AGE: "AGE",
}
NOTHING_CHOSEN: Mapping[Column, int] = MappingProxyType({})
_FIXED = {Column.KIND: 9, Column.ID: 12, Column.OWNER: 12, Column.AGE: 5}
_GIVE_WAY = (Column.KIND, Column.OWNER, Column.ID)
"""What leaves a terminal too narrow for it, the first first."""
_LEAST_TEXT = 20
"""Cells that title and reason keep together while anything else can give way."""
_FALLS = frozenset({Column.STATE, Column.WHY})
"""Columns whose greatest comes first: what is worst, what is farthest."""


class Columns(Struct, frozen=True):
    """The columns of the job list from left to right, each with its cells."""

    widths: tuple[tuple[Column, int], ...]

    @classmethod
    def of(
        cls,
        width: int,
        source: int,
        glyphs: Glyphs = UNICODE,
        shown: Iterable[Column] = USUAL,
        chosen: Mapping[Column, int] = NOTHING_CHOSEN,
    ) -> Columns:
        """Share a width out: what was chosen and what is fixed first, title and reason divide the rest."""
        wanted = [column for column in Column if column in frozenset(shown)]
        fixed = _FIXED | {
            Column.STATE: len(label("queued", glyphs)),
            Column.SOURCE: max(2, min(source, 10 if width >= 90 else 8)),
            **{column: max(LEAST_WIDTH, min(cells, width)) for column, cells in chosen.items()},
        }
        for column in _GIVE_WAY:
            if _rest(wanted, fixed, width) < _least(wanted, fixed) and column in wanted and len(wanted) > 1:
                wanted.remove(column)
        rest = max(_least(wanted, fixed) // 2, _rest(wanted, fixed, width))
        shares = fixed | _shared(wanted, fixed, rest)
        return cls(_fitted([(column, shares[column]) for column in wanted], width))


def _rest(wanted: list[Column], fixed: dict[Column, int], width: int) -> int:
    return width - sum(fixed.get(column, 0) for column in wanted) - (len(wanted) - 1)


def _open(wanted: list[Column], fixed: dict[Column, int]) -> list[Column]:
    """Give the columns that take what the others leave."""
    return [column for column in (Column.TITLE, Column.WHY) if column in wanted and column not in fixed]


def _least(wanted: list[Column], fixed: dict[Column, int]) -> int:
    return _LEAST_TEXT if _open(wanted, fixed) else 0


def _shared(wanted: list[Column], fixed: dict[Column, int], rest: int) -> dict[Column, int]:
    both = _open(wanted, fixed)
    if len(both) < 2:
        return dict.fromkeys(both, rest)
    title = min(rest * 45 // 100, 44)
    return {Column.TITLE: title, Column.WHY: rest - title}


def _fitted(widths: list[tuple[Column, int]], width: int) -> tuple[tuple[Column, int], ...]:
    """Take cells from the widest, until all fit beside each other."""
    over = sum(cells for _, cells in widths) + len(widths) - 1 - width
    while over > 0:
        number = max(range(len(widths)), key=lambda each: widths[each][1])
        column, cells = widths[number]
        if cells <= LEAST_WIDTH:
            break
        widths[number] = (column, cells - 1)
        over -= 1
    return tuple(widths)


def heading(columns: Columns, order: Order, glyphs: Glyphs = UNICODE) -> Line:
    """Name the columns; that by which the list is sorted stands out and says in which direction."""
    spans = [Span("  ")]
    for column, width in columns.widths:
        is_sorted = column is order.by
        name = f"{NAMES[column]}{mark(order, glyphs)}" if is_sorted else NAMES[column]
        text = fit(name, width, right=column is Column.AGE)
        spans += [Span(text, "strong" if is_sorted else "dim"), Span(" ")]
    return tuple(spans[:-1])


def mark(order: Order, glyphs: Glyphs) -> str:
    """Give the sign of the direction: rising or falling."""
    return glyphs.falls if (order.by in _FALLS) is not order.is_turned else glyphs.rises
