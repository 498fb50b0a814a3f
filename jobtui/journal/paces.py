"""How long steps of workflows usually take: those of one source, template and title."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from jobtui.journal.codec import to_stamp
from jobtui.journal.database import Database
from jobtui.journal.recall import measured, pattern_of, read_brief
from jobtui.model import Kind, State

log = logging.getLogger(__name__)
_PAGE = 500


class UsualStep(Struct, frozen=True):
    """How long steps of one sort took that ended well."""

    source: str
    application: str | None
    pattern: str
    """The title with every number as ``#``."""
    count: int
    median_s: float
    p90_s: float


class _Step(msgspec.Struct):
    title: str
    state: State
    started: datetime | None = None
    ended_at: datetime | None = None
    children: tuple[_Step, ...] = ()


_steps = msgspec.json.Decoder(tuple[_Step, ...])


def usual_steps(database: Database, since: datetime | None) -> list[UsualStep]:
    """Count and measure the steps that ended well, of workflow jobs told of since a moment."""
    took: dict[tuple[str, str | None, str], list[float]] = defaultdict(list)
    for source, application, steps in _read(database, since):
        for step in _all(steps):
            if (duration := _duration(step)) is not None:
                took[source, application, pattern_of(step.title)].append(duration)
    return [UsualStep(*sort, *measured(durations)) for sort, durations in took.items()]


def _read(database: Database, since: datetime | None) -> Iterator[tuple[str, str | None, tuple[_Step, ...]]]:
    """Read the steps of workflow jobs a page at a time, so that no writer waits and memory stays small."""
    last, after = 0, 0 if since is None else to_stamp(since)
    while True:
        rows = database.rows(
            f"""SELECT s.rowid, s.source, s.job_id, s.as_of, j.body, s.body FROM steps AS s JOIN jobs AS j
            ON j.source = s.source AND j.job_id = s.job_id WHERE s.rowid > ?1 AND s.as_of >= ?2
            ORDER BY s.rowid LIMIT {_PAGE}""",  # noqa: S608 - written here
            (last, after),
        )
        for row in rows:
            job = read_brief(row)
            if job is not None and job.kind is Kind.ARCGIS:
                yield row[1], job.application, _decoded(row[5])
        if len(rows) < _PAGE:
            return
        last = rows[-1][0]


def _decoded(body: bytes) -> tuple[_Step, ...]:
    try:
        return _steps.decode(body)
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
        log.warning("left out: steps that cannot be read (%s)", type(error).__name__)
        return ()


def _all(steps: tuple[_Step, ...]) -> Iterator[_Step]:
    pending = list(steps)
    while pending:
        step = pending.pop()
        yield step
        pending.extend(step.children)


def _duration(step: _Step) -> float | None:
    if step.state is not State.SUCCEEDED or step.started is None or step.ended_at is None:
        return None
    took = (step.ended_at - step.started).total_seconds()
    return took if took >= 0 else None
