"""The benchmarks of a round and of memory measure what they say."""

from __future__ import annotations

import asyncio
import asyncio.events
from pathlib import Path

from tests.bench import memory
from tests.bench import round as bench
from tests.bench.chain import chain
from tests.bench.registry import Options
from tests.bench.scene import served


async def test_a_round_takes_in_every_job_once_and_then_only_those_that_moved(tmp_path: Path) -> None:
    async with served("tests.bench.tiles", "300") as server, chain(server.url, tmp_path) as watched:
        await watched.round()
        assert (len(watched.known.store), sum(watched.changes)) == (300, 300)
        before = {job.ref: job for job in watched.known.store}
        ages = {job.ref: job.as_of for job in watched.known.store}
        watched.changes.clear()
        await watched.round()
        kept = [job for job in watched.known.store if before[job.ref] is job]
        assert (sum(watched.changes), len(kept)) == (3, 297)
        assert all(job.as_of > ages[job.ref] for job in watched.known.store)


def test_ours_and_the_yardstick_are_measured_in_pairs() -> None:
    run = asyncio.events.Handle._run
    one = asyncio.run(bench.measure(200, Options(rounds=1)))
    assert asyncio.events.Handle._run is run
    assert one.ratio is not None
    assert 0 < one.ratio < 10
    assert one.blocked_ms > 0
    assert len(bench.table([one], Options(rounds=1)).lines()) == 8


def test_a_job_that_is_held_takes_some_memory() -> None:
    one = asyncio.run(memory.measure(200))
    assert one.jobs == 200
    assert one.held > 300
    assert len(memory.table([one]).lines()) == 7
