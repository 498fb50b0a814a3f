"""Seen: what others did to jobs, as the difference between two answers shows it. Pure but for its memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from jobtui.model import Control, Hold, Job, JobRef, State
from jobtui.monitor.events import Change

KEPT = 200
"""Doings of others that are kept; the oldest go first."""


class Seen(Struct, frozen=True):
    """One thing that somebody else did."""

    ref: JobRef
    at: datetime
    """When it was done, where the server says; else when it was seen."""
    text: str


class SeenOfOthers:
    """Collects what others did since this screen began to look."""

    def __init__(self, is_ours: Callable[[JobRef, Control], bool]) -> None:
        """``is_ours`` says whether a control was asked of a job here."""
        self._is_ours = is_ours
        self._seen: deque[Seen] = deque(maxlen=KEPT)

    def __iter__(self) -> Iterator[Seen]:
        return iter(self._seen)

    def apply(self, changes: Iterable[Change], now: datetime) -> None:
        """Take over changes; of a job that was not known before nothing can be told."""
        for change in changes:
            if change.before is not None and change.after is not None and not change.before.is_brief:
                self._seen.extend(self._of(change.before, change.after, now))

    def _of(self, before: Job, after: Job, now: datetime) -> Iterator[Seen]:
        ref = after.ref
        is_new_end = after.state is State.CANCELLED and before.state is not State.CANCELLED
        if is_new_end and not self._is_ours(ref, Control.CANCEL):
            yield Seen(ref, after.ended_at or now, f"somebody CANCEL {ref}")
        if after.is_brief:
            return  # a row of a list has no holds; that is no release
        known = {hold.id: hold for hold in before.holds}
        for hold in after.holds:
            yield from self._of_hold(ref, known.get(hold.id), hold, now)

    def _of_hold(self, ref: JobRef, before: Hold | None, hold: Hold, now: datetime) -> Iterator[Seen]:
        if before is None and hold.is_active(now) and not self._is_ours(ref, Control.HOLD):
            yield Seen(ref, hold.since or now, f"{hold.by or 'somebody'} HOLD {ref}")
        is_released = before is not None and before.released is None and hold.released is not None
        if is_released and not self._is_ours(ref, Control.RELEASE):
            yield Seen(ref, hold.released or now, f"somebody RELEASE {ref}")
