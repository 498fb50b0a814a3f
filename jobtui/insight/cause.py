"""What jobs failed for, without what differs from one to the next: those alike are one cause. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from jobtui.insight.attention import has_failed
from jobtui.model import Job, JobRef, State

_LONGEST = 2_000
"""Characters of a text that are looked at: a cause is told in its first words."""
_COUNTED = re.compile(r"^\d+ of \d+ items? failed: ")
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://\S+", re.IGNORECASE)
_PATH = re.compile(r"(?<![\w/\\])(?:[A-Za-z]:[\\/]|\\\\|~?/)[^\s'\"<>|,;:()]+")
_WITH_DIGIT = re.compile(r"(?<![\w-])[\w-]*\d[\w-]*(?:[.:,/+-][\w-]*\d[\w-]*)*")
"""From the beginning of a word only: a long one without a digit is looked through once."""
_HEX = re.compile(r"\b[0-9a-f]{8,}\b", re.IGNORECASE)
_WHERE = re.compile(
    r"^(?:(?:row|line|item|record|ticket|user|entity|file|step) #(?: of #)?\s*[:,]\s*)+", re.IGNORECASE
)
_MARKS = re.compile(r"#(?:[\s,;]+#)+")
_NO_CAUSE = frozenset({"", "#", "@", "failed, no reason given"})


def fingerprint(text: str) -> str:
    """Give what an error says once ids, numbers, times, paths and addresses are out: ``#`` and ``@``."""
    text = _COUNTED.sub("", text[:_LONGEST].strip())
    text = _PATH.sub("@", _ADDRESS.sub("@", text))
    text = _HEX.sub("#", _WITH_DIGIT.sub("#", text))
    text = _MARKS.sub("#", " ".join(text.split()))
    return _WHERE.sub("", text).strip(" .")


def cause_of(job: Job) -> str | None:
    """Name the cause of a job that failed or ended in part; None when nothing can be compared by it."""
    if not has_failed(job) or job.why is None:
        return None
    # Of several errors the first stands for all: which others come with it differs from job to job.
    text = job.why.partition("; ")[0] if job.state is State.PARTIAL else job.why
    cause = fingerprint(text)
    return None if cause in _NO_CAUSE else cause


class Group(Struct, frozen=True):
    """Jobs that failed for the same cause."""

    cause: str
    jobs: tuple[Job, ...]
    """The latest first."""

    @property
    def first(self) -> datetime:
        """When the first of them was seen to fail."""
        return failed_at(self.jobs[-1])

    @property
    def last(self) -> datetime:
        """When the latest of them was seen to fail."""
        return failed_at(self.jobs[0])


def failed_at(job: Job) -> datetime:
    """Say when a job failed, or else when it was known to have."""
    return job.ended_at or job.updated or job.as_of


def group_of(cause: str, jobs: Iterable[Job]) -> Group:
    """Put jobs of one cause together."""
    return Group(cause, tuple(sorted(jobs, key=lambda job: (failed_at(job), str(job.ref)), reverse=True)))


class Causes:
    """Which jobs failed for which cause, over all sources; kept up by changes, never recounted."""

    def __init__(self) -> None:
        self._cause: dict[JobRef, str] = {}
        self._refs: dict[str, set[JobRef]] = {}

    def put(self, ref: JobRef, job: Job | None) -> None:
        """Take over how a job stands, or (None) that it is gone."""
        cause = None if job is None else cause_of(job)
        before = self._cause.get(ref)
        if cause == before:
            return
        if before is not None:
            del self._cause[ref]
            self._refs[before].discard(ref)
            if not self._refs[before]:
                del self._refs[before]
        if cause is not None:
            self._cause[ref] = cause
            self._refs.setdefault(cause, set()).add(ref)

    def alike(self, ref: JobRef) -> int:
        """Count the other jobs that failed for the same cause."""
        cause = self._cause.get(ref)
        return 0 if cause is None else len(self._refs[cause]) - 1

    def shared(self, ref: JobRef) -> str | None:
        """Name the cause of a job when others failed for it as well."""
        return self._cause[ref] if self.alike(ref) else None

    def of(self, ref: JobRef) -> tuple[str, frozenset[JobRef]] | None:
        """Give the cause of a job, and every job that failed for it; None when it has none."""
        cause = self._cause.get(ref)
        return None if cause is None else (cause, frozenset(self._refs[cause]))

    def all(self) -> list[tuple[str, frozenset[JobRef]]]:
        """Give every cause with the jobs that failed for it."""
        return [(cause, frozenset(refs)) for cause, refs in self._refs.items()]
