"""Controls that an earlier process sent and heard no answer to: said at the next start, then followed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from jobtui.demo import DemoServer
from jobtui.demo.arcgis_flow import make_hold
from jobtui.demo.arcgis_world import USER
from jobtui.journal import alive
from jobtui.journal.journal import Journal
from jobtui.model import Control, JobRef, Parameters, Verdict
from jobtui.monitor.events import Controlled, Stage
from tests.conftest import until
from tests.monitor.conftest import Watch, make_watch


@pytest.fixture
def everybody_else_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this process take itself for another one that has died."""
    monkeypatch.setattr(alive.SignOfLife, "is_alive", lambda self, token: False)


async def left_behind(watch: Watch, ref: JobRef, *ends: datetime, ago: timedelta = timedelta()) -> None:
    """Leave holds in the journal as they are between sending and answer."""
    detail = await watch.monitor.read(ref)
    assert [step.id for step in detail.current_steps()] == ["s-1"]
    for end in ends:
        proposal = watch.monitor.propose(Control.HOLD, ref, until=end)
        request = replace(proposal.request, asked_at=proposal.request.asked_at - ago)
        watch.journal.asked(request, "somebody")


@pytest.mark.usefixtures("everybody_else_is_dead")
@pytest.mark.parametrize("ago", [timedelta(), timedelta(hours=3)])
async def test_the_next_start_says_that_the_outcome_is_unknown_and_follows_it_at_once(
    demo: DemoServer, watch: Watch, journal_path: Path, ago: timedelta
) -> None:
    job = demo.world.add_workflow_job("not-started")
    ref, end = JobRef("field", job.job_id), datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    await left_behind(watch, ref, end, ago=ago)

    later = make_watch(demo, journal_path)
    await later.monitor.start()
    (said,) = [event for event in later.of(Controlled) if event.stage is Stage.ANSWERED]
    assert (said.outcome.request.ref, said.outcome.verdict) == (ref, Verdict.UNKNOWN)
    assert said.outcome.reason == "no answer was ever written"
    with demo.world.at_now():
        seconds = demo.world.calendar.world_second(end.isoformat())
        make_hold(demo.world.item, job, "s-1", USER, until=seconds)
    await until(lambda: any(event.stage is Stage.CONFIRMED for event in later.of(Controlled)))
    await later.monitor.stop()
    later.journal.close()
    assert [entry["path"] for entry in demo.requests if str(entry["path"]).endswith("/action")] == []


@pytest.mark.usefixtures("everybody_else_is_dead")
async def test_a_lost_hold_is_told_apart_from_an_accepted_one_that_ends_at_another_time(
    demo: DemoServer, watch: Watch, journal_path: Path
) -> None:
    job = demo.world.add_workflow_job("not-started")
    ref, end = JobRef("field", job.job_id), datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    await left_behind(watch, ref, end, end + timedelta(hours=1))
    with demo.world.at_now():
        seconds = demo.world.calendar.world_second(end.isoformat())
        make_hold(demo.world.item, job, "s-1", USER, until=seconds)
    await watch.monitor.carry_out(
        watch.monitor.propose(Control.HOLD, ref, until=end + timedelta(hours=2)).request
    )

    later = make_watch(demo, journal_path)
    await later.monitor.read(ref)
    await later.monitor.stop()
    later.journal.close()
    with Journal(journal_path) as journal:
        effects = {
            entry.request.parameters: entry.effect and entry.effect.as_asked
            for entry in journal.audit()
            if entry.request.ref == ref
        }
    assert effects == {
        Parameters(("s-1",), end): True,
        Parameters(("s-1",), end + timedelta(hours=1)): None,
        Parameters(("s-1",), end + timedelta(hours=2)): True,
    }
