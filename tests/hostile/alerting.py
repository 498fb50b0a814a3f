"""Alerts of every case, brought to the terminal as the screen brings them.

Run in a terminal: ``python -m tests.hostile.alerting WAY``; F9 tells the next portion, at last it ends.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType

from jobtui.insight.alert import Alert, Firing, HeldBack
from jobtui.insight.rules import USUAL, Rule, When
from jobtui.model import Job, JobMessage, JobRef, Level, State, Step
from jobtui.monitor.events import AlertTrouble, Change, JobsChanged
from jobtui.ringing import Ringing
from jobtui.tui.alerts import Alerts
from jobtui.tui.themes import load_themes
from jobtui.tui.widgets.receipt_bar import ReceiptBar
from tests.factory import NOW, a_job
from tests.hostile.corpus import spoken_cases
from tests.hostile.server import tag

PORTION = 90
"""Cases told at once."""
_LONGEST = 2_000
"""Characters of a text; an alert tells far fewer."""


def alerts_of(number: int, text: str) -> Iterator[Alert | HeldBack]:
    """Give an alert for everything in which a case can be told of."""
    said = f"{tag(number)} {text[:_LONGEST]}"
    job = a_job(str(number), title=said, why=said, state=State.FAILED, ended=True)
    message = JobMessage(job.ref, "m", NOW, Level.ERROR, "ERROR", said)
    step = Step(said, said, State.FAILED, message=said)
    fails, alike = Rule("fails", when=When.FAILS), Rule("alike>1", when=When.ALIKE)
    odd = a_job(said, title=said, why=said, state=State.FAILED, ended=True)
    for firings in (
        [Firing(fails, job, NOW, "x")],
        [Firing(fails, job, NOW, "x", step=step)],
        [Firing(fails, job, NOW, "x", message=message)],
        [Firing(alike, job, NOW, "x", count=3)],
        [Firing(fails, job, NOW, "x"), Firing(fails, odd, NOW, "x")],
    ):
        yield Alert(firings[0].rule, NOW, tuple(firings), USUAL)
    yield HeldBack(NOW, (JobRef("tiles", said),), 1, NOW, USUAL)


def _changes() -> tuple[Change, ...]:
    jobs = [_named(number, case.text) for number, case in enumerate(spoken_cases())]
    return tuple(Change(job.ref, None, job) for job in jobs)


def _named(number: int, text: str) -> Job:
    return a_job(str(number), title=text, raw_state=text, why=text, state=State.FAILED, ended=True)


class Alerting(App[None]):
    """A receipt line, and what is written beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f9", "next", show=False, priority=True)]

    def __init__(self, way: str) -> None:
        super().__init__()
        self.animation_level = "none"
        self._receipt = ReceiptBar()
        ringing = Ringing(way, has_title=True)
        self._alerts = Alerts(self, lambda: ringing, self._receipt.say, lambda: NOW)
        self._left = list(enumerate(case.text for case in spoken_cases()))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return load_themes()["harbour"].variables

    def compose(self) -> ComposeResult:
        yield self._receipt

    def on_mount(self) -> None:
        self._alerts.take(JobsChanged("tiles", _changes()))

    def action_next(self) -> None:
        """Tell of the next cases."""
        if not self._left:
            self._alerts.give_back()
            self.exit()
            return
        now, self._left = self._left[:PORTION], self._left[PORTION:]
        for number, text in now:
            for event in alerts_of(number, text):
                self._alerts.take(event)
            self._alerts.take(AlertTrouble(f"{tag(number)} {text}"))
        self._alerts.show_title()


if __name__ == "__main__":
    Alerting(sys.argv[1]).run()
