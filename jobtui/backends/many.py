"""Several jobs, each read on its own: what is wrong with one does not cost the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from jobtui.backends.base import ManyJobs
from jobtui.errors import (
    BackendError,
    Forbidden,
    NoSuchJob,
    RequestRefused,
    ServerTrouble,
    UnexpectedReply,
)
from jobtui.model import Job

_OF_ONE = (Forbidden, RequestRefused, UnexpectedReply)


def is_of_one(error: BaseException) -> bool:
    """Say whether an error tells of the job that was asked for, not of its whole source."""
    if isinstance(error, ServerTrouble):
        # A server that stumbles over one record says 500; what says more stands before all records.
        return error.status == 500
    return isinstance(error, _OF_ONE)


async def each_of(job_ids: Sequence[str], read: Callable[[str], Awaitable[Job]]) -> ManyJobs:
    """Read jobs side by side, no id twice.

    Raises the first error that is the whole source's, when nothing is left running behind our back.
    """
    unique = list(dict.fromkeys(job_ids))
    found: list[Job] = []
    missing: list[str] = []
    failed: dict[str, BackendError] = {}
    answers = await asyncio.gather(*map(read, unique), return_exceptions=True)
    for job_id, answer in zip(unique, answers, strict=True):
        if isinstance(answer, Job):
            found.append(answer)
        elif isinstance(answer, NoSuchJob):
            missing.append(job_id)
        elif isinstance(answer, BackendError) and is_of_one(answer):
            failed[job_id] = answer
        else:
            raise answer
    return ManyJobs(tuple(found), tuple(missing), failed)
