"""The benchmark of keys runs: each key is seen on the screen, and what the loop did meanwhile is reported."""

from __future__ import annotations

import asyncio
import time

from tests.bench import keys
from tests.bench.stretches import longest_ms, stretches


def test_each_key_is_timed_and_what_kept_it_waiting_is_known() -> None:
    few = asyncio.run(keys.measure(60, 200, 2.0))
    assert len(few.took) > 3, "generous: a machine may be loaded"
    assert all(0 < ms < 10_000 for ms in few.took)
    assert few.at(0.5) <= few.at(0.99) <= max(few.took)
    lines = keys.table([few]).lines()
    assert lines[4].split()[:3] == ["60", "200", str(len(few.took))]
    assert sum(map(int, lines[4].split()[6:14])) == len(few.took)
    assert not keys.table([few]).figures, "only the full load is held against the aim"
    assert len(keys.longest(few).lines()) <= 4 + 5


def test_a_stretch_is_what_was_done_without_a_pause() -> None:
    async def works() -> None:
        until = time.thread_time() + 0.05
        while time.thread_time() < until:
            pass
        await asyncio.sleep(0.05)

    with stretches(least_ms=10.0) as took:
        asyncio.run(works())
    assert 50 <= longest_ms(took) < 5_000
    assert any("works" in one.what for one in took)
