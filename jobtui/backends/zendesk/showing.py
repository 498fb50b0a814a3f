"""Showing one job, by the list where the server cannot show it: seen after very large imports."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from jobtui.backends.zendesk.wire import Told
from jobtui.errors import BackendError, LostAnswer, NoSuchAddress, ServerTrouble, UnexpectedReply

SKIPPED_S = 60.0
"""For how long a job that could not be shown is read from the list at once."""
_MOST_REMEMBERED = 1_000


class Showing:
    """Shows jobs; remembers only for which of them showing did not work."""

    def __init__(
        self,
        show: Callable[[str], Awaitable[Told]],
        listed: Callable[[str], Awaitable[Told | None]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``show`` asks for one job, ``listed`` looks for it in answers that hold several; both raise
        BackendError."""
        self._show = show
        self._listed = listed
        self._clock = clock
        self._failed_at: dict[str, float] = {}

    async def read(self, job_id: str) -> Told:
        """Read one job. Raises BackendError: of the showing, unless a list still has the job."""
        if self._failed_lately(job_id) and (found := await self._in_list(job_id)) is not None:
            return found
        try:
            told = await self._show(job_id)
        except (ServerTrouble, LostAnswer, UnexpectedReply) as error:
            found = None if isinstance(error, NoSuchAddress) else await self._in_list(job_id)
            if found is None:
                raise
            self._remember(job_id)
            return found
        self._failed_at.pop(job_id, None)
        return told

    def _failed_lately(self, job_id: str) -> bool:
        failed_at = self._failed_at.get(job_id)
        return failed_at is not None and self._clock() - failed_at < SKIPPED_S

    async def _in_list(self, job_id: str) -> Told | None:
        try:
            return await self._listed(job_id)
        except BackendError:
            return None  # why it cannot be shown is what there is to say

    def _remember(self, job_id: str) -> None:
        if len(self._failed_at) >= _MOST_REMEMBERED:
            self._failed_at.clear()
        self._failed_at[job_id] = self._clock()
