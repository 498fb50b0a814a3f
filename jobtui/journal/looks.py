"""What the person looked at last, and which alerts have been given."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from jobtui.journal.codec import from_stamp, to_stamp
from jobtui.journal.database import Database
from jobtui.model import JobRef

SCREEN = "screen looked at"
PRUNED = "pruned"
QUIET = "quiet hours told"


class Alert(Struct, frozen=True):
    """One alert that was given."""

    rule: str
    ref: JobRef
    occasion: str
    at: datetime


class Looks:
    """What the person has seen and been told of."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self, source: str, limit: int = 20) -> list[tuple[JobRef, datetime]]:
        """The jobs of a source that were looked at last, the latest first."""
        rows = self._database.rows(
            "SELECT source, job_id, at FROM looks WHERE source = ? ORDER BY at DESC LIMIT ?", (source, limit)
        )
        return [(JobRef(name, job_id), from_stamp(at)) for name, job_id, at in rows]

    def screen_looked_at(self) -> datetime | None:
        """When somebody last sat before the screen; None when nobody ever did."""
        return moment(self._database, SCREEN)

    def note_screen(self, at: datetime) -> None:
        """Write that somebody sits before the screen; an earlier moment changes nothing."""
        self._note(SCREEN, at)

    def quiet_told(self) -> datetime | None:
        """When somebody was last told what quiet hours had held back; None when nobody ever was."""
        return moment(self._database, QUIET)

    def note_quiet_told(self, at: datetime) -> None:
        """Write that what quiet hours had held back was told."""
        self._note(QUIET, at)

    def claim(
        self, rule: str, ref: JobRef, what: str, at: datetime, *, unless_since: datetime | None = None
    ) -> bool:
        """Claim an alert of a sort; False when one of that sort was given before, by whomever.

        With ``unless_since`` only those given since then count: what happens again is told again.
        """
        since = 0 if unless_since is None else to_stamp(unless_since)
        with self._database.writing() as connection:
            done = connection.execute(
                """INSERT OR IGNORE INTO alerts (rule, source, job_id, occasion, at)
                SELECT :rule, :source, :job_id, :what || ' @' || :at, :at WHERE NOT EXISTS (
                    SELECT 1 FROM alerts WHERE rule = :rule AND source = :source AND job_id = :job_id
                    AND substr(occasion, 1, length(:what) + 2) = :what || ' @' AND at >= :since)""",
                {
                    "rule": rule,
                    "source": ref.source,
                    "job_id": ref.job_id,
                    "what": what,
                    "at": to_stamp(at),
                    "since": since,
                },
            )
            return done.rowcount == 1

    def alerts(self, since: datetime) -> list[Alert]:
        """The alerts given since a moment, oldest first."""
        rows = self._database.rows(
            "SELECT rule, source, job_id, occasion, at FROM alerts WHERE at >= ? ORDER BY at, id",
            (to_stamp(since),),
        )
        return [
            Alert(rule, JobRef(source, job_id), occasion, from_stamp(at))
            for rule, source, job_id, occasion, at in rows
        ]

    def _note(self, name: str, at: datetime) -> None:
        with self._database.writing() as connection:
            connection.execute(
                """INSERT INTO moments (name, at) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET at = max(at, excluded.at)""",
                (name, to_stamp(at)),
            )


def moment(database: Database, name: str) -> datetime | None:
    """Give a moment by its name, None when it never was."""
    rows = database.rows("SELECT at FROM moments WHERE name = ?", (name,))
    return from_stamp(rows[0][0]) if rows else None
