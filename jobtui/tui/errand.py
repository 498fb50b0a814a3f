"""Errands: a control asked for by key, until its question is on the screen.

Reading a job first may take seconds. Who goes on to something else meanwhile is to find no question over it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

from textual.app import App
from textual.screen import Screen

_Result = TypeVar("_Result")
ELSEWHERE = "you went on to something else"


class Errand:
    """One control on its way to its questions; over with the last answer, or when its ``with`` is left."""

    def __init__(
        self, app: App[Any], what: str, subject: object, stays: Callable[[], bool], say: Callable[[str], None]
    ) -> None:
        self._app = app
        self._what = what
        self._subject = subject
        self._stays = stays
        self._say = say
        self._is_asking = self._is_over = False

    @property
    def waits(self) -> bool:
        """Whether its next question is still to come: neither asked nor given up."""
        return not self._is_asking and not self._is_over

    def is_for(self, what: str, subject: object) -> bool:
        """Whether it is under way, and just this was asked for."""
        return not self._is_over and (self._what, self._subject) == (what, subject)

    def stands(self) -> bool:
        """Whether the question is still wanted; gives it up when somebody has gone elsewhere."""
        if self.waits and (not self._stays() or len(self._app.screen_stack) > 1):
            self.give_up()
        return self.waits

    def give_up(self, why: str = ELSEWHERE) -> None:
        """Ask nothing any more, and say so."""
        self._is_over = True
        self._say(f"{self._what}: not asked, {why}")

    async def open(self, screen: Screen[_Result], *, is_last: bool = False) -> _Result | None:
        """Put a question and give its answer; None when it is not wanted any more."""
        if not self.stands():
            return None
        self._is_asking = True
        try:
            # Not push_screen_wait: that lets keys in between the look above and the question.
            return await asyncio.shield(self._app.push_screen(screen, wait_for_dismiss=True))
        finally:
            self._is_asking, self._is_over = False, is_last

    def __enter__(self) -> Errand:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over = True


class Errands:
    """Whichever errand somebody has set out on last; who opens something else gives it up."""

    def __init__(self, app: App[Any], say: Callable[[str], None]) -> None:
        """``say`` is told what is given up."""
        self._app = app
        self._say = say
        self._last: Errand | None = None
        app.screen_change_signal.subscribe(app, lambda _: self.look(), immediate=True)

    def begin(self, what: str, subject: object, stays: Callable[[], bool] = lambda: True) -> Errand | None:
        """Set out on an errand, for which the one before is given up; None when it is under way already.

        ``stays`` says whether somebody is still where they asked for it.
        """
        if self._last is not None and self._last.is_for(what, subject):
            return None
        self.give_up()
        self._last = Errand(self._app, what, subject, stays, self._say)
        return self._last

    def look(self) -> None:
        """Give up what is not wanted any more, as somebody has gone elsewhere."""
        if self._last is not None:
            self._last.stands()

    def give_up(self, why: str = ELSEWHERE) -> bool:
        """Give up what waits for its question; False when nothing does."""
        if self._last is None or not self._last.waits:
            return False
        self._last.give_up(why)
        return True
