"""Questions to the journal as a memory: what happened since, what is usual, where was it."""

from __future__ import annotations

import logging
import re
import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from jobtui.journal.codec import decode_job, from_stamp, to_stamp
from jobtui.journal.database import Database, Row
from jobtui.journal.history import TOLD, hold_row, told_row
from jobtui.journal.jobs import readable
from jobtui.journal.told import Told
from jobtui.model import Hold, Job, JobRef, Kind, State

log = logging.getLogger(__name__)

_PAGE = 1_000
_OURS_FOR = timedelta(minutes=15)
"""For how long after a control of ours a change of its job is taken for what we asked for."""
_NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|0x[0-9a-f]+|\d+(?:[.,:/-]\d+)*", re.IGNORECASE)
_WELL = frozenset({State.SUCCEEDED, State.PARTIAL})


class What(StrEnum):
    """What kind of thing happened."""

    ENDED = "ended"
    REOPENED = "reopened"
    FORGOTTEN = "forgotten"
    ASSIGNED = "assigned"
    HELD = "held"
    RELEASED = "released"
    """A hold is gone: released by somebody, or run out."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a job."""

    ref: JobRef
    at: datetime
    """When the first answer that showed it had been asked for."""
    what: What
    ours: bool
    """Whether a control of ours had been sent to the job shortly before."""
    told: Told | None = None
    """How the job then stood; None for holds and steps."""
    before: Told | None = None
    hold: Hold | None = None
    step_id: str | None = None
    assigned_to: str | None = None
    """Who has the job or step, when it was assigned."""


@dataclass(frozen=True, slots=True)
class Usual:
    """How long jobs of one sort took that ended well."""

    source: str
    kind: Kind
    application: str | None
    pattern: str
    """The title with every number as ``#``."""
    count: int
    median_s: float
    p90_s: float


class _Brief(msgspec.Struct):
    """The few fields of a job's body that are searched and counted."""

    kind: Kind
    title: str
    state: State
    started: datetime | None = None
    created: datetime | None = None
    ended_at: datetime | None = None
    owner: str | None = None
    application: str | None = None
    why: str | None = None


_brief = msgspec.json.Decoder(_Brief)


# --- what happened ------------------------------------------------------------------------------------------
def happenings(database: Database, since: datetime, source: str | None) -> list[Happening]:
    """Give what happened since a moment, oldest first."""
    found = [*_of_jobs(database, since, source), *_of_steps(database, since, source)]
    found.extend(_of_holds(database, since, source))
    return sorted(found, key=lambda each: each.at)


def _of_jobs(database: Database, since: datetime, source: str | None) -> Iterator[Happening]:
    after_columns, before_columns = (
        ", ".join(f"{table}.{name.strip()}" for name in TOLD.split(",")) for table in ("t", "b")
    )
    rows = database.rows(
        f"""SELECT {_ours("t")}, b.id, {after_columns}, {before_columns} FROM told AS t LEFT JOIN told AS b
        ON b.id = (SELECT p.id FROM told AS p WHERE p.source = t.source AND p.job_id = t.job_id
            AND (p.at, p.id) < (t.at, t.id) ORDER BY p.at DESC, p.id DESC LIMIT 1)
        WHERE t.at >= ?1 AND (?2 IS NULL OR t.source = ?2) AND CASE WHEN b.id IS NULL THEN t.ended
            ELSE t.ended <> b.ended OR t.forgotten <> b.forgotten OR t.owner IS NOT b.owner
            OR (t.ended AND t.state <> b.state) END ORDER BY t.at, t.id""",  # noqa: S608 - the columns are ours
        (to_stamp(since), source),
    )
    width = len(TOLD.split(","))
    for ours, before_id, *row in rows:
        before = None if before_id is None else next(iter(readable([tuple(row[width:])], told_row)), None)
        for after in readable([tuple(row[:width])], told_row):
            assigned = after.owner if before is not None and before.owner != after.owner else None
            for what in _what(before, after, since, database):
                yield Happening(after.ref, after.at, what, bool(ours), after, before, assigned_to=assigned)


def _what(before: Told | None, after: Told, since: datetime, database: Database) -> Iterator[What]:
    if before is None:
        if after.ended and not after.forgotten and _ended_after(database, after.ref, since):
            yield What.ENDED
        return
    if after.forgotten and not before.forgotten:
        yield What.FORGOTTEN
    elif after.ended and (not before.ended or before.state is not after.state):
        yield What.ENDED
    elif before.ended and not after.ended:
        yield What.REOPENED
    if after.owner is not None and after.owner != before.owner and before.owner is not None:
        yield What.ASSIGNED


def _ended_after(database: Database, ref: JobRef, since: datetime) -> bool:
    """Whether a job that was first told of when it had ended did so only since a moment."""
    rows = database.rows(
        "SELECT 1 FROM jobs WHERE source = ? AND job_id = ? AND ended_at >= ?",
        (ref.source, ref.job_id, to_stamp(since)),
    )
    return bool(rows)


def _of_steps(database: Database, since: datetime, source: str | None) -> Iterator[Happening]:
    rows = database.rows(
        f"""SELECT source, job_id, step_id, at, assigned_to, {_ours("t")} FROM told_steps AS t
        WHERE at >= ?1 AND (?2 IS NULL OR source = ?2) AND assigned_to IS NOT NULL AND assigned_to <>
            (SELECT b.assigned_to FROM told_steps AS b WHERE b.source = t.source AND b.job_id = t.job_id
            AND b.step_id = t.step_id AND (b.at, b.id) < (t.at, t.id)
            ORDER BY b.at DESC, b.id DESC LIMIT 1) ORDER BY at, id""",  # noqa: S608 - the columns are ours
        (to_stamp(since), source),
    )
    for name, job_id, step_id, stamp, assigned_to, ours in rows:
        ref, at = JobRef(name, job_id), from_stamp(stamp)
        yield Happening(ref, at, What.ASSIGNED, bool(ours), step_id=step_id, assigned_to=assigned_to)


def _of_holds(database: Database, since: datetime, source: str | None) -> Iterator[Happening]:
    rows = database.rows(
        f"""SELECT seen_at >= ?1, seen_at, gone_at >= ?1, gone_at, {_ours("t", "seen_at")},
            {_ours("t", "gone_at")}, source, job_id, body, seen_at, gone_at FROM holds AS t
        WHERE (seen_at >= ?1 OR gone_at >= ?1) AND (?2 IS NULL OR source = ?2)""",  # noqa: S608 - ours
        (to_stamp(since), source),
    )
    for is_new, seen_at, is_gone, gone_at, held_by_us, released_by_us, *row in rows:
        for seen in readable([tuple(row)], hold_row):
            hold, step_id = seen.hold, seen.hold.step_id
            # Shown for the first time says little of a hold that its server dates from long before.
            if is_new and (hold.since is None or hold.since >= since):
                at = from_stamp(seen_at)
                yield Happening(seen.ref, at, What.HELD, bool(held_by_us), hold=hold, step_id=step_id)
            if is_gone and (hold.released is None or hold.released >= since):
                at = from_stamp(gone_at)
                yield Happening(seen.ref, at, What.RELEASED, bool(released_by_us), hold=hold, step_id=step_id)


def _ours(table: str, at: str = "at") -> str:
    """Ask whether a control of ours had been sent to the job of a row shortly before."""
    return f"""EXISTS (SELECT 1 FROM controls AS c WHERE c.source = {table}.source
        AND c.job_id = {table}.job_id AND c.sent IS NOT 0 AND c.verdict IS NOT 'refused'
        AND c.asked_at BETWEEN {table}.{at} - {_OURS_FOR // timedelta(microseconds=1)}
        AND {table}.{at})"""  # noqa: S608 - the names are ours


# --- what is usual ------------------------------------------------------------------------------------------
def usual(database: Database, source: str | None, since: datetime | None) -> list[Usual]:
    """Count and measure the jobs that ended well, those of most jobs first."""
    took: dict[tuple[str, Kind, str | None, str], list[float]] = defaultdict(list)
    where = "ended AND (?2 IS NULL OR source = ?2) AND (?3 IS NULL OR as_of >= ?3)"
    for row in _pages(database, where, (source, None if since is None else to_stamp(since))):
        job = _read(row)
        if job is not None and (duration := _duration(job)) is not None:
            took[row[1], job.kind, job.application, pattern_of(job.title)].append(duration)
    found = [Usual(*sort, *_measured(durations)) for sort, durations in took.items()]
    return sorted(found, key=lambda each: -each.count)


def pattern_of(title: str) -> str:
    """Give what titles of the same sort have in common: every number, id or date as ``#``."""
    return _NUMBER.sub("#", title).strip()


def _duration(job: _Brief) -> float | None:
    began = job.started or job.created
    if job.state not in _WELL or began is None or job.ended_at is None:
        return None
    took = (job.ended_at - began).total_seconds()
    return took if took >= 0 else None


def _measured(durations: list[float]) -> tuple[int, float, float]:
    durations.sort()
    ninth = durations[min(len(durations) - 1, round(0.9 * (len(durations) - 1)))]
    return len(durations), statistics.median(durations), ninth


# --- where was it -------------------------------------------------------------------------------------------
def find(database: Database, text: str, limit: int, source: str | None) -> list[Job]:
    """Give every job ever known with a text in what a person may remember of it."""
    wanted, found = text.casefold(), list[tuple[int, int]]()
    for row in _pages(database, "(?2 IS NULL OR source = ?2)", (source,)):
        row_id, _, job_id, as_of, _ = row
        job = _read(row)
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


def _read(row: Row) -> _Brief | None:
    try:
        return _brief.decode(row[4])
    except (msgspec.MsgspecError, TypeError, ValueError) as error:
        log.warning("left out: a job that cannot be read (%s)", type(error).__name__)
        return None
