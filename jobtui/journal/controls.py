"""Controls: what was asked, what was answered, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from jobtui.errors import JournalError
from jobtui.journal.codec import (
    decode_effect,
    decode_outcome,
    decode_request,
    encode,
    from_stamp,
    to_stamp,
)
from jobtui.journal.database import Database, Row, Value
from jobtui.journal.entries import Entry
from jobtui.journal.jobs import readable
from jobtui.model import ControlRequest, Effect, Outcome, Verdict

FOLLOWED = timedelta(hours=24)
"""How long an effect is waited for."""
_AT_WORK = timedelta(minutes=2)
"""How long a control without an answer is left to the process that sends it, while that lives."""

COLUMNS = "id, who, asked_at, request, outcome, effect, effect_at"
_INSERT = """INSERT INTO controls (source, job_id, control, who, asked_at, request, sent, verdict, outcome,
    owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


def write_intent(database: Database, request: ControlRequest, who: str, owner: str | None) -> int:
    """Write that a control is about to be sent, and by which process; on the disk when this returns."""
    return _insert(database, request, who, None, owner)


def write_refusal(database: Database, outcome: Outcome, who: str) -> int:
    """Write a control that was never sent."""
    return _insert(database, outcome.request, who, outcome)


def write_outcome(database: Database, entry_id: int, outcome: Outcome) -> None:
    """Write how a control ended. Raises JournalError when it was never asked.

    What was refused has no effect: what another process saw meanwhile, and took for it, was somebody else's.
    """
    refused = outcome.verdict is Verdict.REFUSED
    values = (outcome.sent, outcome.verdict.value, encode(outcome), entry_id, refused)
    with database.writing(durable=True) as connection:
        done = connection.execute(
            """UPDATE controls SET sent = ?1, verdict = ?2, outcome = ?3,
            effect = CASE WHEN ?5 THEN NULL ELSE effect END,
            effect_at = CASE WHEN ?5 THEN NULL ELSE effect_at END WHERE id = ?4""",
            values,
        )
        if done.rowcount != 1:
            raise JournalError(f"the journal has no control number {entry_id}")


def write_effect(database: Database, entry_id: int, effect: Effect, at: datetime) -> bool:
    """Write what came of a control, unless it was refused; the first to see it wins."""
    statement = """UPDATE controls SET effect = ?, effect_at = ? WHERE id = ? AND effect IS NULL
        AND verdict IS NOT ?"""
    values = (encode(effect), to_stamp(at), entry_id, Verdict.REFUSED.value)
    with database.writing(durable=True) as connection:
        return connection.execute(statement, values).rowcount == 1


def entries_since(database: Database, since: datetime | None) -> list[Entry]:
    """Every control asked since a moment, newest first."""
    rows = database.rows(
        f"SELECT {COLUMNS} FROM controls WHERE asked_at >= ? ORDER BY asked_at DESC, id DESC",  # noqa: S608
        (-(2**63) if since is None else to_stamp(since),),
    )
    return readable(rows, entry_of)


def unsettled_entries(
    database: Database, source: str | None, now: datetime, is_alive: Callable[[str], bool]
) -> list[Entry]:
    """Controls sent, or perhaps sent, whose effect nobody has seen yet, oldest first.

    One without an answer is left to the process that sends it, for two minutes at most; when that process is
    known to have died, it is given at once.
    """
    rows = database.rows(
        f"""SELECT outcome IS NULL AND asked_at >= ?5, owner, {COLUMNS} FROM controls
        WHERE effect IS NULL AND asked_at >= ?1 AND (?2 IS NULL OR source = ?2)
        AND (outcome IS NULL OR (sent AND verdict IN (?3, ?4))) ORDER BY asked_at, id""",  # noqa: S608 - ours
        (
            to_stamp(now - FOLLOWED),
            source,
            Verdict.ACCEPTED.value,
            Verdict.UNKNOWN.value,
            to_stamp(now - _AT_WORK),
        ),
    )
    owners = {owner for is_recent, owner, *_ in rows if is_recent and owner is not None}
    dead = {owner for owner in owners if not is_alive(owner)}
    given = [row[2:] for row in rows if not row[0] or row[1] in dead]
    return readable(given, entry_of)


def _insert(
    database: Database, request: ControlRequest, who: str, outcome: Outcome | None, owner: str | None = None
) -> int:
    ending: tuple[Value, ...] = (None, None, None)
    if outcome is not None:
        ending = (outcome.sent, outcome.verdict.value, encode(outcome))
    ref, at = request.ref, to_stamp(request.asked_at)
    values = (ref.source, ref.job_id, request.control.value, who, at, encode(request), *ending, owner)
    with database.writing(durable=True) as connection:
        return connection.execute(_INSERT, values).lastrowid or 0


def entry_of(row: Row) -> Entry:
    """Read a row of ``COLUMNS``."""
    entry_id, who, asked_at, request, outcome, effect, effect_at = row
    return Entry(
        entry_id,
        who,
        decode_request(request),
        from_stamp(asked_at),
        None if outcome is None else decode_outcome(outcome),
        None if effect is None else decode_effect(effect),
        None if effect_at is None else from_stamp(effect_at),
    )
