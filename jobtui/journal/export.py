"""All that is remembered, as the documents that others script against.

It is read in pages, so that memory stays small. Each document says in ``document`` which kind it is. Nothing
here was ever a secret, and every text is harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from jobtui import documents as shapes
from jobtui.documents import Document
from jobtui.errors import JournalError
from jobtui.journal import controls, history
from jobtui.journal.codec import decode_job, decode_message, decode_steps, from_stamp, to_stamp
from jobtui.journal.database import Database, Row, Value
from jobtui.journal.jobs import readable
from jobtui.model import JobDetail, JobRef, Step

_PAGE = 500
_FROM = """(SELECT b.state FROM told AS b WHERE b.source = told.source AND b.job_id = told.job_id
    AND (b.at, b.id) < (told.at, told.id) ORDER BY b.at DESC, b.id DESC LIMIT 1)"""
_STEPS = "(SELECT s.body FROM steps AS s WHERE s.source = jobs.source AND s.job_id = jobs.job_id)"
_STEP = "source, job_id, step_id, at, state, raw_state, is_current, assigned_to"
_ERROR = "source, job_id, item_id, at, title, text"


def documents(
    database: Database, since: datetime | None, ref: JobRef | None, sources: frozenset[str], now: datetime
) -> Iterator[Document]:
    """Give everything, kind by kind, each in the order in which it was first written."""
    asked: tuple[tuple[str, str, str, str, Callable[[Row], Document]], ...] = (
        ("job", "rowid", f"jobs.body, {_STEPS}", "jobs|as_of", lambda row: _job(row, now)),
        ("transition", "id", f"{_FROM}, {history.TOLD}", "told|at", _transition),
        ("step", "id", _STEP, "told_steps|at", _step),
        (
            "hold",
            "id",
            "source, job_id, body, seen_at, gone_at",
            "holds|told_at",
            lambda row: _hold(row, now),
        ),
        ("item_error", "id", _ERROR, "item_errors|at", _error),
        ("message", "id", "body", "messages|coalesce(kept_at, at, 0)", _message),
        ("audit", "id", controls.COLUMNS, "controls|asked_at", _audit),
        ("watched", "rowid", "source, job_id, added_at", "watched|added_at", _watched),
    )
    for kind, key, columns, place, describe in asked:
        table, at = place.split("|")
        query = f"SELECT {key}, source, {columns} FROM {table} WHERE {key} > ? AND {at} >= ?"  # noqa: S608
        values: tuple[Value, ...] = (-(2**63) if since is None else to_stamp(since),)
        if ref is not None:
            query, values = f"{query} AND source = ? AND job_id = ?", (*values, ref.source, ref.job_id)
        for row in _pages(database, f"{query} ORDER BY {key} LIMIT {_PAGE}", values):
            if not sources or row[1] in sources:
                for document in readable([row[2:]], describe):
                    yield {"document": kind, **document}


def _pages(database: Database, query: str, values: tuple[Value, ...]) -> Iterator[Row]:
    last = -(2**63)
    while True:
        rows = database.rows(query, (last, *values))
        yield from rows
        if len(rows) < _PAGE:
            return
        last = rows[-1][0]


def _job(row: Row, now: datetime) -> Document:
    body, steps = row
    job = decode_job(body)
    detail = JobDetail(job, () if steps is None else _steps(steps))
    return shapes.show_document(detail, now, controls=frozenset(), why_not=lambda *_: None)


def _steps(body: bytes) -> tuple[Step, ...]:
    try:
        return decode_steps(body)
    except JournalError:
        return ()


def _transition(row: Row) -> Document:
    before, *rest = row
    told = history.told_row(tuple(rest))
    progress = told.progress
    return {
        "ref": str(told.ref),
        "at": told.at.isoformat(),
        "from": before,
        "state": told.state.value,
        "raw_state": shapes.json_value(told.raw_state),
        "ended": told.ended,
        "forgotten": told.forgotten,
        "owner": shapes.json_value(told.owner),
        "progress": None
        if progress is None
        else {"fraction": progress.fraction, "done": progress.done, "total": progress.total},
    }


def _step(row: Row) -> Document:
    told = history.step_row(row)
    return {
        "ref": str(told.ref),
        "id": shapes.json_value(told.step_id),
        "at": told.at.isoformat(),
        "state": told.state.value,
        "raw_state": shapes.json_value(told.raw_state),
        "current": told.is_current,
        "assigned_to": shapes.json_value(told.assigned_to),
    }


def _hold(row: Row, now: datetime) -> Document:
    seen = history.hold_row(row)
    return {
        "ref": str(seen.ref),
        "step": shapes.json_value(seen.hold.step_id),
        **shapes.hold_document(seen.hold, now),
        "seen_at": seen.seen_at.isoformat(),
        "gone_at": None if seen.gone_at is None else seen.gone_at.isoformat(),
    }


def _error(row: Row) -> Document:
    error = history.error_row(row)
    return {
        "ref": str(error.ref),
        "id": shapes.json_value(error.item_id),
        "at": error.at.isoformat(),
        "title": shapes.json_value(error.title),
        "text": shapes.json_value(error.text),
    }


def _message(row: Row) -> Document:
    return shapes.message_document(decode_message(row[0]))


def _audit(row: Row) -> Document:
    return shapes.audit_document(controls.entry_of(row))


def _watched(row: Row) -> Document:
    source, job_id, added_at = row
    return {"ref": str(JobRef(source, job_id)), "added_at": from_stamp(added_at).isoformat()}
