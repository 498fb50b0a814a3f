"""Opens the journal's file: private, whole, of our version; what is not whole is kept aside."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from jobtui.errors import JournalError
from jobtui.journal import alive
from jobtui.journal.schema import migrate
from jobtui.private import claim_folder, refuse_foreign_file

BUSY_S = 10.0
"""How long to wait for another process before giving up."""

_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PARTS = ("", "-wal", "-shm")


def open_journal(path: Path) -> tuple[sqlite3.Connection, str | None]:
    """Open a journal, making folder, file and tables when missing; gives a notice when one was kept aside.

    Raises JournalError; sqlite3.Error and OSError for what the machine refuses.
    """
    claim_folder(path.parent)
    with _alone(path):
        try:
            return _open(path), None
        except sqlite3.DatabaseError as error:
            if not is_broken(error):
                raise
        aside = _keep_aside(path)
        notice = f"the journal was damaged; it is kept as {aside}, and a new one was started"
        return _open(path), notice


def open_in_memory(path: Path) -> tuple[sqlite3.Connection, None]:
    """Make a journal that is in no file; ``path`` is where it would have been. Raises sqlite3.Error."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    migrate(connection, path)
    return connection, None


def is_broken(error: sqlite3.Error) -> bool:
    """Say whether an error means that the file itself is damaged (and not merely busy, full or forbidden)."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _BROKEN


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process at a time open (make, move aside, migrate) a journal; it may be shared once open."""
    lock = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | alive.CLOSE_ON_EXEC, 0o600)
    try:
        os.chmod(lock if os.chmod in os.supports_fd else f"{path}.lock", 0o600)
        _lock(lock, path)
        yield
    finally:
        os.close(lock)


def _lock(lock: int, path: Path) -> None:
    deadline = time.monotonic() + BUSY_S
    while not alive.try_lock(lock):
        if time.monotonic() > deadline:
            raise JournalError(f"another process keeps {path} from being opened")
        time.sleep(0.02)


def _open(path: Path) -> sqlite3.Connection:
    _make_private_file(path)
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        migrate(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        _probe(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _make_private_file(path: Path) -> None:
    """Make the file, or make it private. Never opens one that is there: closing it again would give up the
    locks that this process may hold on it through SQLite."""
    refuse_foreign_file(path)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | alive.CLOSE_ON_EXEC, 0o600))
        mode = 0
    if mode & 0o777 != 0o600:
        path.chmod(0o600)


def _probe(connection: sqlite3.Connection) -> None:
    """Touch every table and its keys: damage is found here rather than in the middle of a control."""
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    for (table,) in tables:
        quoted = '"' + str(table).replace('"', '""') + '"'
        connection.execute(f"SELECT * FROM {quoted} ORDER BY rowid DESC LIMIT 1").fetchall()  # noqa: S608 - ours
        connection.execute(f"SELECT max(rowid) FROM {quoted}").fetchall()  # noqa: S608 - ours


def _keep_aside(path: Path) -> Path:
    """Move a damaged journal out of the way, with what SQLite keeps beside it."""
    stamp = datetime.now().astimezone().strftime("%Y%m%dT%H%M%S.%f")
    aside = path.with_name(f"{path.stem}.corrupt-{stamp}")
    for part in _PARTS:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + part).rename(aside.with_name(aside.name + part))
    return aside
