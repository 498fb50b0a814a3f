"""One look at all jobs of a source, a part of them at a time: keys are answered in between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from jobtui.model import Flag, Job, JobRef
from jobtui.monitor.store import Store
from jobtui.turns import give_way

AT_ONCE = 1_000
"""Jobs that are looked at before anything else gets its turn."""
CHANGED_AT_ONCE = 100
"""The same of jobs that changed, or are new: of each a good deal follows."""


@dataclass(slots=True)
class Swept:
    """What a look found that is to be seen to; most of a large list is in none of these."""

    unheard: list[JobRef] = field(default_factory=list)
    """Open jobs that no answer of this round has told of, or of which less is known than promised."""
    heard_at: datetime | None = None
    """When that was heard of which was heard of the longest ago, of the open jobs that this round told of."""
    returned: list[Job] = field(default_factory=list)
    """Ended jobs, read whole once, that are marked as stale."""
    old: list[JobRef] = field(default_factory=list)
    """Jobs that ended too long ago to be listed."""


async def slices(store: Store, source: str) -> AsyncIterator[list[Job]]:
    """Give the jobs of a source, some at a time."""
    for number, jobs in enumerate(store.parts_of(source, AT_ONCE)):
        if number:
            await give_way()
        yield jobs


async def sweep(
    store: Store, source: str, *, began: datetime, since: datetime, told: Collection[JobRef]
) -> Swept:
    """Look at all jobs of a source, after its list was read in a round that began at a moment.

    ``since`` is when a job may have ended to be listed still, ``told`` are those that the server tells of.
    """
    swept = Swept()
    async for jobs in slices(store, source):
        _look(jobs, began, since, told, swept)
    return swept


def _look(
    jobs: Iterable[Job], began: datetime, since: datetime, told: Collection[JobRef], swept: Swept
) -> None:
    last = None
    for job in jobs:
        flags, as_of = job.flags, job.as_of
        if job.ended:
            if flags and Flag.STALE in flags and Flag.BRIEF not in flags:
                swept.returned.append(job)
            if job.moved_at < since:
                swept.old.append(job.ref)
        elif flags and (Flag.STALE in flags or Flag.BRIEF in flags):
            swept.unheard.append(job.ref)
        elif as_of is not last:
            # The jobs of one page share one moment.
            if as_of < began or (told and job.ref in told):
                swept.unheard.append(job.ref)
            else:
                last = as_of
                swept.heard_at = as_of if swept.heard_at is None else min(swept.heard_at, as_of)
