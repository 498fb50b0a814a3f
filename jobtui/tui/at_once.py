"""At once: what a key changed is drawn before anything else has its turn, and much else a pane at a time."""

from __future__ import annotations

import time
from typing import Any

from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

_LITTLE = 12
"""Lines that are drawn in one piece: it is fewer bytes, and takes no longer than a key can wait."""
_STRETCH_S = 0.006


def draw_at_once(screen: Screen[Any], pane: Widget) -> None:
    """Draw what waits to be drawn of one widget.

    Textual draws in turns of its own: the widget's, the screen's, that of a timer. Each of them waits behind
    whatever news is being taken over, and somebody who moves the cursor waits for all three.
    """
    if screen._layout_required or screen.app._batch_count:
        return  # where things stand is about to change
    if isinstance(screen, DrawnInTurns) and screen.was_covered:
        return  # what covered it still stands there, and is drawn over in one piece
    screen._compositor.update_widgets({pane})
    update = screen._compositor.render_update(screen_stack=screen.app._background_screens)
    screen.app._display(screen, update)


class DrawnInTurns(Screen[None]):
    """A screen that draws much a few lines at a time, with keys in between."""

    was_covered = False
    """Whether something else was on the screen since all of it was drawn."""

    def _on_screen_suspend(self) -> None:
        super()._on_screen_suspend()
        self.was_covered = True

    def _on_timer_update(self) -> None:
        if self.was_covered or not self._is_much():
            is_whole = self._layout_required or self._repaint_required or self in self._dirty_widgets
            super()._on_timer_update()
            self.was_covered = self.was_covered and not (is_whole and self.is_current)
            return
        self._update_timer.pause()
        until = time.monotonic() + _STRETCH_S
        waiting, focused = self._dirty_widgets, self.focused
        while waiting:
            widget = focused if focused is not None and focused in waiting else next(iter(waiting))
            if not _draw_some(self, widget):
                waiting.discard(widget)
            if waiting and time.monotonic() >= until:
                self.call_later(self._on_timer_update)
                return
        if self._callbacks:
            self.call_next(self._invoke_and_clear_callbacks)

    def _is_much(self) -> bool:
        """Whether what waits is many lines, and nothing but lines."""
        is_more = self._layout_required or self._scroll_required or self._repaint_required
        if is_more or self._recompose_required or not self.is_current or self.app._batch_count:
            return False
        regions = (region for widget in self._dirty_widgets for region in widget._repaint_regions)
        return sum(region.height for region in regions) > _LITTLE


def _draw_some(screen: Screen[Any], widget: Widget) -> bool:
    """Draw some lines of what waits of a widget; says whether there are more."""
    regions = widget._repaint_regions
    if not regions or widget not in screen._compositor.visible_widgets:
        return False
    left, whole = set(regions), Region.from_union(regions)
    part = Region(whole.x, whole.y, whole.width, min(_LITTLE, whole.height))
    below = Region(whole.x, part.bottom, whole.width, whole.height - part.height)
    regions.clear()
    regions.update(filter(None, (part.intersection(each) for each in left)))
    draw_at_once(screen, widget)
    regions.clear()
    regions.update(filter(None, (below.intersection(each) for each in left)))
    return bool(regions)
