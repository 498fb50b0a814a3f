"""The moment that a job's age counts from. Pure."""

from __future__ import annotations

from datetime import datetime

from jobtui.model import Job


def since(job: Job) -> datetime | None:
    """Name the moment that a job's age counts from: its end, else its beginning."""
    if job.ended:
        return job.ended_at or job.updated
    return job.started or job.created
