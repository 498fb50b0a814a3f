"""Turns: while a key waits for its answer, work that can wait does.

Everything shares one loop. Long work goes in short steps and gives way between them; as long as a key is on
its way from the terminal to the screen, none of it goes on. Whoever reads the terminal says that a key has
come, the app that it has been acted on, whoever draws that it is answered. Without a screen nothing waits.
"""

from __future__ import annotations

import asyncio
import time

MOST_S = 0.1
"""How long a key is waited for: what answers it may never be drawn."""
THERE_S = 3.0
"""How long after a key somebody is at the keys."""
MUCH, FORGOTTEN_A_S = 100, 150
"""More than the first at once, or than the second in each second, is much."""
_LOOK_S = 0.001
_NEVER = float("-inf")

_clock = time.monotonic


class _Key:
    """The last key that came, of those that nothing on the screen answers yet."""

    came_at = _NEVER
    waits_until = _NEVER
    is_acted_on = False


class _News:
    """How much has come of late; it is forgotten as time goes by."""

    level = 0.0
    at = _NEVER


def news_came(count: int) -> None:
    """Say that so many changes and messages have come."""
    _News.level, _News.at = _left() + count, _clock()


def is_pouring() -> bool:
    """Whether so much comes, while somebody is at the keys, that all of it is best taken in parts."""
    return is_somebody_there() and _left() > MUCH


def _left() -> float:
    return max(0.0, _News.level - (_clock() - _News.at) * FORGOTTEN_A_S) if _News.level else 0.0


def key_came() -> None:
    """Say that a key has come; from whatever thread."""
    _Key.is_acted_on = False
    _Key.came_at = now = _clock()
    _Key.waits_until = now + MOST_S


def acted_on() -> None:
    """Say that all has been done that the keys ask for which have come."""
    _Key.is_acted_on = True


def drawn() -> None:
    """Say that the screen shows what has been done."""
    if _Key.is_acted_on:
        _Key.waits_until = _NEVER


def is_key_waiting() -> bool:
    """Whether a key has come that nothing on the screen answers yet."""
    return _Key.waits_until > _clock()


def is_key_unseen() -> bool:
    """Whether a key has come that has not been acted on yet: what is drawn now does not show it."""
    return not _Key.is_acted_on and is_key_waiting()


def is_somebody_there() -> bool:
    """Whether a key has come of late."""
    return _clock() - _Key.came_at < THERE_S


async def give_way() -> None:
    """Let everybody else have a turn, and all of what a key asks for."""
    await asyncio.sleep(0)
    while is_key_waiting():  # noqa: ASYNC110 - a key comes from another thread, which no event of ours spans
        await asyncio.sleep(_LOOK_S)
