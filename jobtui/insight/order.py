"""Messages in the order in which they were said, whenever they arrive. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from jobtui.model import JobMessage


def in_order(known: Sequence[JobMessage], new: Sequence[JobMessage]) -> list[JobMessage]:
    """Give what was known, which is in order, and what is new as one: each at its own time.

    What has no time stays behind what it came after; of the same time, what came first is first.
    """
    together = [*known, *new]
    if is_in_turn(known, new):
        return together
    moments: list[float] = []
    for message in together:
        before = moments[-1] if moments else float("-inf")
        moments.append(before if message.at is None else message.at.timestamp())
    numbers = sorted(range(len(together)), key=moments.__getitem__)
    return [together[number] for number in numbers]


def is_in_turn(known: Sequence[JobMessage], new: Sequence[JobMessage]) -> bool:
    """Whether all that is new belongs behind what is known, as it stands."""
    last = next((message.at for message in reversed(known) if message.at is not None), None)
    for message in new:
        if message.at is None:
            continue
        if last is not None and message.at < last:
            return False
        last = message.at
    return True
