"""A history as runs: one row for as long as the same is told, whoever was told it, in whatever order.

Several processes watch the same job and write what they were told when they get to it. A run is from the
first to the last answer that is known to have said the same; what was told twice is kept once, and what is
written late goes to its place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from jobtui.journal.database import Row, Value


class Runs:
    """The runs of one table; those of one key do not overlap, and no two neighbours say the same."""

    def __init__(self, table: str, keys: Sequence[str], values: Sequence[str]) -> None:
        """Besides keys and values the table has ``id``, ``at`` and ``until``."""
        key = " AND ".join(f"{name} = ?" for name in keys)
        columns = ", ".join(values)
        marks = ", ".join("?" * (len(keys) + 2 + len(values)))
        # Table and columns are ours, never a server's.
        self._before = (
            f"SELECT id, at, until, {columns} FROM {table} WHERE {key} AND at <= ? "  # noqa: S608
            "ORDER BY at DESC, id DESC LIMIT 1"
        )
        self._after = (
            f"SELECT id, at, until, {columns} FROM {table} WHERE {key} AND at > ? "  # noqa: S608
            "ORDER BY at, id LIMIT 1"
        )
        self._insert = f"INSERT INTO {table} ({', '.join(keys)}, at, until, {columns}) VALUES ({marks})"  # noqa: S608
        self._stretch = f"UPDATE {table} SET until = ? WHERE id = ?"  # noqa: S608
        self._delete = f"DELETE FROM {table} WHERE id = ?"  # noqa: S608

    def add(self, connection: sqlite3.Connection, key: Row, at: int, values: tuple[Value, ...]) -> None:
        """Take over that these values were told at a moment."""
        before = connection.execute(self._before, (*key, at)).fetchone()
        if before is not None and before[3:] == values:
            if at > before[2]:
                connection.execute(self._stretch, (at, before[0]))
            return
        if before is not None and before[2] > at:
            self._part(connection, key, before)
        until = at
        after = connection.execute(self._after, (*key, at)).fetchone()
        if after is not None and after[3:] == values:
            # Known from later on until now: it began earlier.
            connection.execute(self._delete, (after[0],))
            until = after[2]
        connection.execute(self._insert, (*key, at, until, *values))

    def _part(self, connection: sqlite3.Connection, key: Row, run: Row) -> None:
        """Part a run of which something else turns out to have been told in the middle."""
        connection.execute(self._stretch, (run[1], run[0]))
        connection.execute(self._insert, (*key, run[2], run[2], *run[3:]))
