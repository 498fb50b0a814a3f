"""Reloading: the user's own themes are looked at while the screen is open, and shown when they change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from textual.app import App

from jobtui.tui.theme_shelf import DEFAULT, Shelf
from jobtui.tui.themes import textual_theme

LOOK_S = 2.0
"""How often the folder is looked at, where there is one."""


def keep_reloading(app: App[Any], shelf: Shelf, say: Callable[[str, str], None]) -> Callable[[], None]:
    """Show the user's themes as they are on the disk, from now on; what is wrong with one is said once.

    Who has none has no timer for them either: gives what looks for a first one, whenever there is a reason.
    """
    for fault in shelf.faults:
        say(f"theme {fault}", "warn")
    look = partial(_look, app, shelf, say)
    if shelf.has_folder:
        app.set_interval(LOOK_S, look)
    return look


def _look(app: App[Any], shelf: Shelf, say: Callable[[str, str], None]) -> None:
    before = shelf.files.get(app.theme)
    if not shelf.look_again():
        return
    register(app, shelf)
    for fault in shelf.faults:
        say(f"theme {fault}", "warn")
    if app.theme not in shelf.files:
        app.theme = DEFAULT
    elif shelf.files[app.theme] != before:
        # The name is the same, so that Textual sees no change.
        app._invalidate_css()
        app.refresh_css(animate=False)
        if not shelf.faults:
            say(f"theme {app.theme} was read again", "key")


def register(app: App[Any], shelf: Shelf) -> None:
    """Let every theme be chosen."""
    for file in shelf.files.values():
        app.register_theme(textual_theme(file))
