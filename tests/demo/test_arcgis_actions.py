"""Every action and every refusal of Workflow Manager, over real HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from jobtui.demo import DemoServer, ManualClock
from jobtui.demo.arcgis_job import Job

from .conftest import Doors

REFUSALS = [
    ("closed-early", "Run", "s-1", "JobClosed"),
    ("closed-early", "Stop", "s-1", "JobClosed"),
    ("closed-early", "Finish", "s-1", "JobClosed"),
    ("closed-early", "SetCurrentStep", "s-1", "JobClosed"),
    ("closed-early", "Hold", "s-1", "JobClosed"),
    ("done-open", "Run", "s-1", "NoActiveStep"),
    ("done-open", "Stop", "s-1", "NoActiveStep"),
    ("done-open", "Finish", "s-1", "NoActiveStep"),
    ("done-open", "SetCurrentStep", "s-1", "NoActiveStep"),
    ("not-started", "Run", "s-99", "StepNotInDiagram"),
    ("not-started", "Hold", "s-99", "StepNotInDiagram"),
    ("not-started", "ReleaseHold", "s-99", "StepNotInDiagram"),
    ("not-started", "SetCurrentStep", "s-99", "StepNotInDiagram"),
    ("not-started", "RefreshStatus", "s-99", "StepNotInDiagram"),
    ("not-started", "Run", "s-2", "StepNotCurrent"),
    ("not-started", "Stop", "s-2", "StepNotCurrent"),
    ("not-started", "Finish", "s-2", "StepNotCurrent"),
    ("other-user", "Run", "s-1", "AssignedToDifferentUser"),
    ("other-user", "Stop", "s-1", "AssignedToDifferentUser"),
    ("other-user", "Finish", "s-1", "AssignedToDifferentUser"),
    ("other-user", "SetCurrentStep", "s-2", "AssignedToDifferentUser"),
    ("other-user", "RefreshStatus", "s-1", "AssignedToDifferentUser"),
    ("held-manual", "Run", "s-3", "Held"),
    ("held-scheduled", "Finish", "s-3", "Held"),
    ("held-dependency", "Run", "s-3", "Held"),
    ("started", "Run", "s-1", "AlreadyExecuting"),
    ("started", "Hold", "s-1", "AlreadyExecuting"),
    ("started", "SetCurrentStep", "s-2", "AlreadyExecuting"),
    ("running", "Hold", "s-1", "AlreadyExecuting"),
    ("waiting", "Run", "s-1", "WaitingForInfo"),
    ("not-started", "Stop", "s-1", "NotRunning"),
    ("paused", "Stop", "s-1", "NotRunning"),
    ("not-started", "Finish", "s-1", "NoStartedStep"),
    ("cancelled-question", "Finish", "s-3", "NoStartedStep"),
    ("no-default-path", "Finish", "s-1", "NoMatchingPaths"),
    ("not-started", "ReleaseHold", "s-1", "NotHeld"),
    ("held-dependency", "ReleaseHold", "s-3", "NotHeld"),
    ("held-before", "ReleaseHold", "s-1", "NotHeld"),
    ("not-started", "RefreshStatus", "s-1", "StepNotAuto"),
]


@pytest.mark.parametrize(("condition", "kind", "step_id", "status"), REFUSALS)
def test_a_refused_action_says_why_and_changes_nothing(
    shared: Doors, condition: str, kind: str, step_id: str, status: str
) -> None:
    job = shared.server.world.add_workflow_job(condition)
    if condition == "held-before":
        shared.server.world.advance(2.0)
    before = len(job.history)
    assert shared.act(job.job_id, kind, step_id) == [(step_id, status)]
    assert len(job.history) == before


def test_the_first_reason_in_the_documented_order_wins(doors: Doors) -> None:
    job = doors.server.world.add_workflow_job("other-user")
    assert doors.act(job.job_id, "Hold", "s-1") == [("s-1", "Success")]
    assert doors.act(job.job_id, "Run", "s-1") == [("s-1", "AssignedToDifferentUser")]
    doors.arcgis("POST", "jobs/manage", json={"jobIds": [job.job_id], "type": "Close"})
    assert doors.act(job.job_id, "Run", "s-99") == [("s-99", "JobClosed")]


def turn_phase(job: Job, step_id: str) -> str:
    return job.current[step_id].phase


def test_a_manual_step_is_run_paused_run_again_and_finished(doors: Doors) -> None:
    job = doors.server.world.add_workflow_job("not-started")
    assert doors.act(job.job_id, "Run") == [("s-1", "Success")]
    assert turn_phase(job, "s-1") == "running"
    assert doors.act(job.job_id, "Stop") == [("s-1", "Success")]
    assert turn_phase(job, "s-1") == "paused"
    assert doors.act(job.job_id, "Run", "s-1") == [("s-1", "Success")]
    assert doors.act(job.job_id, "Finish", "s-1") == [("s-1", "Success")]
    assert list(job.current) == ["s-2"]
    history = doors.arcgis("GET", f"jobs/{job.job_id}/history").json()["jobHistory"]
    mine = [row["action"] for row in history if row["username"] == "dortiz" and row["stepId"] == "s-1"]
    assert mine == ["Started", "Paused", "Started", "Finished"]


def test_a_question_asks_is_cancelled_by_stop_and_passed_by_finish(doors: Doors, clock: ManualClock) -> None:
    job = doors.server.world.add_workflow_job("free-question")
    assert doors.act(job.job_id, "Run") == [("s-1", "Success")]
    assert turn_phase(job, "s-1") == "asking"
    assert doors.act(job.job_id, "Stop") == [("s-1", "Success")]
    assert turn_phase(job, "s-1") == "cancelled"
    assert doors.act(job.job_id, "Finish") == [("s-1", "Success")]
    assert list(job.current) == ["s-2"]
    clock.move(400.0)
    assert doors.arcgis("GET", f"jobs/{job.job_id}").json()["closed"] is True, (
        "the automatic step ended by itself"
    )


def test_a_failed_processing_step_is_run_again_and_ends_well(doors: Doors, clock: ManualClock) -> None:
    job = doors.server.world.add_workflow_job("failed")
    assert doors.act(job.job_id, "Run") == [("s-2", "Success")]
    assert turn_phase(job, "s-2") == "running"
    clock.move(900.0)
    doors.server.world.catch_up()
    assert job.closed


def test_a_running_processing_step_is_cancelled_by_stop_and_stays_so(
    doors: Doors, clock: ManualClock
) -> None:
    job = doors.server.world.add_workflow_job("running")
    assert doors.act(job.job_id, "RefreshStatus") == [("s-1", "Success")]
    assert doors.act(job.job_id, "Stop") == [("s-1", "Success")]
    clock.move(3600.0)
    doors.server.world.catch_up()
    assert turn_phase(job, "s-1") == "cancelled"


def test_holds_of_each_kind_are_set_listed_and_released(doors: Doors) -> None:
    world = doors.server.world
    job, other = world.add_workflow_job("not-started"), world.add_workflow_job("other-user")
    until = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    dependency = {"dependentJobId": other.job_id, "dependentStepId": "s-2"}
    assert doors.act(job.job_id, "Hold") == [("s-1", "Success")]
    assert doors.act(job.job_id, "Hold", holdScheduledRelease=until) == [("s-1", "Success")]
    assert doors.act(job.job_id, "Hold", **dependency) == [("s-1", "Success")]
    document = doors.arcgis("GET", f"jobs/{job.job_id}").json()
    assert len(document["holds"]) == 3
    assert not {key for hold in document["holds"] for key in hold if "comment" in key.lower()}
    assert {hold["setBy"] for hold in document["holds"]} == {"dortiz"}
    step = document["currentSteps"][0]
    assert (step["manualHold"], step["dependencies"]) == (True, True)
    assert datetime.fromisoformat(step["holdScheduledRelease"]) == pytest.approx(
        datetime.fromisoformat(until), abs=timedelta(seconds=0.01)
    )
    assert doors.act(job.job_id, "ReleaseHold") == [("s-1", "Success")]
    assert doors.act(job.job_id, "Run") == [("s-1", "Held")], "the dependency still holds"
    assert doors.act(job.job_id, "ReleaseHold", dependentJobId=other.job_id) == [("s-1", "NotHeld")]
    assert doors.act(job.job_id, "ReleaseHold", **dependency) == [("s-1", "Success")]
    assert doors.act(job.job_id, "Run") == [("s-1", "Success")]
    past = doors.arcgis("GET", f"jobs/{job.job_id}").json()["holds"]
    assert [hold["releasedBy"] for hold in past] == ["dortiz"] * 3, "past holds stay in the list"


def test_a_step_of_the_future_can_be_held_and_then_does_not_start(doors: Doors, clock: ManualClock) -> None:
    job = doors.server.world.add_workflow_job("free-question")
    assert doors.act(job.job_id, "Hold", "s-2") == [("s-2", "Success")]
    assert doors.act(job.job_id, "Finish", "s-1") == [("s-1", "Success")]
    clock.move(600.0)
    doors.server.world.catch_up()
    assert turn_phase(job, "s-2") == "idle"
    assert doors.act(job.job_id, "ReleaseHold") == [("s-2", "Success")]
    clock.move(600.0)
    doors.server.world.catch_up()
    assert job.closed


def test_without_step_ids_every_current_step_is_judged_by_itself(doors: Doors) -> None:
    job = doors.server.world.add_workflow_job("parallel")
    assert doors.act(job.job_id, "Run", "s-3") == [("s-3", "Success")]
    verdicts = dict(doors.act(job.job_id, "Run"))
    assert verdicts["s-3"] == "AlreadyExecuting"
    assert verdicts["s-2"] == "Success", "a group member counts as assignee"


def test_a_join_waits_for_all_its_branches(doors: Doors) -> None:
    job = doors.server.world.add_workflow_job("join")
    assert list(job.current) == ["s-3"]
    doors.act(job.job_id, "Run")
    doors.act(job.job_id, "Finish")
    assert list(job.current) == ["s-5"]


def test_set_current_step_takes_one_step_and_makes_it_the_only_one(doors: Doors) -> None:
    job = doors.server.world.add_workflow_job("redone")
    assert doors.act(job.job_id, "SetCurrentStep", "s-3") == [("s-3", "Success")]
    assert list(job.current) == ["s-3"]
    two = {"type": "SetCurrentStep", "stepIds": ["s-1", "s-2"]}
    assert doors.arcgis("POST", f"jobs/{job.job_id}/action", json=two).status_code == 400


def test_a_job_without_current_steps_answers_even_so(doors: Doors) -> None:
    job = doors.server.world.add_workflow_job("done")
    assert doors.act(job.job_id, "Run") == [("", "JobClosed")]
    assert doors.act(job.job_id, "ReleaseHold") == [("", "NotHeld")]


@pytest.mark.parametrize(
    "body",
    [
        {"type": "Dance"},
        {},
        {"type": "Hold", "dependentJobId": "nobody"},
        {"type": "Hold", "holdScheduledRelease": "tomorrow"},
        {"type": "Run", "stepIds": 7},
        [],
    ],
)
def test_what_is_not_understood_is_a_bad_request(shared: Doors, body: object) -> None:
    job = shared.server.world.add_workflow_job("not-started")
    response = shared.arcgis("POST", f"jobs/{job.job_id}/action", json=body)
    assert response.status_code == 400
    assert response.json()["error"]["message"]


def test_a_hold_may_wait_on_a_moment_already_gone(doors: Doors, still: DemoServer) -> None:
    job = still.world.add_workflow_job("not-started")
    assert doors.act(job.job_id, "Hold", holdScheduledRelease="2020-01-01T00:00:00Z") == [("s-1", "Success")]
    assert doors.act(job.job_id, "Run") == [("s-1", "Success")]


def test_a_dependency_goes_with_its_step_or_with_the_close_of_its_job(doors: Doors) -> None:
    world = doors.server.world
    held, other = world.add_workflow_job("parallel"), world.add_workflow_job("started")
    for step_id, after in (("s-2", "s-1"), ("s-3", "s-4")):
        dependency = {"dependentJobId": other.job_id, "dependentStepId": after}
        assert doors.act(held.job_id, "Hold", step_id, **dependency) == [(step_id, "Success")]
    assert doors.act(held.job_id, "Run", "s-2", "s-3") == [("s-2", "Held"), ("s-3", "Held")]
    doors.act(other.job_id, "Finish", "s-1")
    assert doors.act(held.job_id, "Run", "s-2", "s-3") == [("s-2", "Success"), ("s-3", "Held")]
    doors.arcgis("POST", "jobs/manage", json={"jobIds": [other.job_id], "type": "Close"})
    assert doors.act(held.job_id, "Run", "s-3") == [("s-3", "Success")]
