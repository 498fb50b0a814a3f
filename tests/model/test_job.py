"""What a job says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from jobtui.model import Job, JobRef, Kind, State

TOLD = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
ENDED = Job(JobRef("tiles", "1"), Kind.NEXTSPACE, "Rebuild", State.SUCCEEDED, "COMPLETE", True, TOLD)


def test_a_job_moved_when_its_server_says_so_but_never_after_we_were_told() -> None:
    before, far = TOLD - timedelta(hours=2), TOLD.replace(year=3026)
    assert replace(ENDED, ended_at=before, updated=far).moved_at == before
    assert replace(ENDED, updated=before).moved_at == before
    assert replace(ENDED, ended_at=far).moved_at == TOLD
    assert ENDED.moved_at == TOLD
