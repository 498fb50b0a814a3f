"""Messages of a job, read a page at a time in the order in which they were said."""

from __future__ import annotations

from jobtui.journal.codec import decode_message, to_stamp
from jobtui.journal.database import Database, Row
from jobtui.journal.jobs import readable
from jobtui.model import JobMessage, JobRef

_OLDER = """SELECT body FROM messages WHERE source = ? AND job_id = ? AND (place, id) < (?, ?)
    ORDER BY place DESC, id DESC LIMIT ?"""
_NEWER = """SELECT body FROM messages WHERE source = ? AND job_id = ? AND (place, id) > (?, ?)
    ORDER BY place, id LIMIT ?"""
_KEY = "SELECT place, id FROM messages WHERE source = ? AND job_id = ? AND message_id = ?"
_FIRST, _LAST = -(2**63), 2**63 - 1


class Pages:
    """Reads what stands before or behind a message, as far as it was kept and can be read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, ref: JobRef, count: int) -> list[JobMessage]:
        """Give the last messages of a job, oldest first."""
        return self._page(_OLDER, ref, (_LAST, _LAST), count)[::-1]

    def oldest(self, ref: JobRef, count: int) -> list[JobMessage]:
        """Give the first messages of a job, oldest first."""
        return self._page(_NEWER, ref, (_FIRST, _FIRST), count)

    def older(self, message: JobMessage, count: int) -> list[JobMessage]:
        """Give the messages just before one, oldest first."""
        return self._page(_OLDER, message.ref, self._key(message, _FIRST), count)[::-1]

    def newer(self, message: JobMessage, count: int) -> list[JobMessage]:
        """Give the messages just behind one, oldest first."""
        return self._page(_NEWER, message.ref, self._key(message, _LAST), count)

    def _key(self, message: JobMessage, unknown: int) -> tuple[int, int]:
        """Say where a message stands; of one that is not kept, its time tells, else nothing is beyond it."""
        rows = self._database.rows(_KEY, (message.ref.source, message.ref.job_id, message.id))
        if rows:
            return int(rows[0][0]), int(rows[0][1])
        return (unknown if message.at is None else to_stamp(message.at)), unknown

    def _page(self, statement: str, ref: JobRef, key: tuple[int, int], count: int) -> list[JobMessage]:
        rows = self._database.rows(statement, (ref.source, ref.job_id, *key, count))
        return readable(rows, _read)


def _read(row: Row) -> JobMessage:
    return decode_message(row[0])
