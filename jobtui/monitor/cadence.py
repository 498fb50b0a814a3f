"""When to ask next: pure decisions from what the last question gave."""

from __future__ import annotations

import random
from collections import deque

from msgspec import Struct

from jobtui.errors import BackendError, RateLimited, SignInRefused
from jobtui.model import Kind, Source

SAVED = 0.6
"""How much of a minute's requests may be saved up, and are there at the start."""
LONGEST_S = 30.0
"""However long a source is down, it is asked at least this often."""
_NO_RETRY_AFTER_S = 10.0
"""What a 429 without Retry-After means (a public Zendesk client's default)."""
_SIGN_IN_S = 30.0
_MINUTE_S = 60.0


class Rhythm(Struct, frozen=True):
    """How the questions of one kind divide."""

    list_every_s: float
    """Seconds between lists; 0 for every round. Between lists only known open ids are asked."""
    batch: int
    """Ids per request of ``get_many``."""
    requests_per_id: float
    """What reading one job is thought to cost, until it has shown."""
    whole: int
    """Requests that one job takes that is read whole, with its messages."""


RHYTHMS = {
    Kind.NEXTSPACE: Rhythm(list_every_s=0.0, batch=1, requests_per_id=1.0, whole=2),
    Kind.ZENDESK: Rhythm(list_every_s=30.0, batch=100, requests_per_id=0.01, whole=1),
    Kind.ARCGIS: Rhythm(list_every_s=0.0, batch=1, requests_per_id=2.0, whole=3),
}


def after_success(source: Source, *, any_open: bool, looked_at: bool) -> float:
    """Seconds to the next round: slower when nothing runs or nobody looks."""
    slower = (1.0 if any_open else 3.0) * (1.0 if looked_at else 2.0)
    return min(source.poll_s * slower, max(LONGEST_S, source.poll_s))


def after_failure(source: Source, error: Exception, failures: int, jitter: random.Random) -> float:
    """Seconds to the next try after ``failures`` (1 or more) in a row; never gives up."""
    if isinstance(error, RateLimited):
        waits = _NO_RETRY_AFTER_S if error.retry_after_s is None else error.retry_after_s
        return max(1.0, waits) + jitter.random()
    if isinstance(error, SignInRefused):
        return _SIGN_IN_S
    base = min(LONGEST_S, max(1.0, source.poll_s) * 2.0 ** min(failures - 1, 6))
    return min(LONGEST_S, base * (0.75 + jitter.random() / 2))


def may_be_asked_early(error: BackendError | None) -> bool:
    """Whether a key may cut the waiting short: not when the server has asked for it."""
    return not isinstance(error, RateLimited)


class Budget:
    """Requests that may be made of a source: so many in any minute, and no more than part of them in a burst.

    What is not asked is saved up to that part, so that a start is quick; the rest of the minute pays for it.
    """

    def __init__(self, per_minute: float, now_s: float) -> None:
        self._per_minute = per_minute
        self.most = per_minute * SAVED
        self._saved = self.most
        self._at_s = now_s
        self._recent: deque[tuple[float, int]] = deque()
        self._made_lately = 0
        self._made = 0

    def note(self, made: int, now_s: float) -> None:
        """Take over how many requests were made so far in all, by whoever made them."""
        new, self._made = made - self._made, made
        self._move_on(now_s)
        if new > 0:
            self._saved -= new
            self._made_lately += new
            self._recent.append((now_s, new))

    def left(self, now_s: float) -> float:
        """How many requests may be made now; below zero, what is owed."""
        self._move_on(now_s)
        return min(self._saved, self._per_minute - self._made_lately)

    def spare(self, per_s: float, now_s: float) -> float:
        """How many may be made now, if so many a second go on being made and none of those is to wait."""
        self._move_on(now_s)
        made, least = self._made_lately, self._per_minute - per_s * _MINUTE_S
        for at_s, each in self._recent:  # the minute is fullest just before one of them is forgotten
            least = min(least, self._per_minute - made - per_s * (at_s + _MINUTE_S - now_s))
            made -= each
        return least

    def lately(self, now_s: float) -> int:
        """How many requests were made in the minute before."""
        self._move_on(now_s)
        return self._made_lately

    def wait_s(self, requests: float, now_s: float) -> float:
        """Seconds until so many may be made; asking for more than can be saved up waits for what can."""
        requests = min(requests, self.most)
        self._move_on(now_s)
        saving_s = max(0.0, (requests - self._saved) * 60 / self._per_minute)
        too_many, forgetting_s = self._made_lately + requests - self._per_minute, 0.0
        for at_s, made in self._recent:
            if too_many <= 0:
                break
            too_many, forgetting_s = too_many - made, at_s + _MINUTE_S - now_s
        return max(saving_s, forgetting_s)

    def _move_on(self, now_s: float) -> None:
        self._saved = min(self.most, self._saved + (now_s - self._at_s) * self._per_minute / 60)
        self._at_s = now_s
        while self._recent and self._recent[0][0] <= now_s - _MINUTE_S:
            self._made_lately -= self._recent.popleft()[1]
