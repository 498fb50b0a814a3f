"""What a control would do, and what of it a later read shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from jobtui.backends.arcgis.consequences import consequence
from jobtui.backends.arcgis.effects import effect
from jobtui.backends.arcgis.meant import freeze
from jobtui.backends.arcgis.steps import HOLDS_BY_FLAG, NO_CURRENT, NO_HOLDS
from jobtui.model import Control, Effect, Flag, JobDetail, JobRef, Parameters, State, StepRef, Target
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

FORK = plan({"a": ["b", "c"], "b": [], "c": []}, initial="a")
AFTER = {"dependentJobId": "Zk19"}


def at(step_id: str, *words: str, holds: str = "", diagram: object = CHAIN, **more: object) -> JobDetail:
    """A job at one step, to which these things have happened in this order."""
    log = history(*(entry(word, step_id, -30 + index) for index, word in enumerate(words)))
    kinds = {"m": {}, "d": AFTER}
    each = [hold(f"h-{index}", step_id, **kinds[kind]) for index, kind in enumerate(holds)]
    return detail(record(current(step_id, **more), holds=each), log, diagram)  # type: ignore[arg-type]


ENDED = detail(record(closed=True, endDate=NOW.isoformat()), history())
CLOSED = detail(record(closed=True), history())


# --- before ----------------------------------------------------------------------------------------------


def says(control: Control, found: JobDetail | None, *step_ids: str, **more: object) -> str:
    request = freeze(control, found, REF, Parameters(step_ids, **more), NOW)  # type: ignore[arg-type]
    return consequence(request, found, NOW, CHAIN)


def test_run_and_finish_say_what_they_start_and_where_the_flow_goes() -> None:
    assert says(Control.RUN, at("a")) == "starts step “Step a”"
    onward = "the flow goes on to “Step b”, which is automatic and may start at once"
    assert says(Control.FINISH, at("a", "Started")) == f"ends step “Step a” while it runs, {onward}"
    assert (
        says(Control.FINISH, at("c", "Started"))
        == "ends step “Step c” while it runs, the last one of its path"
    )
    forked = freeze(Control.FINISH, at("a", diagram=FORK), REF, Parameters(), NOW)
    assert consequence(forked, at("a"), NOW, FORK).endswith("the flow goes on to “Step b” or “Step c”")
    assert consequence(forked, at("a"), NOW, None) == (
        "ends step “Step a” without its having run, the flow goes on"
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("Manual", "pauses step “Step x”; it can be run again"),
        ("OpenApp", "pauses step “Step x”; it can be run again"),
        ("Question", "cancels the work of step “Step x”; it can be run again"),
        ("GPService", "cancels the work of step “Step x”; it can be run again"),
        (
            "DefineLocation",
            "stops step “Step x”: a processing or question step is cancelled, "
            "a manual or open-app step is paused",
        ),
    ],
)
def test_stop_says_whether_it_cancels_or_pauses_and_both_when_that_is_not_known(kind: str, said: str) -> None:
    diagram = plan({"x": []}, x={"action": {"actionType": kind}})
    found = at("x", "Started", diagram=diagram)
    assert says(Control.STOP, found) == said
    assert (
        says(Control.CANCEL, found)
        == f"sends Stop, as a job here has no cancel of its own: {said}; the job stays open"
    )


def test_hold_says_until_when_in_the_readers_own_zone() -> None:
    vienna = NOW.astimezone(timezone(timedelta(hours=2)))

    def until(minutes: float) -> str:
        parameters = Parameters(("a",), until=NOW + timedelta(minutes=minutes))
        request = freeze(Control.HOLD, at("a"), REF, parameters, vienna)
        return consequence(request, at("a"), vienna)

    assert says(Control.HOLD, at("a")) == "holds step “Step a” until somebody releases it"
    assert until(60) == "holds step “Step a” until 13:00 UTC+02:00"
    assert until(60 * 24) == "holds step “Step a” until Tue 12:00 UTC+02:00"
    assert until(60 * 24 * 90) == "holds step “Step a” until 2026-12-13 12:00 UTC+02:00"


def test_hold_names_what_is_waited_for() -> None:
    def after(target: Target) -> str:
        return says(Control.HOLD, at("a"), after=target)

    assert after(JobRef(SOURCE, "Zk19")).endswith("until job Zk19 is done")
    assert after(StepRef(JobRef(SOURCE, "Zk19"), "s-8")).endswith("until step s-8 of job Zk19 is done")
    assert after(StepRef(REF, "c")).endswith("until step c is done")


def test_release_says_what_stays_and_what_may_start() -> None:
    assert says(Control.RELEASE, at("a", holds="mmd")) == (
        "releases 2 of 3 holds on step “Step a”; the step stays blocked"
    )
    assert says(Control.RELEASE, at("a", holds="m")) == (
        "releases the last hold on step “Step a”; it can be run then"
    )
    assert says(Control.RELEASE, at("b", holds="mm")) == (
        "releases all 2 holds on step “Step b”; being automatic, it may start at once"
    )


def test_set_current_says_what_it_takes_the_place_of() -> None:
    assert (
        says(Control.SET_CURRENT, at("a"), "c")
        == "makes step “Step c” the current one in place of step “Step a”"
    )


def test_refresh_says_that_nothing_but_a_look_is_asked() -> None:
    assert says(Control.REFRESH, at("b")) == "has the server look again how step “Step b” is doing"


def test_a_job_that_could_not_be_checked_says_so() -> None:
    assert says(Control.RUN, None, "x") == "starts step “x”; the job could not be checked first"
    assert says(Control.RELEASE, None) == (
        "releases what holds the current steps; the job could not be checked first"
    )
    brief = JobDetail(replace(at("a").job, flags=frozenset({Flag.BRIEF})))
    assert says(Control.STOP, brief).endswith("the job could not be checked first")


def test_a_hostile_title_is_harmless_in_the_sentence() -> None:
    assert "\x1b" not in says(Control.RUN, at("a", stepName="\x1b[2Jgone"))


# --- after -----------------------------------------------------------------------------------------------


def shows(control: Control, before: JobDetail | None, after: JobDetail, *step_ids: str) -> Effect | None:
    request = freeze(control, before, REF, Parameters(step_ids), NOW)
    return effect(request, after, NOW + timedelta(seconds=5))


RUNNING, PAUSED, FRESH = at("a", "Started"), at("a", "Started", "Paused"), at("a")
BEYOND = at("b")


@pytest.mark.parametrize(
    ("control", "before", "after", "as_asked"),
    [
        (Control.HOLD, FRESH, FRESH, None),
        (Control.HOLD, FRESH, at("a", holds="m"), True),
        (Control.HOLD, at("a", holds="m"), at("a", holds="m"), None),
        (Control.HOLD, at("a", holds="m"), at("a", holds="mm"), True),
        (Control.HOLD, FRESH, BEYOND, False),
        (Control.HOLD, FRESH, ENDED, False),
        (Control.RELEASE, at("a", holds="mm"), at("a", holds="m"), None),
        (Control.RELEASE, at("a", holds="mm"), FRESH, True),
        # Those that were not meant may stay.
        (Control.RELEASE, at("a", holds="dm"), at("a", holds="d"), True),
        (Control.RUN, FRESH, FRESH, None),
        (Control.RUN, FRESH, RUNNING, True),
        (Control.RUN, FRESH, BEYOND, True),
        (Control.RUN, FRESH, at("a", "Started", "Error"), True),
        (Control.RUN, PAUSED, PAUSED, None),
        (Control.RUN, PAUSED, at("a", "Started", "Paused", "Started"), True),
        (Control.RUN, at("a", "Started", "Error"), at("a", "Started", "Error", "Started", "Error"), True),
        # A hold or a new assignee is not a start.
        (Control.RUN, FRESH, at("a", "Reassigned", "Held"), None),
        (Control.FINISH, RUNNING, RUNNING, None),
        (Control.FINISH, RUNNING, BEYOND, True),
        (Control.FINISH, RUNNING, ENDED, True),
        (Control.FINISH, RUNNING, at("a", "Started", "Finished", "Activated"), True),
        (Control.STOP, RUNNING, RUNNING, None),
        (Control.STOP, RUNNING, PAUSED, True),
        (Control.STOP, RUNNING, at("a", "Started", "Cancelled"), True),
        (Control.STOP, RUNNING, BEYOND, True),
        (Control.STOP, RUNNING, at("a", "Started", "Error"), False),
        (Control.STOP, PAUSED, PAUSED, None),
        (Control.CANCEL, RUNNING, PAUSED, True),
        (Control.CANCEL, RUNNING, CLOSED, True),
        (Control.CANCEL, RUNNING, ENDED, False),
        (Control.CANCEL, RUNNING, BEYOND, False),
        (Control.REFRESH, FRESH, FRESH, True),
    ],
)
def test_only_a_read_that_shows_it_confirms_a_control(
    control: Control, before: JobDetail, after: JobDetail, as_asked: bool | None
) -> None:
    found = shows(control, before, after)
    assert (found.as_asked if found else None) is as_asked


def test_set_current_is_confirmed_when_the_step_is_current() -> None:
    assert shows(Control.SET_CURRENT, FRESH, FRESH, "c") is None
    assert shows(Control.SET_CURRENT, FRESH, at("c"), "c") == Effect("step “Step c” is current")
    ended = shows(Control.SET_CURRENT, FRESH, ENDED, "c")
    assert ended is not None
    assert not ended.as_asked


@pytest.mark.parametrize("control", [Control.RUN, Control.FINISH, Control.STOP])
def test_what_was_asked_of_a_step_is_over_when_the_job_is_closed_with_it_current(control: Control) -> None:
    before = at("a", "Started") if control is Control.STOP else at("a")
    log = history(*([entry("Started", "a", -30)] if control is Control.STOP else []))
    closed = detail(record(current("a"), closed=True), log)
    found = shows(control, before, closed)
    assert found == Effect(f"ended as cancelled before the {control} took effect", as_asked=False)
    assert shows(control, before, before) is None


def test_a_release_is_over_when_the_job_is_closed_with_its_hold() -> None:
    held = at("a", holds="m")
    closed = detail(record(current("a"), holds=[hold("h-0", "a")], closed=True), history())
    assert shows(Control.RELEASE, held, held) is None
    assert shows(Control.RELEASE, held, closed) == Effect(
        "ended as cancelled before the release took effect", as_asked=False
    )


def test_the_end_that_came_first_is_named() -> None:
    assert shows(Control.CANCEL, RUNNING, ENDED) == Effect(
        "ended as succeeded before the cancel took effect", as_asked=False
    )


def test_several_steps_are_confirmed_together() -> None:
    def both(*events: str) -> JobDetail:
        log = history(*(entry("Started", step_id) for step_id in events))
        return detail(record(current("b"), current("c")), log, FORK)

    assert shows(Control.RUN, both(), both("b")) is None
    assert shows(Control.RUN, both(), both("b", "c")) is not None


def test_a_history_that_comes_back_is_not_taken_for_something_new() -> None:
    blind = detail(record(current("a")))
    assert shows(Control.RUN, blind, PAUSED) is None
    assert shows(Control.RUN, PAUSED, blind) is None
    assert shows(Control.RUN, blind, RUNNING) is not None


def test_a_step_named_without_knowing_the_job_is_judged_by_what_it_does_now() -> None:
    assert shows(Control.RUN, None, PAUSED, "a") is None
    assert shows(Control.RUN, None, RUNNING, "a") is not None
    assert shows(Control.STOP, None, PAUSED, "a") is not None
    # The hold is an hour old, so it is not the one asked for.
    assert shows(Control.HOLD, None, at("a", holds="m"), "a") is None
    assert shows(Control.RELEASE, None, at("a", holds="m"), "a") is None
    assert shows(Control.RELEASE, None, FRESH, "a") is not None


def test_without_any_step_known_only_the_end_of_the_job_says_something() -> None:
    assert shows(Control.STOP, None, RUNNING) is None
    ended = shows(Control.STOP, None, ENDED)
    assert ended is not None
    assert not ended.as_asked


def test_marks_survive_ids_with_blanks_and_signs() -> None:
    diagram = plan({"a b:%\n": []})
    before = detail(record(current("a b:%\n")), history(), diagram)
    after = detail(record(current("a b:%\n")), history(entry("Started", "a b:%\n")), diagram)
    assert shows(Control.RUN, before, before) is None
    assert shows(Control.RUN, before, after) is not None


# --- absence is no evidence ------------------------------------------------------------------------------
WITHOUT_CURRENT = detail(record(currentSteps=None), history(entry("Started", "a", -30)))
"""An answer that leaves out where the job stands."""


@pytest.mark.parametrize(
    "control", [Control.RUN, Control.FINISH, Control.STOP, Control.CANCEL, Control.HOLD, Control.SET_CURRENT]
)
def test_an_answer_that_does_not_say_where_the_job_stands_shows_nothing(control: Control) -> None:
    assert shows(control, RUNNING, WITHOUT_CURRENT, "a") is None


def test_where_the_job_stands_is_not_made_up() -> None:
    assert WITHOUT_CURRENT.job.warnings == (NO_CURRENT,)
    assert {step.state for step in WITHOUT_CURRENT.all_steps()} == {State.UNKNOWN}


def test_a_hold_on_a_step_ahead_is_not_released_when_the_diagram_cannot_be_read() -> None:
    held = record(current("a"), holds=[hold("h-1", "c")])
    request = freeze(Control.RELEASE, detail(held, history()), REF, Parameters(("c",)), NOW)
    assert effect(request, detail(held, history(), None), NOW) is None
    assert effect(request, detail(record(current("a")), history(), None), NOW) is not None


def test_holds_that_are_no_longer_listed_are_neither_released_nor_new() -> None:
    unlisted = detail(record(current("a", manualHold=True), holds=None), history())
    assert HOLDS_BY_FLAG in unlisted.job.warnings
    assert shows(Control.RELEASE, at("a", holds="m"), unlisted, "a") is None
    assert shows(Control.HOLD, at("a", holds="m"), unlisted, "a") is None
    # And the other way round: what was known of flags only is no new hold when it is listed.
    assert shows(Control.HOLD, unlisted, at("a", holds="m"), "a") is None
    assert shows(Control.RELEASE, unlisted, at("a", holds="m"), "a") is None
    assert shows(Control.RELEASE, unlisted, FRESH, "a") is not None
    # A flag where there was none is a hold.
    assert shows(Control.HOLD, FRESH, unlisted, "a") == Effect("step “Step a” held")


def test_a_server_that_tells_holds_by_flags_shows_a_release_by_them() -> None:
    held = detail(record(current("a", manualHold=True), holds=None), history())
    free = detail(record(current("a", manualHold=False), holds=None), history())
    silent = detail(record(current("a"), holds=None), history())
    assert shows(Control.RELEASE, held, held, "a") is None
    assert shows(Control.RELEASE, held, free, "a") == Effect("step “Step a” released")
    assert shows(Control.RELEASE, at("a", holds="m"), free, "a") is not None
    assert shows(Control.RELEASE, at("a", holds="d"), free, "a") is None
    assert silent.job.warnings == (NO_HOLDS,)
    assert shows(Control.RELEASE, held, silent, "a") is None


def test_holds_without_an_id_are_told_apart_by_what_they_are_not_where_they_stand() -> None:
    older = hold("", "a", setBy="lead")
    newer = hold("", "a", setBy="dortiz", setDate=stamp(-20), releasedDate=stamp(-10))
    before = detail(record(current("a"), holds=[older]), history())
    after = detail(record(current("a"), holds=[newer, older]), history())
    assert shows(Control.HOLD, before, after, "a") is None
    assert shows(Control.RELEASE, before, after, "a") is None


def test_a_job_that_somebody_closed_did_not_run_or_finish_its_step() -> None:
    for control in (Control.RUN, Control.FINISH):
        found = shows(control, FRESH, CLOSED)
        assert found is not None
        assert not found.as_asked
    done = detail(record(closed=True), history(entry("Finished", "a", -1)))
    assert shows(Control.FINISH, RUNNING, done) == Effect("step “Step a” finished")


def test_a_cancel_is_settled_without_a_history_by_what_can_be_seen() -> None:
    blind = detail(record(current("a")))
    assert shows(Control.CANCEL, blind, blind) is None
    assert shows(Control.CANCEL, blind, detail(record(closed=True))) is not None
    assert shows(Control.CANCEL, blind, detail(record(current("b")))) == Effect(
        "step “Step a” finished before the cancel took effect", as_asked=False
    )


@pytest.mark.parametrize(
    ("until", "confirms"),
    [
        (timedelta(hours=2), True),
        (timedelta(hours=2, milliseconds=400), True),
        (timedelta(hours=5), False),
        (None, False),
    ],
)
def test_only_a_hold_that_ends_as_asked_confirms_it(until: timedelta | None, confirms: bool) -> None:
    request = freeze(Control.HOLD, at("a"), REF, Parameters(("a",), until=NOW + timedelta(hours=2)), NOW)
    ends = {} if until is None else {"scheduledRelease": (NOW + until).isoformat()}
    seen = detail(record(current("a"), holds=[hold("h-9", "a", **ends)]), history())
    assert (effect(request, seen, NOW) is not None) == confirms
