"""From what went wrong with a control to how it ended."""

from __future__ import annotations

from datetime import datetime

from jobtui.errors import (
    BackendError,
    CredentialError,
    Forbidden,
    NoSuchAddress,
    NoSuchJob,
    RateLimited,
    RequestRefused,
    SignInRefused,
    Unreachable,
)
from jobtui.model import Cause, ControlRequest, Outcome, Verdict

# First match wins; what is not listed here may or may not have happened.
_REFUSALS: tuple[tuple[type[Exception], bool, Cause], ...] = (
    (Unreachable, False, Cause.UNREACHABLE),
    (CredentialError, False, Cause.SIGN_IN),
    (SignInRefused, True, Cause.SIGN_IN),
    (Forbidden, True, Cause.SIGN_IN),
    (NoSuchJob, True, Cause.NO_SUCH_JOB),
    (NoSuchAddress, True, Cause.NO_SUCH_JOB),
    (RequestRefused, True, Cause.SERVER),
    (RateLimited, True, Cause.SERVER),
)


def outcome_of_error(
    request: ControlRequest, error: BackendError | CredentialError, now: datetime
) -> Outcome:
    """Say how a control ended that met this error: refused when it surely did not happen, else unknown."""
    for kind, sent, cause in _REFUSALS:
        if isinstance(error, kind):
            return Outcome(request, Verdict.REFUSED, sent, now, str(error), cause)
    return Outcome(request, Verdict.UNKNOWN, True, now, str(error))
