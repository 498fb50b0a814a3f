"""What needs a person, worst first."""

from __future__ import annotations

from datetime import datetime

from jobtui.model import Flag, Job, State

_ORDER = {
    State.FAILED: 0,
    State.PARTIAL: 1,
    State.HELD: 3,
    State.STOPPED: 4,
    State.WAITING: 5,
    State.RUNNING: 6,
    State.QUEUED: 7,
    State.UNKNOWN: 8,
    State.CANCELLED: 9,
    State.SUCCEEDED: 10,
    State.SKIPPED: 11,
}
_STALLED = 2
_PROBLEMS = frozenset({State.FAILED, State.PARTIAL})


def rank(job: Job, now: datetime) -> tuple[int, float]:
    """Order jobs by how much they need a person: smaller comes first; within a rank the newest first."""
    del now  # the order must not change merely because time passes; rows would move under the reader
    flags = job.flags  # most jobs have none
    group = _STALLED if flags and Flag.STALLED in flags and not job.ended else _group(job)
    at = job.ended_at or job.updated or job.started or job.created
    return group, -at.timestamp() if at is not None else 0.0


def _group(job: Job) -> int:
    state = job.state
    if job.flags and Flag.FAILED in job.flags:
        return _ORDER[State.FAILED]
    # That a job waits for a person is a guess until it was read. Before those that are known to need less it
    # would take the cursor of whoever has not touched it, be read for that, and give it to the next such job.
    guessed = state is State.WAITING and job.is_brief
    return _ORDER[State.UNKNOWN if guessed else state]


def has_failed(job: Job) -> bool:
    """Whether a job failed, or ended in part, or has a step that failed before somebody held it."""
    return job.state in _PROBLEMS or (bool(job.flags) and Flag.FAILED in job.flags)


def needs_you(job: Job, now: datetime) -> bool:
    """Whether this job is a problem that somebody should look at."""
    del now  # as in rank
    return has_failed(job) or (bool(job.flags) and Flag.STALLED in job.flags and not job.ended)
