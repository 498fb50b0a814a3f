"""What a pending action can be asked, when, and when it is seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from msgspec import structs

from jobtui.backends.nextspace import rules
from jobtui.model import (
    Control,
    ControlRequest,
    Flag,
    Job,
    JobDetail,
    JobRef,
    Kind,
    Parameters,
    State,
)

NOW = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
REF = JobRef("tiles", "48213")


def job(
    state: State = State.RUNNING,
    raw: str = "IN_PROGRESS",
    *,
    ended: bool = False,
    flags: tuple[Flag, ...] = (),
) -> Job:
    """Make a job in a state."""
    return Job(REF, Kind.NEXTSPACE, "CSV import", state, raw, ended, NOW, flags=frozenset(flags))


def ask(
    control: Control = Control.CANCEL, parameters: Parameters | None = None, ref: JobRef = REF
) -> ControlRequest:
    """Freeze a request."""
    return rules.freeze(control, ref, parameters or Parameters(), NOW)


@pytest.mark.parametrize("control", [control for control in Control if control is not Control.CANCEL])
def test_everything_but_cancel_is_refused(control: Control) -> None:
    [reason] = rules.reasons(ask(control), JobDetail(job()))
    assert reason.hard
    assert control in reason.text


@pytest.mark.parametrize(
    "parameters", [Parameters(step_ids=("Output",)), Parameters(until=NOW), Parameters(after=REF)]
)
def test_only_the_whole_job_can_be_cancelled(parameters: Parameters) -> None:
    [reason] = rules.reasons(ask(parameters=parameters), JobDetail(job()))
    assert reason.hard
    assert "whole job" in reason.text


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (job(State.SUCCEEDED, "COMPLETE", ended=True), "already ended: succeeded (COMPLETE)"),
        (job(State.CANCELLED, "CANCELLED", ended=True), "already ended: cancelled"),
        (job(flags=(Flag.CANCELLING,)), "accepted already"),
        (job(State.RUNNING, ended=True, flags=(Flag.FORGOTTEN,)), "no longer knows"),
    ],
)
def test_what_has_ended_or_is_ending_is_not_cancelled_again(known: Job, text: str) -> None:
    [reason] = rules.reasons(ask(), JobDetail(known))
    assert reason.hard
    assert text in reason.text


@pytest.mark.parametrize("state", [State.RUNNING, State.QUEUED])
def test_an_open_job_can_be_cancelled(state: State) -> None:
    assert rules.reasons(ask(), JobDetail(job(state))) == ()


def test_a_state_nobody_knows_is_a_doubt_not_a_refusal() -> None:
    [reason] = rules.reasons(ask(), JobDetail(job(State.UNKNOWN, "")))
    assert not reason.hard


def test_a_job_without_an_id_is_never_asked() -> None:
    [reason] = rules.reasons(ask(ref=JobRef("tiles", "0")), JobDetail(job()))
    assert reason.hard


def test_what_it_can_never_be_asked_is_not_said_to_cancel_it() -> None:
    hold = structs.replace(ask(), control=Control.HOLD)
    assert "Asks the server" not in rules.consequence(hold, JobDetail(job()))


def test_the_consequence_names_the_job_and_that_it_may_run_on() -> None:
    text = rules.consequence(ask(), JobDetail(job()))
    assert "48213 (CSV import, running)" in text
    assert "runs on" in text
    assert "could not be checked first" in rules.consequence(ask(), None)


def test_a_cancel_is_seen_only_at_the_end() -> None:
    assert rules.effect(JobDetail(job())) is None
    cancelled = rules.effect(JobDetail(job(State.CANCELLED, "CANCELLED", ended=True)))
    assert cancelled is not None
    assert (cancelled.text, cancelled.as_asked) == ("cancelled", True)
    other = rules.effect(JobDetail(replace(job(State.SUCCEEDED, "COMPLETE"), ended=True)))
    assert other is not None
    assert (other.text, other.as_asked) == ("ended as succeeded before the cancel took effect", False)
