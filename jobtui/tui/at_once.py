"""At once: what a key changed is drawn before all else, and a part at a time where much comes meanwhile."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection, Sequence
from typing import Any, cast

from rich.console import RenderableType
from textual.geometry import Region
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from jobtui import turns
from jobtui.tui.cell_diff import CellDiff
from jobtui.tui.direct import lines_of
from jobtui.tui.pace import STRETCH_S

LITTLE = 6
"""Lines that are drawn in one piece: that takes no longer than a key can wait."""
_LOG = logging.getLogger(__name__)
_SOON_S = 0.002
_NEXT_S = 0.001
_ROUNDS = 3
"""Rounds of the loop: a key goes through several hands until it is acted on."""


class DrawnInTurns(Screen[None]):
    """A screen that draws some widgets before others where it would take long to draw all of them.

    Textual draws in turns of its own: the widget's, the screen's, that of a timer. Each of them waits behind
    whatever news is being taken over, and somebody who moves the cursor would wait for all three.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._was_covered = False
        """Whether something else was on the screen since all of this was drawn."""
        self._is_whole_only = False
        """Whether drawing widgets by themselves has gone wrong."""
        self._goes_on = False
        """Whether the next part is going to be drawn by itself."""
        self._gave_way_at = 0.0
        """When something else had its turn, by the monotonic clock."""
        self._goes_on_at = 0
        """The line from which it is, where a widget is drawn a few lines at a time."""

    def draw_first(self, pane: Widget, lines: Sequence[int]) -> None:
        """Draw now what waits to be drawn of one widget; of very much only these lines."""
        waiting = pane._repaint_regions
        if not waiting or not self._is_plain():
            return
        is_much = lines and turns.is_pouring() and _height(pane) > LITTLE
        if is_much:
            pane._repaint_regions = {Region(0, y, pane.size.width, 1) for y in lines}
        self._draw({pane})
        if is_much:
            pane._repaint_regions |= waiting

    async def _get_message(self) -> Message:
        message = await super()._get_message()
        await self._let_keys_in()
        return message

    async def _flush_next_callbacks(self) -> None:
        waiting, self._next_callbacks = self._next_callbacks, []
        for callback in waiting:
            await self._let_keys_in()
            more, self._next_callbacks = self._next_callbacks, [callback]
            await super()._flush_next_callbacks()
            self._next_callbacks[:0] = more

    async def _let_keys_in(self) -> None:
        """Have a key that has come acted on before anything else, while much comes.

        Textual does one thing after the other as long as there is one, without giving way.
        """
        if not turns.is_pouring():
            return
        rounds = _ROUNDS if turns.is_key_unseen() else 0
        if rounds or time.monotonic() - self._gave_way_at > STRETCH_S:
            for _ in range(max(1, rounds)):
                await asyncio.sleep(0)
            self._gave_way_at = time.monotonic()

    def _on_timer_update(self) -> None:
        if turns.is_key_unseen():  # nobody would look at it
            self._update_timer.pause()
            self.set_timer(_SOON_S, self._update_timer.resume)
            return
        part = self._next_part() if self._is_plain() else set()
        waiting = self._leave_little(part)
        is_drawn = bool(part) and self._draw(part)
        for widget in waiting:
            widget._repaint_regions |= waiting[widget]
        if not is_drawn:
            super()._on_timer_update()
            return
        self._dirty_widgets -= part - waiting.keys()
        self._update_timer.pause()
        if self._dirty_widgets and not self._goes_on:
            # Not by a message: its queue would never be empty, and much waits for that.
            self._goes_on = True
            self.set_timer(_NEXT_S, self._go_on)
        if self._callbacks:
            self.call_next(self._invoke_and_clear_callbacks)

    def _go_on(self) -> None:
        self._goes_on = False
        self._on_timer_update()

    def _draw(self, widgets: Collection[Widget]) -> bool:
        """Draw what waits of some widgets and nothing else; False where that cannot be."""
        try:
            update = lines_of(self._compositor, widgets)
        except Exception:  # noqa: BLE001
            # A mistake in what only saves time must not end the watch.
            _LOG.exception("widgets are drawn with all that is around them from now on")
            self._is_whole_only = True
            self.refresh()
            return False
        if update is not None:
            self.app._display(self, cast("RenderableType", update))  # as Textual takes its own
            self.app._update_mouse_over(self)
        return update is not None

    def _compositor_refresh(self) -> None:
        if self._was_covered and self is self.app.screen:
            # In one piece: nobody is to see parts of the screen beside parts of what stood over it.
            self._compositor._dirty_regions.add(self.size.region)
            self._was_covered = False
        super()._compositor_refresh()

    def _on_screen_suspend(self) -> None:
        super()._on_screen_suspend()
        self._was_covered = True

    def _is_plain(self) -> bool:
        """Whether all stands where it stood, so that widgets can be drawn by themselves."""
        is_more = self._layout_required or self._scroll_required or self._repaint_required
        is_more = is_more or self._recompose_required or self in self._dirty_widgets
        cells = getattr(self.app, "cells", None)
        if self._is_whole_only or (isinstance(cells, CellDiff) and cells.off):
            return False  # nor is a Textual trusted here that is not known, or a terminal that is not
        return self is self.app.screen and not (is_more or self._was_covered or self.app._batch_count)

    def _next_part(self) -> set[Widget]:
        """Give all that wait to be drawn; a few lines of them while somebody types and much comes."""
        if not turns.is_pouring():
            return set(self._dirty_widgets)
        focused, lines = self.focused, 0
        part: set[Widget] = set()
        for widget in sorted(self._dirty_widgets, key=lambda each: each is not focused):
            lines += _height(widget)
            if part and lines > LITTLE:
                break
            part.add(widget)
        return part

    def _leave_little(self, part: Collection[Widget]) -> dict[Widget, set[Region]]:
        """Leave only a few lines of a widget to be drawn, if it is alone and has many; gives the others.

        The next are those below, and then from the top: what changes time and again does not keep the rest
        waiting.
        """
        if len(part) != 1 or not turns.is_pouring():
            return {}
        (widget,) = part
        if _height(widget) <= LITTLE:
            return {}
        lines = {y for region in widget._repaint_regions for y in region.line_range}
        rows = [Region(0, y, widget.size.width, 1) for y in sorted(lines)]
        rows.sort(key=lambda row: row.y < self._goes_on_at)
        few, waiting = rows[:LITTLE], set(rows[LITTLE:])
        self._goes_on_at = few[-1].bottom
        widget._repaint_regions = set(few)
        return {widget: waiting}


def _height(widget: Widget) -> int:
    """Count the lines that wait to be drawn of a widget."""
    return sum(region.height for region in widget._repaint_regions)
