"""The app: its screens, its theme, and the monitor's life within that of the screen."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from msgspec.structs import replace
from rich.console import RenderableType
from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import Worker, WorkerFailed

from jobtui import collecting, turns
from jobtui.display import Display
from jobtui.errors import JobtuiError
from jobtui.insight.layout import Layout
from jobtui.model import Target
from jobtui.monitor.events import Event, JobsChanged, Publish
from jobtui.monitor.monitor import Monitor
from jobtui.outlet import Outlet
from jobtui.ringing import Ringing
from jobtui.tui import keymap
from jobtui.tui.alerts import Alerts
from jobtui.tui.attention import interval_s
from jobtui.tui.cell_diff import CellDiff
from jobtui.tui.curtain import AT_MOST_S, ENOUGH_S, Curtain
from jobtui.tui.format.states import ASCII, UNICODE
from jobtui.tui.inbox import Inbox
from jobtui.tui.keymap import KEYS, Key, bindings
from jobtui.tui.last_screen import Keep, LastScreen
from jobtui.tui.messages import Listener, MonitorNews
from jobtui.tui.pace import Pace
from jobtui.tui.reloading import keep_reloading, register
from jobtui.tui.screens.main import MainScreen
from jobtui.tui.terminal_watch import watch_terminal
from jobtui.tui.theme_shelf import DEFAULT, PLAIN, Shelf
from jobtui.tui.themes import filters_of, textual_theme
from jobtui.tui.widgets.line_view import LineView

STOP_S = 1.5
"""How long leaving waits for the monitor."""
TITLE_S = 2.0
"""The least time between two titles."""
TURNS = 3
"""Rounds of the loop between two looks into the inbox: a key goes from app to screen to widget."""
KEY_S = 0.004
"""When to look again whether a key is answered, that all else waits for."""
KEYS_FIRST_S = 0.15
"""How long the first keys have for themselves, before all is loaded that asking servers takes."""
SWEPT_S = 0.02
"""How long after a key garbage is collected: it is answered, and the next one is not there yet."""
PART_S = 3.0
"""How long a first q counts while a control is awaited."""


class JobtuiApp(App[None]):
    """One live screen over every configured source."""

    TITLE = "jobtui"
    CSS_PATH = "jobtui.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app")]
    outlet = Outlet()
    """Where copies, files and addresses go."""
    ringing = Ringing()
    """How alerts are brought to the terminal."""
    display_as = Display()
    """How the terminal is drawn on."""
    cells: CellDiff
    """What stands on the terminal, of which only what differs is written."""
    opens_at: datetime | None = None
    """The moment at which the messages of the job selected at the start are read."""

    def __init__(
        self,
        make_monitor: Callable[[Publish], Monitor],
        *,
        select: Target | None = None,
        theme: str | None = None,
        notice: str | None = None,
        ascii_only: bool = False,
        no_color: bool = False,
        layout: Layout = Layout(),  # noqa: B008 - frozen
        keep: Callable[[Layout], None] = lambda _: None,
        keys: tuple[Key, ...] = KEYS,
        own_themes: Path | None = None,
    ) -> None:
        """``select`` is where the cursor starts; ``notice`` is the first sentence of the receipt line;
        ``keep`` keeps a layout for the next start, and raises OSError; ``keys`` is the table with the user's
        own keys, ``own_themes`` the folder of the user's themes."""
        keymap.use(keys)
        self._shelf = Shelf(own_themes)
        self.cells = CellDiff()
        super().__init__()
        self.set_keymap(keymap.changed())
        self.animation_level = "none"
        # An empty NO_COLOR means nothing (no-color.org); Textual would take it for a yes.
        self.no_color = no_color or bool(os.environ.get("NO_COLOR"))
        register(self, self._shelf)
        self.theme = PLAIN if self.no_color else theme if theme in self._shelf.files else DEFAULT
        self.ascii_only = ascii_only
        self.set_class(ascii_only, "-ascii")
        self._glyphs = ASCII if ascii_only else UNICODE
        self._select = select
        self._notice = notice
        self._parted_at = float("-inf")
        self._layout = layout
        self._keep = keep
        if theme is not None and theme not in self._shelf.files:
            self._notice = f"no theme is named “{theme}”; there are: {', '.join(self._shelf.files)}"
        self.curtain = Curtain(self._act)
        self.last_screen: LastScreen | None = None
        self._is_waiting = self._is_heard = False
        self._alerts = Alerts(self, lambda: self.ringing, self._say, self.now)
        self._titling = Pace(self._alerts.show_title, self.set_timer)
        self._titling.interval_s = TITLE_S
        self._inbox = Inbox(self._take, lambda: self.post_message(MonitorNews()))
        self.monitor = make_monitor(self._inbox.put)

    def now(self) -> datetime:
        """Give the time that ages are counted by, in the machine's own zone."""
        return self.monitor.now().astimezone()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return textual_theme(self._shelf.files[DEFAULT]).variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = filters_of(self.theme)
        if filters is not None:
            return filters
        # NO_COLOR is answered by a theme of our own; Textual's filters would only grey the others.
        return [one for one in super().get_line_filters() if type(one).__name__ == "ANSIToTruecolor"]

    def get_driver_class(self) -> type[Driver]:
        usual = super().get_driver_class()
        if usual.__name__ != "LinuxDriver":
            return usual
        # Deferred: only a real terminal has it.
        from jobtui.tui.terminal_driver import TerminalDriver

        return TerminalDriver

    def get_default_screen(self) -> Screen[None]:
        main = MainScreen(
            self.monitor,
            now=self.now,
            select=self._select,
            notice=self._notice,
            glyphs=self._glyphs,
            layout=self._layout,
            keep=self._keep,
        )
        main.wall.screen = lambda: (*self.display_as.words, *self.cells.words)
        main.pace.interval_s = interval_s(self.display_as, is_focused=True)
        main.curtain = self.curtain
        main.hear_all = self._inbox.take_all
        return main

    # --- the monitor's life ---------------------------------------------------------------------------
    def on_mount(self) -> None:
        # Whoever ends the session should still give the terminal back as it was.
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self.exit)
        if sys.__stdin__ is not None and sys.__stdin__.isatty():
            watch_terminal(sys.__stdin__.fileno())
        self._look_for_themes = keep_reloading(self, self._shelf, self._say)
        self.app_resume_signal.subscribe(self, self._draw_again)
        main = self.screen_stack[0]
        self.app_suspend_signal.subscribe(self, self._look_away)
        if isinstance(main, MainScreen):
            main.ringing = self.ringing
        self.call_after_refresh(self._watch)
        if self.curtain.is_down:
            self.set_timer(ENOUGH_S, self._rise_early)
            self.set_timer(AT_MOST_S, self._rise)

    # --- the last screen ------------------------------------------------------------------------------
    def begin_with_last(self, keep: Keep, *, stands: bool) -> None:
        """Keep pictures of the screen; ``stands`` says that one is on the terminal, to be drawn over."""
        self.last_screen, self.curtain.is_down = LastScreen(keep), stands

    def _complete(self) -> None:
        """Show what is known at the start, all at once where a last screen stands."""
        collecting.go_on()
        main = self.screen_stack[0]
        if isinstance(main, MainScreen):
            main.remembers = False
            main.pace.news()
        if not self.curtain.is_down or not isinstance(main, MainScreen):
            return
        if not self.monitor.store and not self._is_heard:
            self._is_waiting = True  # nothing is remembered: what the first source says is waited for
            return
        self.curtain.is_set = True
        main.pace.at_once()
        main.call_after_refresh(self.call_later, self._rise)

    async def _rise_early(self) -> None:
        if self.monitor.store:
            await self._rise()

    async def _rise(self) -> None:
        main = self.screen_stack[0]
        if not self.curtain.is_set and isinstance(main, MainScreen):
            self.curtain.is_set = True  # it took too long: what is known so far has to do
            main.pace.at_once()
        await self.curtain.rise(
            lambda: self._display(self.screen, self.screen._compositor.render_full_update())
        )

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if not self.curtain.is_down:
            super()._display(screen, self.cells.less(self, renderable))
            turns.drawn()

    def exit(self, *args: Any, **options: Any) -> None:
        if self.last_screen is not None and not self.curtain.is_down:
            self.last_screen.leave(self)
        super().exit(*args, **options)

    # --- the monitor's life, once more ----------------------------------------------------------------
    def _draw_again(self, _: App[object]) -> None:
        """Draw everything: back from the shell, the terminal shows nothing of what was there."""
        self.cells.forget()
        for screen in self.screen_stack:
            screen.refresh(layout=True)
        self.refresh(layout=True)

    def _watch(self) -> None:
        self.run_worker(self._start(), name="watch", exit_on_error=False)

    async def _start(self) -> None:
        if self._select is not None:
            self.monitor.expect(self._select.job)
        try:
            await self.monitor.remember()
        finally:
            self.call_later(self._complete)
        if self.curtain.is_down and self.monitor.store:  # else the first answer is what it waits for
            await self.curtain.risen()
            await asyncio.sleep(KEYS_FIRST_S)
        self.monitor.watch()

    @property
    def crash(self) -> Exception | None:
        """What ended the app against everyone's will, if anything did."""
        failed = self._exception
        inner = failed.error if isinstance(failed, WorkerFailed) else failed
        return inner if isinstance(inner, Exception) else failed

    def _fatal_error(self) -> None:
        """Leave at once, for whoever runs the app to report: Textual's own report shows local values."""
        self._close_messages_no_wait()

    def on_app_focus(self) -> None:
        self._look_for_themes()  # who comes back from another window may have made a first one there
        self._keep_pace(is_focused=True)

    def on_app_blur(self) -> None:
        self._keep_pace(is_focused=False)

    def _keep_pace(self, *, is_focused: bool) -> None:
        main = self.screen_stack[0] if self.screen_stack else None
        if isinstance(main, MainScreen) and main.is_mounted:
            main.pace.interval_s = interval_s(self.display_as, is_focused=is_focused)
            if is_focused:
                main.pace.at_once()

    def _look_away(self, _: App[object]) -> None:
        """Give the terminal to the shell as it was, and mark where the reading stopped."""
        self.cells.forget()
        self._alerts.give_back()
        main = self.screen_stack[0]
        if isinstance(main, MainScreen):
            main.log_pane.look_away()

    def say_first(self, texts: Sequence[str]) -> None:
        """Begin with the first of some sentences on the receipt line, unless something else is said there."""
        if texts and self._notice is None:
            self._notice = texts[0]

    async def on_unmount(self) -> None:
        self._alerts.give_back()
        keymap.use(KEYS)
        try:
            async with asyncio.timeout(STOP_S):
                await self.monitor.stop()
        except TimeoutError:
            self.log.warning("the monitor took too long to stop")

    async def on_monitor_news(self) -> None:
        if turns.is_key_waiting():
            asyncio.get_running_loop().call_later(KEY_S, self._inbox.ask_again)
            return
        self._inbox.take_some()
        if not turns.is_somebody_there():
            collecting.at_rest()
        for _ in range(TURNS):
            await asyncio.sleep(0)  # what a key has set going comes before the rest
        self._inbox.ask()

    def _take(self, event: Event) -> None:
        self._alerts.take(event)
        if self.ringing.has_title and isinstance(event, JobsChanged):
            self._titling.news()
        for screen in self.screen_stack:
            if isinstance(screen, Listener) and screen.is_mounted:
                screen.receive(event)
        if self._is_waiting:
            self._is_waiting, self._is_heard = False, True
            self.call_later(self._complete)
        if self.last_screen is not None and isinstance(event, JobsChanged):
            self.last_screen.news(self)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say what went wrong in the background: a watch must not end unseen."""
        error = event.worker.error
        if isinstance(error, JobtuiError):
            self._say(str(error))
        elif isinstance(error, Exception):
            self._handle_exception(error)

    def _say(self, text: str, look: str = "bad") -> None:
        main = self.screen_stack[0]
        if isinstance(main, MainScreen):
            main.receipt.say(text, look)

    # --- keys -----------------------------------------------------------------------------------------
    async def on_event(self, event: events.Event) -> None:
        if not self.curtain.holds(event):
            await self._act(event)

    async def _act(self, event: events.Event) -> None:
        main = self.screen_stack[0] if self._running and self.screen_stack else None
        if isinstance(event, events.Key) and isinstance(main, MainScreen):
            main.pace.key_pressed()
            main.jobs.touch()
            main.away.homecoming.looked()
        if isinstance(event, events.Resize):
            self.cells.forget()
        if isinstance(event, events.Resize) and isinstance(main, MainScreen) and main.is_mounted:
            main.panes.resize(event.size)  # whatever dialog is open over it
        await super().on_event(event)
        if isinstance(event, events.Key):
            turns.acted_on()
            if self._running and self.screen_stack:
                self.screen.call_after_refresh(turns.drawn)
                asyncio.get_running_loop().call_later(SWEPT_S, self._sweep)

    def _sweep(self) -> None:
        if not turns.is_key_waiting():
            collecting.between()

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        """Do what a key of the board says before the next one is looked at, unless a text is being typed.

        Textual hands it to what has the focus first, and a later key that opens a dialog overtakes it there.
        """
        if await super()._check_bindings(key, priority):
            return True
        screen, pane = self.screen, self.focused
        if not priority or not isinstance(screen, MainScreen) or isinstance(pane, Input):
            return False
        is_done = await super()._check_bindings(key)
        if pane is not None and pane is self.focused and not self.cells.off:
            turns.acted_on()
            screen.draw_first(pane, pane.take_moved() if isinstance(pane, LineView) else ())
        return is_done

    def theme_names(self) -> Sequence[str]:
        """Give the names of the themes."""
        return sorted(self._shelf.files)

    def choose_theme(self, name: str) -> None:
        """Show another theme, also at the next start."""
        main = self.screen_stack[0]
        self.theme = name
        if isinstance(main, MainScreen):
            main.lay_out(replace(main.chosen, theme=name))

    def action_part(self) -> None:
        """Leave; with a control still awaited only when asked twice, after saying so."""
        main, now = self.screen_stack[0], time.monotonic()
        awaited = main.awaited.text(self.now()) if isinstance(main, MainScreen) else None
        if awaited is None or now - self._parted_at < PART_S:
            self.action_leave()
        else:
            self._parted_at = now
            self._say(awaited, "warn")

    def action_leave(self) -> None:
        """Leave; jobs are not touched."""
        main = self.screen_stack[0]
        if isinstance(main, MainScreen):
            main.away.homecoming.looked(at_once=True)
        self.exit()
