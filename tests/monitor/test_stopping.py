"""What is stopped in the very moment in which it would have gone on stops all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jobtui.monitor.monitor import Monitor
from tests.conftest import until
from tests.factory import a_job
from tests.monitor.scripted import Scripted, monitor_of
from tests.monitor.test_stalls import Seen

_AT_ONCE_S = 5.0
_WHILE_S = 1.0


@pytest.fixture
def backend() -> Scripted:
    return Scripted()


@pytest.fixture
async def monitor(backend: Scripted, tmp_path: Path) -> AsyncIterator[Monitor]:
    made = monitor_of(backend, tmp_path / "journal.sqlite3", poll_s=60.0)
    yield made
    async with asyncio.timeout(_AT_ONCE_S):
        await made.stop()


async def _is_at_rest(backend: Scripted) -> None:
    """Wait until what was asked for has been, and everybody waits."""
    asked = -1
    while asked != len(backend.asked):
        asked = len(backend.asked)
        await asyncio.sleep(0.3)


async def test_the_polling_of_a_source_that_is_to_be_asked_at_once(
    backend: Scripted, monitor: Monitor
) -> None:
    await monitor.start()
    await until(lambda: backend.asked)
    await _is_at_rest(backend)
    monitor.refresh()
    async with asyncio.timeout(_AT_ONCE_S):
        await monitor.stop()
    await _is_at_rest(backend)


async def test_the_following_of_a_job_that_is_to_be_read_at_once(backend: Scripted, monitor: Monitor) -> None:
    one, other = backend.has(a_job("1")), backend.has(a_job("2"))
    await monitor.start()
    monitor.follow(one)
    await until(lambda: "1" in backend.asked)
    await _is_at_rest(backend)
    monitor.refresh()
    monitor.follow(other)
    await until(lambda: "2" in backend.asked)
    await _is_at_rest(backend)
    before = backend.asked.count("1")
    monitor.refresh()
    await _is_at_rest(backend)
    assert backend.asked.count("2") > 1
    assert backend.asked.count("1") == before, "nobody follows it any more"


async def test_the_judging_of_what_has_just_become_known() -> None:
    is_known = asyncio.Event()
    judging = asyncio.create_task(Seen().stalls.run(lambda _: None, is_known.wait))
    await asyncio.sleep(0.05)
    is_known.set()
    judging.cancel()
    done, _ = await asyncio.wait([judging], timeout=_WHILE_S)
    assert done, "it goes on for ever"
    assert judging.cancelled()
