"""A list as a file: aligned text, or CSV that a spreadsheet opens without doing what a cell says. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from jobtui.model import JobMessage, Level
from jobtui.text import plain, plain_lines

JOB_COLUMNS = (
    "ref",
    "kind",
    "title",
    "state",
    "raw_state",
    "why",
    "progress",
    "items_failed",
    "owner",
    "created",
    "started",
    "updated",
    "ended_at",
    "as_of",
    "flags",
    "url",
)
MESSAGE_COLUMNS = ("ref", "at", "level", "raw_level", "step", "from", "text")
STEP_COLUMNS = ("id", "title", "type", "state", "raw_state", "current", "assigned_to", "can_skip")
_WIDEST = 60
"""Cells of a column of text that others follow; the last has no end."""
_LONGEST_CELL = 30_000
"""Characters of a cell: spreadsheets take 32,767."""
_FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet begins a formula with, or did once."""
_FONT_FROM_AFAR = re.compile(r"@font-face\s*\{[^}]*\}")


def csv_of(columns: Sequence[str], documents: Iterable[Mapping[str, object]]) -> str:
    """Write documents as CSV (RFC 4180, with a heading).

    What a spreadsheet would take for a formula gets an apostrophe before it: it is then text there, and the
    apostrophe is seen by everything else. Line breaks within a cell have become spaces.
    """
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\r\n")
    rows.writerow(columns)
    rows.writerows([_safe_cell(document.get(column)) for column in columns] for document in documents)
    return file.getvalue()


def _safe_cell(value: object) -> str:
    text = plain(_cell(value), limit=_LONGEST_CELL)
    return f"'{text}" if isinstance(value, str) and text.lstrip(" '").startswith(_FORMULA) else text


def table_of(columns: Sequence[str], documents: Iterable[Mapping[str, object]]) -> str:
    """Write documents as a table of aligned text; columns in which nothing stands are left out."""
    rows = [[plain(_cell(document.get(column))) for column in columns] for document in documents]
    used = [number for number in range(len(columns)) if any(row[number] for row in rows)] or [0]
    table = [
        [columns[number].upper() for number in used],
        *([row[number] for number in used] for row in rows),
    ]
    widths = [min(_WIDEST, max(len(row[place]) for row in table)) for place in range(len(used))]
    return "".join(_line(row, widths) for row in table)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [_cut(text, width).ljust(width) for text, width in zip(row[:-1], widths, strict=False)]
    return "  ".join([*cells, row[-1]]).rstrip() + "\n"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _cell(value: object) -> str:
    """Say a value of a document in one cell; what is unknown is empty, never 0."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return _progress(value)
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return str(value)


def _progress(progress: Mapping[str, object]) -> str:
    done, total, fraction = progress.get("done"), progress.get("total"), progress.get("fraction")
    if done is not None and total is not None:
        return f"{done}/{total}"
    return f"{fraction:.0%}" if isinstance(fraction, float | int) else ""


def message_lines(message: JobMessage) -> list[str]:
    """Write a message as lines of text: when, how grave, what; what goes on below is set in."""
    at = f"{message.at.astimezone():%Y-%m-%d %H:%M:%S%z}" if message.at is not None else ""
    word = "" if message.level is Level.INFO else message.level.value.upper()
    head = " ".join(part for part in (at, word) if part)
    first, *rest = plain_lines(message.text) or [""]
    return [f"{head} {first}".strip(), *(f"    {line}" for line in rest)]


def flat_steps(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Give the steps of a job's document, those of branches after the step that they are below."""
    pending = _steps(document.get("steps"))[::-1]
    while pending:
        step = pending.pop()
        yield step
        pending.extend(_steps(step.get("children"))[::-1])


def _steps(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def picture(svg: str) -> str:
    """Give a picture that fetches nothing from anywhere when it is looked at."""
    return _FONT_FROM_AFAR.sub("", svg)
