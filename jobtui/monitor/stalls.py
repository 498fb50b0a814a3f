"""Stalls: when each running job last showed anything new, and which have shown nothing for too long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from jobtui.insight.usual import FLOOR_S, Point, Usual, can_stall, patience_s
from jobtui.model import Job, JobMessage, JobRef
from jobtui.monitor.events import Change
from jobtui.monitor.store import Store

LOOK_S = 4.0
"""How often it is seen whether a job has stalled."""
AT_ONCE = 2_000
"""Jobs that are judged before anything else gets its turn."""
_POINTS_KEPT = 40


@dataclass(slots=True)
class Track:
    """The signs of life of one running job."""

    job: Job
    """As it was when it last changed: thousands run, and each is held already."""
    moved_at: datetime
    """When it last showed anything new, as far as its server or our own watching tells."""
    longest_pause_s: float = 0.0
    """Between two moves that we have seen ourselves."""
    has_moved: bool = False
    points: Sequence[Point] = ()

    def move(self, at: datetime) -> None:
        """Take over that it has moved at a moment."""
        if at <= self.moved_at:
            return
        if self.has_moved:
            self.longest_pause_s = max(self.longest_pause_s, (at - self.moved_at).total_seconds())
        self.moved_at, self.has_moved = at, True

    def add_point(self, point: Point) -> None:
        """Take how far it had come at a moment; the oldest of many is let go."""
        self.points = (*self.points[-_POINTS_KEPT + 1 :], point)


class Stalls:
    """Derives which jobs have stalled; a sign of life takes that back at once."""

    def __init__(self, store: Store, usual_of: Callable[[Job], Usual | None]) -> None:
        self._store = store
        self._usual_of = usual_of
        self._tracks: dict[JobRef, Track] = {}
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
        for message in messages:
            track, job = self._tracks.get(message.ref), self._store.get(message.ref)
            if track is not None and job is not None and message.at is not None:
                before = track.moved_at
                track.move(min(message.at, job.as_of))
                if track.moved_at != before:
                    follows.extend(self._store.stall(message.ref, None))
        return tuple(follows)

    def remember(self, ref: JobRef, at: datetime) -> None:
        """Take over from the journal since when a job has been told to stand as it does."""
        if (track := self._tracks.get(ref)) is not None and not track.has_moved:
            track.moved_at = min(track.moved_at, at)

    def suspects(self) -> bool:
        """Whether any job has shown nothing new for so long that it is worth asking what is usual."""
        return any(self._still_s(ref, track) >= FLOOR_S for ref, track in self._tracks.items())

    def judge(self) -> tuple[Change, ...]:
        """Flag the jobs that have stalled by now; by what we know of them, not by the time alone."""
        return tuple(change for changes in self._judging() for change in changes)

    def _judging(self) -> Iterator[list[Change]]:
        """Judge some at a time: keys are answered in between."""
        tracks = list(self._tracks.items())
        for start in range(0, len(tracks), AT_ONCE):
            yield self._judged(tracks[start : start + AT_ONCE])

    def _judged(self, tracks: Iterable[tuple[JobRef, Track]]) -> list[Change]:
        changes: list[Change] = []
        for ref, track in tracks:
            still_s = self._still_s(ref, track)
            job = self._store.get(ref)
            if job is None or still_s < FLOOR_S:
                continue
            patience = patience_s(job, self._usual_of(job), track.longest_pause_s)
            has_stalled = patience is not None and still_s >= patience
            changes.extend(self._store.stall(ref, track.moved_at if has_stalled else None))
        return changes

    async def run(self, announce: Callable[[tuple[Change, ...]], object]) -> NoReturn:
        """Judge now and again for ever; not before what is usual has had time to be read.

        While nobody tells anything, no job is known to have stood still any longer: then this sleeps.
        """
        clock = asyncio.get_running_loop().time
        judged = clock()
        while True:
            await self.news.wait()
            self.news.clear()
            await asyncio.sleep(max(0.0, judged + LOOK_S - clock()))
            announce(self.judge())
            judged = clock()

    def _still_s(self, ref: JobRef, track: Track) -> float:
        """Seconds that a job is known to have shown nothing new: a silent source proves nothing."""
        job = self._store.get(ref)
        return 0.0 if job is None else (job.as_of - track.moved_at).total_seconds()

    def _note(self, change: Change) -> tuple[Change, ...]:
        job = change.after
        if job is None or not can_stall(job):
            self._tracks.pop(change.ref, None)
            return self._store.stall(change.ref, None)
        track = self._tracks.get(change.ref)
        if track is None:
            self._tracks[change.ref] = Track(job, min(job.updated or job.as_of, job.as_of))
            return ()
        shown, track.job = track.job, job
        if _shown(shown) == _shown(job):
            return ()
        self._moved(track, change.before, job)
        return self._store.stall(change.ref, None)

    def _moved(self, track: Track, before: Job | None, job: Job) -> None:
        """Date a move: by the server, but not before the last answer that did not show it yet. So a server
        whose clock is behind does not make a job stand still that we see move."""
        is_dated = before is None or job.updated != before.updated
        at = min((job.updated if is_dated else None) or job.as_of, job.as_of)
        track.move(at if before is None else max(at, before.as_of))
        far = None if job.progress is None else job.progress.fraction
        if far is not None and (not track.points or far > track.points[-1][1]):
            track.add_point((job.as_of, far))
        elif far is not None and far < track.points[-1][1]:
            track.points = ()


def _shown(job: Job) -> tuple[object, ...]:
    """What of a job is new when it has moved."""
    return job.state, job.raw_state, job.progress, job.updated, job.started, job.why
