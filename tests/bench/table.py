"""Figures in columns, printed plainly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Cell = str | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """A title, heads, rows as long as the heads, and what has to be known to read them."""

    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    notes: tuple[str, ...] = ()
    figures: Mapping[str, float | None] = field(default_factory=dict)
    """What of it is held against an aim, by the names that ``tests.bench.aims`` has; None is not measured."""

    def lines(self) -> list[str]:
        """Give the table as text: words to the left, figures to the right."""
        cells = [self.heads, *(tuple(figure(cell) for cell in row) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        to_left = [all(isinstance(row[index], str) for row in self.rows) for index in range(len(widths))]
        rows = [
            "  ".join(
                cell.ljust(width) if left else cell.rjust(width)
                for cell, width, left in zip(row, widths, to_left, strict=True)
            ).rstrip()
            for row in cells
        ]
        rule = "  ".join("-" * width for width in widths)
        return [self.title, "", rows[0], rule, *rows[1:], *(f"  {note}" for note in self.notes)]


def figure(value: Cell) -> str:
    """Write a figure with as many digits as mean something; what was not measured is a dash."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    size = abs(value)
    digits = 0 if size >= 100 or value == int(value) else 1 if size >= 10 else 2 if size >= 0.1 else 4
    return f"{value:,.{digits}f}"
