"""Whether a workflow item can be had, and what of it: its list, its number of jobs, its notifications."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from msgspec import Struct

from jobtui.backends.arcgis.searching import Search
from jobtui.backends.arcgis.sign_in import Identification
from jobtui.backends.base import Identity, Push, PushState
from jobtui.errors import BackendError, NoSuchAddress, NoSuchJob

LONGEST_S = 5.0
"""How long notifications are tried at most."""


class Proving(Struct, frozen=True):
    """Asks what ``source test`` tells."""

    source: str
    root: str
    who: Identification
    search: Search
    listener: Callable[[], Push] | None
    """Makes a push of its own; None where none is to be used."""
    timeout_s: float

    async def identity(self) -> Identity:
        """Prove that the token may list jobs; whose it is, only configuration and sign-in say.

        Raises BackendError.
        """
        try:
            await self.search.prove()
        except NoSuchJob as error:
            raise await self._with_hint(no_item(self.source, error)) from None
        except NoSuchAddress as error:
            raise await self._with_hint(error) from None
        total, stands = await asyncio.gather(self.search.total(), self._push())
        return Identity(self.who.user, total=total, push=stands)

    async def _push(self) -> PushState | None:
        return None if self.listener is None else await tried(self.listener(), self.timeout_s)

    async def _with_hint(self, error: BackendError) -> BackendError:
        """Add what the portal says of the address: to a person only, nothing is sent there."""
        try:
            named = await self.who.portal.named_server() if self.who.portal else None
        except BackendError:
            return error  # the portal may not speak with strangers
        return type(error)(self.source, f"{error}; {named.beside(self.root)}") if named else error


def no_item(source: str, error: NoSuchJob) -> NoSuchJob:
    """Say of a list that is not there what to check."""
    return NoSuchJob(source, f"no workflow item at this address; check organization and item: {error}")


async def tried(push: Push, within_s: float) -> PushState:
    """Open a socket that nobody listens to yet, and say how it stands; never raises."""
    stands: asyncio.Future[PushState] = asyncio.get_running_loop().create_future()

    def first(state: PushState) -> None:
        if not stands.done():
            stands.set_result(state)

    listening = asyncio.create_task(push.run(lambda _pushed: None, first))
    try:
        async with asyncio.timeout(min(within_s, LONGEST_S)):
            return await stands
    except TimeoutError:
        return PushState(False, "nothing was heard of its notifications in time")
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
