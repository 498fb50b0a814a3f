"""What a job is once its server says that it does not know it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from jobtui.model import Flag, Job, JobRef, Kind, State

NOT_VISIBLE_YET = timedelta(seconds=60)
"""How long after the first asking a 404 may mean that a Zendesk job is not visible yet."""

_OF_A_LIVING_JOB = frozenset({Flag.STALE, Flag.BRIEF, Flag.CANCELLING})


def without_answer(
    ref: JobRef, kind: Kind, known: Job | None, *, first_asked: datetime, now: datetime
) -> Job:
    """Make the job that a 404 leaves: not visible yet, or forgotten in its last known state."""
    if kind is Kind.ZENDESK and now - first_asked < NOT_VISIBLE_YET and not (known and known.raw_state):
        return _placeholder(ref, kind, now, State.QUEUED, "not visible on the server yet")
    if known is None or not known.raw_state:
        job = _placeholder(ref, kind, now, State.UNKNOWN, "the server does not know this id")
        return replace(job, ended=True, flags=frozenset({Flag.FORGOTTEN}))
    flags = (known.flags - _OF_A_LIVING_JOB) | {Flag.FORGOTTEN}
    return replace(known, ended=True, as_of=now, flags=flags)


def unread(ref: JobRef, kind: Kind, now: datetime) -> Job:
    """Make the job of a watched id that nobody has been able to read yet."""
    return replace(
        _placeholder(ref, kind, now, State.UNKNOWN, "not read yet"),
        flags=frozenset({Flag.BRIEF, Flag.STALE}),
    )


def _placeholder(ref: JobRef, kind: Kind, now: datetime, state: State, why: str) -> Job:
    return Job(
        ref=ref, kind=kind, title=ref.job_id, state=state, raw_state="", ended=False, as_of=now, why=why
    )
