"""The yardstick of a round: what anybody would write with httpx, json and Textual's DataTable."""

from __future__ import annotations

from typing import Any

import httpx
from textual.app import App, ComposeResult
from textual.widgets import DataTable
from textual.widgets.data_table import ColumnKey

AMOUNT = 1_000
"""Rows asked for at once, as many as we ask for."""
_KEYS = ("ID", "Status", "Progress", "Description", "CreatedByUser.ID", "Created", "Updated")


class PlainTable(App[None]):
    """A table of all jobs; a cell is updated where the last answer differs."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._client = httpx.AsyncClient(base_url=url, trust_env=False)
        self._rows: dict[str, dict[str, Any]] = {}
        self._columns: list[ColumnKey] = []

    def compose(self) -> ComposeResult:
        yield DataTable()

    def on_mount(self) -> None:
        self._columns = self.query_one(DataTable).add_columns(*_KEYS)

    async def poll(self) -> None:
        """Ask for the whole list, and show it."""
        table = self.query_one(DataTable)
        start, total = 0, 1
        while start < total:
            answer = await self._client.get(
                "/pendingActions", params={"StartIndex": str(start), "Amount": str(AMOUNT)}
            )
            page = answer.json()
            total = page.get("TotalCount", total)
            start += len(page["Items"])
            for row in page["Items"]:
                self._take(table, row)

    def _take(self, table: DataTable[str], row: dict[str, Any]) -> None:
        key = str(row["ID"])
        before = self._rows.get(key)
        if before is None:
            table.add_row(*(str(row.get(name, "")) for name in _KEYS), key=key)
        elif before != row:
            for name, column in zip(_KEYS, self._columns, strict=True):
                if before.get(name) != row.get(name):
                    table.update_cell(key, column, str(row.get(name, "")))
        self._rows[key] = row

    async def aclose(self) -> None:
        """Close the connection."""
        await self._client.aclose()
