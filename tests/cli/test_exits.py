"""Every exit code of the table, from the error or outcome that it belongs to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jobtui import errors
from jobtui.cli.exits import Exit, cause_of, of_error, of_job, of_outcome
from jobtui.model import Cause, Control, ControlRequest, Flag, JobRef, Outcome, State, Verdict
from tests.factory import NOW, a_job

REQUEST = ControlRequest(Control.CANCEL, JobRef("tiles", "1"), NOW)


@pytest.mark.parametrize(
    ("error", "code", "cause"),
    [
        (errors.UsageError("x"), 2, Cause.UNREACHABLE),
        (errors.ConfigError("x"), 2, Cause.UNREACHABLE),
        (errors.RefError("x"), 2, Cause.UNREACHABLE),
        (errors.JournalError("x"), 2, Cause.UNREACHABLE),
        (errors.CredentialError("x"), 4, Cause.SIGN_IN),
        (errors.Unreachable("s", "x"), 3, Cause.UNREACHABLE),
        (errors.LostAnswer("s", "x"), 3, Cause.UNREACHABLE),
        (errors.ServerTrouble("s", "x", status=500), 3, Cause.UNREACHABLE),
        (errors.RateLimited("s", "x", retry_after_s=None), 3, Cause.UNREACHABLE),
        (errors.UnexpectedReply("s", "x"), 3, Cause.UNREACHABLE),
        (errors.SignInRefused("s", "x"), 4, Cause.SIGN_IN),
        (errors.Forbidden("s", "x"), 4, Cause.SIGN_IN),
        (errors.NoSuchJob("s", "x"), 5, Cause.NO_SUCH_JOB),
        (errors.RequestRefused("s", "x", status=409), 6, Cause.SERVER),
    ],
)
def test_every_error_has_its_code(error: errors.JobtuiError, code: int, cause: Cause) -> None:
    assert of_error(error) == code
    assert cause_of(error) is cause


@pytest.mark.parametrize(
    ("verdict", "cause", "code"),
    [
        (Verdict.ACCEPTED, None, 0),
        (Verdict.CONFIRMED, None, 0),
        (Verdict.UNKNOWN, None, 7),
        (Verdict.REFUSED, None, 6),
        (Verdict.REFUSED, Cause.RULE, 6),
        (Verdict.REFUSED, Cause.SERVER, 6),
        (Verdict.REFUSED, Cause.SIGN_IN, 4),
        (Verdict.REFUSED, Cause.NO_SUCH_JOB, 5),
        (Verdict.REFUSED, Cause.UNREACHABLE, 3),
    ],
)
def test_every_ending_of_a_control_has_its_code(verdict: Verdict, cause: Cause | None, code: int) -> None:
    assert of_outcome(Outcome(REQUEST, verdict, sent=True, at=NOW, cause=cause)) == code


@pytest.mark.parametrize(
    ("state", "flags", "code"),
    [
        (State.SUCCEEDED, set(), Exit.GOOD),
        (State.FAILED, set(), Exit.JOB_WENT_BADLY),
        (State.PARTIAL, set(), Exit.JOB_WENT_BADLY),
        (State.CANCELLED, {Flag.FORGOTTEN}, Exit.JOB_WENT_BADLY),
        (State.RUNNING, {Flag.FORGOTTEN}, Exit.NO_SUCH_JOB),
        (State.SUCCEEDED, {Flag.FORGOTTEN}, Exit.GOOD),
    ],
)
def test_every_end_of_a_watched_job_has_its_code(state: State, flags: set[Flag], code: Exit) -> None:
    assert of_job(replace(a_job(state=state, ended=True), flags=frozenset(flags))) is code
