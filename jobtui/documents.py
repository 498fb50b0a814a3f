"""The JSON documents that others script against: one function per noun, plain JSON values out.

Every text passes ``text.plain``; times are ISO 8601 with offset; what is unknown is None.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from jobtui.model import Control, Job, JobDetail, JobMessage, Outcome, Reason, StepRef, Target

Document = dict[str, object]
WhyNot = Callable[[Control, Target], Reason | None]


def job_document(job: Job, now: datetime) -> Document:
    raise NotImplementedError


def show_document(
    detail: JobDetail, now: datetime, *, controls: frozenset[Control], why_not: WhyNot
) -> Document:
    raise NotImplementedError


def message_document(message: JobMessage) -> Document:
    raise NotImplementedError


def outcome_document(outcome: Outcome) -> Document:
    raise NotImplementedError


_ = StepRef
