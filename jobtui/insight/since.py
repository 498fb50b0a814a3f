"""The moment that a job's age counts from. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from jobtui.model import Job


def since(job: Job) -> datetime | None:
    """Name the moment that a job's age counts from: its end, else its beginning."""
    if job.ended:
        return job.ended_at or job.updated
    return job.started or job.created


def since_each(jobs: Iterable[Job]) -> list[datetime | None]:
    """Name it for many: to ask for each of 100,000 takes longer than to look."""
    return [(job.ended_at or job.updated) if job.ended else (job.started or job.created) for job in jobs]
