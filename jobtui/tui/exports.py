"""What is on the screen as files: jobs, steps or messages, as text, CSV or JSON; all of it as a picture."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from jobtui.documents import Document, job_document, message_document, show_document
from jobtui.insight.export import (
    JOB_COLUMNS,
    MESSAGE_COLUMNS,
    STEP_COLUMNS,
    csv_of,
    flat_steps,
    message_lines,
    table_of,
)
from jobtui.model import Job, JobDetail, JobMessage
from jobtui.monitor.monitor import Monitor

FORMATS = {"t": "text", "c": "csv", "j": "json", "s": "svg"}
"""By key: what an export can be."""
SUFFIXES = {"text": ".txt", "csv": ".csv", "json": ".json", "svg": ".svg"}


class Export(Struct, frozen=True):
    """Something that can be written to a file, as it was when the key was pressed."""

    stem: str
    """What its file is named after."""
    what: str
    """How many of what, for people."""
    write: Callable[[str], str]
    """Writes it in one of the formats but SVG; may take long, and touches nothing of the screen."""


def export_of_jobs(jobs: Sequence[Job], now: datetime) -> Export:
    """Export jobs in the order of the list."""

    def write(format_: str) -> str:
        documents = [job_document(job, now) for job in jobs]
        return _json(documents) if format_ == "json" else _written(format_, JOB_COLUMNS, documents)

    return Export("jobtui-jobs", _count(len(jobs), "job"), write)


def export_of_messages(messages: Sequence[JobMessage]) -> Export:
    """Export the messages of a job."""

    def write(format_: str) -> str:
        if format_ == "text":
            return "".join(f"{line}\n" for message in messages for line in message_lines(message))
        documents = [message_document(message) for message in messages]
        return _json(documents) if format_ == "json" else csv_of(MESSAGE_COLUMNS, documents)

    return Export("jobtui-messages", _count(len(messages), "message"), write)


def export_of_steps(detail: JobDetail, monitor: Monitor, now: datetime) -> Export:
    """Export a job with its steps, and what can be asked of them."""
    source = detail.job.ref.source
    # At once: what can be asked is known to the monitor's own loop only.
    document = show_document(detail, now, controls=monitor.controls(source), why_not=monitor.why_not)

    def write(format_: str) -> str:
        if format_ == "json":
            return _json(document)
        return _written(format_, STEP_COLUMNS, [dict(step) for step in flat_steps(document)])

    return Export("jobtui-job", _count(len(detail.all_steps()), "step"), write)


def _written(format_: str, columns: Sequence[str], documents: Sequence[Document]) -> str:
    return csv_of(columns, documents) if format_ == "csv" else table_of(columns, documents)


def _json(document: Document | Sequence[Document]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _count(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"
