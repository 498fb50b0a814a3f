"""The store: the latest job per ref, and ordered views of them. Older questions lose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from datetime import datetime

from jobtui.model import Flag, Job, JobRef
from jobtui.monitor.events import Change
from jobtui.monitor.merge import merged


class Store:
    """What is known of every job. Only the monitor writes; faces read."""

    def __init__(self) -> None:
        self._jobs: dict[JobRef, Job] = {}
        self._asked: dict[JobRef, datetime] = {}
        self._marks: dict[JobRef, frozenset[Flag]] = {}
        self._unchanged: dict[JobRef, datetime] = {}

    def apply(
        self, jobs: Iterable[Job], asked_at: datetime, told_at: datetime | None = None
    ) -> tuple[Change, ...]:
        """Take over answers to a question asked at a moment; a job known from a later question stays.

        With ``told_at`` jobs may be the very objects of an earlier answer, and say the same again as of then.
        """
        known, asked, changes = self._jobs, self._asked, []
        for job in jobs:
            ref = job.ref
            if told_at is not None and known.get(ref) is job:
                if (last := asked.get(ref)) is None or asked_at >= last:
                    asked[ref] = asked_at
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
        known = self._jobs.get(ref)
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
        known = self._jobs.get(ref)
        if known is None or known.unchanged_since == since:
            return ()
        return (self._put(known, stalled(known, since)),)

    def age(
        self, source: str, before: datetime | None = None, but: Set[JobRef] = frozenset()
    ) -> tuple[Change, ...]:
        """Flag jobs of a source as stale, until an answer about each arrives: all, or the open ones known
        only from before a moment; ``but`` not those."""
        return tuple(
            self._put(job, replace(job, flags=job.flags | {Flag.STALE}))
            for job in self.of_source(source)
            if Flag.STALE not in job.flags
            and job.ref not in but
            and (before is None or (not job.ended and job.as_of < before))
        )

    def settle(self, source: str) -> tuple[Change, ...]:
        """Take the flag off ended jobs read whole once: a good list has come, and they do not change."""
        return tuple(
            self._put(job, replace(job, flags=job.flags - {Flag.STALE}))
            for job in self.of_source(source)
            if job.ended and Flag.STALE in job.flags and not job.is_brief
        )

    def distrust(self, ref: JobRef, before: datetime) -> None:
        """Refuse answers to questions asked before a moment: a control has been sent since."""
        self._asked[ref] = max(before, self._asked.get(ref, before))

    def forget_questions(self, before: datetime) -> None:
        """Forget when jobs that are gone were last asked for, where no answer can be under way any more."""
        self._asked = {ref: at for ref, at in self._asked.items() if ref in self._jobs or at >= before}

    def is_newer(self, ref: JobRef, asked_at: datetime) -> bool:
        """Whether an answer asked for then may still be taken over."""
        last = self._asked.get(ref)
        return last is None or asked_at >= last

    def get(self, ref: JobRef) -> Job | None:
        return self._jobs.get(ref)

    def __len__(self) -> int:
        return len(self._jobs)

    def __iter__(self) -> Iterator[Job]:
        return iter(self._jobs.values())

    def of_source(self, source: str) -> list[Job]:
        return [job for job in self._jobs.values() if job.ref.source == source]

    def remove(self, ref: JobRef) -> tuple[Change, ...]:
        """Drop a job that is no longer wanted; an answer to an older question will not bring it back."""
        known = self._jobs.pop(ref, None)
        return () if known is None else (Change(ref, known, None),)

    def _apply_one(self, answer: Job, asked_at: datetime) -> Change | None:
        ref = answer.ref
        if not self.is_newer(ref, asked_at):
            return None
        self._asked[ref] = asked_at
        known = self._jobs.get(ref)
        job = merged(known, answer)
        if marks := self._marks.get(ref):
            job = replace(job, flags=job.flags | (marks - {Flag.CANCELLING} if job.ended else marks))
        job = stalled(job, self._unchanged.get(ref))
        if known is not None and known == job:
            known.say_again(job.as_of)
            return None
        return self._put(known, job)

    def _put(self, known: Job | None, job: Job) -> Change:
        self._jobs[job.ref] = job
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
