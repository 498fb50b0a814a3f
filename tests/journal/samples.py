"""Jobs, requests and the like, for the journal's tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from jobtui.model import (
    Control,
    ControlRequest,
    Job,
    JobRef,
    Kind,
    Outcome,
    Parameters,
    State,
    Verdict,
)

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
REF = JobRef("field", "Zk19")


def later(seconds: float) -> datetime:
    """A moment after NOW."""
    return NOW + timedelta(seconds=seconds)


def job(
    job_id: str = "Zk19",
    *,
    source: str = "field",
    title: str = "Inspect",
    as_of: datetime = NOW,
    ended_at: datetime | None = None,
) -> Job:
    """A job of Workflow Manager; ended when it has an end."""
    state = State.RUNNING if ended_at is None else State.SUCCEEDED
    return Job(
        JobRef(source, job_id),
        Kind.ARCGIS,
        title,
        state,
        "raw",
        ended_at is not None,
        as_of,
        ended_at=ended_at,
    )


def request(control: Control = Control.HOLD, *, ref: JobRef = REF, at: datetime = NOW) -> ControlRequest:
    """A control on one step."""
    return ControlRequest(control, ref, at, Parameters(("s1",)), reason="wait for parts")


def outcome(asked: ControlRequest, verdict: Verdict = Verdict.ACCEPTED, *, sent: bool = True) -> Outcome:
    """An answer one second after the question."""
    return Outcome(asked, verdict, sent, asked.asked_at + timedelta(seconds=1), reason="so it is")
