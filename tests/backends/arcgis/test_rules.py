"""What is refused before it is sent, what is doubted, and what is meant when no step is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jobtui.backends.arcgis.diagram import Diagram
from jobtui.backends.arcgis.history import EventKind, EventLog, StepEvent, log_of
from jobtui.backends.arcgis.meant import freeze
from jobtui.backends.arcgis.rules import reasons
from jobtui.model import Control, ControlRequest, Flag, JobDetail, JobRef, Parameters, Reason, StepRef, Target
from tests.backends.arcgis.invented import (
    CHAIN,
    NOW,
    REF,
    SOURCE,
    current,
    detail,
    entry,
    history,
    hold,
    plan,
    record,
    stamp,
)

FORK = plan({"a": ["b", "c"], "b": ["j"], "c": ["j"], "j": []}, initial="a", b={"automatic": True})
THEIRS: dict[str, Any] = {"assignedTo": "rpatel"}
RUNS = history(entry("Started", "a"))
AFTER = {"dependentJobId": "Zk19", "dependentStepId": "s-8"}
ZK19 = StepRef(JobRef(SOURCE, "Zk19"), "s-8")


def why_not(
    control: Control,
    found: JobDetail,
    *step_ids: str,
    after: Target | None = None,
    until_min: float | None = None,
) -> tuple[Reason, ...]:
    until = None if until_min is None else NOW + timedelta(minutes=until_min)
    request = freeze(control, found, REF, Parameters(step_ids, until, after), NOW)
    return reasons(request, found, NOW)


def at_a(
    log: EventLog | None = None, *, holds: str = "", diagram: Diagram | None = CHAIN, **more: object
) -> JobDetail:
    """A job at step a, without any event unless there is a log."""
    each = [hold(f"h-{index}", "a", **(AFTER if kind == "d" else {})) for index, kind in enumerate(holds)]
    return detail(record(current("a", **more), holds=each), log or history(), diagram)


CLOSED = detail(record(current("a"), closed=True), history())
NOWHERE = detail(record(), history())
HELD = at_a(holds="m", canSkip=True)
ALL = tuple(Control)

# One row per refusal of the wire notes, 8, that can be known before asking.
HARD: list[tuple[str, tuple[Control, ...], JobDetail, tuple[str, ...], str]] = [
    ("JobClosed", ALL, CLOSED, ("a",), "the job is closed"),
    (
        "NoActiveStep",
        (Control.RUN, Control.STOP, Control.FINISH, Control.SET_CURRENT, Control.CANCEL),
        NOWHERE,
        ("a",),
        "the job has no current step",
    ),
    ("Held", (Control.RUN, Control.FINISH), HELD, (), "“Step a” is held by lead until it is released"),
    (
        "Held, by a time",
        (Control.RUN, Control.FINISH),
        detail(record(current("a"), holds=[hold("h", "a", scheduledRelease=stamp(60 * 24 * 60))]), RUNS),
        (),
        "by lead until 2026-11-13",
    ),
    (
        "Held, by a web hook",
        (Control.RUN, Control.FINISH),
        detail(record(current("a"), holds=[hold("h", "a", webhookConnectionId="wc-7")]), RUNS),
        (),
        "by lead until a web hook of another server (wc-7) says so",
    ),
    ("Held, by a job", (Control.RUN,), at_a(holds="d"), (), "by lead until step s-8 of job Zk19 is done"),
    ("NoStartedStep", (Control.FINISH,), at_a(), (), "was never started and may not be skipped"),
    (
        "NoStartedStep, cancelled",
        (Control.FINISH,),
        at_a(history(entry("Started", "a", -9), entry("Cancelled", "a", -8))),
        (),
        "was cancelled and may not be skipped",
    ),
    ("AlreadyExecuting, set-current", (Control.SET_CURRENT,), at_a(RUNS), ("c",), "“Step a” is running"),
    ("AlreadyExecuting, hold", (Control.HOLD,), at_a(RUNS), (), "what runs cannot be held"),
    (
        "StepNotCurrent",
        (Control.RUN, Control.STOP, Control.FINISH, Control.CANCEL),
        at_a(),
        ("c",),
        "step “Step c” is not a current step",
    ),
    ("StepNotInDiagram", ALL, at_a(), ("zz",), "the job has no step zz"),
    ("NotHeld", (Control.RELEASE,), at_a(), (), "nothing is held there"),
    ("set-current without a step", (Control.SET_CURRENT,), at_a(), (), "exactly one step"),
    ("set-current of two", (Control.SET_CURRENT,), at_a(), ("b", "c"), "exactly one step"),
]


@pytest.mark.parametrize(
    ("controls", "found", "step_ids", "text"), [row[1:] for row in HARD], ids=[row[0] for row in HARD]
)
def test_what_cannot_work_is_never_sent_and_says_why(
    controls: tuple[Control, ...], found: JobDetail, step_ids: tuple[str, ...], text: str
) -> None:
    for control in controls:
        first = why_not(control, found, *step_ids)[0]
        assert first.hard, control
        assert text in first.text, control


SOFT: list[tuple[str, tuple[Control, ...], JobDetail, tuple[str, ...], str]] = [
    (
        "AssignedToDifferentUser",
        (Control.RUN, Control.STOP, Control.FINISH, Control.REFRESH, Control.CANCEL),
        at_a(canSkip=True, **THEIRS),
        (),
        "“Step a” is assigned to rpatel",
    ),
    (
        "AssignedToDifferentUser, set-current",
        (Control.SET_CURRENT,),
        at_a(**THEIRS),
        ("c",),
        "assigned to rpatel",
    ),
    ("NotRunning", (Control.STOP, Control.CANCEL), at_a(), (), "is not known to be running"),
    ("AlreadyExecuting, run", (Control.RUN,), at_a(RUNS), (), "is running already"),
    (
        "WaitingForInfo",
        (Control.RUN,),
        at_a(history(entry("StepInfoRequired", "a"))),
        (),
        "waits for an answer",
    ),
    ("StepNotAuto", (Control.REFRESH,), at_a(), (), "is not an automatic step"),
    (
        "allowedActions, cancel and refresh only",
        (Control.FINISH,),
        at_a(log_of([StepEvent(EventKind.PROGRESS, "Progress", NOW, "a", allowed=9)])),
        (),
        "the server said that step “Step a” cannot be finished now",
    ),
    (
        "allowedActions, nothing",
        (Control.STOP, Control.CANCEL, Control.FINISH, Control.REFRESH),
        at_a(log_of([StepEvent(EventKind.PROGRESS, "Progress", NOW, "a", allowed=0)])),
        (),
        "the server said that step “Step a” cannot be",
    ),
    (
        "release of a web hook",
        (Control.RELEASE,),
        detail(record(current("a"), holds=[hold("h", "a", webhookConnectionId="wc-7")]), history()),
        (),
        "a web hook of another server (wc-7) may be all that releases it",
    ),
    ("current already", (Control.SET_CURRENT,), at_a(), ("a",), "is current already"),
]


@pytest.mark.parametrize(
    ("controls", "found", "step_ids", "text"), [row[1:] for row in SOFT], ids=[row[0] for row in SOFT]
)
def test_what_may_not_work_is_said_and_left_to_the_person(
    controls: tuple[Control, ...], found: JobDetail, step_ids: tuple[str, ...], text: str
) -> None:
    for control in controls:
        said = why_not(control, found, *step_ids)
        assert not any(reason.hard for reason in said), control
        assert any(text in reason.text for reason in said), control


def test_hard_reasons_come_before_soft_ones() -> None:
    said = why_not(Control.RUN, at_a(RUNS, holds="m", **THEIRS))
    assert [reason.hard for reason in said] == sorted((reason.hard for reason in said), reverse=True)
    assert {reason.hard for reason in said} == {True, False}


@pytest.mark.parametrize(
    ("control", "found"),
    [
        (Control.RUN, at_a()),
        (Control.HOLD, at_a()),
        (Control.STOP, at_a(RUNS)),
        (Control.CANCEL, at_a(RUNS)),
        (Control.FINISH, at_a(RUNS)),
        (Control.FINISH, at_a(canSkip=True)),
        (Control.RELEASE, at_a(holds="m")),
        (Control.RELEASE, at_a(holds="d")),
        # Assigned to a group or to nobody: only the server knows.
        (Control.RUN, at_a(assignedType="Group", assignedTo="editors")),
        (Control.RUN, at_a(assignedType="Unassigned", assignedTo=None)),
        # A hold that is over holds nothing.
        (
            Control.RUN,
            detail(record(current("a"), holds=[hold("h", "a", scheduledRelease=stamp(-1))]), history()),
        ),
        # Another's step can be held and released.
        (Control.HOLD, at_a(**THEIRS)),
        (Control.RELEASE, at_a(holds="m", **THEIRS)),
    ],
)
def test_what_should_work_has_no_reason_against_it(control: Control, found: JobDetail) -> None:
    assert why_not(control, found) == ()


def test_without_history_finish_is_left_to_the_server() -> None:
    assert why_not(Control.FINISH, detail(record(current("a")))) == ()


def test_without_a_diagram_only_what_needs_a_current_step_is_refused() -> None:
    found = at_a(diagram=None)
    assert why_not(Control.SET_CURRENT, found, "c") == ()
    assert why_not(Control.RUN, found, "c")[0].text == "the job has no current step c"


def test_cancel_is_not_asked_twice() -> None:
    found = at_a(RUNS)
    asked = replace(found, job=replace(found.job, flags=frozenset({Flag.CANCELLING})))
    assert "asked already" in why_not(Control.CANCEL, asked)[0].text
    assert why_not(Control.STOP, asked) == ()


def test_a_job_known_only_from_a_list_refuses_nothing_but_what_has_ended() -> None:
    brief = JobDetail(replace(at_a().job, flags=frozenset({Flag.BRIEF})))
    for control in set(Control) - {Control.SET_CURRENT}:
        assert why_not(control, brief) == ()
    ended = JobDetail(replace(brief.job, ended=True))
    assert why_not(Control.RUN, ended)[0].hard


def test_a_request_without_steps_is_judged_by_those_the_server_would_take() -> None:
    def first(control: Control, found: JobDetail) -> str:
        request = ControlRequest(control, REF, NOW)
        return next((reason.text for reason in reasons(request, found, NOW)), "")

    assert "is held by lead" in first(Control.RUN, at_a(holds="m"))
    assert "cannot be held" in first(Control.HOLD, at_a(RUNS))
    assert "nothing is held" in first(Control.RELEASE, at_a())
    assert first(Control.RELEASE, at_a(holds="m")) == ""
    assert "exactly one step" in first(Control.SET_CURRENT, at_a())


@pytest.mark.parametrize(
    ("after", "until_min", "text"),
    [
        (None, -1.0, "has passed"),
        (JobRef("elsewhere", "x"), None, "of another source"),
        (REF, None, "cannot wait for itself"),
        (StepRef(REF, "a"), None, "cannot wait for itself"),
    ],
)
def test_a_hold_that_makes_no_sense_is_never_sent(
    after: Target | None, until_min: float | None, text: str
) -> None:
    (reason,) = why_not(Control.HOLD, at_a(), after=after, until_min=until_min)
    assert reason.hard
    assert text in reason.text


def test_a_step_may_wait_for_another_step_of_its_job() -> None:
    assert why_not(Control.HOLD, at_a(), after=StepRef(REF, "c")) == ()


# --- what is meant ---------------------------------------------------------------------------------------


def meant(control: Control, found: JobDetail, *step_ids: str, after: Target | None = None) -> Parameters:
    return freeze(control, found, REF, Parameters(step_ids, after=after), NOW).parameters


def test_without_a_named_step_a_control_means_the_current_steps_that_it_fits() -> None:
    found = detail(
        record(current("b"), current("c"), current("a"), holds=[hold("h", "c")]),
        history(entry("Started", "b")),
        FORK,
    )
    assert meant(Control.RUN, found).step_ids == ("a",)
    assert set(meant(Control.FINISH, found).step_ids) == {"a", "b"}
    assert set(meant(Control.HOLD, found).step_ids) == {"a", "c"}
    assert meant(Control.STOP, found).step_ids == ("b",)
    assert meant(Control.CANCEL, found).step_ids == ("b",)
    assert meant(Control.RELEASE, found).step_ids == ("c",)
    assert meant(Control.REFRESH, found).step_ids == ("b",)
    assert meant(Control.SET_CURRENT, found).step_ids == ()


def test_when_no_current_step_fits_all_are_meant_so_that_the_reason_can_name_them() -> None:
    assert meant(Control.STOP, at_a()).step_ids == ("a",)
    assert meant(Control.RUN, at_a(holds="m")).step_ids == ("a",)


def test_named_steps_are_kept_each_once() -> None:
    assert meant(Control.RUN, at_a(), "a", "c", "a").step_ids == ("a", "c")


def test_a_job_that_could_not_be_read_gets_just_what_was_named() -> None:
    request = freeze(Control.RELEASE, None, REF, Parameters(("x",), after=ZK19), NOW)
    assert request.parameters == Parameters(("x",), after=ZK19)
    assert request.marks == ()


def test_a_release_names_the_only_dependency_by_itself() -> None:
    assert meant(Control.RELEASE, at_a(holds="d")) == Parameters(("a",), after=ZK19)


def test_a_release_means_the_manual_holds_when_there_are_any() -> None:
    found = detail(
        record(current("b"), current("c"), holds=[hold("h-1", "b"), hold("h-2", "c", **AFTER)]),
        history(),
        FORK,
    )
    # The step that waits for another job is left out: the server would refuse it.
    assert meant(Control.RELEASE, found) == Parameters(("b",))
    assert meant(Control.RELEASE, found, after=ZK19) == Parameters(("c",), after=ZK19)


def test_naming_the_job_is_enough_when_one_of_its_steps_is_waited_for() -> None:
    found = at_a(holds="md")
    assert meant(Control.RELEASE, found, after=JobRef(SOURCE, "Zk19")) == Parameters(("a",), after=ZK19)


def test_two_dependencies_are_never_guessed_between() -> None:
    holds = [hold("h-1", "a", **AFTER), hold("h-2", "a", dependentJobId="Zk20")]
    found = detail(record(current("a"), holds=holds), history())
    assert meant(Control.RELEASE, found) == Parameters(("a",))
    (reason,) = why_not(Control.RELEASE, found)
    assert reason.hard
    assert "field:Zk19#s-8 and field:Zk20; say which with --after" in reason.text
    assert why_not(Control.RELEASE, found, after=JobRef(SOURCE, "Zk20")) == ()


def test_releasing_a_dependency_that_is_not_there_is_refused() -> None:
    (reason,) = why_not(Control.RELEASE, at_a(holds="m"), after=JobRef(SOURCE, "Zk20"))
    assert reason.hard
    assert reason.text == "no active hold there waits for job Zk20"


def test_holds_of_steps_that_are_not_current_can_be_released_too() -> None:
    found = detail(record(current("a"), holds=[hold("h", "c")]), history())
    assert meant(Control.RELEASE, found).step_ids == ("c",)
    assert why_not(Control.RELEASE, found) == ()
