"""What a 404 makes of a job: not visible yet, or forgotten with all that was known of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from jobtui.model import Flag, Job, JobRef, Kind, State
from jobtui.monitor.gone import without_answer
from tests.factory import NOW, a_job
from tests.monitor.conftest import make_watch

REF = JobRef("desk", "4be0")
UNTOLD = a_job("4be0", source="desk", raw_state="", state=State.UNKNOWN)
TOLD = a_job("4be0", source="desk", state=State.RUNNING, flags=frozenset({Flag.STALE, Flag.BRIEF}))


@pytest.mark.parametrize(
    ("kind", "asked_s", "known", "state", "ended"),
    [
        (Kind.ZENDESK, 0, None, State.QUEUED, False),
        (Kind.ZENDESK, 59, UNTOLD, State.QUEUED, False),
        (Kind.ZENDESK, 61, None, State.UNKNOWN, True),
        (Kind.ZENDESK, 61, UNTOLD, State.UNKNOWN, True),
        (Kind.ZENDESK, 0, TOLD, State.RUNNING, True),
        (Kind.ZENDESK, 61, TOLD, State.RUNNING, True),
        (Kind.NEXTSPACE, 0, None, State.UNKNOWN, True),
        (Kind.ARCGIS, 0, TOLD, State.RUNNING, True),
    ],
)
def test_an_early_404_is_not_visible_yet_and_a_late_one_is_forgotten(
    kind: Kind, asked_s: float, known: Job | None, state: State, ended: bool
) -> None:
    job = without_answer(REF, kind, known, first_asked=NOW - timedelta(seconds=asked_s), now=NOW)
    assert (job.ref, job.state, job.ended) == (REF, state, ended)
    assert job.flags == (frozenset({Flag.FORGOTTEN}) if ended else frozenset())
    if known is TOLD:
        assert (job.title, job.raw_state) == (TOLD.title, TOLD.raw_state)


async def test_a_batch_that_its_server_forgets_keeps_its_state_and_its_items(tmp_path: Path) -> None:
    with DemoServer(seed=7) as demo:
        batch = next(
            each for each in demo.world.batches.by_id.values() if each.failed_items and each.ends < 0
        )
        ref = JobRef("desk", batch.batch_id)
        watch = make_watch(demo, tmp_path / "journal.sqlite3")
        before = await watch.monitor.read(ref)
        del demo.world.batches.by_id[batch.batch_id]
        after = await watch.monitor.read(ref)
        await watch.monitor.stop()
        watch.journal.close()
    assert Flag.FORGOTTEN not in before.job.flags
    assert after.job.flags == {Flag.FORGOTTEN}
    assert (after.job.state, after.job.why, after.job.ended) == (before.job.state, before.job.why, True)
    assert after.steps == before.steps
