"""The questions put to one source: its list, the ids on watch, the details that are wanted most."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from jobtui.backends.base import Backend, Scope
from jobtui.model import Flag, Job, JobDetail, JobRef, Source, State
from jobtui.monitor.cadence import RHYTHMS, Budget
from jobtui.monitor.gone import unread, without_answer
from jobtui.monitor.known import Known

_RESERVE = 0.25
"""The share of the budget left for the followed job, for keys and for the next list."""
_AT_ONCE = 8
_TOLD_S = 30.0
"""How often a job is read whose server tells us what happens: a frame may be lost without a trace."""
_PATIENCE = timedelta(seconds=3)
"""How long somebody who asked for a list is kept waiting for details beyond it."""
_FAILED = frozenset({State.FAILED, State.PARTIAL})


class Reader:
    """Reads one source into what is known; keeps no opinion of when to ask again."""

    def __init__(self, source: Source, backend: Backend, known: Known) -> None:
        self.source = source
        self.backend = backend
        self.budget = Budget(source.budget, _seconds(known.clock()))
        self.truncated = False
        """Whether the source has more jobs than the limit."""
        self._known = known
        self._rhythm = RHYTHMS[source.kind]
        self._listed: set[JobRef] = set()
        self._listed_brief: set[JobRef] = set()
        self._list_at: datetime | None = None
        self._watched: dict[JobRef, datetime | None] = {}
        self._visible: dict[JobRef, int] = {}
        self._told: frozenset[JobRef] = frozenset()

    def watch(self, ref: JobRef, first_asked: datetime | None = None) -> None:
        """Ask for an id whether or not a list returns it."""
        self._watched.setdefault(ref, first_asked)
        if self._known.store.get(ref) is None:
            now = self._known.clock()
            job = unread(ref, self.source.kind, now)
            self._known.take_jobs(self.source.name, [job], now)

    def unwatch(self, ref: JobRef) -> None:
        self._watched.pop(ref, None)

    def is_watching(self, ref: JobRef) -> bool:
        return ref in self._watched

    def look_at(self, refs: Sequence[JobRef]) -> None:
        self._visible = {ref: place for place, ref in enumerate(refs) if ref.source == self.source.name}

    def told_of(self, refs: frozenset[JobRef]) -> None:
        """Say of which jobs the server now tells us by itself: they need reading only now and then."""
        self._told = refs

    def reread_after_s(self, ref: JobRef) -> float:
        """Seconds after which an open job is read again without a reason."""
        return max(_TOLD_S, self.source.poll_s) if ref in self._told else self.source.poll_s

    @property
    def visible(self) -> tuple[JobRef, ...]:
        """The jobs somebody looks at, most wanted first."""
        return tuple(self._visible)

    @property
    def is_looked_at(self) -> bool:
        return bool(self._visible)

    def any_open(self) -> bool:
        return any(not job.ended for job in self._known.store.of_source(self.source.name))

    def relist(self) -> None:
        """Have the next round ask for the whole list, whatever the rhythm."""
        self._list_at = None

    async def read_round(self) -> datetime:
        """Ask what one round asks; gives the moment the round began. Raises BackendError."""
        began = self._known.clock()
        if self._list_at is None or (began - self._list_at).total_seconds() >= self._rhythm.list_every_s:
            await self._read_list(began)
            self._list_at = began
        await self._read_ids(self._ids_to_ask())
        await self._read_wanted()
        return began

    async def read_all(self, most: int) -> None:
        """Ask once for everything a list shows, with the details of at most so many jobs that need them."""
        await self._read_list(self._known.clock())
        await self._read_ids(self._ids_to_ask())
        brief = [ref for ref in self._by_need() if _lacks_its_story(self._known.store.get(ref))]
        patience = self._known.clock() + _PATIENCE
        await self._read_details(brief[: min(most, self._affordable())], no_later_than=patience)

    async def read(self, ref: JobRef) -> JobDetail:
        """Read one job whole. Raises BackendError."""
        asked_at = self._known.clock()
        self.spend(self._rhythm.requests_per_id)
        detail = await self.backend.get(ref.job_id)
        detail = self._known.take_detail(detail, asked_at)
        await self._known.recorder.keep_detail(detail)
        return detail

    def take_missing(self, ref: JobRef, asked_at: datetime) -> Job:
        """Take over that the server does not know a job; gives the job as it then stands."""
        first = self._watched.get(ref) or asked_at
        known = self._known.store.get(ref)
        job = without_answer(ref, self.source.kind, known, first_asked=first, now=asked_at)
        self._known.take_jobs(self.source.name, [job], asked_at)
        return job

    # --- the list -------------------------------------------------------------------------------------
    async def _read_list(self, now: datetime) -> None:
        since = now - timedelta(seconds=self.source.history_s)
        known_ended = frozenset(job.ref.job_id for job in self._jobs() if _is_settled(job))
        pages = aiter(self.backend.pages(Scope(since, self.source.limit, known_ended)))
        listed: set[JobRef] = set()
        brief: set[JobRef] = set()
        while True:
            asked_at = self._known.clock()
            self.spend(1)
            page = await anext(pages, None)
            if page is None:
                break
            self._known.take_jobs(self.source.name, page, asked_at)
            listed.update(job.ref for job in page)
            brief.update(job.ref for job in page if job.is_brief)
        self._listed, self._listed_brief = listed, brief
        self.truncated = len(listed) >= self.source.limit
        self._drop_old(since)

    def _drop_old(self, since: datetime) -> None:
        for job in self._jobs():
            last = job.ended_at or job.updated or job.as_of
            if job.ended and last < since and job.ref not in self._watched:
                self._known.announce(self.source.name, self._known.store.remove(job.ref))

    # --- ids that no list gives -----------------------------------------------------------------------
    def _ids_to_ask(self) -> list[JobRef]:
        asks_open = self._rhythm.list_every_s > 0 or not self.truncated
        wanted = dict.fromkeys(
            job.ref for job in self._jobs() if asks_open and not job.ended and job.ref not in self._listed
        )
        if self._rhythm.list_every_s > 0:
            wanted.update(dict.fromkeys(job.ref for job in self._jobs() if not job.ended))
        wanted.update(dict.fromkeys(ref for ref in self._watched if self._is_unsettled(ref)))
        return list(wanted)

    def _is_unsettled(self, ref: JobRef) -> bool:
        job = self._known.store.get(ref)
        return ref not in self._listed and (job is None or not job.ended)

    async def _read_ids(self, refs: Sequence[JobRef]) -> None:
        if not refs:
            return
        await self._note_first_asked(refs, self._known.clock())
        await self._ask_for(refs)

    async def _ask_for(self, refs: Sequence[JobRef]) -> None:
        asked_at = self._known.clock()
        self.spend(math.ceil(len(refs) / self._rhythm.batch) * max(1.0, self._rhythm.requests_per_id))
        answer = await self.backend.get_many([ref.job_id for ref in refs])
        self._known.take_jobs(self.source.name, answer.found, asked_at)
        for job_id in answer.missing:
            self.take_missing(JobRef(self.source.name, job_id), asked_at)

    async def _note_first_asked(self, refs: Iterable[JobRef], at: datetime) -> None:
        new = [ref for ref in refs if ref in self._watched and self._watched[ref] is None]
        self._watched.update(dict.fromkeys(new, at))
        if new:
            await self._known.recorder.keep_first_asked(new, at)

    # --- details that a list leaves out ---------------------------------------------------------------
    async def _read_wanted(self) -> None:
        per_round = max(1, int(self.source.budget * self.source.poll_s / 60 / self._rhythm.requests_per_id))
        # The first rounds may spend what has been saved; later ones only what a round earns.
        most = min(self._affordable(), max(per_round, _AT_ONCE * 3))
        await self._read_details(self._by_need()[:most])

    def _affordable(self) -> int:
        """How many jobs may be read whole now, with the reserve left over."""
        left = self.budget.left(_seconds(self._known.clock())) - self.source.budget * _RESERVE
        return max(0, int(left / self._rhythm.requests_per_id))

    def _by_need(self) -> list[JobRef]:
        now = self._known.clock()
        jobs = [self._known.store.get(ref) for ref in self._listed_brief | set(self._visible)]
        wanted = [job for job in jobs if job is not None and self._wants_reading(job, now)]
        wanted.sort(key=self._need)
        return [job.ref for job in wanted]

    def _wants_reading(self, job: Job, now: datetime) -> bool:
        fresh = now - timedelta(seconds=self.reread_after_s(job.ref) * 0.8)
        if job.ref not in self._listed_brief or Flag.FORGOTTEN in job.flags:
            return False
        return _is_unread(job) if job.ended else _is_unread(job) or job.as_of < fresh

    def _need(self, job: Job) -> tuple[bool, bool, bool, float]:
        seen = job.ref in self._visible
        unread = _is_unread(job)
        return (not (seen and unread), not unread or job.ended, not seen, job.as_of.timestamp())

    async def _read_details(self, refs: Sequence[JobRef], no_later_than: datetime | None = None) -> None:
        for start in range(0, len(refs), _AT_ONCE):
            if no_later_than is not None and self._known.clock() > no_later_than:
                break
            await self._ask_for(refs[start : start + _AT_ONCE])

    # --- small change ---------------------------------------------------------------------------------
    def _jobs(self) -> list[Job]:
        return self._known.store.of_source(self.source.name)

    def spend(self, requests: float) -> None:
        """Note requests made, by whoever made them."""
        self.budget.spend(requests, _seconds(self._known.clock()))


def _is_settled(job: Job) -> bool:
    return job.ended and not job.is_brief and Flag.STALE not in job.flags


def _is_unread(job: Job) -> bool:
    return job.is_brief or Flag.STALE in job.flags


def _lacks_its_story(job: Job | None) -> bool:
    """Whether what a list gave is too little to say how the job stands, or why it failed."""
    return job is not None and _is_unread(job) and (not job.ended or (job.state in _FAILED and not job.why))


def _seconds(at: datetime) -> float:
    return at.timestamp()
