"""What the loop did at a stretch: while it does one thing, no key is answered."""

from __future__ import annotations

import asyncio
import asyncio.events
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_SAID = 200


@dataclass(frozen=True, slots=True)
class Stretch:
    """One thing that was done without a pause."""

    at: float
    """When it began, by the monotonic clock."""
    ms: float
    """Of CPU time: what others took meanwhile is not ours."""
    what: str = ""


@contextmanager
def stretches(*, least_ms: float = 0.0) -> Iterator[list[Stretch]]:
    """Collect what this thread's loop does that takes so long at least; of the longer ones, what it was."""
    took: list[Stretch] = []
    ours = threading.get_ident()
    run = asyncio.events.Handle._run

    ended = time.thread_time()

    def timed(handle: Any) -> None:
        # One look at the clock for each: what came between two of them counts for the later.
        nonlocal ended
        if threading.get_ident() != ours:  # a server in a thread of its own, whose clock is another
            run(handle)
            return
        at = time.monotonic()
        run(handle)
        began, ended = ended, time.thread_time()
        ms = (ended - began) * 1_000
        if ms >= least_ms:
            took.append(Stretch(at, ms, _said(handle) if least_ms else ""))

    asyncio.events.Handle._run = timed  # type: ignore[method-assign,assignment]
    try:
        yield took
    finally:
        asyncio.events.Handle._run = run  # type: ignore[method-assign]


def _said(handle: Any) -> str:
    """Say whose work it was: of a task its name and where it begins."""
    task = getattr(handle._callback, "__self__", None)
    if not isinstance(task, asyncio.Task):
        return repr(handle)[:_SAID]
    return f"{task.get_name()}: {getattr(task.get_coro(), '__qualname__', '')}"[:_SAID]


def longest_ms(took: Sequence[Stretch]) -> float:
    """Give the longest."""
    return max((one.ms for one in took), default=0.0)
