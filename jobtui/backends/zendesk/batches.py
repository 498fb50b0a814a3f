"""Many job statuses with few requests; an id that spoils its batch is found and left out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from msgspec.structs import replace

from jobtui.backends.base import ManyJobs
from jobtui.backends.many import each_of
from jobtui.backends.zendesk.wire import Page, Told
from jobtui.errors import BackendError, NoSuchAddress, NoSuchJob, RequestRefused
from jobtui.model import Job, JobMessage

BATCH = 100
"""Most ids that one show_many takes."""
_SMALL = 10
"""Ids of the batches that a refused one is asked again in: a bad id costs twenty requests, not a hundred."""


class Batches:
    """Asks for several ids at once; remembers only whether the server can be asked so."""

    def __init__(
        self, many: Callable[[Sequence[str]], Awaitable[Page]], show: Callable[[str], Awaitable[Told]]
    ) -> None:
        """``many`` asks show_many, ``show`` shows a single job; both raise BackendError."""
        self._many = many
        self._show = show
        self._is_known: bool | None = None
        """Whether the server has show_many; None until it has shown."""

    async def read(self, job_ids: Sequence[str]) -> ManyJobs:
        """Read several, a hundred at a time, no id twice. Raises BackendError when the source fails."""
        # A comma would read as two ids; such an id is nobody's.
        wanted = [job_id for job_id in dict.fromkeys(job_ids) if "," not in job_id]
        found: dict[str, Job] = {}
        failed: dict[str, BackendError] = {}
        messages: list[JobMessage] = []
        error: BackendError | None = None
        for start in range(0, len(wanted), BATCH):
            try:
                part = await self._batch(wanted[start : start + BATCH], _SMALL)
            except BackendError as trouble:
                if not found:
                    raise
                part = ManyJobs((), (), error=trouble)
            found |= {job.ref.job_id: job for job in part.found}
            failed |= part.failed
            messages += part.messages
            if (error := part.error) is not None:
                break
        unknown = [each for each in dict.fromkeys(job_ids) if each not in found and each not in failed]
        told = tuple(found[each] for each in wanted if each in found)
        return ManyJobs(told, () if error else tuple(unknown), failed, error, tuple(messages))

    async def _batch(self, job_ids: Sequence[str], smaller: int) -> ManyJobs:
        if self._is_known is False:
            return await self._each(job_ids)
        try:
            page = await self._many(job_ids)
        except NoSuchAddress:
            if self._is_known:
                raise
            return await self._one_by_one(job_ids)
        except (NoSuchJob, RequestRefused):
            if len(job_ids) > smaller:
                return await self._in_parts(job_ids, smaller)
            return await self._one_by_one(job_ids)
        self._is_known = True
        return ManyJobs(page.jobs, ())

    async def _in_parts(self, job_ids: Sequence[str], size: int) -> ManyJobs:
        parts: list[ManyJobs] = []
        for at in range(0, len(job_ids), size):
            parts.append(await self._batch(job_ids[at : at + size], size))
            if parts[-1].error is not None:
                break
        failed = {job_id: why for part in parts for job_id, why in part.failed.items()}
        found = tuple(job for part in parts for job in part.found)
        messages = tuple(message for part in parts for message in part.messages)
        return ManyJobs(found, (), failed, parts[-1].error, messages)

    async def _each(self, job_ids: Sequence[str]) -> ManyJobs:
        """Show each by itself; what is shown so has its message beside it."""
        messages: list[JobMessage] = []

        async def one(job_id: str) -> Job:
            told = await self._show(job_id)
            if told.message is not None:
                messages.append(told.message)
            return told.detail.job

        return replace(await each_of(job_ids, one), messages=tuple(messages))

    async def _one_by_one(self, job_ids: Sequence[str]) -> ManyJobs:
        part = await self._each(job_ids)
        if self._is_known is None and part.found:
            try:
                await self._many([part.found[0].ref.job_id])
                self._is_known = True
            except (NoSuchJob, NoSuchAddress, RequestRefused):
                # Not even for an id that it knows: the server has no such address.
                self._is_known = False
        return part
