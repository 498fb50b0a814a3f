"""Pace: how often the screen takes news over. At once after a key, else at most four times a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from contextlib import closing

from jobtui.turns import THERE_S, give_way, is_key_waiting, is_pouring

INTERVAL_S = 0.25
"""The least time between two repaints that nobody asked for by key."""
AT_ONCE = 10
"""Changes of jobs that are taken over before it is looked whether a key has come."""
IDLE_AT_ONCE = 1_000
"""The same while nobody is at the keys: the list is whole sooner."""
MORE_S = 0.002
"""When what a flush has left is gone on with."""
AFTER_KEY_S = 0.15
"""How long after a key news is taken over at once."""
ANSWERS = 4
"""How often that is after one key: of what pours in, little is an answer."""

STRETCH_S = 0.004
"""How long work that can wait goes on before keys have their turn."""
_PAUSE_S = 0.001

Schedule = Callable[[float, Callable[[], None]], object]


class Pace:
    """Decides when to flush; asks for one timer at a time, and for none when there is nothing to do."""

    def __init__(
        self,
        flush: Callable[[], None],
        schedule: Schedule,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.interval_s = INTERVAL_S
        self._flush = flush
        self._schedule = schedule
        self._clock = clock
        self._flushed_at = float("-inf")
        self._key_at = float("-inf")
        self._followed_at = float("-inf")
        self._is_due = False
        self._answers = 0

    def key_pressed(self) -> None:
        """Note that somebody is at the keys."""
        self._key_at = self._clock()
        self._answers = ANSWERS

    @property
    def quiet_s(self) -> float:
        """How long ago the last key was."""
        return self._clock() - self._key_at

    @property
    def portion(self) -> int:
        """How many changes of jobs are taken over at a time."""
        return AT_ONCE if self.quiet_s < THERE_S else IDLE_AT_ONCE

    def news(self, *, is_followed: bool = False) -> None:
        """Say that there is something to take over; of the followed job it does not wait behind others."""
        now = self._clock()
        if is_followed and now - self._followed_at >= self.interval_s and not is_key_waiting():
            self._followed_at = self._flushed_at = now
            self._flush()
            return
        if self._is_due:
            return
        wait = self._flushed_at + self.interval_s - now
        if wait <= 0:
            self._run_soon()
        elif now - self._key_at < AFTER_KEY_S and self._answers:
            self._answers -= 1
            self._run_soon()
        else:
            self._is_due = True
            self._schedule(wait, self._run_in_turn)

    def more(self) -> None:
        """Say that a flush has left something for the next one, which keys come before."""
        if not self._is_due:
            self._is_due = True
            self._schedule(MORE_S, self._run_in_turn)

    def at_once(self) -> None:
        """Take over now what waits; of very much a part."""
        self._run()

    def _run_soon(self) -> None:
        """Take over now; where much comes, apart from whatever has brought it: a key may come in between."""
        if is_pouring():
            self.more()
        else:
            self._run_in_turn()

    def _run_in_turn(self) -> None:
        self._is_due = False
        if is_key_waiting():
            self.more()
        else:
            self._run()

    def _run(self) -> None:
        self._is_due = False
        self._flushed_at = self._clock()
        self._flush()


async def in_turns(steps: Generator[None, None, None]) -> None:
    """Go through short steps with keys in between; what is given up in the middle is closed."""
    with closing(steps):
        began = time.monotonic()
        for _ in steps:
            if is_key_waiting() or time.monotonic() - began > STRETCH_S:
                await asyncio.sleep(_PAUSE_S)
                await give_way()
                began = time.monotonic()
