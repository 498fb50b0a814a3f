"""The last known jobs, their steps and their messages."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from jobtui.errors import JournalError
from jobtui.journal.codec import decode_job, decode_message, decode_steps, encode, to_stamp
from jobtui.journal.database import Database, Row, Value
from jobtui.model import Flag, Job, JobDetail, JobMessage, JobRef
from jobtui.text import plain

T = TypeVar("T")

log = logging.getLogger(__name__)

_PAGE = 500
"""Jobs that are brought back at a time."""
CLOCK_SKEW = timedelta(minutes=1)
"""How far ahead of our clock a moment may be and still be believed."""

# An answer that is older than what is kept, from a slower process, changes nothing; but what claims to be
# from the future was kept while the machine's clock was wrong, and would stay until then.
_SAVE_JOB = """INSERT INTO jobs (source, job_id, as_of, ended, ended_at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT (source, job_id) DO UPDATE SET as_of = excluded.as_of, ended = excluded.ended,
    ended_at = excluded.ended_at, body = excluded.body
    WHERE excluded.as_of >= jobs.as_of OR jobs.as_of > ?7"""
_SAVE_STEPS = """INSERT INTO steps (source, job_id, as_of, body) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (source, job_id) DO UPDATE SET as_of = excluded.as_of, body = excluded.body
    WHERE excluded.as_of >= steps.as_of OR steps.as_of > ?5"""
# What has no time stands behind the one before it in its batch, else behind all that were kept before.
_SAVE_MESSAGE = """INSERT OR IGNORE INTO messages (source, job_id, message_id, at, body, kept_at, place)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, coalesce(?7,
        (SELECT max(place) FROM messages WHERE source = ?1 AND job_id = ?2), ?6))"""


def write_jobs(connection: sqlite3.Connection, jobs: Iterable[Job], now: datetime) -> None:
    """Keep the latest of each job; one that cannot be kept does not cost the others."""
    future = to_stamp(now + CLOCK_SKEW)
    connection.executemany(_SAVE_JOB, [(*row, future) for row in _writable(jobs, _job_row)])


def jobs_of(
    database: Database, source: str, ended_since: datetime | None = None, limit: int | None = None
) -> list[Job]:
    """The last known jobs of a source, those heard of last first; open ones, and those ended since."""
    since = None if ended_since is None else to_stamp(ended_since)
    rows = database.rows(
        """SELECT body FROM jobs WHERE source = ?1 AND (?2 IS NULL OR NOT ended OR ended_at IS NULL
        OR ended_at >= ?2) ORDER BY as_of DESC, rowid DESC LIMIT ?3""",
        (source, since, -1 if limit is None else limit),
    )
    return readable(rows, lambda row: decode_job(row[0]))


def stale_pages(database: Database, source: str) -> Iterator[list[Job]]:
    """The last known jobs of a source as what they are until it says so again, a page at a time."""
    last = 0
    while rows := database.rows(
        # By rowid, not by the index of the source: that would sort what is left, page after page.
        "SELECT rowid, body FROM jobs WHERE rowid > ?2 AND +source = ?1 ORDER BY rowid LIMIT ?3",
        (source, last, _PAGE),
    ):
        last = int(str(rows[-1][0]))
        if page := _stale(readable(rows, lambda row: decode_job(row[1]))):
            yield page


def _stale(page: list[Job]) -> list[Job]:
    moments: dict[datetime, datetime] = {}  # told by one answer, many share one
    return [
        replace(
            job,
            flags=(job.flags | {Flag.STALE}) - {Flag.CANCELLING},
            as_of=moments.setdefault(job.as_of, job.as_of),
        )
        for job in page
    ]


def job_of(database: Database, ref: JobRef) -> Job | None:
    """One job as last known, None when it is not or cannot be read."""
    rows = database.rows("SELECT body FROM jobs WHERE source = ? AND job_id = ?", (ref.source, ref.job_id))
    return next(iter(readable(rows, lambda row: decode_job(row[0]))), None)


def write_steps(connection: sqlite3.Connection, details: Iterable[JobDetail], now: datetime) -> None:
    """Keep the latest steps of each job; steps that cannot be kept do not cost the others."""
    future = to_stamp(now + CLOCK_SKEW)
    connection.executemany(_SAVE_STEPS, [(*row, future) for row in _writable(details, _steps_row)])


def detail_of(database: Database, ref: JobRef) -> JobDetail | None:
    """A job as last known, with its steps as last known."""
    job = job_of(database, ref)
    if job is None:
        return None
    rows = database.rows("SELECT body FROM steps WHERE source = ? AND job_id = ?", (ref.source, ref.job_id))
    steps = readable(rows, lambda row: decode_steps(row[0]))
    return JobDetail(job, steps[0] if steps else ())


def write_messages(connection: sqlite3.Connection, messages: Iterable[JobMessage], now: datetime) -> None:
    """Keep messages, each once."""
    kept_at = to_stamp(now)
    places: dict[tuple[Value, Value], Value] = {}
    rows = []
    for row in _writable(messages, _message_row):
        source, job_id, _, at, _ = row
        place = places[source, job_id] = places.get((source, job_id)) if at is None else at
        rows.append((*row, kept_at, place))
    connection.executemany(_SAVE_MESSAGE, rows)


def messages_of(database: Database, ref: JobRef) -> list[JobMessage]:
    """The messages of a job, oldest first; one without a time stays behind the one it came after."""
    rows = database.rows(
        "SELECT body FROM messages WHERE source = ? AND job_id = ? ORDER BY id", (ref.source, ref.job_id)
    )
    return _by_time(readable(rows, lambda row: decode_message(row[0])))


def readable(rows: Iterable[Row], decode: Callable[[Row], T]) -> list[T]:
    """Decode rows, leaving out, and logging, what cannot be read."""
    found = []
    for row in rows:
        try:
            found.append(decode(row))
        except JournalError as error:
            log.warning("left out: %s", error)
    return found


def _by_time(messages: list[JobMessage]) -> list[JobMessage]:
    times: list[float] = []
    for message in messages:
        before = times[-1] if times else float("-inf")
        times.append(before if message.at is None else message.at.timestamp())
    order = sorted(range(len(messages)), key=times.__getitem__)
    return [messages[index] for index in order]


def _writable(values: Iterable[T], row_of: Callable[[T], tuple[Value, ...]]) -> list[tuple[Value, ...]]:
    rows = []
    for value in values:
        try:
            rows.append(_bindable(row_of(value)))
        except JournalError as error:
            log.warning("not kept: %s", error)
    return rows


def is_storable(ref: JobRef) -> bool:
    """Say whether SQLite can keep a ref: an id with half a character in it cannot be one of a server's."""
    try:
        _bindable((ref.source, ref.job_id))
    except JournalError as error:
        log.warning("not kept: %s", error)
        return False
    return True


def _bindable(row: tuple[Value, ...]) -> tuple[Value, ...]:
    """Refuse an id with half a character in it, which SQLite would refuse for the whole batch."""
    for value in row:
        if isinstance(value, str) and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError as error:
                raise JournalError(f"an id with half a character in it: {plain(value)}") from error
    return row


def _job_row(job: Job) -> tuple[Value, ...]:
    ended_at = None if job.ended_at is None else to_stamp(job.ended_at)
    return (job.ref.source, job.ref.job_id, to_stamp(job.as_of), job.ended, ended_at, encode(job))


def _steps_row(detail: JobDetail) -> tuple[Value, ...]:
    ref = detail.job.ref
    return (ref.source, ref.job_id, to_stamp(detail.job.as_of), encode(detail.steps))


def _message_row(message: JobMessage) -> tuple[Value, ...]:
    at = None if message.at is None else to_stamp(message.at)
    return (message.ref.source, message.ref.job_id, message.id, at, encode(message))
