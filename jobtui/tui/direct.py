"""Direct: lines of a widget on their way to the terminal, past all that stands below and beside it.

To draw one line again, Textual draws every container around it, and puts them together. Where nothing stands
in front of a line, what its widget draws is what the terminal shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rich.console import Console
from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Lines(CompositorUpdate):
    """Parts of rows: where each begins, and what is there."""

    def __init__(self, parts: Iterable[tuple[int, int, Strip]]) -> None:
        self._parts = parts

    def render_segments(self, console: Console) -> str:
        """Give the bytes, a line for each part."""
        return "\n".join(f"\x1b[{y + 1};{x + 1}H{strip.render(console)}" for y, x, strip in self._parts)


def lines_of(compositor: Compositor, widgets: Collection[Widget]) -> Lines | None:
    """Give what waits to be drawn of some widgets, which does not wait any more then.

    None, and all waits still, where something stands in the middle of it or more than these waits.
    """
    if compositor._dirty_regions:
        return None
    waiting: list[tuple[Widget, list[Region]]] = []
    for widget in widgets:
        rows = _rows(compositor, widget)
        if rows is None:
            return None
        waiting.append((widget, rows))
    drawn: list[tuple[int, int, Strip]] = []
    for widget, rows in waiting:
        widget._exchange_repaint_regions()
        for part in _joined(rows):
            offset = compositor.visible_widgets[widget][0].offset
            strips = widget.render_lines(part.translate(-offset))
            drawn += [(y, part.x, strip) for y, strip in enumerate(strips, start=part.y)]
    return Lines(sorted(drawn, key=lambda each: each[:2]))


def _rows(compositor: Compositor, widget: Widget) -> list[Region] | None:
    """Give the rows of the screen that a widget wants drawn, as far as nothing stands in front of them.

    None where something leaves it more than one part of a row.
    """
    place = compositor.visible_widgets.get(widget)
    if place is None:
        return []
    region, clip = place
    rows: dict[int, Region] = {}
    for one in widget._repaint_regions:
        wanted = clip.intersection(one.translate(region.offset))
        for y in wanted.line_range:
            row = Region(wanted.x, y, wanted.width, 1)
            rows[y] = row.union(rows[y]) if y in rows else row
    free = [_free(compositor, widget, rows[y]) for y in sorted(rows)]
    return None if None in free else [row for row in free if row]


def _free(compositor: Compositor, widget: Widget, row: Region) -> Region | None:
    """Leave out what stands in front of the beginning or the end of a row; None where it is the middle."""
    for other, place, _ in compositor.layers_visible[row.y]:
        if other is widget or not row:
            break
        if not place.overlaps(row):
            continue
        if place.x <= row.x:
            row = Region(place.right, row.y, max(0, row.right - place.right), 1)
        elif place.right >= row.right:
            row = Region(row.x, row.y, place.x - row.x, 1)
        else:
            return None
    return row


def _joined(rows: Iterable[Region]) -> list[Region]:
    """Put rows that stand below each other together."""
    parts: list[Region] = []
    for row in rows:
        last = parts[-1] if parts else None
        if last is not None and (last.bottom, last.x, last.width) == (row.y, row.x, row.width):
            parts[-1] = last.union(row)
        else:
            parts.append(row)
    return parts
