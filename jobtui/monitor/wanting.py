"""What one source should be asked for beyond its list, most needed first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from jobtui.model import Flag, Job, JobRef, Source, State
from jobtui.monitor.store import Store
from jobtui.monitor.sweep import Swept

_TOLD_S = 120.0
"""How often a job is read whose server tells us what happens: a frame may be lost without a trace."""
_REST = timedelta(seconds=60)
"""How long a job that could not be read by itself is left alone, so that it does not cost every round."""
_ASK_FORGOTTEN = timedelta(minutes=10)
"""How often the server is asked for a watched id that it once did not know."""
_FAILED = frozenset({State.FAILED, State.PARTIAL})
_LONG_AGO = 0.0


class Wants:
    """Keeps who looks at what, what the list gave, and which ids are on watch; asks nobody anything."""

    def __init__(self, source: Source, store: Store) -> None:
        self._source = source
        self._store = store
        self._list = 1
        """The number of the last whole list."""
        self._brief: set[JobRef] = set()
        self.when_listed: Callable[[], None] = lambda: None
        """Called when a list has been read."""
        self._visible: dict[JobRef, int] = {}
        self._told: frozenset[JobRef] = frozenset()
        self._told_at: dict[JobRef, datetime] = {}
        self._rests: dict[JobRef, datetime] = {}
        self._read_whole: set[JobRef] = set()
        self.followed: JobRef | None = None
        """The job that somebody follows: its follower reads it, and nobody else need."""
        self.watched: dict[JobRef, datetime | None] = {}
        """The watch list, with when the server was first asked for each id."""

    # --- what is known of the wanting -----------------------------------------------------------------
    def look_at(self, refs: Sequence[JobRef]) -> None:
        self._visible = {ref: place for place, ref in enumerate(refs) if ref.source == self._source.name}

    def told_of(self, refs: frozenset[JobRef]) -> None:
        """Say of which jobs the server now tells us by itself: they need reading only now and then."""
        self._told = refs

    def was_told_of(self, ref: JobRef, at: datetime) -> None:
        """Say that a job stands differently since a moment: what was read before is no longer enough."""
        self._told_at[ref] = at

    def was_listed(self, number: int, brief: set[JobRef]) -> None:
        """Take over which list was the last whole one, and of which jobs it gave too little."""
        self._list, self._brief = number, brief
        self._read_whole &= self._brief
        self._told_at = {ref: at for ref, at in self._told_at.items() if self._is_listed(ref)}
        self._rests = {ref: until for ref, until in self._rests.items() if self._store.get(ref) is not None}
        self.when_listed()

    def _is_listed(self, ref: JobRef) -> bool:
        # A list that is still being read, or was not read to its end, is the later word.
        return self._store.listed_in(ref) >= self._list

    def was_read_whole(self, ref: JobRef) -> None:
        self._read_whole.add(ref)
        self._rests.pop(ref, None)

    def could_not_be_read(self, ref: JobRef, now: datetime) -> None:
        self._rests[ref] = now + _REST

    @property
    def told(self) -> frozenset[JobRef]:
        """The jobs that the server tells us of by itself: what is known of them is no older than now."""
        return self._told

    @property
    def visible(self) -> tuple[JobRef, ...]:
        """The jobs somebody looks at, most wanted first."""
        return tuple(self._visible)

    def briefly_listed(self) -> list[JobRef]:
        """Name the open jobs of which the last list gave too little."""
        jobs = map(self._store.get, self._brief)
        return [job.ref for job in jobs if job is not None and not job.ended]

    def reread_after_s(self, ref: JobRef) -> float:
        """Seconds after which an open job is read again without a reason."""
        poll_s = self._source.poll_s
        return max(_TOLD_S, poll_s) if ref in self._told else poll_s

    def heard_at(self, swept: Swept) -> list[datetime]:
        """When each open job that somebody looks at was last heard of; when nobody looks, each of all. Not
        those marked as stale, nor those that we are told of."""
        if not self._visible:
            told = [] if swept.heard_at is None else [swept.heard_at]
            return told + self._heard_of(swept.unheard)
        return self._heard_of(self._visible)

    def _heard_of(self, refs: Iterable[JobRef]) -> list[datetime]:
        jobs = map(self._store.get, refs)
        return [
            job.as_of
            for job in jobs
            if job is not None and not job.ended and Flag.STALE not in job.flags and job.ref not in self._told
        ]

    # --- what follows from it -------------------------------------------------------------------------
    def ids(self, now: datetime, swept: Swept, *, all_open: bool) -> list[JobRef]:
        """Open jobs that the last list did not give (or ``all_open``), and ids on watch; not what an answer
        since ``now`` has told already."""
        open_ = [job for job in map(self._store.get, swept.unheard) if job is not None and not job.ended]
        unheard = (job.ref for job in open_ if job.as_of < now or is_unread(job))
        wanted = dict.fromkeys(ref for ref in unheard if all_open or not self._is_listed(ref))
        wanted.update(dict.fromkeys(ref for ref in self.watched if self._is_unsettled(ref, now)))
        if self.followed is not None:
            wanted.pop(self.followed, None)
        return sorted((ref for ref in wanted if not self._rests_now(ref, now)), key=self._id_need)

    def details(self, now: datetime) -> list[JobRef]:
        """Jobs of which the list gave too little."""
        jobs = [self._store.get(ref) for ref in self._brief]
        wanted = [job for job in jobs if job and job.ref != self.followed and self._wants_reading(job, now)]
        wanted.sort(key=self._detail_need)
        return [job.ref for job in wanted]

    def stories(self, now: datetime) -> list[JobRef]:
        """Of those, the ones whose row cannot even say how the job stands, or why it failed."""
        return [ref for ref in self.details(now) if lacks_its_story(self._store.get(ref))]

    def _rests_now(self, ref: JobRef, now: datetime) -> bool:
        until = self._rests.get(ref)
        return until is not None and until > now

    def _is_unsettled(self, ref: JobRef, now: datetime) -> bool:
        job = self._store.get(ref)
        if self._is_listed(ref):
            return False
        if job is not None and Flag.FORGOTTEN in job.flags:
            return now - job.as_of > _ASK_FORGOTTEN
        return job is None or not job.ended or job.is_brief

    def _wants_reading(self, job: Job, now: datetime) -> bool:
        if Flag.FORGOTTEN in job.flags or self._rests_now(job.ref, now):
            return False
        if job.ended:
            return is_unread(job) and job.ref not in self._read_whole
        since = now - timedelta(seconds=self.reread_after_s(job.ref) * 0.8)
        return is_unread(job) or job.as_of < max(since, self._told_at.get(job.ref, since))

    def _detail_need(self, job: Job) -> tuple[bool, bool, bool, float]:
        seen, unread = job.ref in self._visible, is_unread(job)
        return (not (seen and unread), not unread or job.ended, not seen, job.as_of.timestamp())

    def _id_need(self, ref: JobRef) -> tuple[bool, float]:
        job = self._store.get(ref)
        return (ref not in self._visible, _LONG_AGO if job is None else job.as_of.timestamp())


def is_unread(job: Job) -> bool:
    """Whether what is known is an abbreviated row, or older than promised."""
    return job.is_brief or Flag.STALE in job.flags


def lacks_its_story(job: Job | None) -> bool:
    """Whether what a list gave is too little to say how the job stands, or why it failed."""
    return job is not None and is_unread(job) and (not job.ended or (job.state in _FAILED and not job.why))
