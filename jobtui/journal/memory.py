"""What happened since a moment, as the journal remembers it: the ground of “while you were away”."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from jobtui.journal.codec import from_stamp, to_stamp
from jobtui.journal.database import Database
from jobtui.journal.history import TOLD, hold_row, told_row
from jobtui.journal.jobs import readable
from jobtui.journal.recall import read_brief
from jobtui.journal.told import Told
from jobtui.model import Hold, JobRef, State

_OURS_FOR = timedelta(minutes=15)
"""For how long after a control of ours a change of its job is taken for what we asked for."""


class What(StrEnum):
    """What kind of thing happened."""

    ENDED = "ended"
    FAILED = "failed"
    """Stands failed, and can go on when somebody sees to it."""
    REOPENED = "reopened"
    FORGOTTEN = "forgotten"
    ASSIGNED = "assigned"
    HELD = "held"
    RELEASED = "released"
    """A hold is gone: released by somebody, or run out."""


class Happening(Struct, frozen=True):
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
        WHERE t.at >= ?1 AND (?2 IS NULL OR t.source = ?2) AND CASE
            WHEN b.id IS NULL THEN t.ended OR t.state = 'failed'
            ELSE t.ended <> b.ended OR t.forgotten <> b.forgotten OR t.owner IS NOT b.owner
            OR (t.state <> b.state AND (t.ended OR t.state = 'failed')) END ORDER BY t.at, t.id""",  # noqa: S608 - the columns are ours
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
    if before is None or (before.state is State.UNKNOWN and not before.ended):
        # First told of as it stands now: news only if it came to that since.
        if not after.forgotten and _changed_since(database, after.ref, since):
            yield What.ENDED if after.ended else What.FAILED
        return
    if after.forgotten and not before.forgotten:
        yield What.FORGOTTEN
    elif after.ended and (not before.ended or before.state is not after.state):
        yield What.ENDED
    elif before.ended and not after.ended:
        yield What.REOPENED
    elif after.state is State.FAILED and before.state is not State.FAILED:
        yield What.FAILED
    if after.owner is not None and after.owner != before.owner and before.owner is not None:
        yield What.ASSIGNED


def _changed_since(database: Database, ref: JobRef, since: datetime) -> bool:
    """Whether a job came to stand as it does only since a moment, by its server's own times."""
    where = "source = ? AND job_id = ?"
    rows = database.rows(f"SELECT 0, 0, 0, 0, body FROM jobs WHERE {where}", (ref.source, ref.job_id))  # noqa: S608
    job = read_brief(rows[0]) if rows else None
    changed = None if job is None else job.ended_at or job.updated or job.started or job.created
    return changed is not None and changed >= since


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
