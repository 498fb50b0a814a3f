"""Histories written and read back: states of jobs and steps, holds, errors of items."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from jobtui.errors import JournalError
from jobtui.journal.codec import decode_hold, encode, from_stamp, to_stamp
from jobtui.journal.database import Database, Row, Value
from jobtui.journal.jobs import readable
from jobtui.journal.runs import Runs
from jobtui.journal.told import HoldTold, ItemError, StepTold, Told
from jobtui.model import Hold, JobDetail, JobRef, Kind, Progress, State

TOLD = "source, job_id, at, state, raw_state, ended, forgotten, owner, fraction, done, total"
"""The columns that make a Told, in the order that ``told_row`` reads them."""
_LARGEST = 2**63 - 1

_jobs = Runs(
    "told",
    ("source", "job_id"),
    ("state", "raw_state", "ended", "forgotten", "owner", "fraction", "done", "total"),
)
_steps = Runs(
    "told_steps",
    ("source", "job_id", "step_id"),
    ("state", "raw_state", "is_current", "assigned_to"),
)
_HOLD = """INSERT INTO holds (source, job_id, step_id, hold_id, seen_at, told_at, gone_at, body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7)
    ON CONFLICT (source, job_id, step_id, hold_id) DO UPDATE SET
    seen_at = min(seen_at, excluded.seen_at),
    gone_at = CASE WHEN excluded.told_at < told_at THEN coalesce(gone_at, excluded.gone_at)
        WHEN excluded.gone_at IS NULL THEN NULL ELSE coalesce(gone_at, excluded.gone_at) END,
    body = CASE WHEN excluded.told_at < told_at THEN body ELSE excluded.body END,
    told_at = max(told_at, excluded.told_at)"""
_ERROR = """INSERT OR IGNORE INTO item_errors (source, job_id, item_id, at, title, text)
    VALUES (?, ?, ?, ?, ?, ?)"""


class HoldSeen(Struct, frozen=True):
    """A hold that was ever shown."""

    ref: JobRef
    hold: Hold
    """As last shown."""
    seen_at: datetime
    """When the first answer that showed it had been asked for."""
    gone_at: datetime | None
    """When the first answer had been asked for that showed it released or no longer showed it."""


def write_told(connection: sqlite3.Connection, told: Iterable[Told]) -> None:
    """Write how jobs stood, each change once; what cannot be written has been left out by ``storable``."""
    for each in told:
        fraction, done, total = _measures(each.progress)
        values = (each.state.value, _text(each.raw_state), int(each.ended), int(each.forgotten))
        values_told = (*values, _text(each.owner), fraction, done, total)
        _jobs.add(connection, (each.ref.source, each.ref.job_id), to_stamp(each.at), values_told)


def write_steps(connection: sqlite3.Connection, told: Iterable[StepTold]) -> None:
    """Write how steps stood, each change once."""
    for each in told:
        key = (each.ref.source, each.ref.job_id, _text(each.step_id))
        assigned = _text(each.assigned_to)
        values = (each.state.value, _text(each.raw_state), int(each.is_current), assigned)
        _steps.add(connection, key, to_stamp(each.at), values)


def write_holds(connection: sqlite3.Connection, told: Iterable[HoldTold]) -> None:
    """Write holds that an answer showed."""
    for each in told:
        hold, at = each.hold, to_stamp(each.at)
        gone_at = None if hold.released is None else at
        key = (each.ref.source, each.ref.job_id, _text(hold.step_id), _text(hold.id))
        connection.execute(_HOLD, (*key, at, gone_at, encode(hold)))


def write_gone(connection: sqlite3.Connection, details: Iterable[JobDetail]) -> None:
    """Write which holds a job read whole no longer shows on the steps that it does show."""
    for detail in details:
        if detail.job.kind is Kind.ARCGIS:
            _write_gone(connection, detail)


def _write_gone(connection: sqlite3.Connection, detail: JobDetail) -> None:
    ref, at = detail.job.ref, to_stamp(detail.job.as_of)
    open_ones = connection.execute(
        "SELECT id, step_id, hold_id FROM holds WHERE source = ? AND job_id = ? AND gone_at IS NULL "
        "AND told_at < ?",
        (ref.source, ref.job_id, at),
    ).fetchall()
    if not open_ones:
        return
    shown = {step.id: {hold.id for hold in step.holds} for step in detail.all_steps()}
    for row_id, step_id, hold_id in open_ones:
        if step_id in shown and hold_id not in shown[step_id]:
            connection.execute("UPDATE holds SET gone_at = ? WHERE id = ?", (at, row_id))


def write_errors(connection: sqlite3.Connection, errors: Iterable[ItemError]) -> None:
    """Write which items failed, each with the same words once."""
    for each in errors:
        key = (each.ref.source, each.ref.job_id, _text(each.item_id))
        connection.execute(_ERROR, (*key, to_stamp(each.at), _text(each.title), _text(each.text)))


def told_of_job(database: Database, ref: JobRef) -> list[Told]:
    """All that was told of how a job stood, in the order of asking, each change once."""
    rows = database.rows(
        f"SELECT {TOLD} FROM told WHERE source = ? AND job_id = ? ORDER BY at, id",  # noqa: S608 - ours
        (ref.source, ref.job_id),
    )
    return readable(rows, told_row)


def steps_of_job(database: Database, ref: JobRef) -> list[StepTold]:
    """All that was told of how the steps of a job stood, in the order of asking."""
    rows = database.rows(
        """SELECT source, job_id, step_id, at, state, raw_state, is_current, assigned_to FROM told_steps
        WHERE source = ? AND job_id = ? ORDER BY at, id""",
        (ref.source, ref.job_id),
    )
    return readable(rows, step_row)


def holds_of_job(database: Database, ref: JobRef) -> list[HoldSeen]:
    """Every hold of a job that was ever shown, first seen first."""
    rows = database.rows(
        """SELECT source, job_id, body, seen_at, gone_at FROM holds WHERE source = ? AND job_id = ?
        ORDER BY seen_at, id""",
        (ref.source, ref.job_id),
    )
    return readable(rows, hold_row)


def errors_of_job(database: Database, ref: JobRef) -> list[ItemError]:
    """Every item of a job that was ever told to have failed."""
    rows = database.rows(
        """SELECT source, job_id, item_id, at, title, text FROM item_errors
        WHERE source = ? AND job_id = ? ORDER BY id""",
        (ref.source, ref.job_id),
    )
    return readable(rows, error_row)


def told_row(row: Row) -> Told:
    """Read a row of ``TOLD``."""
    source, job_id, at, state, raw_state, ended, forgotten, owner, fraction, done, total = row
    known = Progress(fraction, _number(done), _number(total))
    progress = None if known == Progress() else known
    told = (_state(state), raw_state, bool(ended), bool(forgotten), owner, progress)
    return Told(JobRef(source, job_id), from_stamp(at), *told)


def step_row(row: Row) -> StepTold:
    """Read a row of told_steps."""
    source, job_id, step_id, at, state, raw_state, is_current, assigned_to = row
    told = (_state(state), raw_state, bool(is_current), assigned_to)
    return StepTold(JobRef(source, job_id), step_id, from_stamp(at), *told)


def hold_row(row: Row) -> HoldSeen:
    """Read a row of holds."""
    source, job_id, body, seen_at, gone_at = row
    gone = None if gone_at is None else from_stamp(gone_at)
    return HoldSeen(JobRef(source, job_id), decode_hold(body), from_stamp(seen_at), gone)


def error_row(row: Row) -> ItemError:
    """Read a row of item_errors."""
    source, job_id, item_id, at, title, text = row
    return ItemError(JobRef(source, job_id), item_id, from_stamp(at), title, text)


def _text(value: str | None) -> str | None:
    """Turn half a character, which SQLite refuses, into a question mark."""
    return None if value is None else value.encode("utf-8", "replace").decode()


def _measures(progress: Progress | None) -> tuple[Value, Value, Value]:
    if progress is None:
        return None, None, None
    return progress.fraction, _countable(progress.done), _countable(progress.total)


def _countable(number: int | None) -> int | str | None:
    return number if number is None or -_LARGEST <= number <= _LARGEST else str(number)


def _number(value: Value) -> int | None:
    if value is None or isinstance(value, int):
        return value
    try:
        return int(str(value))
    except ValueError as error:
        raise JournalError("a number in the journal cannot be read") from error


def _state(word: str) -> State:
    try:
        return State(word)
    except ValueError as error:
        raise JournalError("a state in the journal cannot be read") from error
