"""The fields a search can ask for, each with its type and how it is read from a job."""

from collections.abc import Callable
from functools import partial
from typing import Any

from jobtui.demo.arcgis_job import Job
from jobtui.demo.clock import Calendar

DEFAULT_FIELDS = ("jobId", "jobName", "priority", "dueDate", "currentStep")


def _step_names(job: Job) -> str | None:
    return ", ".join(turn.step.name for turn in job.current.values()) or None


def _assignee(job: Job, part: int) -> str | None:
    return next((turn.assignee[part] or None for turn in job.current.values()), None)


COLUMNS: dict[str, tuple[str, Callable[[Job], Any]]] = {
    "jobId": ("String", lambda job: job.job_id),
    "jobName": ("String", lambda job: job.name),
    "jobStatus": ("String", lambda job: job.status),
    "closed": ("Boolean", lambda job: job.closed),
    "percentComplete": ("Double", lambda job: job.percent),
    "priority": ("String", lambda job: job.priority),
    "ownedBy": ("String", lambda job: job.owner),
    "createdBy": ("String", lambda job: job.owner),
    "description": ("String", lambda job: job.description),
    "notes": ("String", lambda job: job.notes),
    "createdDate": ("DateTime", lambda job: job.created),
    "startDate": ("DateTime", lambda job: job.created),
    "startedDate": ("DateTime", lambda job: job.started),
    "dueDate": ("DateTime", lambda job: job.due),
    "endDate": ("DateTime", lambda job: job.ended),
    "parentJob": ("String", lambda job: None),
    "diagramId": ("String", lambda job: job.diagram.diagram_id),
    "diagramName": ("String", lambda job: job.diagram.name),
    "diagramVersion": ("Integer", lambda job: job.diagram.version),
    "jobTemplateId": ("String", lambda job: job.diagram.template_id),
    "jobTemplateName": ("String", lambda job: job.diagram.name),
    "currentStep": ("String", _step_names),
    "assignedType": ("String", lambda job: _assignee(job, 0)),
    "assignedTo": ("String", lambda job: _assignee(job, 1)),
}


def cell(calendar: Calendar, job: Job, name: str) -> Any:
    """Read a field of a job as it is written in a search result."""
    kind, read = COLUMNS[name]
    value = read(job)
    return calendar.stamp_or_none(value) if kind == "DateTime" else value


def row_of(job: Job, calendar: Calendar) -> Callable[[str], Any]:
    """Give the reader of a job's fields."""
    return partial(cell, calendar, job)
