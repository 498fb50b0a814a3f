"""The tables of the journal, and how a file gets them: step by step, with a copy kept before each."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from jobtui.errors import JournalError

APPLICATION_ID = 0x6A6F6274
"""“jobt”: tells our file from another program's database."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # as_of, ended_at and other moments are microseconds since 1970, UTC; bodies are JSON, see rows.py.
        """CREATE TABLE jobs (
            source TEXT NOT NULL, job_id TEXT NOT NULL, as_of INTEGER NOT NULL, ended INTEGER NOT NULL,
            ended_at INTEGER, body BLOB NOT NULL, PRIMARY KEY (source, job_id))""",
        """CREATE TABLE steps (
            source TEXT NOT NULL, job_id TEXT NOT NULL, as_of INTEGER NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY (source, job_id))""",
        """CREATE TABLE messages (
            id INTEGER PRIMARY KEY, source TEXT NOT NULL, job_id TEXT NOT NULL, message_id TEXT NOT NULL,
            at INTEGER, body BLOB NOT NULL, UNIQUE (source, job_id, message_id))""",
        """CREATE TABLE watched (
            source TEXT NOT NULL, job_id TEXT NOT NULL, added_at INTEGER NOT NULL, first_asked_at INTEGER,
            PRIMARY KEY (source, job_id))""",
        # sent and verdict are those of the outcome; both NULL until it is written.
        """CREATE TABLE controls (
            id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, job_id TEXT NOT NULL,
            control TEXT NOT NULL, who TEXT NOT NULL, asked_at INTEGER NOT NULL, request BLOB NOT NULL,
            sent INTEGER, verdict TEXT, outcome BLOB, effect BLOB, effect_at INTEGER)""",
        "CREATE INDEX controls_by_time ON controls (asked_at)",
    ),
)
"""One entry per version: the statements that lead to it from the one before."""


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring a journal to the newest version, in one transaction per step.

    Raises JournalError when a newer jobtui wrote it or when it is another program's; sqlite3.Error.
    """
    version = _version(connection, path)
    while version < len(MIGRATIONS):
        if version > 0:
            _keep_copy(connection, path, version)
        _step(connection, version)
        version += 1


def _version(connection: sqlite3.Connection, path: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    mark = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])
    if mark != APPLICATION_ID and (version or tables):
        raise JournalError(f"{path} is a database of another program, not a journal of jobtui")
    if version > len(MIGRATIONS):
        raise JournalError(
            f"{path} was written by a newer jobtui (journal version {version}, this one reads up to "
            f"{len(MIGRATIONS)}); update jobtui, or move the file away"
        )
    return version


def _step(connection: sqlite3.Connection, version: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in MIGRATIONS[version]:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version + 1}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _keep_copy(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Keep the journal as it is, beside it; a copy of an earlier try is as good as ours."""
    copy = path.with_name(f"{path.name}.v{version}")
    if copy.exists():
        return
    unfinished = path.with_name(f"{path.name}.v{version}.part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.chmod(0o600)
    connection.execute("VACUUM INTO ?", (str(unfinished),))
    unfinished.rename(copy)
