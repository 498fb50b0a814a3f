"""Alerts at the screen: the bell, the notification and the title of the terminal that it is drawn on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from textual.app import App

from jobtui.insight.alert import Alert, HeldBack
from jobtui.monitor.events import AlertTrouble, Event, JobsChanged
from jobtui.ringing import GIVE_BACK_TITLE, KEEP_TITLE, Ringing, title
from jobtui.tui.format.states import WORDS
from jobtui.tui.tally import Tally

_WORST = ("failed", "partial", "stalled", "held", "stopped", "waiting")
"""What a title names, the worst first."""
_NAMED = 3


class Alerts:
    """Says what fired on the receipt line, and brings it to whoever looks elsewhere."""

    def __init__(
        self,
        app: App[None],
        ringing: Callable[[], Ringing],
        say: Callable[[str, str], None],
        now: Callable[[], datetime],
    ) -> None:
        """``say`` says a sentence in a look on the receipt line."""
        self._app = app
        self._ringing = ringing
        self._say = say
        self._now = now
        self._tally = Tally()
        self._title = ""

    def take(self, event: Event) -> None:
        """Take an event of the monitor."""
        match event:
            case Alert() | HeldBack():
                self._say(f"{self._now():%H:%M:%S} {event.text}", "warn")
                self._write(self._ringing().ring(event.do, event.text))
            case AlertTrouble():
                self._say(event.text, "bad")
            case JobsChanged() if self._ringing().has_title:
                self._tally.apply(event.changes, self._now())

    def show_title(self) -> None:
        """Say the worst states in the title."""
        text = title_text(self._tally.counts)
        if text != self._title:
            first = "" if self._title else KEEP_TITLE
            self._title = text
            self._write(first + title(text))

    def give_back(self) -> None:
        """Show the title that was there before."""
        if self._title:
            self._title = ""
            self._write(GIVE_BACK_TITLE)

    def _write(self, text: str) -> None:
        driver = self._app._driver  # Textual has no other way to write what is not drawn
        if text and driver is not None and not self._app.is_headless:
            driver.write(text)
            driver.flush()


def title_text(counts: Mapping[str, int]) -> str:
    """Say how many jobs are in the worst states, for a title."""
    named = [f"{counts[look]} {WORDS[look]}" for look in _WORST if counts.get(look)]
    return f"jobtui: {' '.join(named[:_NAMED])}" if named else "jobtui: nothing needs you"
