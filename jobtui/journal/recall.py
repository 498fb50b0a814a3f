"""What is usual, and where something was: questions about every job that was ever known."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from jobtui.journal.codec import decode_job, to_stamp
from jobtui.journal.database import Database, Row
from jobtui.journal.jobs import readable
from jobtui.model import Job, Kind, State

log = logging.getLogger(__name__)

_PAGE = 1_000
_NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|0x[0-9a-f]+|\d+(?:[.,:/-]\d+)*", re.IGNORECASE)
_WELL = frozenset({State.SUCCEEDED, State.PARTIAL})


class Usual(Struct, frozen=True):
    """How long jobs of one sort took that ended well."""

    source: str
    kind: Kind
    application: str | None
    pattern: str
    """The title with every number as ``#``."""
    count: int
    median_s: float
    p90_s: float


class Brief(msgspec.Struct):
    """The few fields of a job's body that are searched and counted."""

    kind: Kind
    title: str
    state: State
    started: datetime | None = None
    created: datetime | None = None
    updated: datetime | None = None
    ended_at: datetime | None = None
    owner: str | None = None
    application: str | None = None
    why: str | None = None


_brief = msgspec.json.Decoder(Brief)


# --- what is usual ------------------------------------------------------------------------------------------
def usual(database: Database, source: str | None, since: datetime | None) -> list[Usual]:
    """Count and measure the jobs that ended well, those of most jobs first."""
    took: dict[tuple[str, Kind, str | None, str], list[float]] = defaultdict(list)
    where = "ended AND (?2 IS NULL OR source = ?2) AND (?3 IS NULL OR as_of >= ?3)"
    for row in _pages(database, where, (source, None if since is None else to_stamp(since))):
        job = read_brief(row)
        if job is not None and (duration := _duration(job)) is not None:
            took[row[1], job.kind, job.application, pattern_of(job.title)].append(duration)
    found = [Usual(*sort, *measured(durations)) for sort, durations in took.items()]
    return sorted(found, key=lambda each: -each.count)


def pattern_of(title: str) -> str:
    """Give what titles of the same sort have in common: every number, id or date as ``#``."""
    return _NUMBER.sub("#", title).strip()


def _duration(job: Brief) -> float | None:
    began = job.started or job.created
    if job.state not in _WELL or began is None or job.ended_at is None:
        return None
    took = (job.ended_at - began).total_seconds()
    return took if took >= 0 else None


def measured(durations: list[float]) -> tuple[int, float, float]:
    """Give how many they are, the median, and what nine in ten do not exceed."""
    # Deferred for start-up: few commands count anything.
    import statistics

    durations.sort()
    ninth = durations[min(len(durations) - 1, round(0.9 * (len(durations) - 1)))]
    return len(durations), statistics.median(durations), ninth


# --- where was it -------------------------------------------------------------------------------------------
def find(database: Database, text: str, limit: int, source: str | None) -> list[Job]:
    """Give every job ever known with a text in what a person may remember of it."""
    wanted, found = text.casefold(), list[tuple[int, int]]()
    for row in _pages(database, "(?2 IS NULL OR source = ?2)", (source,)):
        row_id, _, job_id, as_of, _ = row
        job = read_brief(row)
        texts = [job_id] if job is None else [job_id, job.title, job.owner, job.application, job.why]
        if any(wanted in known.casefold() for known in texts if known is not None):
            found.append((as_of, row_id))
    latest = [row_id for _, row_id in sorted(found, reverse=True)[:limit]]
    bodies = [
        row for each in latest for row in database.rows("SELECT body FROM jobs WHERE rowid = ?", (each,))
    ]
    return readable(bodies, lambda row: decode_job(row[0]))


def _pages(database: Database, where: str, values: tuple[str | int | None, ...]) -> Iterator[Row]:
    """Read all jobs a page at a time, so that no writer waits and memory stays small."""
    last = 0
    while True:
        rows = database.rows(
            f"""SELECT rowid, source, job_id, as_of, body FROM jobs WHERE rowid > ?1 AND {where}
            ORDER BY rowid LIMIT {_PAGE}""",  # noqa: S608 - written here
            (last, *values),
        )
        yield from rows
        if len(rows) < _PAGE:
            return
        last = rows[-1][0]


def read_brief(row: Row) -> Brief | None:
    """Read the few fields of a job whose body is the fifth of a row; None when it cannot be read."""
    try:
        return _brief.decode(row[4])
    except (msgspec.MsgspecError, TypeError, ValueError) as error:
        log.warning("left out: a job that cannot be read (%s)", type(error).__name__)
        return None
