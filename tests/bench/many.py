"""Many jobs as servers have them, in memory, and how long something takes with them."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median

from jobtui.insight.muting import Mutes
from jobtui.model import Job, JobRef, Kind, State
from jobtui.monitor.store import Store
from jobtui.tui.finding import Finding

SIZES = (1_000, 10_000, 100_000)
NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
_WORDS = ("coast", "north", "tiles", "import", "users", "update", "road", "parcel", "survey", "lake", "river")
_SOURCES = {"tiles": Kind.NEXTSPACE, "desk": Kind.ZENDESK, "field": Kind.ARCGIS}
_USUAL = (
    State.SUCCEEDED,
    State.RUNNING,
    State.RUNNING,
    State.WAITING,
    State.QUEUED,
    State.FAILED,
    State.HELD,
)


def many_jobs(count: int) -> list[Job]:
    """Make so many jobs of all kinds, the same ones every time."""
    chance = random.Random(7)
    return [_one(number, chance) for number in range(count)]


def _one(number: int, chance: random.Random) -> Job:
    source, state = chance.choice(list(_SOURCES)), chance.choice(_USUAL)
    ended = state in (State.SUCCEEDED, State.FAILED)
    created = NOW - timedelta(seconds=chance.random() * 1_000_000)
    return Job(
        ref=JobRef(source, str(100_000 + number)),
        kind=_SOURCES[source],
        title=f"{' '.join(chance.choices(_WORDS, k=3))} {number}",
        state=state,
        raw_state=state.value,
        ended=ended,
        as_of=NOW,
        why="3 of 40 failed: no such user" if state is State.FAILED else None,
        created=created,
        updated=created + timedelta(seconds=chance.random() * 10_000),
        ended_at=NOW - timedelta(seconds=chance.random() * 100_000) if ended else None,
        owner=chance.choice(("ann", "bob", "dortiz", None)),
    )


def finding_of(jobs: list[Job]) -> tuple[Store, Finding]:
    """Give a list of jobs as the screen holds it, without a screen."""
    store = Store()
    store.apply(jobs, NOW)
    return store, Finding(store, lambda: NOW, Mutes())


def took_ms(work: Callable[[], object]) -> float:
    """Say how long something took of a processor; the collector is off, as it comes when it likes."""
    gc.collect()
    gc.disable()
    try:
        began = time.thread_time()
        work()
        return (time.thread_time() - began) * 1_000
    finally:
        gc.enable()


def middle(times: list[float]) -> float:
    """Give the median."""
    return median(times)
