"""What one answer says of how a job, its steps and its holds stand: the part that makes a history."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from jobtui.model import Flag, Hold, Job, JobDetail, JobRef, Kind, Progress, State


class Told(Struct, frozen=True):
    """How a job stood, as told by one answer."""

    ref: JobRef
    at: datetime
    """When that answer had been asked for."""
    state: State
    raw_state: str
    ended: bool
    forgotten: bool = False
    owner: str | None = None
    progress: Progress | None = None

    def says_the_same(self, other: Told) -> bool:
        """Whether both say the same, at whatever moment."""
        return self._said() == other._said()

    def _said(self) -> tuple[object, ...]:
        return (self.ref, self.state, self.raw_state, self.ended, self.forgotten, self.owner, self.progress)


class StepTold(Struct, frozen=True):
    """How a step of a diagram stood, as told by one answer."""

    ref: JobRef
    step_id: str
    at: datetime
    state: State
    raw_state: str
    is_current: bool
    assigned_to: str | None


class HoldTold(Struct, frozen=True):
    """A hold, as shown by one answer; gone when a later answer, of its step whole, no longer showed it."""

    ref: JobRef
    at: datetime
    hold: Hold


class ItemError(Struct, frozen=True):
    """One item of a job that failed, and with which words."""

    ref: JobRef
    item_id: str
    at: datetime
    title: str
    text: str


def told_of(job: Job) -> Told:
    """Take from a job what makes its history.

    Of an open Workflow Manager job a list row tells everything but how it stands: that is as its steps are.
    """
    guessed = job.is_brief and job.kind is Kind.ARCGIS and not job.ended
    state = State.UNKNOWN if guessed else job.state
    progress = job.progress
    if progress is not None and progress.fraction is not None and not math.isfinite(progress.fraction):
        progress = Progress(None, progress.done, progress.total)
    if progress == Progress():
        progress = None
    forgotten = Flag.FORGOTTEN in job.flags
    return Told(job.ref, job.as_of, state, job.raw_state, job.ended, forgotten, job.owner, progress)


def steps_of(detail: JobDetail) -> Iterator[StepTold]:
    """Take from a job read whole what makes the history of its steps.

    Only a Workflow Manager step is a thing of its own; those of other kinds are parts of a result.
    """
    job = detail.job
    if job.kind is Kind.ARCGIS:
        for step in detail.all_steps():
            yield StepTold(
                job.ref, step.id, job.as_of, step.state, step.raw_state, step.current, step.assigned_to
            )


def errors_of(detail: JobDetail) -> Iterator[ItemError]:
    """Take from a job read whole which of its items or steps failed, and with which words."""
    job = detail.job
    for step in detail.all_steps():
        if step.state is State.FAILED:
            yield ItemError(job.ref, step.id, job.as_of, step.title, step.message or "")
