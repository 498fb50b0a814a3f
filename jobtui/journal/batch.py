"""Everything that was told since the last write, put into the journal in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import chain
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from jobtui.journal import history, jobs
from jobtui.journal.codec import to_stamp
from jobtui.journal.database import Database
from jobtui.journal.told import HoldTold, StepTold, Told, errors_of, steps_of, told_of
from jobtui.model import Job, JobDetail, JobMessage, JobRef

_T = TypeVar("_T", Told, StepTold, HoldTold)


class Batch(Struct):
    """What is to be kept, all of it or, when the journal fails, nothing."""

    jobs: list[Job] = field(default_factory=list)
    """The latest of each job."""
    told: list[Told] = field(default_factory=list)
    """How jobs stood, answer by answer."""
    holds: list[HoldTold] = field(default_factory=list)
    details: list[JobDetail] = field(default_factory=list)
    """The latest of each job read whole."""
    steps: list[StepTold] = field(default_factory=list)
    """How steps stood, answer by answer."""
    messages: list[JobMessage] = field(default_factory=list)
    looks: Mapping[JobRef, datetime] = field(default_factory=dict)
    """When the person last looked at jobs."""
    lost_states: int = 0
    lost_messages: int = 0
    """How many had to be given up before, because the journal could not be written for too long."""


def batch_of_jobs(found: Iterable[Job]) -> Batch:
    """Make the batch of some jobs as one answer told them."""
    kept = list(found)
    holds = [HoldTold(job.ref, job.as_of, hold) for job in kept for hold in job.holds]
    return Batch(jobs=kept, told=[told_of(job) for job in kept], holds=holds)


def batch_of_detail(detail: JobDetail) -> Batch:
    """Make the batch of one job read whole."""
    job = detail.job
    held = [HoldTold(job.ref, job.as_of, hold) for step in detail.all_steps() for hold in step.holds]
    batch = batch_of_jobs([job])
    return replace(batch, holds=[*batch.holds, *held], details=[detail], steps=list(steps_of(detail)))


def write(database: Database, batch: Batch, now: datetime) -> None:
    """Write a batch in one transaction; what cannot be kept at all is left out, and said in the log."""
    with database.writing() as connection:
        jobs.write_jobs(connection, batch.jobs, now)
        jobs.write_steps(connection, batch.details, now)
        jobs.write_messages(connection, batch.messages, now)
        history.write_told(connection, _believable(batch.told, now))
        history.write_steps(connection, _believable(batch.steps, now))
        details = [detail for detail in batch.details if jobs.is_storable(detail.job.ref)]
        history.write_holds(connection, _believable(batch.holds, now))
        history.write_gone(connection, details)
        history.write_errors(connection, chain.from_iterable(errors_of(detail) for detail in details))
        _write_looks(connection, batch.looks)
        _write_gap(connection, batch, now)


def _believable(told: Iterable[_T], now: datetime) -> Iterable[_T]:
    """Leave out what SQLite cannot keep; what claims to be from the future was told now at the latest."""
    for each in told:
        if jobs.is_storable(each.ref):
            yield each if each.at <= now + jobs.CLOCK_SKEW else replace(each, at=now)


def _write_looks(connection: sqlite3.Connection, looks: Mapping[JobRef, datetime]) -> None:
    connection.executemany(
        """INSERT INTO looks (source, job_id, at) VALUES (?, ?, ?)
        ON CONFLICT (source, job_id) DO UPDATE SET at = max(at, excluded.at)""",
        [(ref.source, ref.job_id, to_stamp(at)) for ref, at in looks.items() if jobs.is_storable(ref)],
    )


def _write_gap(connection: sqlite3.Connection, batch: Batch, now: datetime) -> None:
    if batch.lost_states or batch.lost_messages:
        connection.execute(
            "INSERT INTO gaps (at, states, messages) VALUES (?, ?, ?)",
            (to_stamp(now), batch.lost_states, batch.lost_messages),
        )
