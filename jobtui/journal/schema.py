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
    (
        # Histories: a row per change, from the first answer that said so (at) to the last one that is known
        # to have said it again (until). done and total have no type: a number may be too large for SQLite,
        # and is then its text.
        """CREATE TABLE told (
            id INTEGER PRIMARY KEY, source TEXT NOT NULL, job_id TEXT NOT NULL, at INTEGER NOT NULL,
            until INTEGER NOT NULL, state TEXT NOT NULL, raw_state TEXT NOT NULL, ended INTEGER NOT NULL,
            forgotten INTEGER NOT NULL, owner TEXT, fraction REAL, done, total)""",
        "CREATE INDEX told_by_job ON told (source, job_id, at)",
        "CREATE INDEX told_by_time ON told (at)",
        """CREATE TABLE told_steps (
            id INTEGER PRIMARY KEY, source TEXT NOT NULL, job_id TEXT NOT NULL, step_id TEXT NOT NULL,
            at INTEGER NOT NULL, until INTEGER NOT NULL, state TEXT NOT NULL, raw_state TEXT NOT NULL,
            is_current INTEGER NOT NULL, assigned_to TEXT)""",
        "CREATE INDEX told_steps_by_step ON told_steps (source, job_id, step_id, at)",
        "CREATE INDEX told_steps_by_time ON told_steps (at)",
        # seen_at and told_at: when the first and the latest answer that showed the hold had been asked for;
        # gone_at: the first that showed it released, or no longer showed it.
        """CREATE TABLE holds (
            id INTEGER PRIMARY KEY, source TEXT NOT NULL, job_id TEXT NOT NULL, step_id TEXT NOT NULL,
            hold_id TEXT NOT NULL, seen_at INTEGER NOT NULL, told_at INTEGER NOT NULL, gone_at INTEGER,
            body BLOB NOT NULL, UNIQUE (source, job_id, step_id, hold_id))""",
        """CREATE TABLE item_errors (
            id INTEGER PRIMARY KEY, source TEXT NOT NULL, job_id TEXT NOT NULL, item_id TEXT NOT NULL,
            at INTEGER NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
            UNIQUE (source, job_id, item_id, text))""",
        """CREATE TABLE alerts (
            id INTEGER PRIMARY KEY, rule TEXT NOT NULL, source TEXT NOT NULL, job_id TEXT NOT NULL,
            occasion TEXT NOT NULL, at INTEGER NOT NULL, UNIQUE (rule, source, job_id, occasion))""",
        """CREATE TABLE looks (
            source TEXT NOT NULL, job_id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (source, job_id))""",
        # Moments by name: when the screen was last looked at, when the journal was last pruned.
        "CREATE TABLE moments (name TEXT PRIMARY KEY, at INTEGER NOT NULL)",
        # What was told and could not be kept, so that nobody takes the journal for whole where it is not.
        """CREATE TABLE gaps (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, states INTEGER NOT NULL,
            messages INTEGER NOT NULL)""",
        "ALTER TABLE messages ADD COLUMN kept_at INTEGER",
        # The process that sends a control; see alive.py.
        "ALTER TABLE controls ADD COLUMN owner TEXT",
        # What was last known before there was a history is its beginning: no news at the next answer.
        """INSERT INTO told (source, job_id, at, until, state, raw_state, ended, forgotten, owner, fraction,
                done, total)
            SELECT source, job_id, as_of, as_of, json_extract(text, '$.state'),
                json_extract(text, '$.raw_state'), ended, instr(text, '"forgotten"') > 0,
                json_extract(text, '$.owner'), json_extract(text, '$.progress.fraction'),
                json_extract(text, '$.progress.done'), json_extract(text, '$.progress.total')
            FROM (SELECT source, job_id, as_of, ended, CAST(body AS TEXT) AS text FROM jobs)
            WHERE CASE WHEN json_valid(text) THEN json_type(text, '$.state') = 'text'
                AND json_type(text, '$.raw_state') = 'text' ELSE 0 END""",
    ),
    (
        # The order in which messages were said, to be read page by page: by time, else by what came before.
        "ALTER TABLE messages ADD COLUMN place INTEGER",
        "UPDATE messages SET place = coalesce(at, kept_at, 0)",
        "CREATE INDEX messages_in_order ON messages (source, job_id, place)",
    ),
)
"""One entry per version: the statements that lead to it from the one before."""


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring a journal to the newest version, in one transaction per step.

    Raises JournalError when a newer jobtui wrote it or when it is another program's; sqlite3.Error.
    """
    version = _version(connection, path)
    is_new = version == 0
    if is_new:
        # Only a file without tables takes this: freed pages can then be given back a few at a time.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    while version < len(MIGRATIONS):
        if not is_new:
            _keep_copy(connection, path, version)
        _step(connection, version)
        version += 1


def version_of(connection: sqlite3.Connection) -> int:
    """Read the version of an open journal."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _version(connection: sqlite3.Connection, path: Path) -> int:
    version = version_of(connection)
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
