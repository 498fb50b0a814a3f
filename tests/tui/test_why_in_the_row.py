"""The reason is in the row, not three screens away: for every kind, whatever it is that needs somebody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobtui.insight.sorting import Column
from jobtui.model import Flag, Hold, Job, Kind, State
from jobtui.tui.format.columns import Columns
from jobtui.tui.format.jobs import job_row
from jobtui.tui.format.spans import text_of
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.tui.conftest import Drive

HELD = Hold("h1", "s1", by="dortiz", since=NOW - timedelta(days=3))
UNTIL = Hold("h2", "s1", by="lead", until=NOW + timedelta(days=3))


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (
            a_job(state=State.PARTIAL, ended=True, why="14 of 100 items failed: RecordNotFound"),
            "14 of 100 items",
        ),
        (a_job(state=State.FAILED, ended=True, why="script exit 1"), "script exit 1"),
        (a_job(kind=Kind.ARCGIS, state=State.HELD, holds=(HELD,)), "1 hold: dortiz since 3d"),
        (a_job(kind=Kind.ARCGIS, state=State.HELD, holds=(UNTIL,)), "1 hold: until Mon 14:00"),
        (
            a_job(flags=frozenset({Flag.STALLED}), unchanged_since=NOW - timedelta(minutes=18)),
            "nothing new for 18m",
        ),
    ],
    ids=["first failing item", "exit text", "owner of a hold", "end of a hold", "unchanged progress"],
)
def test_the_row_says_why(job: Job, said: str) -> None:
    assert said in text_of(job_row(job, NOW, Columns.of(98, 6)))


async def test_every_problem_and_every_hold_of_the_demo_says_why_in_eighty_columns(drive: Drive) -> None:
    async with drive(size=(80, 24)) as driven:
        await until(lambda: len(driven.main.view) > 25, what="the list")
        looked_at = {State.FAILED, State.PARTIAL, State.HELD}

        def unread() -> list[Job]:
            jobs = [job for job in driven.monitor.store if job.state in looked_at]
            return [job for job in jobs if job.is_brief]

        await until(lambda: not unread(), what="all are read", timeout_s=60)
        columns, now = driven.main.jobs.columns, driven.app.now()
        for job in driven.monitor.store:
            if job.state in looked_at or Flag.STALLED in job.flags:
                spans = job_row(job, now, columns)
                why = spans[2 * [column for column, _ in columns.widths].index(Column.WHY)]
                assert why.text.strip(), job.ref
