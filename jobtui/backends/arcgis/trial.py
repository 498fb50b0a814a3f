"""Whether a notification socket can be had: opened once, listened to for a moment, closed again."""

from __future__ import annotations

import asyncio

from jobtui.backends.base import Push, PushState

LONGEST_S = 5.0


async def tried(push: Push, within_s: float) -> PushState:
    """Say how a socket stands that nobody listens to yet; never raises."""
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
