"""Several jobs, each read on its own: what is wrong with one does not cost the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from jobtui.backends.base import ManyJobs
from jobtui.errors import BackendError, NoSuchJob
from jobtui.model import Job


async def each_of(job_ids: Sequence[str], read: Callable[[str], Awaitable[Job]]) -> ManyJobs:
    """Read jobs side by side, no id twice.

    What is wrong with the whole source is raised, or given beside the jobs that were read all the same.
    """
    unique = list(dict.fromkeys(job_ids))
    found: list[Job] = []
    missing: list[str] = []
    failed: dict[str, BackendError] = {}
    error: BackendError | None = None
    answers = await asyncio.gather(*map(read, unique), return_exceptions=True)
    for job_id, answer in zip(unique, answers, strict=True):
        if isinstance(answer, Job):
            found.append(answer)
        elif isinstance(answer, NoSuchJob):
            missing.append(job_id)
        elif isinstance(answer, BackendError) and answer.is_of_one_job:
            failed[job_id] = answer
        elif isinstance(answer, BackendError):
            error = error or answer
        else:
            raise answer
    if error is not None and not found:
        raise error
    return ManyJobs(tuple(found), tuple(missing), failed, error)
