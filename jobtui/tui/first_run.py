"""The app of the first run: one card, until there is something to watch."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen
from textual.worker import WorkerFailed

from jobtui.tui.drafts import Setup
from jobtui.tui.screens.first_run import FirstRunScreen
from jobtui.tui.terminal_watch import watch_terminal
from jobtui.tui.theme_shelf import DEFAULT, PLAIN
from jobtui.tui.themes import filters_of, load_themes
from jobtui.tui.widgets.typing import Typing


class FirstRunApp(App[str]):
    """Gives ``demo``, ``ready`` when a source was written, or None when somebody left."""

    TITLE = "jobtui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c,ctrl+q", "quit", show=False, priority=True)]
    CSS = """
    Screen { align: center middle; background: $background; color: $foreground; }
    #card {
        width: 76;
        max-width: 100%;
        height: auto;
        max-height: 100%;
        padding: 0 2;
        background: $surface;
        border: round $primary;
        border-title-color: $foreground;
    }
    #card LineBar { width: 100%; }
    #card Input { border: none; height: 1; background: $panel; }
    #card ChoiceList { background: $surface; margin: 1 0 0 0; }
    .-ascii #card { border: ascii $primary; }
    .-plain #card .input--selection { text-style: reverse; }
    """

    def __init__(self, setup: Setup, *, ascii_only: bool = False, no_color: bool = False) -> None:
        self._themes = load_themes()
        super().__init__()
        self._setup = setup
        self.animation_level = "none"
        self.no_color = no_color or bool(os.environ.get("NO_COLOR"))
        for known in self._themes.values():
            self.register_theme(known)
        self.theme = PLAIN if self.no_color else DEFAULT
        self.ascii_only = ascii_only
        self.set_class(ascii_only, "-ascii")
        self.set_class(self.no_color, "-plain")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return self._themes[DEFAULT].variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = filters_of(self.theme)
        return filters if filters is not None else super().get_line_filters()

    def get_default_screen(self) -> Screen[None]:
        return FirstRunScreen(self._setup)

    def on_mount(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self.exit)
        if sys.__stdin__ is not None and sys.__stdin__.isatty():
            watch_terminal(sys.__stdin__.fileno())

    # --- keys in the order in which they were typed ---------------------------------------------------
    async def on_event(self, event: events.Event) -> None:
        """Be done with each key, and each paste, before the next one is looked at.

        Textual queues what is typed at the widget that has the focus, and a key that acts at once overtakes
        it there: a token typed behind it would stand in a field that shows what it holds.
        """
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self.app_focus = True  # who types is here; what had the focus has it again
        field = self.focused
        if not isinstance(field, Typing):
            await super().on_event(event)
        elif isinstance(event, events.Paste) or not await self._check_bindings(event.key, priority=True):
            await field.take(event)

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        if await super()._check_bindings(key, priority):
            return True
        is_typing = isinstance(self.focused, Typing)
        return priority and not is_typing and await super()._check_bindings(key)

    @property
    def crash(self) -> Exception | None:
        """What ended the app against everyone's will, if anything did."""
        failed = self._exception
        inner = failed.error if isinstance(failed, WorkerFailed) else failed
        return inner if isinstance(inner, Exception) else failed

    def _fatal_error(self) -> None:
        """Leave at once: Textual's own report shows local values, and one of them is a token."""
        self._close_messages_no_wait()
