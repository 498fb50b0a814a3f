"""Stalls: when each running job last showed anything new, and which have shown nothing for too long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NoReturn

from msgspec import Struct

from jobtui.insight.usual import FLOOR_S, Point, Usual, can_stall, patience_s
from jobtui.model import Job, JobMessage, JobRef
from jobtui.monitor.events import Change
from jobtui.monitor.store import Store
from jobtui.turns import give_way

LOOK_S = 4.0
"""How often it is seen whether a job has stalled."""
AT_ONCE = 500
"""Jobs that are judged before anything else gets its turn: of each that has stalled a good deal follows."""
_POINTS_KEPT = 40


class Track(Struct):
    """The signs of life of one running job, of which there are more than when its server says it moved."""

    moved_at: datetime
    """When it last showed anything new, as far as its server or our own watching tells."""
    longest_pause_s: float = 0.0
    """Between two moves that we have seen ourselves."""
    has_moved: bool = False
    told: tuple[Any, ...] = ()
    """How far it had come: a moment, the share, the next moment and so on; flat, as thousands have one."""

    @property
    def points(self) -> Sequence[Point]:
        """How far it had come at which moments."""
        return tuple(zip(self.told[::2], self.told[1::2], strict=True))

    @property
    def share(self) -> float | None:
        """How far it had come at last; None while that is not known."""
        return self.told[-1] if self.told else None

    def move(self, at: datetime) -> None:
        """Take over that it has moved at a moment."""
        if at <= self.moved_at:
            return
        if self.has_moved:
            self.longest_pause_s = max(self.longest_pause_s, (at - self.moved_at).total_seconds())
        self.moved_at, self.has_moved = at, True

    def move_on(self, moments: Iterable[datetime], *, until: datetime) -> bool:
        """Take over that it has moved at moments, those after ``until`` as of then; say if it has."""
        before = last = self.moved_at
        for at in moments:
            if at > last and last < until:
                self.move(min(at, until))
                last = self.moved_at
        return last != before

    def add_point(self, at: datetime, share: float) -> None:
        """Take how far it had come at a moment; the oldest of many is let go."""
        self.told = (*self.told[-2 * (_POINTS_KEPT - 1) :], at, share)


class Stalls:
    """Derives which jobs have stalled; a sign of life takes that back at once."""

    def __init__(self, store: Store, usual_of: Callable[[Job], Usual | None]) -> None:
        self._store = store
        self._usual_of = usual_of
        self._tracks: dict[JobRef, Track] = {}
        """Not of jobs that have not moved since they were first seen: of thousands that is most."""
        self.news = asyncio.Event()
        """Set whenever anything is told of any source."""

    def points(self, ref: JobRef) -> Sequence[Point]:
        """The progress of a job as we have seen it grow ourselves."""
        track = self._tracks.get(ref)
        return () if track is None else track.points

    def note(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """Take over what changed; gives what follows for jobs that had stalled."""
        found = [self._note(change) for change in changes]
        return tuple(change for follows in found for change in follows)

    def heard(self, messages: Iterable[JobMessage]) -> tuple[Change, ...]:
        """Take over that jobs have said something; gives what follows for jobs that had stalled."""
        follows: list[Change] = []
        for ref, told in groupby(messages, key=attrgetter("ref")):
            job = self._store.get(ref)
            if job is None or not can_stall(job):
                continue
            moments = [message.at for message in told if message.at is not None]
            if moments and self._tracked(job).move_on(moments, until=job.as_of):
                follows.extend(self._store.stall(ref, None))
        return tuple(follows)

    def remember(self, ref: JobRef, at: datetime) -> None:
        """Take over from the journal since when a job has been told to stand as it does."""
        job = self._store.get(ref)
        if job is not None and can_stall(job) and not (track := self._tracked(job)).has_moved:
            track.moved_at = min(track.moved_at, at)

    def suspects(self) -> bool:
        """Whether any job has shown nothing new for so long that it is worth asking what is usual."""
        return any(self._still_s(job) >= FLOOR_S for job in self._store if can_stall(job))

    def judge(self) -> tuple[Change, ...]:
        """Flag the jobs that have stalled by now; by what we know of them, not by the time alone."""
        return tuple(change for changes in self._judging() for change in changes)

    def _judging(self) -> Iterator[tuple[Change, ...]]:
        """Judge some at a time: keys are answered in between."""
        for jobs in self._store.parts(AT_ONCE):
            yield tuple(change for job in jobs for change in self._judged(job))

    def _judged(self, job: Job) -> tuple[Change, ...]:
        if not can_stall(job) or (still_s := self._still_s(job)) < FLOOR_S:
            return ()
        if self._store.get(job.ref) is not job:  # it went, or moved, while others were judged
            return ()
        track = self._tracks.get(job.ref)
        longest_pause_s = 0.0 if track is None else track.longest_pause_s
        patience = patience_s(job, self._usual_of(job), longest_pause_s)
        has_stalled = patience is not None and still_s >= patience
        return self._store.stall(job.ref, self._moved_at(job) if has_stalled else None)

    async def run(
        self,
        announce: Callable[[tuple[Change, ...]], object],
        ready: Callable[[], Awaitable[object]],
    ) -> NoReturn:
        """Judge now and again for ever; first when it is ``ready`` to be said what is usual, at the latest
        after ``LOOK_S``: who looked a minute ago should not be told that nothing needs anybody.

        While nobody tells anything, no job is known to have stood still any longer: then this sleeps.
        """
        clock = asyncio.get_running_loop().time
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):
                await ready()
        self.news.set()
        judged = float("-inf")
        while True:
            await self.news.wait()
            self.news.clear()
            await asyncio.sleep(max(0.0, judged + LOOK_S - clock()))
            for changes in self._judging():
                if changes:
                    announce(changes)
                await give_way()
            judged = clock()

    def _moved_at(self, job: Job) -> datetime:
        track = self._tracks.get(job.ref)
        return _first_sign(job) if track is None else track.moved_at

    def _still_s(self, job: Job) -> float:
        """Seconds that a job is known to have shown nothing new: a silent source proves nothing."""
        return (job.as_of - self._moved_at(job)).total_seconds()

    def _tracked(self, job: Job) -> Track:
        """Give the signs of a job to add to them."""
        return self._tracks.setdefault(job.ref, Track(_first_sign(job)))

    def _note(self, change: Change) -> tuple[Change, ...]:
        before, job = change.before, change.after
        if job is None or not can_stall(job):
            self._tracks.pop(change.ref, None)
            return self._store.stall(change.ref, None)
        if before is None or not can_stall(before):
            if not _is_dated(job):
                self._tracked(job)
            return ()
        if _shown(before) == _shown(job):
            return ()
        self._moved(self._tracked(before), before, job)
        return self._store.stall(change.ref, None)

    def _moved(self, track: Track, before: Job, job: Job) -> None:
        """Date a move: by the server, but not before the last answer that did not show it yet. So a server
        whose clock is behind does not make a job stand still that we see move."""
        at = min((job.updated if job.updated != before.updated else None) or job.as_of, job.as_of)
        track.move(max(at, before.as_of))
        far = None if job.progress is None else job.progress.fraction
        if far is not None and (track.share is None or far > track.share):
            track.add_point(job.as_of, far)
        elif far is not None and track.share is not None and far < track.share:
            track.told = ()


def _is_dated(job: Job) -> bool:
    """Whether a job itself says, and will go on to say, when it last moved."""
    return job.updated is not None and job.updated <= job.as_of


def _first_sign(job: Job) -> datetime:
    return min(job.updated or job.as_of, job.as_of)


def _shown(job: Job) -> tuple[object, ...]:
    """What of a job is new when it has moved."""
    return job.state, job.raw_state, job.progress, job.updated, job.started, job.why
