"""The JSON of Workflow Manager."""

from typing import Any

from jobtui.demo.arcgis_diagrams import Diagram, Path, StepPlan
from jobtui.demo.arcgis_flow import turn_document
from jobtui.demo.arcgis_job import Comment, Entry, Hold, Job
from jobtui.demo.clock import Calendar

SHAPE_MANUAL, SHAPE_QUESTION = 3, 6


def on_wire(value: Any, calendar: Calendar) -> Any:
    """Turn the world seconds inside a document into times: keys that end in `ReleaseAt` lose the `At`."""
    if isinstance(value, dict):
        return {
            key.removesuffix("At") if key.endswith("ReleaseAt") else key: calendar.stamp_or_none(each)
            if key.endswith("ReleaseAt")
            else on_wire(each, calendar)
            for key, each in value.items()
        }
    return [on_wire(each, calendar) for each in value] if isinstance(value, list) else value


def job_document(job: Job, now: float, calendar: Calendar, *, ext_props: bool, holds: bool) -> dict[str, Any]:
    """Write a job; holds and extended properties only when asked for."""
    document: dict[str, Any] = {
        "jobId": job.job_id,
        "jobName": job.name,
        "jobStatus": job.status,
        "closed": job.closed,
        "percentComplete": job.percent,
        "priority": job.priority,
        "ownedBy": job.owner,
        "createdBy": job.owner,
        "notes": job.notes,
        "description": job.description,
        "createdDate": calendar.stamp(job.created),
        "startDate": calendar.stamp(job.created),
        "startedDate": calendar.stamp_or_none(job.started),
        "dueDate": calendar.stamp_or_none(job.due),
        "endDate": calendar.stamp_or_none(job.ended),
        "parentJob": None,
        "parentJobRefId": None,
        "diagramId": job.diagram.diagram_id,
        "diagramName": job.diagram.name,
        "diagramVersion": job.diagram.version,
        "currentSteps": on_wire([turn_document(job, turn, now) for turn in job.current.values()], calendar),
        "jobTemplateId": job.diagram.template_id,
        "jobTemplateName": job.diagram.name,
        "activeVersions": [],
        "hasLocation": int(job.job_id, 16) % 2,
    }
    if holds:
        document["holds"] = [hold_document(job, hold, calendar) for hold in job.holds]
    if ext_props:
        row = {"propertyName": "district", "value": f"D{int(job.job_id[:4], 16) % 12 + 1}"}
        document |= {
            "extendedProperties": [{"tableName": "work", "properties": [row]}],
            "relatedProperties": [],
        }
    return document


def hold_document(job: Job, hold: Hold, calendar: Calendar) -> dict[str, Any]:
    """Write a hold, active or past; only one that waits for a web hook says so."""
    hook = {"webhookConnectionId": hold.hook} if hold.hook is not None else {}
    return {
        "jobId": job.job_id,
        "stepId": hold.step_id,
        "holdId": hold.hold_id,
        "setBy": hold.set_by,
        "setDate": calendar.stamp(hold.set_at),
        "scheduledRelease": calendar.stamp_or_none(hold.until),
        "releasedBy": hold.released_by,
        "releasedDate": calendar.stamp_or_none(hold.released_at),
        "dependentJobId": hold.after_job,
        "dependentStepId": hold.after_step,
        **hook,
    }


def entry_document(job: Job, entry: Entry, calendar: Calendar) -> dict[str, Any]:
    """Write a line of history."""
    document: dict[str, Any] = {
        "jobId": job.job_id,
        "stepId": entry.step_id,
        "username": entry.username,
        "action": entry.action,
        "date": calendar.stamp(entry.at),
        "result": entry.result,
        "startDate": calendar.stamp_or_none(entry.started_at),
        "endDate": None,
        "durationSeconds": None,
    }
    if entry.started_at is not None:
        seconds = int((entry.at - entry.started_at) / calendar.speed)
        document |= {"endDate": calendar.stamp(entry.at), "durationSeconds": seconds}
    return document


def comment_document(job: Job, comment: Comment, calendar: Calendar) -> dict[str, Any]:
    """Write a comment."""
    return {
        "jobId": job.job_id,
        "commentId": comment.comment_id,
        "comment": comment.text,
        "lastModifiedBy": comment.by,
        "lastModified": calendar.stamp(comment.at),
    }


def diagram_document(diagram: Diagram, job: Job | None = None) -> dict[str, Any]:
    """Write a diagram; with a job, paths name who will get the next step."""
    first = diagram.steps[0]
    return {
        "diagramId": diagram.diagram_id,
        "diagramVersion": diagram.version,
        "diagramName": diagram.name,
        "description": f"How a {diagram.name.lower()} is done",
        "initialStepId": first.step_id,
        "initialStepName": first.name,
        "displayGrid": True,
        "annotations": [],
        "dataSources": [],
        "steps": [_step(diagram, step, place, job) for place, step in enumerate(diagram.steps)],
    }


def _step(diagram: Diagram, step: StepPlan, place: int, job: Job | None) -> dict[str, Any]:
    args = {"questionResponses": [path.label for path in step.paths]} if step.kind == "Question" else {}
    return {
        "id": step.step_id,
        "name": step.name,
        "description": None,
        "automatic": step.is_automatic,
        "proceedNext": step.proceed_next,
        "canSkip": step.can_skip,
        "position": f"100, {40 + place * 120}, 120, 60",
        "shape": SHAPE_QUESTION if step.kind == "Question" else SHAPE_MANUAL,
        "action": {"actionType": step.kind, "args": args},
        "paths": [_path(diagram, path, job) for path in step.paths],
        "helpUrl": None,
        "helpText": None,
    }


def _path(diagram: Diagram, path: Path, job: Job | None) -> dict[str, Any]:
    kind, name = job.people[diagram.by_id[path.to].role] if job else ("Unassigned", "")
    return {
        "nextStep": path.to,
        "label": path.label,
        "expression": f"$response == '{path.label}'" if path.needs_answer else None,
        "assignedType": kind,
        "assignedTo": name or None,
        "status": path.status,
        "notifications": [],
        "points": [],
        "ports": ["BOTTOM", "TOP"],
    }


def job_state_message(job: Job, now: float, calendar: Calendar, sender: str | None) -> dict[str, Any]:
    """Write the message that follows a subscription."""
    states = [
        {**turn_document(job, turn, now), "messageDetails": turn.last_frame} for turn in job.current.values()
    ]
    message = {
        "jobId": job.job_id,
        "jobStatus": job.status,
        "percentComplete": float(job.percent),
        "diagramId": job.diagram.diagram_id,
        "diagramVersion": job.diagram.version,
        "jobTemplateName": job.diagram.name,
        "senderId": sender,
        "stepStates": on_wire(states, calendar),
    }
    return (
        message if sender is not None else {key: each for key, each in message.items() if key != "senderId"}
    )
