"""States of steps and jobs, from what the record and the log say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jobtui.backends.arcgis.history import EventKind, StepEvent, log_of
from jobtui.backends.arcgis.steps import NO_DIAGRAM, NO_HISTORY
from jobtui.insight.attention import needs_you
from jobtui.insight.why import why
from jobtui.model import Control, Flag, HoldKind, JobRef, State, StepRef
from tests.backends.arcgis.invented import (
    CHAIN,
    NOW,
    current,
    detail,
    entry,
    history,
    hold,
    plan,
    record,
    stamp,
)


def state_of(step_id: str, *args: object, **kwargs: object) -> State:
    step = detail(*args, **kwargs).step(step_id)  # type: ignore[arg-type]
    assert step is not None
    return step.state


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ([], State.WAITING),
        (["Activated"], State.WAITING),
        (["Started"], State.RUNNING),
        (["StepStarted", "StepProgress"], State.RUNNING),
        (["Started", "StepInfoRequired"], State.WAITING),
        (["Started", "StepStopping"], State.RUNNING),
        (["Started", "Paused"], State.STOPPED),
        (["Started", "StepStopped"], State.STOPPED),
        (["Started", "Cancelled"], State.STOPPED),
        (["Started", "Error"], State.FAILED),
        (["Started", "StepWarningStopped"], State.FAILED),
        (["Started", "Error", "Started"], State.RUNNING),
        # What happens around a step does not say how it does.
        (["Started", "Reassigned", "HoldReleased", "Updated", "SomethingNew"], State.RUNNING),
        # In a second turn of a cycle the first turn's end no longer counts.
        (["Started", "Finished", "Activated"], State.WAITING),
        (["Started", "Finished"], State.WAITING),
    ],
)
def test_a_current_step_is_as_its_last_event_says(words: list[str], state: State) -> None:
    log = history(*(entry(word, "a", minutes=-30 + index) for index, word in enumerate(words)))
    assert state_of("a", record(current("a")), log) is state


def test_history_told_newest_first_means_the_same() -> None:
    entries = [entry("Started", "a", -20), entry("Paused", "a", -20), entry("Reassigned", "a", -5)]
    assert state_of("a", record(current("a")), history(*entries)) is State.STOPPED
    assert state_of("a", record(current("a")), history(*reversed(entries))) is State.STOPPED


def test_a_current_step_of_which_nothing_is_known_waits_unless_it_is_automatic() -> None:
    assert state_of("a", record(current("a")), history()) is State.WAITING
    assert state_of("b", record(current("b")), history()) is State.QUEUED


@pytest.mark.parametrize(
    ("more", "kind", "active"),
    [
        ({}, HoldKind.MANUAL, True),
        ({"scheduledRelease": stamp(60)}, HoldKind.SCHEDULED, True),
        ({"scheduledRelease": stamp(-1)}, HoldKind.SCHEDULED, False),
        ({"dependentJobId": "Zk19", "dependentStepId": "s-8"}, HoldKind.DEPENDENCY, True),
        ({"releasedBy": "lead", "releasedDate": stamp(-5)}, HoldKind.MANUAL, False),
        ({"releasedBy": "lead"}, HoldKind.MANUAL, False),
    ],
)
def test_an_active_hold_of_any_kind_makes_a_current_step_held(
    more: dict[str, object], kind: HoldKind, active: bool
) -> None:
    found = detail(record(current("a"), holds=[hold("h-1", "a", **more)]), history(entry("Started", "a")))
    (step,) = found.current_steps()
    (held,) = step.holds

    assert (held.kind, held.is_active(NOW)) == (kind, active)
    assert step.state is (State.HELD if active else State.RUNNING)
    assert found.job.state is step.state
    assert found.job.holds == step.holds


@pytest.mark.parametrize(
    ("words", "failed"),
    [
        (["Started", "Error"], True),
        (["Started", "Error", "Held"], True),
        (["Started", "StepWarningStopped"], True),
        (["Started", "Error", "Started"], False),
        (["Started", "Error", "Activated"], False),
        (["Started", "Paused"], False),
        ([], False),
    ],
)
def test_a_hold_does_not_hide_that_the_step_has_failed(words: list[str], failed: bool) -> None:
    log = history(*(entry(word, "a", minutes=-30 + index) for index, word in enumerate(words)))
    free, held = record(current("a")), record(current("a"), holds=[hold("h-1", "a")])
    job = detail(held, log).job
    assert job.state is State.HELD, "the step is held, and the job with it"
    assert (Flag.FAILED in job.flags) is failed
    assert needs_you(job, NOW) is failed
    if failed:
        before = detail(free, log).job
        assert (before.state, before.flags) == (State.FAILED, frozenset())
        assert why(job, NOW) == f"{before.why}; {why(replace(job, flags=frozenset(), why=None), NOW)}"
    closed = record(current("a"), holds=[hold("h-1", "a")], closed=True)
    assert Flag.FAILED not in detail(closed, log).job.flags, "what has ended is as it ended"


def test_a_job_at_work_on_one_branch_still_says_that_a_held_one_has_failed() -> None:
    log = history(entry("Error", "a", minutes=-9), entry("Started", "b", minutes=-8))
    job = detail(record(current("a"), current("b"), holds=[hold("h-1", "a")]), log).job
    assert job.state is State.RUNNING
    assert job.flags == {Flag.FAILED}
    assert needs_you(job, NOW)


def test_a_dependency_names_the_job_or_step_of_the_same_source() -> None:
    holds = [
        hold("h-1", "a", dependentJobId="Zk19", dependentStepId="s-8"),
        hold("h-2", "a", dependentJobId="Zk20"),
        hold("h-3", "a", dependentStepId="c"),
    ]
    found = detail(record(current("a"), holds=holds), history())
    job = found.job.ref
    assert [each.after for each in found.job.holds] == [
        StepRef(JobRef("field", "Zk19"), "s-8"),
        JobRef("field", "Zk20"),
        StepRef(job, "c"),
    ]


def test_without_a_list_of_holds_the_flags_of_the_current_step_speak() -> None:
    flagged = current("a", manualHold=True, holdScheduledRelease=stamp(60))
    (step,) = detail(record(flagged, holds=None), history()).current_steps()
    assert step.state is State.HELD
    assert [each.kind for each in step.holds] == [HoldKind.SCHEDULED]
    assert state_of("a", record(current("a", dependencies=True), holds=None), history()) is State.HELD
    assert state_of("a", record(current("a", dependencies=True), holds=[]), history()) is State.WAITING


def test_a_hold_that_waits_for_a_web_hook_is_shown_as_what_it_is() -> None:
    listed = record(
        current("a", webhookDependency=True), holds=[hold("h-1", "a", webhookConnectionId="wc-7")]
    )
    (step,) = detail(listed, history()).current_steps()
    (held,) = step.holds
    assert (held.kind, held.hook) == (HoldKind.DEPENDENCY, "a web hook of another server (wc-7)")
    assert why(detail(listed, history()).job, NOW) == f"1 hold: after {held.hook} (by lead)"

    # A list that leaves it out, and no list at all: the flag of the step is all there is.
    for holds in ([hold("h-1", "a", releasedDate=stamp(-5))], [], None):
        found = detail(record(current("a", webhookDependency=True), holds=holds), history())
        assert found.job.state is State.HELD
        assert [each.hook for each in found.job.holds if each.is_active(NOW)] == [
            "a web hook of another server"
        ]
    assert state_of("a", record(current("a", webhookDependency=False)), history()) is State.WAITING


@pytest.mark.parametrize(
    ("allowed", "refused"),
    [
        (None, set()),
        (0, {Control.CANCEL, Control.STOP, Control.FINISH, Control.REFRESH}),
        (1, {Control.FINISH, Control.REFRESH}),
        (2, {Control.FINISH, Control.REFRESH}),
        (4, {Control.CANCEL, Control.STOP, Control.REFRESH}),
        (9, {Control.FINISH}),
        (15, set()),
        (16, {Control.CANCEL, Control.STOP, Control.FINISH, Control.REFRESH}),
    ],
)
def test_flags_of_what_may_be_asked_leave_the_rest_out(allowed: int | None, refused: set[Control]) -> None:
    event = StepEvent(EventKind.PROGRESS, "Progress", NOW, "a", allowed=allowed)
    (step,) = detail(record(current("a")), log_of([event])).current_steps()
    assert step.told_off == refused
    later = StepEvent(EventKind.PAUSED, "Paused", NOW + timedelta(seconds=1), "a")
    (step,) = detail(record(current("a")), log_of([event, later])).current_steps()
    assert step.told_off == frozenset()


def test_steps_behind_are_done_or_skipped_and_those_ahead_are_queued() -> None:
    diagram = plan({"a": ["b", "c"], "b": ["j"], "c": ["j"], "j": []}, initial="a")
    log = history(entry("Started", "a", -20), entry("Finished", "a", -15), entry("Completed", "c", -12))
    found = detail(record(current("j")), log, diagram)
    states = {step.id: step.state for step in found.all_steps()}
    assert states == {
        "a": State.SUCCEEDED,
        "b": State.SKIPPED,
        "c": State.SUCCEEDED,
        "j": State.WAITING,
    }
    before = {step.id: step.state for step in detail(record(current("a")), history(), diagram).all_steps()}
    assert before == {"a": State.WAITING, "b": State.QUEUED, "c": State.QUEUED, "j": State.QUEUED}


def test_without_history_states_come_from_the_current_steps_alone() -> None:
    found = detail(record(current("b")))
    assert [step.state for step in found.all_steps()] == [State.UNKNOWN, State.QUEUED, State.QUEUED]
    assert found.job.warnings == (NO_HISTORY,)


def test_without_a_diagram_only_the_current_steps_are_shown() -> None:
    found = detail(record(current("x"), current("y")), history(), None)
    assert [(step.id, step.title, step.current) for step in found.steps] == [
        ("x", "Step x", True),
        ("y", "Step y", True),
    ]
    assert found.job.warnings == (NO_DIAGRAM,)


def test_a_current_step_that_the_diagram_lacks_is_shown_all_the_same() -> None:
    found = detail(record(current("new")), history())
    assert [step.id for step in found.all_steps()] == ["a", "b", "c", "new"]
    assert [step.id for step in found.current_steps()] == ["new"]


def test_branches_are_below_their_step() -> None:
    diagram = plan({"a": ["b", "c"], "b": ["j"], "c": ["j"], "j": []}, initial="a")
    found = detail(record(current("a")), history(), diagram)
    assert [(step.id, [child.id for child in step.children]) for step in found.steps] == [
        ("a", ["b", "c"]),
        ("j", []),
    ]


@pytest.mark.parametrize(
    ("assigned", "user", "mine"),
    [
        ({"assignedType": "User", "assignedTo": "dortiz"}, "dortiz", True),
        ({"assignedType": "User", "assignedTo": "Dortiz"}, "dortiz", False),
        ({"assignedType": "User", "assignedTo": "dortiz"}, None, None),
        ({"assignedType": "Group", "assignedTo": "editors"}, "dortiz", None),
        ({"assignedType": "Unassigned", "assignedTo": None}, "dortiz", None),
        ({"assignedType": None, "assignedTo": "rpatel"}, "dortiz", None),
    ],
)
def test_only_a_user_can_be_told_from_another(
    assigned: dict[str, object], user: str | None, mine: bool | None
) -> None:
    (step,) = detail(record(current("a", **assigned)), history(), user=user).current_steps()
    assert step.is_mine is mine
    assert step.assigned_to == assigned["assignedTo"]


def test_a_job_is_the_weightiest_of_its_current_steps() -> None:
    diagram = plan({"a": [], "b": [], "c": []})
    steps = (current("a"), current("b"), current("c"))

    def state(*events: tuple[str, str], holds: str = "") -> State:
        log = history(*(entry(word, step_id) for word, step_id in events))
        found = detail(record(*steps, holds=[hold(f"h-{each}", each) for each in holds]), log, diagram)
        return found.job.state

    assert state(("Started", "a"), ("Error", "b")) is State.FAILED
    assert state(("Started", "a"), ("StepInfoRequired", "b")) is State.WAITING
    assert state(("Started", "a"), ("Paused", "b")) is State.RUNNING
    assert state(holds="abc") is State.HELD
    assert state(("Paused", "c"), holds="ab") is State.STOPPED
    assert state(holds="ab") is State.WAITING


def test_an_open_job_that_nobody_began_is_queued() -> None:
    assert detail(record(current("a"), startedDate=None), history()).job.state is State.QUEUED
    assert detail(record(startedDate=None), history()).job.state is State.QUEUED
    assert detail(record(current("a")), history()).job.state is State.WAITING


@pytest.mark.parametrize(
    ("more", "ended", "state"),
    [
        ({"closed": True, "percentComplete": 100}, True, State.SUCCEEDED),
        ({"closed": True, "endDate": stamp(-5)}, True, State.SUCCEEDED),
        ({"closed": True, "percentComplete": 40}, True, State.CANCELLED),
        ({"endDate": stamp(-5)}, True, State.SUCCEEDED),
        ({"percentComplete": 100}, False, State.WAITING),
    ],
)
def test_a_job_has_ended_when_closed_or_past_its_last_step(
    more: dict[str, Any], ended: bool, state: State
) -> None:
    job = detail(record(**more), history()).job
    assert (job.ended, job.state) == (ended, state)


def test_a_reopened_job_with_current_steps_has_not_ended() -> None:
    assert detail(record(current("a"), endDate=stamp(-5)), history()).job.ended is False


def test_why_says_what_a_person_would_ask() -> None:
    def why(*args: object, **kwargs: object) -> str | None:
        return detail(*args, **kwargs).job.why  # type: ignore[arg-type]

    failed = history(entry("Error", "a", result="OBJECTID 411\noverlaps"))
    assert why(record(current("a")), failed) == "OBJECTID 411 overlaps"
    assert why(record(current("a")), history(entry("Error", "a"))) == "step “Step a” failed, no reason given"
    assert why(record(current("a")), history()) == "step “Step a” waits for dortiz"
    asked = history(entry("StepInfoRequired", "a"))
    assert why(record(current("a")), asked) == "step “Step a” asks for an answer of dortiz"
    group = current("a", assignedType="Group", assignedTo="editors")
    assert why(record(group), history()) == "step “Step a” waits for the group editors"
    nobody = current("a", assignedType="Unassigned", assignedTo=None)
    assert why(record(nobody), history()) == "step “Step a” waits for somebody to take it"
    assert why(record(current("a")), history(entry("Paused", "a"))) == "step “Step a” is paused"
    assert why(record(current("a"), holds=[hold("h", "a")]), history()) is None
    assert why(record(closed=True), history(entry("Closed", None))) == "closed by dortiz before its end"


def test_the_mark_of_the_last_event_differs_after_anything_has_happened() -> None:
    def mark(*words: str) -> str | None:
        log = history(*(entry(word, "a", -30 + index) for index, word in enumerate(words)))
        step = detail(record(current("a")), log, CHAIN).step("a")
        return step.last_event if step else None

    marks = [mark(), mark("Started"), mark("Started", "Held"), mark("Started", "Held", "Started")]
    assert len(set(marks)) == len(marks)
