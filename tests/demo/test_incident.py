"""The scripted incident: one cause in all three services, one step to be held, a colleague at it again."""

import pytest

from jobtui.demo import World, incident
from jobtui.demo.arcgis_flow import make_hold
from jobtui.demo.arcgis_job import Job
from jobtui.demo.arcgis_world import USER
from jobtui.demo.clock import ManualClock
from tests.demo.story import story

_LONGEST_S = 2_500.0
"""World seconds after which the colleague has started the step again."""


def an_incident(seed: int) -> World:
    return World(seed, clock=ManualClock(), scenario="incident")


def maintenance(world: World) -> Job:
    return next(job for job in world.item.jobs.values() if job.name == incident.JOB)


@pytest.mark.parametrize("seed", [0, 7])
def test_work_of_all_three_services_fails_for_the_same_cause(seed: int) -> None:
    world = an_incident(seed)
    with world.at_now() as now:
        actions = [each for each in world.actions.by_id.values() if each.status(now) == "FAILED"]
        batches = [each for each in world.batches.by_id.values() if each.cause is not None]
        syncs = [
            entry
            for job in world.item.jobs.values()
            for entry in job.history
            if entry.action == "Error" and job.name != incident.JOB
        ]
        assert [each.why_failed for each in actions] == [incident.CAUSE] * 2
        assert [entry.result for entry in syncs] == [incident.CAUSE] * 2
        items = [row for batch in batches for row in batch.results if not row["success"]]
    assert len(batches) == 2
    assert {row["error"] for row in items} == {incident.CAUSE}
    assert incident.STEP in incident.CAUSE
    assert incident.JOB in incident.CAUSE


def test_the_step_to_be_held_has_failed_can_be_held_and_is_started_again_unless_it_is() -> None:
    for is_held in (False, True):
        world = an_incident(7)
        job = maintenance(world)
        turn = job.current[incident.STEP_ID]
        assert (turn.step.name, turn.phase) == (incident.STEP, "failed")
        tries = len(incident.TRIES)
        assert _starts(job) == tries
        if is_held:
            with world.at_now():
                make_hold(world.item, job, incident.STEP_ID, USER)
        world.advance(_LONGEST_S)
        assert (_starts(job) > tries) is not is_held


def test_the_same_seed_tells_the_same_incident() -> None:
    assert story(an_incident(3)) == story(an_incident(3))


def _starts(job: Job) -> int:
    return sum(entry.action == "Started" and entry.step_id == incident.STEP_ID for entry in job.history)
