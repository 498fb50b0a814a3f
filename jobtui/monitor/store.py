"""The store: the latest job per ref, and ordered views of them. Older questions lose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from datetime import datetime

from jobtui.model import Flag, Job, JobRef
from jobtui.monitor.events import Change
from jobtui.monitor.merge import merged
from jobtui.monitor.shelf import Shelf


class Store:
    """What is known of every job. Only the monitor writes; faces read."""

    def __init__(self) -> None:
        self._shelf = Shelf()
        self._asked: dict[JobRef, datetime] = {}
        """When jobs that are not held were last asked for."""
        self._marks: dict[JobRef, frozenset[Flag]] = {}
        self._unchanged: dict[JobRef, datetime] = {}

    def apply(
        self,
        jobs: Iterable[Job],
        asked_at: datetime,
        told_at: datetime | None = None,
        late: list[Job] | None = None,
    ) -> tuple[Change, ...]:
        """Take over answers to a question asked at a moment; a job known from a later question stays.

        With ``told_at`` jobs may be the very objects of an earlier answer, and say the same again as of then.
        Into ``late`` go the answers that were not taken over.
        """
        changes: list[Change] = []
        for job in jobs:
            held = self._shelf.held(job.ref)
            last = self._asked.get(job.ref) if held is None else held.asked_at
            if last is not None and asked_at < last:
                if late is not None:
                    late.append(as_told(job, told_at))
            elif told_at is not None and held is not None and held.job is job:
                held.asked_at = asked_at
                job.say_again(told_at)
            elif change := self._apply_one(as_told(job, told_at), asked_at):
                changes.append(change)
        return tuple(changes)

    def mark(self, ref: JobRef, flag: Flag, *, on: bool) -> tuple[Change, ...]:
        """Set or clear a flag of ours on a job; it stays through later answers."""
        marks = self._marks.get(ref, frozenset())
        marks = marks | {flag} if on else marks - {flag}
        if marks:
            self._marks[ref] = marks
        else:
            self._marks.pop(ref, None)
        known = self._shelf.get(ref)
        if known is None or (flag in known.flags) == on:
            return ()
        flags = known.flags | {flag} if on else known.flags - {flag}
        return (self._put(known, replace(known, flags=flags)),)

    def stall(self, ref: JobRef, since: datetime | None) -> tuple[Change, ...]:
        """Flag a job as stalled since a moment, or (None) as not; it stays so through later answers."""
        if since is None:
            self._unchanged.pop(ref, None)
        else:
            self._unchanged[ref] = since
        known = self._shelf.get(ref)
        if known is None or known.unchanged_since == since:
            return ()
        return (self._put(known, stalled(known, since)),)

    def age(
        self, jobs: Iterable[Job], before: datetime | None = None, but: Set[JobRef] = frozenset()
    ) -> tuple[Change, ...]:
        """Flag held jobs as stale, until an answer about each arrives: all, or the open ones known only from
        before a moment; ``but`` not those."""
        return tuple(
            self._put(job, replace(job, flags=job.flags | {Flag.STALE}))
            for job in jobs
            if Flag.STALE not in job.flags
            and (before is None or (not job.ended and job.as_of < before))
            and job.ref not in but
        )

    def settle(self, jobs: Iterable[Job]) -> tuple[Change, ...]:
        """Take the flag off ended jobs read whole once: a good list has come, and they do not change."""
        return tuple(
            self._put(job, replace(job, flags=job.flags - {Flag.STALE}))
            for job in jobs
            if job.ended and Flag.STALE in job.flags and not job.is_brief
        )

    def distrust(self, ref: JobRef, before: datetime) -> None:
        """Refuse answers to questions asked before a moment: a control has been sent since."""
        self._note_asked(ref, max(before, self._last_asked(ref) or before))

    def forget_questions(self, before: datetime) -> None:
        """Forget when jobs that are gone were last asked for, where no answer can be under way any more."""
        self._asked = {ref: at for ref, at in self._asked.items() if at >= before}

    def is_newer(self, ref: JobRef, asked_at: datetime) -> bool:
        """Whether an answer asked for then may still be taken over."""
        last = self._last_asked(ref)
        return last is None or asked_at >= last

    def _last_asked(self, ref: JobRef) -> datetime | None:
        held = self._shelf.held(ref)
        return self._asked.get(ref) if held is None else held.asked_at

    def _note_asked(self, ref: JobRef, at: datetime) -> None:
        if (held := self._shelf.held(ref)) is None:
            self._asked[ref] = at
        else:
            held.asked_at = at

    def get(self, ref: JobRef) -> Job | None:
        return self._shelf.get(ref)

    def __len__(self) -> int:
        return len(self._shelf)

    def __iter__(self) -> Iterator[Job]:
        return iter(self._shelf)

    def of_source(self, source: str) -> list[Job]:
        return self._shelf.of_source(source)

    def parts_of(self, source: str, size: int) -> Iterator[list[Job]]:
        """The jobs of a source, so many at a time; what comes or goes meanwhile may be in none."""
        return self._shelf.parts_of(source, size)

    def parts(self, size: int) -> Iterator[list[Job]]:
        """All jobs, so many at a time; what comes or goes meanwhile may be in none."""
        return self._shelf.parts(size)

    def count_of(self, source: str) -> int:
        """How many jobs of a source are known."""
        return self._shelf.count_of(source)

    def note_listed(self, jobs: Iterable[Job], number: int) -> int:
        """Note which list of its source has jobs; gives how many it was not known to have."""
        return self._shelf.note_listed(jobs, number)

    def listed_in(self, ref: JobRef) -> int:
        """The last of the lists of its source that had a job; 0 when none had."""
        held = self._shelf.held(ref)
        return 0 if held is None else held.listed

    def any_open(self, source: str) -> bool:
        """Whether any job of a source has not ended."""
        return any(not held.job.ended for held in self._shelf.table(source).values())

    def remove(self, ref: JobRef) -> tuple[Change, ...]:
        """Drop a job that is no longer wanted; an answer to an older question will not bring it back."""
        held = self._shelf.pop(ref)
        if held is None:
            return ()
        if held.asked_at is not None:
            self._asked[ref] = held.asked_at
        return (Change(ref, held.job, None),)

    def _apply_one(self, answer: Job, asked_at: datetime) -> Change | None:
        ref = answer.ref
        known = self._shelf.get(ref)
        job = merged(known, answer)
        if marks := self._marks.get(ref):
            job = replace(job, flags=job.flags | (marks - {Flag.CANCELLING} if job.ended else marks))
        job = stalled(job, self._unchanged.get(ref))
        if known is None or known != job:
            change = self._put(known, job)
        else:
            known.say_again(job.as_of)
            change = None
        self._note_asked(ref, asked_at)
        return change

    def _put(self, known: Job | None, job: Job) -> Change:
        if known is None:
            self._asked.pop(job.ref, None)
        elif job.ref is not known.ref:
            job.stand_for(known.ref)
        self._shelf.put(job)
        return Change(job.ref, known, job)


def as_told(job: Job, told_at: datetime | None) -> Job:
    """Give a job as an answer told it that was asked for then; it may be an object of an earlier one."""
    return job if told_at is None or job.as_of == told_at else replace(job, as_of=told_at)


def stalled(job: Job, since: datetime | None) -> Job:
    """Give a job as stalled since a moment, or (None, or when it has ended) as not."""
    since = None if job.ended else since
    if job.unchanged_since == since and (Flag.STALLED in job.flags) == (since is not None):
        return job
    flags = job.flags - {Flag.STALLED} if since is None else job.flags | {Flag.STALLED}
    return replace(job, flags=flags, unchanged_since=since)
