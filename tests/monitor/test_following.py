"""The followed job: read as often as was said whatever else is asked, and told again to who comes back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from jobtui.model import JobMessage, JobRef, Level
from jobtui.monitor.events import Event, MessagesArrived
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.monitor.scripted import Scripted, monitor_of
from tests.simulation.house import House, house
from tests.simulation.loop import simulated_time

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
POLL_S = 5.0
MINUTES_S = 300.0


def test_a_followed_job_is_read_each_interval_also_where_its_server_tells_nothing(tmp_path: Path) -> None:
    async def minutes() -> list[float]:
        async with house(tmp_path / "journal.sqlite3", faults="arcgis/ws-drop") as home:
            followed = _the_first_open(home)
            read = _note_reads(home, followed.job_id)
            await home.monitor.start()
            home.monitor.follow(followed)
            await asyncio.sleep(1.0)
            home.monitor.look_at([job.ref for job in home.monitor.store if job.ref.source == "field"])
            await asyncio.sleep(MINUTES_S)
            return read

    with simulated_time(START) as loop:
        read = loop.run_until_complete(minutes())
    assert len(read) >= MINUTES_S / POLL_S - 2
    # A minute's requests last for the followed job, though the open ones beside it are read one by one.
    # More is allowed: while a thread writes the journal, simulated time goes on as it likes.
    assert max(later - earlier for earlier, later in pairwise(read)) < POLL_S * 1.6


async def test_of_many_messages_whoever_comes_back_is_told_the_newest_at_once_and_then_the_others(
    tmp_path: Path,
) -> None:
    backend, events = Scripted(), list[Event]()
    ref = backend.has(a_job("1"))
    backend.messages_of = [
        JobMessage(ref, str(number), NOW + timedelta(seconds=number), Level.INFO, "info", f"tile {number}")
        for number in range(950)
    ]
    monitor = monitor_of(backend, tmp_path / "journal.sqlite3", events=events)

    def told(*, earlier: bool) -> list[list[int]]:
        arrived = [one for one in events if isinstance(one, MessagesArrived) and one.are_earlier is earlier]
        return [[int(each.id) for each in one.messages] for one in arrived]

    try:
        await monitor.start()
        monitor.follow(ref)
        await until(lambda: sum(map(len, told(earlier=False))) == 950)
        monitor.follow(None)
        events.clear()
        monitor.follow(ref)
        assert told(earlier=False) == [list(range(750, 950))]
        assert told(earlier=True) == []
        await until(lambda: sum(map(len, told(earlier=True))) == 750)
        await until(lambda: backend.asked.count("1") >= 3)
        parts = [list(range(max(0, end - 200), end)) for end in range(750, 0, -200)]
        assert told(earlier=True) == parts
        monitor.follow(None)
        events.clear()
        monitor.follow(ref)
        monitor.tell_rest()
        assert told(earlier=True) == parts, "who asks for all of them does not wait"
        asked = backend.asked.count("1")
        await until(lambda: backend.asked.count("1") >= asked + 2)
        assert told(earlier=True) == parts
        assert len(told(earlier=False)) == 1
    finally:
        await monitor.stop()


def _the_first_open(home: House) -> JobRef:
    jobs = home.world.item.jobs
    return JobRef("field", next(job_id for job_id, job in jobs.items() if not job.closed))


def _note_reads(home: House, job_id: str) -> list[float]:
    """Note when each question for the diagram of a job reaches the server."""
    begin, read = home.services.log.begin, []

    def noting(scope: Any, source: str, body: bytes) -> dict[str, Any]:
        entry = begin(scope, source, body)
        if entry["path"].endswith(f"/jobs/{job_id}"):
            read.append(asyncio.get_running_loop().time())
        return entry

    home.services.log.begin = noting  # type: ignore[method-assign]
    return read
