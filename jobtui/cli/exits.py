"""The one mapping from what happened to the exit code that scripts rely on."""

from __future__ import annotations

from enum import IntEnum

from jobtui.errors import (
    CredentialError,
    Forbidden,
    JobtuiError,
    LostAnswer,
    NoSuchJob,
    RateLimited,
    RequestRefused,
    ServerTrouble,
    SignInRefused,
    UnexpectedReply,
    Unreachable,
)
from jobtui.model import Cause, Flag, Job, Outcome, State, Verdict


class Exit(IntEnum):
    """Every exit code of the program."""

    GOOD = 0
    JOB_WENT_BADLY = 1
    """A watched job failed, was cancelled or ended partial."""
    USAGE = 2
    UNREACHABLE = 3
    RIGHTS = 4
    NO_SUCH_JOB = 5
    REFUSED = 6
    OUTCOME_UNKNOWN = 7
    CRASH = 70
    TIMED_OUT = 124
    INTERRUPTED = 130


_OF_ERROR: tuple[tuple[type[JobtuiError], Exit], ...] = (
    (CredentialError, Exit.RIGHTS),
    (SignInRefused, Exit.RIGHTS),
    (Forbidden, Exit.RIGHTS),
    (NoSuchJob, Exit.NO_SUCH_JOB),
    (RequestRefused, Exit.REFUSED),
    (Unreachable, Exit.UNREACHABLE),
    (LostAnswer, Exit.UNREACHABLE),
    (ServerTrouble, Exit.UNREACHABLE),
    (RateLimited, Exit.UNREACHABLE),
    (UnexpectedReply, Exit.UNREACHABLE),
)
_OF_CAUSE = {
    Cause.RULE: Exit.REFUSED,
    Cause.SERVER: Exit.REFUSED,
    Cause.SIGN_IN: Exit.RIGHTS,
    Cause.NO_SUCH_JOB: Exit.NO_SUCH_JOB,
    Cause.UNREACHABLE: Exit.UNREACHABLE,
}
_BAD_ENDS = frozenset({State.FAILED, State.CANCELLED, State.PARTIAL})


def of_error(error: JobtuiError) -> Exit:
    """Give the code of an error of a read, or of a mistake made here."""
    return next((code for kind, code in _OF_ERROR if isinstance(error, kind)), Exit.USAGE)


def of_outcome(outcome: Outcome) -> Exit:
    """Give the code of how a control ended."""
    if outcome.verdict is Verdict.UNKNOWN:
        return Exit.OUTCOME_UNKNOWN
    if outcome.verdict is Verdict.REFUSED:
        return Exit.REFUSED if outcome.cause is None else _OF_CAUSE[outcome.cause]
    return Exit.GOOD


def of_job(job: Job) -> Exit:
    """Give the code of how a watched job ended."""
    if job.state in _BAD_ENDS:
        return Exit.JOB_WENT_BADLY
    lost = Flag.FORGOTTEN in job.flags and job.state is not State.SUCCEEDED
    return Exit.NO_SUCH_JOB if lost else Exit.GOOD


def cause_of(error: JobtuiError) -> Cause:
    """Say whose no it is when a job could not be read before a control."""
    by_code = {Exit.RIGHTS: Cause.SIGN_IN, Exit.NO_SUCH_JOB: Cause.NO_SUCH_JOB, Exit.REFUSED: Cause.SERVER}
    return by_code.get(of_error(error), Cause.UNREACHABLE)
