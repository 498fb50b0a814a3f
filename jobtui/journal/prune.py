"""Retention: what goes when the journal is old or large, and giving the room back to the disk.

Jobs go whole, with everything that was told of them. Those on the watch list, those with a control whose
effect is still awaited, and open ones heard of within a year stay, whatever the limits; controls stay for
longest.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from jobtui.journal.codec import to_stamp
from jobtui.journal.controls import FOLLOWED
from jobtui.journal.database import Database, Value
from jobtui.model import JobRef, Verdict

DAY = timedelta(days=1)
_AT_ONCE = 100
"""Jobs given up in one transaction."""
_PAGES_AT_ONCE = 500
_COPIES_KEPT = timedelta(days=30)
_OF_A_JOB = ("messages", "steps", "told", "told_steps", "holds", "item_errors", "looks", "alerts", "jobs")

_STAYS = """EXISTS (SELECT 1 FROM watched AS w WHERE w.source = j.source AND w.job_id = j.job_id)
    OR EXISTS (SELECT 1 FROM controls AS c WHERE c.source = j.source AND c.job_id = j.job_id
        AND c.effect IS NULL AND c.asked_at >= :followed
        AND (c.outcome IS NULL OR (c.sent AND c.verdict IN (:accepted, :unknown))))"""
# Of jobs that were never kept themselves there may be messages: they go by when they were written.
_PRUNABLE = f"""SELECT source, job_id, as_of FROM jobs AS j
    WHERE (ended OR as_of < :forgotten) AND NOT ({_STAYS})
    UNION ALL
    SELECT source, job_id, max(coalesce(kept_at, at, 0)) FROM messages AS j
    WHERE NOT EXISTS (SELECT 1 FROM jobs AS k WHERE k.source = j.source AND k.job_id = j.job_id)
        AND NOT ({_STAYS}) GROUP BY source, job_id
    ORDER BY 3, 1, 2"""  # noqa: S608 - written here
_WEIGHT = """SELECT coalesce((SELECT length(body) + 200 FROM jobs WHERE source = ?1 AND job_id = ?2), 0)
    + coalesce((SELECT length(body) + 100 FROM steps WHERE source = ?1 AND job_id = ?2), 0)
    + (SELECT coalesce(sum(length(body) + 150), 0) FROM messages WHERE source = ?1 AND job_id = ?2)
    + (SELECT 180 * count(*) FROM told WHERE source = ?1 AND job_id = ?2)
    + (SELECT 180 * count(*) FROM told_steps WHERE source = ?1 AND job_id = ?2)"""
"""About how many bytes go with a job."""


class Limits(Struct, frozen=True):
    """How old and how large the journal may become."""

    older: timedelta = timedelta(days=90)
    """Jobs of which nothing new was heard for longer go."""
    larger: int = 500_000_000
    """Bytes; beyond it the jobs that were heard of least recently go, however young."""
    controls_older: timedelta = timedelta(days=400)
    """Controls are kept for longer than anything else."""


LIMITS = Limits()


class Plan(Struct, frozen=True):
    """What is to go."""

    now: datetime
    limits: Limits
    jobs: tuple[JobRef, ...]
    messages: int
    controls: int
    copies: tuple[Path, ...]
    size: int
    """Bytes in use before."""
    freed: int
    """About how many of them go."""


def plan(database: Database, limits: Limits, now: datetime, most: int | None = None) -> Plan:
    """Decide what goes: first what is too old, then, while the rest is too large, what was heard of first.

    With ``most``, no more jobs than that: the rest is for another plan.
    """
    used = _used(database)
    cutoff = to_stamp(now - limits.older)
    gone, weight, messages = list[JobRef](), 0, 0
    for source, job_id, heard in _prunable(database, now, limits)[:most]:
        is_old = heard < cutoff
        if not is_old and used - weight <= limits.larger:
            break
        gone.append(JobRef(source, job_id))
        weight += int(database.rows(_WEIGHT, (source, job_id))[0][0])
        messages += _count(database, "messages WHERE source = ? AND job_id = ?", source, job_id)
    controls = _count(database, "controls WHERE asked_at < ?", to_stamp(now - limits.controls_older))
    return Plan(now, limits, tuple(gone), messages, controls, _old_copies(database.path, now), used, weight)


def carry_out(database: Database, planned: Plan) -> Iterator[bool]:
    """Give up what was planned, a short transaction at a time; True after each."""
    for start in range(0, len(planned.jobs), _AT_ONCE):
        _give_up(database, planned.jobs[start : start + _AT_ONCE], planned.now)
        yield True
    with database.writing() as connection:
        last = to_stamp(planned.now - planned.limits.controls_older)
        connection.execute("DELETE FROM controls WHERE asked_at < ?", (last,))
        connection.execute("DELETE FROM gaps WHERE at < ?", (last,))
    for copy in planned.copies:
        with contextlib.suppress(OSError):
            copy.unlink()
    yield True


def shrink(database: Database) -> Iterator[bool]:
    """Give freed pages back to the disk, some at a time; nothing where that needs a whole rewrite."""
    while _pragma(database, "auto_vacuum") and (free := _pragma(database, "freelist_count")):
        database.rows(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})")
        yield True
        if _pragma(database, "freelist_count") >= free:
            break
    database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    yield True


def shrink_at_once(database: Database) -> None:
    """Give freed pages back to the disk; a journal of the first version is written anew for it."""
    if not _pragma(database, "auto_vacuum") and _pragma(database, "freelist_count"):
        database.rows("PRAGMA auto_vacuum = INCREMENTAL")
        database.rows("VACUUM")
    for _ in shrink(database):
        pass


def bytes_of(path: Path) -> int:
    """Add up the bytes of a journal's file and of what SQLite keeps beside it."""
    found = 0
    for part in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            found += path.with_name(path.name + part).stat().st_size
    return found


def _prunable(database: Database, now: datetime, limits: Limits) -> list[tuple[str, str, int]]:
    values: dict[str, Value] = {
        "followed": to_stamp(now - FOLLOWED),
        "accepted": Verdict.ACCEPTED.value,
        "unknown": Verdict.UNKNOWN.value,
        "forgotten": to_stamp(now - limits.controls_older),
    }
    return [(source, job_id, heard) for source, job_id, heard in database.named_rows(_PRUNABLE, values)]


def _give_up(database: Database, refs: Sequence[JobRef], now: datetime) -> None:
    keys = [(ref.source, ref.job_id) for ref in refs]
    with database.writing() as connection:
        # Somebody may have put one on the watch list, or asked something of it, since it was planned.
        kept = set(
            connection.execute(
                """SELECT source, job_id FROM watched
                UNION SELECT source, job_id FROM controls WHERE asked_at >= ? AND effect IS NULL
                AND (outcome IS NULL OR (sent AND verdict <> ?))""",
                (to_stamp(now - FOLLOWED), Verdict.REFUSED.value),
            )
        )
        for table in _OF_A_JOB:
            statement = f"DELETE FROM {table} WHERE source = ? AND job_id = ?"  # noqa: S608 - ours
            connection.executemany(statement, [key for key in keys if key not in kept])


def _old_copies(path: Path, now: datetime) -> tuple[Path, ...]:
    found = list[Path]()
    for copy in sorted(path.parent.glob(f"{path.name}.v*")):
        with contextlib.suppress(OSError):
            if copy.stat().st_mtime < (now - _COPIES_KEPT).timestamp():
                found.append(copy)
    return tuple(found)


def _used(database: Database) -> int:
    pages = _pragma(database, "page_count") - _pragma(database, "freelist_count")
    return pages * _pragma(database, "page_size")


def _pragma(database: Database, name: str) -> int:
    return int(database.rows(f"PRAGMA {name}")[0][0])


def _count(database: Database, what: str, *values: str | int) -> int:
    return int(database.rows(f"SELECT count(*) FROM {what}", values)[0][0])  # noqa: S608 - ours
