"""The promises of the demo's world, kept over many seeds and many hours."""

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from jobtui.demo import ManualClock, World
from jobtui.demo.arcgis_cast import CONDITIONS
from jobtui.demo.arcgis_job import Job
from jobtui.demo.arcgis_world import USER

from .story import broken_promises, story

SEEDS = range(12)


def a_world(seed: int = 7, *, scenario: str = "shift", jobs: int = 0) -> World:
    return World(seed, clock=ManualClock(), scenario=scenario, jobs=jobs)


@pytest.mark.parametrize("seed", SEEDS)
def test_it_starts_mid_shift_with_every_state_to_see(seed: int) -> None:
    world = a_world(seed)
    actions, batches, jobs = world.actions.by_id, world.batches.by_id, world.item.jobs
    assert all(10 <= len(part) <= 50 for part in (actions, batches, jobs))
    statuses = {each.status(0.0) for each in actions.values()}
    assert statuses == {"IN_PROGRESS", "COMPLETE", "FAILED", "CANCELLED"}
    assert any(each.updated(0.0) is None for each in actions.values()), "one waits to start"
    assert any(each.is_partial and each.status(0.0) == "COMPLETE" for each in actions.values())
    assert {each.status(0.0) for each in batches.values()} == {
        "queued",
        "working",
        "completed",
        "failed",
        "killed",
    }
    assert any(
        each.failed_items and each.outcome == "completed" and each.ends < 0 for each in batches.values()
    )
    phases = {turn.phase for job in jobs.values() for turn in job.current.values()}
    assert {"idle", "running", "asking", "paused", "cancelled", "failed"} <= phases
    kinds = {
        (hold.is_dependency, hold.until is not None)
        for job in jobs.values()
        for step_id in job.current
        for hold in job.active_holds(step_id, 0.0)
    }
    assert {(False, False), (False, True), (True, False)} <= kinds


@pytest.mark.parametrize("seed", SEEDS)
def test_the_standing_promises_hold_at_any_moment(seed: int) -> None:
    world, dice = a_world(seed), Random(seed)
    for _ in range(400):
        assert broken_promises(world) == []
        world.advance(dice.uniform(0.1, 240.0))


def test_the_promises_survive_a_user_who_acts_on_everything() -> None:
    from jobtui.demo.arcgis_actions import Ask, act  # the user's side of the world

    world = a_world()
    for kind in ("Hold", "Run", "Finish", "Stop") * 5:
        with world.at_now() as now:
            for action in world.actions.by_id.values():
                action.cancels.append(now)
            for job in list(world.item.jobs.values()):
                act(world.item, world.life, job, Ask(kind))
        assert broken_promises(world) == []
        world.advance(15.0)
        assert broken_promises(world) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_world_never_acts_on_the_users_steps(seed: int) -> None:
    world = a_world(seed)
    mine = {
        (job.job_id, step_id): (turn, turn.phase, turn.moves)
        for job in world.item.jobs.values()
        for step_id, turn in job.current.items()
        if turn.assignee == ("User", USER) and not job.active_holds(step_id, 0.0)
    }
    assert len(mine) >= 5
    world.advance(20 * 3600.0)
    for (job_id, step_id), (turn, phase, moves) in mine.items():
        assert world.item.jobs[job_id].current[step_id] is turn
        assert (turn.phase, turn.moves) == (phase, moves)


def test_same_seed_same_story_whoever_asks_and_when() -> None:
    asked_often, asked_once, dice = a_world(3), a_world(3), Random(1)
    while asked_often.now < 3 * 3600.0:
        asked_often.advance(dice.uniform(0.5, 90.0))
    asked_once.advance(asked_often.now)
    assert asked_once.now == pytest.approx(asked_often.now)
    assert story(asked_often) == story(asked_once)
    assert story(a_world(4)) != story(a_world(3))


def test_an_action_of_the_user_disturbs_no_other_job() -> None:
    touched, alone = a_world(5), a_world(5)
    with touched.at_now() as now:
        action = next(
            each for each in touched.actions.by_id.values() if each.is_running(now) and each.obeys_cancel
        )
        action.cancels.append(now)
    for world in (touched, alone):
        world.advance(7200.0)
    ours, theirs = story(touched), story(alone)
    ours["actions"].pop(action.action_id)
    theirs["actions"].pop(action.action_id)
    assert ours == theirs


def test_wire_times_agree_with_the_wall_at_every_speed() -> None:
    start = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    for speed in (0.5, 1.0, 20.0):
        clock = ManualClock()
        world = World(7, clock=clock, speed=speed, start=start)
        clock.move(60.0 * speed)
        assert world.calendar.stamp(world.now) == "2026-01-05T08:01:00.000Z"
        assert world.calendar.world_second("2026-01-05T08:01:00Z") == pytest.approx(world.now)
        assert world.calendar.world_second("2026-01-05T10:01:00+02:00") == pytest.approx(world.now)


def test_memory_stays_bounded_over_days() -> None:
    world = a_world()
    for _ in range(12):
        world.advance(6 * 3600.0)
    assert len(world.actions.by_id) < 450
    assert len(world.batches.by_id) < 1100
    assert len(world.item.jobs) < 500
    assert sum(not job.closed for job in world.item.jobs.values()) < 90


def test_a_batch_is_forgotten_a_day_after_it_was_made() -> None:
    world = a_world()
    batch = world.add_batch(size=3)
    world.advance(23.9 * 3600)
    assert batch.batch_id in world.batches.by_id
    world.advance(0.2 * 3600)
    assert batch.batch_id not in world.batches.by_id


def test_one_in_six_ignores_a_cancel_says_so_and_ends_by_itself() -> None:
    world = a_world()
    made = [world.add_action(lasts=300.0) for _ in range(12)]
    with world.at_now() as now:
        for action in made:
            action.cancels.append(now)
    world.advance(10.0)
    stubborn = [action for action in made if action.status(world.now) == "IN_PROGRESS"]
    assert len(stubborn) == 2
    assert all(action.status(world.now) == "CANCELLED" for action in made if action not in stubborn)
    assert all("cannot be interrupted" in action.lines(world.now)[-1].text for action in stubborn)
    world.advance(300.0)
    assert all(action.status(world.now) == "COMPLETE" for action in stubborn)


def test_running_actions_speak_and_failed_ones_end_with_their_reason() -> None:
    world = a_world()
    world.advance(3600.0)
    kinds: Counter[str] = Counter()
    for action in world.actions.by_id.values():
        lines = action.lines(world.now)
        kinds.update(line.kind for line in lines)
        assert [line.at for line in lines] == sorted(line.at for line in lines)
        if action.is_running(world.now):
            assert lines, "a running action has said something"
        if action.status(world.now) == "FAILED":
            assert lines[-1].kind == "ERROR"
    assert set(kinds) == {"STATUS", "INFO", "WARNING", "ERROR", "DEBUG"}


def test_results_come_in_every_shape() -> None:
    world = a_world()
    world.advance(5 * 3600.0)
    ended = [each for each in world.actions.by_id.values() if each.end < world.now]
    assert {type(each.result(world.now)) for each in ended} >= {dict, str, list, int}
    assert "" in [each.result(world.now) for each in ended]
    batches = [each for each in world.batches.by_id.values() if each.ends < world.now]
    assert {type(each.results) for each in batches} == {dict, list, type(None)}


def test_scheduled_and_dependency_holds_end_by_themselves() -> None:
    world = a_world()
    scheduled, waiting = world.add_workflow_job("held-scheduled"), world.add_workflow_job("held-dependency")
    step_id = next(iter(scheduled.current))
    world.advance(5399.0)
    assert scheduled.active_holds(step_id, world.now)
    world.advance(2.0)
    assert not scheduled.active_holds(step_id, world.now)
    assert scheduled.history[-1].action == "HoldReleased"
    other = world.item.jobs[str(waiting.holds[0].after_job)]
    with world.at_now():
        world.stage.walk(other, None)
    assert waiting.holds[0].released_at is not None
    assert waiting.history[-1].action == "HoldReleased"


def state_by_history(job: Job, step_id: str) -> str:
    """Say what a client without the socket concludes of a current step."""
    words = {
        "Activated": "idle",
        "Started": "running",
        "Paused": "paused",
        "Cancelled": "cancelled",
        "Error": "failed",
    }
    events = [entry.action for entry in job.history if entry.step_id == step_id and entry.action in words]
    return words[events[-1]] if events else "idle"


@pytest.mark.parametrize("seed", range(4))
def test_history_alone_tells_the_state_of_each_step(seed: int) -> None:
    world = a_world(seed)
    for _ in range(30):
        world.advance(300.0)
        for job in world.item.jobs.values():
            for step_id, turn in job.current.items():
                assert state_by_history(job, step_id) == {"asking": "running"}.get(turn.phase, turn.phase)
    actions = {entry.action for job in world.item.jobs.values() for entry in job.history}
    expected = {"Created", "Activated", "Started", "Paused", "Finished", "Completed", "Error", "Cancelled"}
    assert expected | {"Reassigned", "Held", "HoldReleased", "DependencyAdded", "Closed"} <= actions
    errors = [entry for job in world.item.jobs.values() for entry in job.history if entry.action == "Error"]
    assert all(entry.result for entry in errors)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_can_be_made_at_any_time(condition: str) -> None:
    world = a_world()
    world.advance(1000.0)
    job = world.add_workflow_job(condition)
    assert world.item.jobs[job.job_id] is job
    world.advance(3600.0)


def test_the_scenarios_differ() -> None:
    quiet, incident, empty = (a_world(scenario=name) for name in ("quiet", "incident", "empty"))
    assert not empty.actions.by_id
    assert not empty.batches.by_id
    assert not empty.item.jobs
    with quiet.at_now() as now:
        assert {each.status(now) for each in quiet.actions.by_id.values()} == {"COMPLETE"}
        assert {each.status(now) for each in quiet.batches.by_id.values()} == {"completed"}
        assert all(job.closed and job.percent == 100 for job in quiet.item.jobs.values())
        assert all(len(part) >= 10 for part in (quiet.actions.by_id, quiet.batches.by_id, quiet.item.jobs))
    assert broken_promises(incident) == []
    with pytest.raises(ValueError, match="the nearest is 'incident'"):
        a_world(scenario="incidnt")


def test_thousands_of_jobs_are_spread_over_the_services() -> None:
    world = a_world(jobs=6000)
    counts = [len(part) for part in (world.actions.by_id, world.batches.by_id, world.item.jobs)]
    assert all(abs(count - 2000) < 50 for count in counts)
    world.advance(3600.0)
    assert broken_promises(world) == []
