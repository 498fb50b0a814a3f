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


def newest_first(jobs: Iterable[Job]) -> list[float | None]:
    """Give numbers for many by which the youngest comes first, None where no age is known.

    All in one go: to ask for each of 100,000 takes longer than to look, and so does to look twice.
    """
    return [
        -at.timestamp()
        if (at := (job.ended_at or job.updated) if job.ended else (job.started or job.created)) is not None
        else None
        for job in jobs
    ]
