"""One connection, used by any thread in turn; SQLite's errors become JournalError."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jobtui.errors import JournalError
from jobtui.journal import schema
from jobtui.journal.opening import is_broken, open_journal
from jobtui.text import plain

Row = tuple[Any, ...]
Value = str | bytes | int | float | None


class Database:
    """The journal's file, open."""

    def __init__(
        self,
        path: Path,
        opened: Callable[[Path], tuple[sqlite3.Connection, str | None]] = open_journal,
    ) -> None:
        """Raises JournalError."""
        self.path = path
        self._lock = threading.RLock()
        with self._translating():
            self._connection, self.notice = opened(path)
            # Snapshots may be lost with the machine's power, never torn; intents ask for more, see below.
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self.version = schema.version_of(self._connection)

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        with self._lock, self._translating():
            self._connection.close()

    def rows(self, statement: str, values: Iterable[Value] = ()) -> list[Row]:
        """Read."""
        with self._lock, self._translating():
            return self._connection.execute(statement, tuple(values)).fetchall()

    def named_rows(self, statement: str, values: Mapping[str, Value]) -> list[Row]:
        """Read, with the values by their names."""
        with self._lock, self._translating():
            return self._connection.execute(statement, dict(values)).fetchall()

    @contextlib.contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """Write in one transaction. Durable: on the disk, with all that was written before, on leaving.

        In WAL mode a commit under ``synchronous=FULL`` syncs the whole log, under ``NORMAL`` none of it.
        """
        with self._lock, self._translating():
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self._refuse_newer()
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _refuse_newer(self) -> None:
        """Write nothing into tables that a newer jobtui has changed under us."""
        if (version := schema.version_of(self._connection)) > self.version:
            raise JournalError(
                f"{plain(str(self.path))}: a newer jobtui has brought the journal to version {version} while "
                f"this one, which knows version {self.version}, was running; update it and start it again"
            )

    @contextlib.contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise JournalError(f"{plain(str(self.path))}: {_sentence(error)}") from error
        except OSError as error:
            reason = error.strerror or "failed"
            raise JournalError(f"{plain(str(error.filename or self.path))}: {reason}") from error
        except UnicodeEncodeError as error:
            raise JournalError("the journal cannot hold half a character in an id or a name") from error
        except OverflowError as error:
            raise JournalError("the journal cannot hold a number this large") from error


def may_pass(error: JournalError) -> bool:
    """Say whether the same write may succeed later: the disk was full, the file locked, the folder away."""
    return isinstance(error.__cause__, sqlite3.DatabaseError | OSError)


def _sentence(error: sqlite3.Error) -> str:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if is_broken(error):
        return "the journal is damaged; it is set aside at the next start"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "another process has kept the journal locked for too long"
    if code == sqlite3.SQLITE_FULL:
        return "there is no room left on the disk for the journal"
    if code == sqlite3.SQLITE_IOERR:
        return "the disk does not take the journal: it is full, limited or failing"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return "the journal cannot be written here"
    return f"the journal failed: {plain(str(error))}"
