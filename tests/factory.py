"""Model values for tests: what a test does not name is ordinary."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from jobtui.model import Job, JobRef, Kind, State

NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
"""A Friday."""


def a_job(job_id: str = "1", **fields: Any) -> Job:
    """Make a running Pending Action, except for what is given."""
    given: dict[str, Any] = {
        "ref": JobRef(fields.pop("source", "tiles"), job_id),
        "kind": Kind.NEXTSPACE,
        "title": f"job {job_id}",
        "state": State.RUNNING,
        "raw_state": "IN_PROGRESS",
        "ended": False,
        "as_of": NOW,
    }
    return Job(**(given | fields))


JOBS = st.builds(
    lambda number, state, title, ended: a_job(str(number), state=state, title=title, ended=ended),
    st.integers(0, 30),
    st.sampled_from(list(State)),
    st.text(max_size=8),
    st.booleans(),
)
