"""The watch list: ids that no list of a server returns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from jobtui.journal.codec import from_stamp, to_stamp
from jobtui.journal.database import Database, Row
from jobtui.journal.entries import Watched
from jobtui.journal.jobs import readable
from jobtui.model import JobRef


def add(database: Database, ref: JobRef, at: datetime) -> None:
    """Put an id on the list; one that is there keeps its times."""
    with database.writing() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO watched (source, job_id, added_at) VALUES (?, ?, ?)",
            (ref.source, ref.job_id, to_stamp(at)),
        )


def remove(database: Database, ref: JobRef) -> bool:
    """Take an id off the list; False when it was not there."""
    with database.writing() as connection:
        done = connection.execute(
            "DELETE FROM watched WHERE source = ? AND job_id = ?", (ref.source, ref.job_id)
        )
        return done.rowcount == 1


def listed(database: Database, source: str | None) -> list[Watched]:
    """The list, or what of it is of one source, in the order of adding."""
    rows = database.rows(
        """SELECT source, job_id, added_at, first_asked_at FROM watched
        WHERE ?1 IS NULL OR source = ?1 ORDER BY added_at, rowid""",
        (source,),
    )
    return readable(rows, _watched)


def first_asked(database: Database, refs: Iterable[JobRef], at: datetime) -> None:
    """Note when ids were asked for the first time."""
    values = [(to_stamp(at), ref.source, ref.job_id) for ref in refs]
    if values:
        with database.writing() as connection:
            connection.executemany(
                """UPDATE watched SET first_asked_at = ?
                WHERE source = ? AND job_id = ? AND first_asked_at IS NULL""",
                values,
            )


def _watched(row: Row) -> Watched:
    source, job_id, added_at, first = row
    asked = None if first is None else from_stamp(first)
    return Watched(JobRef(source, job_id), from_stamp(added_at), asked)
