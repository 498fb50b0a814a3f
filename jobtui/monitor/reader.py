"""The questions put to one source: its list, the ids on watch, the details that are wanted most."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from jobtui import collecting
from jobtui.backends.base import Backend, Rows, Scope
from jobtui.errors import BackendError, NoSuchAddress, NoSuchJob
from jobtui.model import Flag, Job, JobDetail, JobRef, Source
from jobtui.monitor.cadence import RHYTHMS, Budget
from jobtui.monitor.gone import unread, without_answer
from jobtui.monitor.known import Known
from jobtui.monitor.sweep import CHANGED_AT_ONCE, Swept, slices, sweep
from jobtui.monitor.wanting import Wants
from jobtui.turns import give_way

_RESERVE = 0.25
"""The share of what may be saved up that is left for the followed job, for keys and for the next list."""
_MOST_RESERVE = 0.8
"""Of that, for the next list at most: one of many pages must not starve the jobs it names."""
_MOST_REGULAR = 0.75
"""Of a minute's requests, for what is asked again and again at most: the list, and the followed job."""
_AT_ONCE = 8
_PATIENCE = timedelta(seconds=3)
"""How long somebody who asked for a list is kept waiting for details beyond it."""
_LATE_ANSWER = timedelta(minutes=10)
"""No answer comes later than so long after its question."""
_LOOK_FOR_LIST_S = 300.0
"""How often a server without a list is asked for one again."""
_MANY = 500
"""Jobs of one page that changed, or rather: that are new."""
_PROMISE_S = 60.0
"""An open job of which nothing has been heard for longer is stale, however well its source answers."""


class Reader:
    """Reads one source into what is known; keeps no opinion of when to ask again."""

    def __init__(self, source: Source, backend: Backend, known: Known) -> None:
        self.source = source
        self.backend = backend
        self.wants = Wants(source, known.store)
        self.budget = Budget(source.budget, known.clock().timestamp())
        self.truncated = False
        """Whether the source has more jobs than the limit."""
        self.no_list: BackendError | None = None
        """What the server said when asked for a list that it does not have; then only known ids are read."""
        self._known = known
        self._rhythm = RHYTHMS[source.kind]
        self._list_at: datetime | None = None
        self._lists = 0
        """How many times the list was begun to be read."""
        self._list_cost = 1
        """Requests that the last list took."""
        self._id_cost = self._rhythm.requests_per_id
        """Requests that reading one job takes, as far as it has shown."""
        self._has_shown_cost = self._rhythm.batch == 1
        self._first_missed: dict[JobRef, datetime] = {}

    def watch(self, ref: JobRef, first_asked: datetime | None = None) -> None:
        """Ask for an id whether or not a list returns it."""
        self.wants.watched.setdefault(ref, first_asked)
        if self._known.store.get(ref) is None:
            now = self._known.clock()
            self._known.take_jobs(self.source.name, [unread(ref, self.source.kind, now)], now)

    def unwatch(self, ref: JobRef) -> None:
        self.wants.watched.pop(ref, None)

    def any_open(self) -> bool:
        return self._known.store.any_open(self.source.name)

    def relist(self) -> None:
        """Have the next round ask for the whole list, whatever the rhythm."""
        self._list_at = None

    async def read_round(self) -> datetime:
        """Ask what one round asks; gives the moment that what is shown of the source is at least as young as.

        Raises BackendError.
        """
        began = self._known.clock()
        if self._wants_list(began):
            swept = await self._read_list(began)
            self._list_at = began
        else:
            swept = await self._sweep(began)
        ids = self.wants.ids(began, swept, all_open=self._rhythm.list_every_s > 0)[: self._affordable()]
        await self._read_chunks(ids)
        await self._read_wanted(frozenset(ids))
        self._age_the_unheard(swept)
        told_at = began if self.no_list is not None or self._list_at is None else self._list_at
        return min([told_at, *self.wants.heard_at(swept)])

    async def read_all(self, most: int) -> None:
        """Ask once for everything a list shows, with the details of at most so many jobs that need them."""
        began = self._known.clock()
        swept = await self._read_list(began)
        await self._read_chunks(self.wants.ids(began, swept, all_open=False))
        stories = self.wants.stories(self._known.clock())
        await self._read_details(
            stories[: min(most, self._affordable())], no_later_than=self._known.clock() + _PATIENCE
        )

    async def read(self, ref: JobRef) -> JobDetail:
        """Read one job whole. Raises BackendError."""
        asked_at = self._known.clock()
        self._note_first_asked([ref], asked_at)
        detail = await self.backend.get(ref.job_id)
        self.wants.was_read_whole(ref)
        return self._known.take_detail(detail, asked_at)

    def take_missing(self, ref: JobRef, asked_at: datetime) -> Job:
        """Take over that the server does not know a job; gives the job as it then stands."""
        first = self.wants.watched.get(ref) or self._first_missed.setdefault(ref, asked_at)
        known = self._known.store.get(ref)
        job = without_answer(ref, self.source.kind, known, first_asked=first, now=asked_at)
        self._known.take_jobs(self.source.name, [job], asked_at)
        return self._known.store.get(ref) or job

    def requests_lately(self) -> int:
        """How many requests were sent in the last minute."""
        now_s = self._known.clock().timestamp()
        self.budget.note(self.backend.requests, now_s)
        return self.budget.lately(now_s)

    def may_look(self) -> bool:
        """Whether a question that could wait may be asked now."""
        return self.wait_s() == 0

    def wait_s(self) -> float:
        """Seconds until the budget has room for another question, that of a list which is due kept free."""
        now = self._known.clock()
        return self._wait_s(1 + (self._list_cost if self._is_list_due(now) else 0), now)

    def round_wait_s(self) -> float:
        """Seconds until the budget has room for a round, with its list when that is due."""
        now = self._known.clock()
        return self._wait_s(self._list_cost if self._is_list_due(now) else 1, now)

    def _wait_s(self, requests: float, now: datetime) -> float:
        self.budget.note(self.backend.requests, now.timestamp())
        return self.budget.wait_s(requests, now.timestamp())

    async def turn(self) -> None:
        """Wait until the budget has room for another question."""
        while (wait_s := self.wait_s()) > 0:  # noqa: ASYNC110 - others spend meanwhile; nothing tells of room
            await asyncio.sleep(max(0.05, wait_s))

    # --- the list -------------------------------------------------------------------------------------
    def _is_list_due(self, now: datetime) -> bool:
        if self._list_at is None:
            return True
        return (now - self._list_at).total_seconds() >= max(self._list_every_s, self.source.poll_s * 0.8)

    @property
    def _list_every_s(self) -> float:
        return self._rhythm.list_every_s if self.no_list is None else _LOOK_FOR_LIST_S

    def _wants_list(self, now: datetime) -> bool:
        """Whether to read the list; one that takes many requests comes as seldom as the budget bears."""
        affordable = self._left() >= min(self._list_cost, self.budget.most)
        return self._list_at is None or (self._is_list_due(now) and affordable)

    async def _read_list(self, now: datetime) -> Swept:
        """Read the list, and see to what follows for all that is known of the source."""
        await self._read_pages(Scope(self._since(now), self.source.limit, await self._settled()))
        await give_way()
        swept = await self._sweep(now)
        if self.no_list is None or self._was_ever_told():
            self._known.announce(self.source.name, self._known.store.settle(swept.returned))
        if self.no_list is None:
            self._drop_old(swept)
        return swept

    async def _read_pages(self, scope: Scope) -> None:
        pages = aiter(self.backend.pages(scope))
        self._lists += 1
        number, listed = self._lists, 0
        brief: set[JobRef] = set()
        made_before = self.backend.requests
        while True:
            asked_at = self._known.clock()
            try:
                page = await anext(pages, None)
            except (NoSuchJob, NoSuchAddress) as error:
                if listed:
                    raise
                self._take_no_list(error)
                return
            if page is None:
                break
            await give_way()  # reading a large page has taken long enough
            listed += await self._take_page(page, asked_at, number)
            brief.update([job.ref for job in page if job.flags and job.is_brief])
        await give_way()
        self.no_list = None
        self._list_cost = max(1, self.backend.requests - made_before)
        self.wants.was_listed(number, brief)
        self.truncated = listed >= self.source.limit

    async def _take_page(self, page: Sequence[Job], asked_at: datetime, number: int) -> int:
        """Take over a page of a list, a part of it at a time: of a job that is new a good deal follows; gives
        how many jobs that list was not known to have."""
        told_at = page.as_of if isinstance(page, Rows) else None
        changed = listed = 0
        for start in range(0, len(page), CHANGED_AT_ONCE):
            part = page[start : start + CHANGED_AT_ONCE]
            changes = self._known.take_jobs(self.source.name, part, asked_at, told_at)
            changed += len(changes)
            listed += self._known.store.note_listed(part, number)
            if len(changes) > CHANGED_AT_ONCE // 10:
                await give_way()
        if changed >= _MANY:
            collecting.set_aside()
        return listed

    def _take_no_list(self, error: BackendError) -> None:
        """Go on without a list where there are ids to read; else the address may be wrong."""
        if all(Flag.FORGOTTEN in job.flags and not job.raw_state for job in self._jobs()):
            raise error
        self.no_list, self.truncated = error, False
        self._lists += 1
        self.wants.was_listed(self._lists, set())

    async def _settled(self) -> frozenset[str]:
        """Give the ids of ended jobs of which nothing more is to be learned."""
        found: set[str] = set()
        async for jobs in slices(self._known.store, self.source.name):
            found.update([job.ref.job_id for job in jobs if job.ended and _is_settled(job)])
        return frozenset(found)

    async def _sweep(self, began: datetime) -> Swept:
        since, told = self._since(began), self.wants.told
        return await sweep(self._known.store, self.source.name, began=began, since=since, told=told)

    def _since(self, now: datetime) -> datetime:
        return now - timedelta(seconds=self.source.history_s)

    def _was_ever_told(self) -> bool:
        return any(job.raw_state for job in self._jobs())

    def _drop_old(self, swept: Swept) -> None:
        for ref in swept.old:
            if ref not in self.wants.watched:
                self._known.drop(ref)
        known = map(self._known.store.get, self._first_missed)
        self._first_missed = {job.ref: self._first_missed[job.ref] for job in known if job is not None}
        self._known.store.forget_questions(before=self._known.clock() - _LATE_ANSWER)

    # --- jobs by id -----------------------------------------------------------------------------------
    async def _read_wanted(self, asked: frozenset[JobRef]) -> None:
        """Read what the list gave too little of, but for what this round has asked for already."""
        per_round = max(1, int(self.source.budget * self.source.poll_s / 60 / self._id_cost))
        # The first rounds may spend what has been saved; later ones only what a round earns.
        most = min(self._affordable(), max(per_round, _AT_ONCE * 3))
        wanted = [ref for ref in self.wants.details(self._known.clock()) if ref not in asked]
        await self._read_details(wanted[:most])

    async def _read_details(self, refs: Sequence[JobRef], no_later_than: datetime | None = None) -> None:
        """Read jobs of which the list gave too little; an ended one of a kind with batches by itself, since a
        batch may be as abbreviated as the list."""
        singly = [ref for ref in refs if self._rhythm.batch > 1 and self._has_ended(ref)]
        for ref in singly[:_AT_ONCE]:
            await self._read_singly(ref)
        await self._read_chunks([ref for ref in refs if ref not in singly], no_later_than)

    async def _read_chunks(self, refs: Sequence[JobRef], no_later_than: datetime | None = None) -> None:
        refs = list(refs)
        while refs and (no_later_than is None or self._known.clock() <= no_later_than):
            size = max(_AT_ONCE, self._rhythm.batch) if self._has_shown_cost else _AT_ONCE
            chunk, refs = refs[:size], refs[size:]
            made_before = self.backend.requests
            await self._ask_for(chunk)
            thought = self._id_cost
            self._learn_cost(self.backend.requests - made_before, len(chunk))
            if self._id_cost > thought:
                refs = refs[: self._affordable()]

    def _learn_cost(self, made: int, ids: int) -> None:
        """Take over what so many ids have cost; a server without batches costs what its ids cost singly."""
        self._has_shown_cost = True
        if self._rhythm.batch > 1 and ids > 1:
            self._id_cost = max(self._rhythm.requests_per_id, 1.0 if made >= ids else 0.0)

    async def _ask_for(self, refs: Sequence[JobRef]) -> None:
        asked_at = self._known.clock()
        self._note_first_asked(refs, asked_at)
        answer = await self.backend.get_many([ref.job_id for ref in refs])
        self._known.keep_messages(answer.messages)
        self._known.take_jobs(self.source.name, answer.found, asked_at)
        if self.no_list is not None and not self._was_ever_told():
            raise self.no_list  # neither a list nor any job: this says more of the address than of the ids
        for job_id in answer.missing:
            self.take_missing(JobRef(self.source.name, job_id), asked_at)
        for job_id in answer.failed:
            self.wants.could_not_be_read(JobRef(self.source.name, job_id), asked_at)
        if answer.error is not None:
            raise answer.error

    async def _read_singly(self, ref: JobRef) -> None:
        asked_at = self._known.clock()
        try:
            await self.read(ref)
        except NoSuchJob:
            self.take_missing(ref, asked_at)
        except BackendError as error:
            if not error.is_of_one_job:
                raise
            self.wants.could_not_be_read(ref, asked_at)

    def _note_first_asked(self, refs: Sequence[JobRef], at: datetime) -> None:
        watched = self.wants.watched
        new = [ref for ref in refs if ref in watched and watched[ref] is None]
        watched.update(dict.fromkeys(new, at))
        if new:
            self._known.recorder.keep_first_asked(new, at)

    # --- small change ---------------------------------------------------------------------------------
    def _affordable(self) -> int:
        """How many ids may be asked for now, with the reserve left over."""
        list_share = min(self._list_cost / self.budget.most, _MOST_RESERVE)
        left = self._left() - self.budget.most * max(_RESERVE, list_share)
        # Spending all of a minute at its start would have the followed job wait at its end.
        spare = self.budget.spare(self._regular_per_s(), self._known.clock().timestamp())
        return max(0, int(min(left, spare) / self._id_cost))

    def _regular_per_s(self) -> float:
        """How many requests a second the list and the followed job take."""
        per_s = self._list_cost / max(self._list_every_s, self.source.poll_s)
        if (followed := self.wants.followed) is not None:
            per_s += self._rhythm.whole / self.wants.reread_after_s(followed)
        return min(per_s, self.source.budget / 60 * _MOST_REGULAR)

    def _left(self) -> float:
        now_s = self._known.clock().timestamp()
        self.budget.note(self.backend.requests, now_s)
        return self.budget.left(now_s)

    def _age_the_unheard(self, swept: Swept) -> None:
        promise = timedelta(seconds=max(_PROMISE_S, 10 * self.source.poll_s))
        before = self._known.clock() - promise
        known = map(self._known.store.get, swept.unheard)
        unheard = [job for job in known if job is not None]
        aged = self._known.store.age(unheard, before=before, but=self.wants.told)
        self._known.announce(self.source.name, aged)

    async def age_all(self) -> None:
        """Flag all jobs of the source as stale: it does not answer."""
        async for jobs in slices(self._known.store, self.source.name):
            for start in range(0, len(jobs), CHANGED_AT_ONCE):
                part = (self._known.store.get(job.ref) for job in jobs[start : start + CHANGED_AT_ONCE])
                aged = self._known.store.age(job for job in part if job is not None)
                if self._known.announce(self.source.name, aged):
                    await give_way()

    def _has_ended(self, ref: JobRef) -> bool:
        job = self._known.store.get(ref)
        return job is not None and job.ended

    def _jobs(self) -> list[Job]:
        return self._known.store.of_source(self.source.name)


def _is_settled(job: Job) -> bool:
    return job.ended and not job.is_brief and Flag.STALE not in job.flags
