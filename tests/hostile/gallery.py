"""The dialogs and reading screens, one after the other, with a few cases on each.

Run in a terminal: ``python -m tests.hostile.gallery KIND``; F9 shows the next. A private character turns to
the pages of another kind.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType

import jobtui.tui
from jobtui.tui.terminal_watch import watch_terminal
from jobtui.tui.themes import load_themes
from tests.hostile import asking, reading
from tests.hostile.pages import Page

NEXT = "\x1b[20~"
"""F9 as a terminal sends it."""

KINDS: dict[str, Callable[[], Iterator[Page]]] = {
    "confirm": asking.confirm,
    "ids": asking.ids,
    "many": asking.many,
    "hold": asking.hold,
    "menu": asking.menu,
    "sending": asking.sending,
    "rules": asking.rules,
    "details": reading.details,
    "away": reading.away,
    "group": reading.group,
    "remembered": reading.remembered,
    "heads": reading.heads,
    "holds": reading.holds,
    "actions": reading.actions,
    "polling": reading.polling,
    "views": reading.views,
    "copies": reading.copies,
}
_CALLS = {chr(0xE000 + number): kind for number, kind in enumerate(KINDS)}


def call_of(kind: str) -> str:
    """Give the character that turns to the pages of a kind."""
    return next(character for character, called in _CALLS.items() if called == kind)


class Gallery(App[None]):
    """Shows page after page."""

    CSS_PATH = str(Path(jobtui.tui.__file__).with_name("jobtui.tcss"))
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f9", "next", show=False, priority=True)]

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.animation_level = "none"
        self._pages = KINDS[kind]()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return load_themes()["harbour"].variables

    async def on_event(self, event: events.Event) -> None:
        """Turn to another kind, or leave a key to the page."""
        kind = _CALLS.get(event.character or "") if isinstance(event, events.Key) else None
        if kind is None:
            await super().on_event(event)
        else:
            self._pages = KINDS[kind]()

    async def action_next(self) -> None:
        """Put the next page in the place of this one."""
        page = next(self._pages, None)
        if page is None:
            self.exit()
        elif len(self.screen_stack) > 1:
            await self.switch_screen(page.make())
        else:
            await self.push_screen(page.make())


if __name__ == "__main__":
    watch_terminal(sys.stdin.fileno())
    Gallery(sys.argv[1]).run()
