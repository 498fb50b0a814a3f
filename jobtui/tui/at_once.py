"""At once: what a key changed in its pane is drawn before anything else has its turn."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen
from textual.widget import Widget


def draw_at_once(screen: Screen[Any], pane: Widget) -> None:
    """Draw what waits to be drawn of one widget.

    Textual draws in turns of its own: the widget's, the screen's, that of a timer. Each of them waits behind
    whatever news is being taken over, and somebody who moves the cursor waits for all three.
    """
    if screen._layout_required or screen.app._batch_count:
        return  # where things stand is about to change
    screen._compositor.update_widgets({pane})
    update = screen._compositor.render_update(screen_stack=screen.app._background_screens)
    screen.app._display(screen, update)
