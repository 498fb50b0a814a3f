"""The followed job is read as often as was said, whatever else is asked of its server."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from jobtui.model import JobRef
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
    assert max(later - earlier for earlier, later in pairwise(read)) < POLL_S + 0.5


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
