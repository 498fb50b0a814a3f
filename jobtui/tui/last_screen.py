"""The screen as it was last, as text that draws it again: taken when it is left, and now and then before."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from textual.app import App

from jobtui.tui.screens.main import MainScreen

EVERY_S = 600.0
"""The least time between two pictures of a screen that is not left."""
Keep = Callable[[int, int, bytes], None]
"""Keeps a picture of so many columns and lines."""
_LINK = re.compile(r"\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)")
_HARMLESS = re.compile(r"(?:\x1b\[[0-9;:]*m|[^\x00-\x1f\x7f-\x9f])*")


class LastScreen:
    """Takes pictures of the main screen, and of no dialog: what is typed there is nobody's to keep."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._taken_at = time.monotonic()
        self._left: tuple[int, int, bytes] | None = None

    def news(self, app: App[Any]) -> None:
        """Say that something has changed: after a while a picture of it is kept, off the loop."""
        if time.monotonic() - self._taken_at < EVERY_S:
            return
        self._taken_at = time.monotonic()
        if (taken := taken_of(app)) is not None:
            app.run_worker(lambda: self._keep(*taken), name="last-screen", thread=True, exit_on_error=False)

    def leave(self, app: App[Any]) -> None:
        """Take the last picture."""
        self._left = taken_of(app)

    def keep(self) -> None:
        """Keep the picture that was taken when the screen was left, if one was."""
        if self._left is not None:
            self._keep(*self._left)


def taken_of(app: App[Any]) -> tuple[int, int, bytes] | None:
    """Give the size of the screen and the text that draws it; None unless the main screen stands alone."""
    stack = app.screen_stack if app.is_running else []
    if len(stack) != 1 or not isinstance(stack[0], MainScreen) or not stack[0].is_mounted:
        return None
    screen = stack[0]
    strips = screen._compositor.render_strips()
    rows = [_LINK.sub("", strip.simplify().render(app.console)) for strip in strips]
    if not rows or not all(map(_HARMLESS.fullmatch, rows)):
        return None
    text = "".join(f"\x1b[{y};1H{row}" for y, row in enumerate(rows, start=1))
    return screen.size.width, screen.size.height, text.encode("utf-8", "replace")
