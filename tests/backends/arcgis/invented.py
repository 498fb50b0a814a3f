"""Invented replies of Workflow Manager, and the details made of them by the code under test."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from jobtui.backends.arcgis.diagram import Diagram, decode_diagram
from jobtui.backends.arcgis.history import UNREADABLE, EventLog, decode_history
from jobtui.backends.arcgis.steps import detail_of
from jobtui.backends.arcgis.wire import JobRecord, decode_job
from jobtui.model import JobDetail, JobRef

SOURCE = "field"
REF = JobRef(SOURCE, "Qm7x")
NOW = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
ME = "dortiz"


def stamp(minutes: float = 0) -> str:
    """An ISO time so many minutes from NOW."""
    return (NOW + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def bare(value: object) -> bytes:
    return json.dumps(value).encode()


def path(to: str) -> dict[str, object]:
    return {"nextStep": to, "assignedType": "Unassigned", "label": "", "points": [], "ports": []}


def plan(
    edges: Mapping[str, Sequence[str]], *, initial: str | None = None, **more: dict[str, object]
) -> Diagram:
    """A diagram of these steps; ``more`` are further fields by step id."""
    steps = [
        {
            "id": name,
            "name": f"Step {name}",
            "automatic": False,
            "canSkip": False,
            "action": {"actionType": "Manual", "args": {}},
            "paths": list(map(path, following)),
            **more.get(name, {}),
        }
        for name, following in edges.items()
    ]
    body = {"diagramId": "d-1", "diagramVersion": 1, "initialStepId": initial, "steps": steps}
    return decode_diagram(SOURCE, bare(body))


def current(step_id: str, **more: object) -> dict[str, object]:
    return {
        "stepId": step_id,
        "stepName": f"Step {step_id}",
        "assignedType": "User",
        "assignedTo": ME,
        "canSkip": False,
        **more,
    }


def hold(hold_id: str, step_id: str, **more: object) -> dict[str, object]:
    """A manual hold by “lead”, set an hour ago."""
    return {
        "jobId": REF.job_id,
        "stepId": step_id,
        "holdId": hold_id,
        "setBy": "lead",
        "setDate": stamp(-60),
        "scheduledRelease": None,
        "releasedBy": None,
        "releasedDate": None,
        "dependentJobId": None,
        "dependentStepId": None,
        **more,
    }


def record(
    *steps: dict[str, object], holds: Sequence[dict[str, object]] | None = (), **more: object
) -> JobRecord:
    """An open job at these current steps."""
    body: dict[str, object] = {
        "jobId": REF.job_id,
        "jobName": "Parcel split 118",
        "jobStatus": "In review",
        "closed": False,
        "percentComplete": 40,
        "ownedBy": "lead",
        "createdDate": stamp(-600),
        "startedDate": stamp(-500),
        "endDate": None,
        "diagramId": "d-1",
        "diagramVersion": 1,
        "currentSteps": list(steps),
        **({} if holds is None else {"holds": list(holds)}),
        **more,
    }
    return decode_job(REF, bare(body))


def entry(action: str, step_id: str | None, minutes: float = -10, **more: object) -> dict[str, object]:
    """A line of history, so many minutes from NOW."""
    return {"stepId": step_id, "username": "dortiz", "action": action, "date": stamp(minutes), **more}


def history(*entries: dict[str, object]) -> EventLog:
    return decode_history(SOURCE, bare({"jobHistory": list(entries)}))


CHAIN = plan({"a": ["b"], "b": ["c"], "c": []}, initial="a", b={"automatic": True, "canSkip": True})


def detail(
    job: JobRecord, log: EventLog | None = None, diagram: Diagram | None = CHAIN, user: str | None = ME
) -> JobDetail:
    """The job as the backend would give it; without a log its history cannot be read."""
    return detail_of(job, diagram, UNREADABLE if log is None else log, user=user, as_of=NOW)
