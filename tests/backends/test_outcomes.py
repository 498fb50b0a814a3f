"""From what went wrong to verdict, sent and cause: the table that exit codes hang on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jobtui.backends.outcomes import outcome_of_error
from jobtui.errors import (
    BackendError,
    CredentialError,
    Forbidden,
    LostAnswer,
    NoSuchAddress,
    NoSuchJob,
    RateLimited,
    RequestRefused,
    ServerTrouble,
    SignInRefused,
    UnexpectedReply,
    Unreachable,
)
from jobtui.model import Cause, Control, ControlRequest, JobRef, Verdict

NOW = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
REQUEST = ControlRequest(Control.CANCEL, JobRef("tiles", "7"), NOW)


@pytest.mark.parametrize(
    ("error", "verdict", "sent", "cause"),
    [
        (Unreachable("s", "x"), Verdict.REFUSED, False, Cause.UNREACHABLE),
        (CredentialError("x"), Verdict.REFUSED, False, Cause.SIGN_IN),
        (SignInRefused("s", "x"), Verdict.REFUSED, True, Cause.SIGN_IN),
        (Forbidden("s", "x"), Verdict.REFUSED, True, Cause.SIGN_IN),
        (NoSuchJob("s", "x"), Verdict.REFUSED, True, Cause.NO_SUCH_JOB),
        (NoSuchAddress("s", "x"), Verdict.REFUSED, True, Cause.NO_SUCH_JOB),
        (RequestRefused("s", "x", status=409), Verdict.REFUSED, True, Cause.SERVER),
        (RateLimited("s", "x", retry_after_s=None), Verdict.REFUSED, True, Cause.SERVER),
        (LostAnswer("s", "x"), Verdict.UNKNOWN, True, None),
        (ServerTrouble("s", "x", status=503), Verdict.UNKNOWN, True, None),
        (UnexpectedReply("s", "x"), Verdict.UNKNOWN, True, None),
        (BackendError("s", "x"), Verdict.UNKNOWN, True, None),
    ],
)
def test_every_error_has_one_ending(
    error: BackendError | CredentialError, verdict: Verdict, sent: bool, cause: Cause | None
) -> None:
    outcome = outcome_of_error(REQUEST, error, NOW)
    assert (outcome.verdict, outcome.sent, outcome.cause) == (verdict, sent, cause)
    assert (outcome.request, outcome.at, outcome.reason) == (REQUEST, NOW, "x")
