"""Pending Action JSON to our nouns. Pure; every decode_ raises UnexpectedReply and nothing else.

Source of the keys: the vendor's documents and its Python client (0.3.9). Any key may be absent.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from jobtui.backends.lenient import json_of, number_of, text_of, texts_of, time_of, whole_of
from jobtui.backends.nextspace.result import (
    beside,
    parsed_result,
    remarks_of,
    result_errors,
    result_steps,
    result_text,
    result_warnings,
)
from jobtui.errors import UnexpectedReply
from jobtui.model import Flag, Job, JobDetail, JobRef, Kind, Progress, State
from jobtui.text import plain

_STATES = {"COMPLETE": State.SUCCEEDED, "FAILED": State.FAILED, "CANCELLED": State.CANCELLED}
_OPEN = "IN_PROGRESS"
NO_REASON = "failed, no reason given"


class _Action(msgspec.Struct, frozen=True, gc=False):
    """One record. Every field is Any, so that an odd one costs nothing but itself."""

    id: Any = msgspec.field(default=None, name="ID")
    application: Any = msgspec.field(default=None, name="CreatedBy.Application")
    user: Any = msgspec.field(default=None, name="CreatedByUser.ID")
    result: Any = msgspec.field(default=msgspec.UNSET, name="Result")
    progress: Any = msgspec.field(default=None, name="Progress")
    description: Any = msgspec.field(default=None, name="Description")
    status: Any = msgspec.field(default=None, name="Status")
    created: Any = msgspec.field(default=None, name="Created")
    created_old: Any = msgspec.field(default=None, name="Created.Time")
    updated: Any = msgspec.field(default=None, name="Updated")
    updated_old: Any = msgspec.field(default=None, name="lastUpdated")
    completed: Any = msgspec.field(default=None, name="Completed")
    completed_old: Any = msgspec.field(default=None, name="Completed.Time")
    job_name: Any = msgspec.field(default=None, name="JobName")
    warning: Any = msgspec.field(default=None, name="Warning")
    warnings: Any = msgspec.field(default=None, name="Warnings")
    error: Any = msgspec.field(default=None, name="Error")
    errors: Any = msgspec.field(default=None, name="Errors")
    fault: Any = msgspec.field(default=None, name="ERROR")


class _Envelope(msgspec.Struct, frozen=True):
    items: list[msgspec.Raw] = msgspec.field(name="Items")
    total: Any = msgspec.field(default=None, name="TotalCount")
    warning: Any = msgspec.field(default=None, name="Warning")
    warnings: Any = msgspec.field(default=None, name="Warnings")
    error: Any = msgspec.field(default=None, name="Error")
    errors: Any = msgspec.field(default=None, name="Errors")
    fault: Any = msgspec.field(default=None, name="ERROR")


_page = msgspec.json.Decoder(_Envelope)
_action = msgspec.json.Decoder(_Action)
_BRIEF, _WHOLE = frozenset({Flag.BRIEF}), frozenset[Flag]()

AT_ONCE = 100
"""Rows that are made jobs of before anything else may get its turn."""

Known = dict[int, Job]
"""Jobs by the hash of the row that each was read from."""
NOTHING_KNOWN: Mapping[int, Job] = {}


class Page(Struct, frozen=True):
    """One page of the list."""

    jobs: tuple[Job, ...]
    """As the server ordered them, each id once."""
    rows: int
    """How many rows came, readable or not: what the next StartIndex goes on from."""
    total: int | None
    """TotalCount, which comes with the first page at most."""
    remarks: tuple[str, ...] = ()
    """What the server warns of beside the page."""


def decode_action(source: str, body: bytes, *, as_of: datetime, root: str) -> JobDetail:
    """Read one record; ``root`` is the address that job addresses are made from."""
    value = json_of(source, body)
    record = _row(value)
    job = None if record is None else _job(source, record, as_of, root, listed=False)
    if job is None:
        raise UnexpectedReply(source, f"answered without a job{_said(value)}")
    return JobDetail(job, result_steps(job.result, job.state))


def decode_page(
    source: str,
    body: bytes,
    *,
    as_of: datetime,
    root: str,
    known: Mapping[int, Job] = NOTHING_KNOWN,
    said: Known | None = None,
) -> Page:
    """Read a page of the list: an ``Items`` envelope or a bare array; rows that are no jobs are skipped.

    Nothing but such rows is no answer: to say “no jobs” then would be a lie. A row that is ``known`` word for
    word is given as that very job; into ``said`` goes what each row became.
    """
    return through(decoding(source, body, as_of=as_of, root=root, known=known, said=said))


def through(steps: Generator[None, None, Page]) -> Page:
    """Take all steps of reading a page at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            page: Page = end.value
            return page


def decoding(
    source: str,
    body: bytes,
    *,
    as_of: datetime,
    root: str,
    known: Mapping[int, Job] = NOTHING_KNOWN,
    said: Known | None = None,
) -> Generator[None, None, Page]:
    """Do that some new rows at a time: something else may have its turn in between."""
    try:
        envelope = _page.decode(body)
        jobs = yield from _typed_jobs(source, envelope.items, as_of, root, known, said)
        count, total, remarks = len(envelope.items), envelope.total, _remarks(envelope)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        value = json_of(source, body)
        values, total = _items(source, value)
        rows = (_row(item) for item in values)
        found = (_job(source, row, as_of, root, listed=True) for row in rows if row is not None)
        jobs = [job for job in found if job is not None]
        count, remarks = len(values), remarks_of(value)
    unique = {job.ref.job_id: job for job in jobs}
    if count and not unique:
        raise UnexpectedReply(source, "answered with a list in which no row is a job")
    return Page(tuple(unique.values()), count, whole_of(total), remarks)


def _typed_jobs(
    source: str,
    rows: Sequence[msgspec.Raw],
    as_of: datetime,
    root: str,
    known: Mapping[int, Job],
    said: Known | None,
) -> Generator[None, None, list[Job]]:
    jobs, becoming, new = [], {} if said is None else said, 0
    for row in map(bytes, rows):
        digest = hash(row)
        if (job := known.get(digest)) is None:
            job = _job(source, _action.decode(row), as_of, root, listed=True)
            new += 1
            if new % AT_ONCE == 0:
                yield
        if job is not None:
            becoming[digest] = job
            jobs.append(job)
    return jobs


def _remarks(envelope: _Envelope) -> tuple[str, ...]:
    return beside(_warnings(envelope), _errors(envelope))


def _warnings(told: _Action | _Envelope) -> tuple[str, ...]:
    return texts_of(told.warning) + texts_of(told.warnings)


def _errors(told: _Action | _Envelope) -> tuple[str, ...]:
    return texts_of(told.error) + texts_of(told.errors) + texts_of(told.fault)


def _items(source: str, value: object) -> tuple[list[Any], object]:
    if isinstance(value, list):
        return value, None
    if isinstance(value, Mapping) and "Items" in value and isinstance(value["Items"], list | None):
        return value["Items"] or [], value.get("TotalCount")
    if value is None:
        return [], None
    raise UnexpectedReply(source, f"answered without a list{_said(value)}")


def _said(value: object) -> str:
    """What a good status hides: some servers put their ERROR into a 200."""
    texts = texts_of(value.get("ERROR")) if isinstance(value, Mapping) else ()
    return f": {plain(texts[0], limit=200)}" if texts else ""


def _row(value: object) -> _Action | None:
    return msgspec.convert(value, _Action) if isinstance(value, dict) else None


def _job(source: str, row: _Action, as_of: datetime, root: str, *, listed: bool) -> Job | None:
    job_id = text_of(row.id)
    if job_id is None:
        return None
    raw_state = text_of(row.status) or ""
    created = _first_time(row.created, row.created_old)
    updated = _first_time(row.updated, row.updated_old)
    result = parsed_result(row.result)
    warnings = _warnings(row) + result_warnings(result)
    errors = _errors(row) + result_errors(result)
    state = _state(raw_state, number_of(row.progress), created, updated, errors)
    ended, is_failed = raw_state not in ("", _OPEN), state is State.FAILED
    return Job(
        ref=JobRef(source, job_id),
        kind=Kind.NEXTSPACE,
        title=text_of(row.description) or f"Pending action {job_id}",
        state=state,
        raw_state=raw_state,
        ended=ended,
        as_of=as_of,
        why=_why(state, raw_state, result, errors) or (NO_REASON if is_failed and not listed else None),
        progress=_progress(row.progress),
        created=created,
        updated=updated,
        ended_at=_first_time(row.completed, row.completed_old),
        owner=text_of(row.user),
        application=text_of(row.application),
        dispatch=_dispatch(text_of(row.job_name), state),
        url=f"{root}/pendingAction/{job_id}" if job_id.isalnum() else None,
        result=result,
        flags=_BRIEF if listed and _is_brief(row, state, ended) else _WHOLE,
        warnings=tuple(dict.fromkeys(warnings + (() if ended else errors))),
    )


def _state(
    raw: str,
    progress: float | None,
    created: datetime | None,
    updated: datetime | None,
    errors: tuple[str, ...],
) -> State:
    if raw == _OPEN:
        # Some servers set Updated when they write the record: only a later one is a sign of life.
        is_untouched = updated is None or (created is not None and updated <= created)
        return State.QUEUED if not progress and is_untouched else State.RUNNING
    state = _STATES.get(raw, State.UNKNOWN)
    return State.PARTIAL if state is State.SUCCEEDED and errors else state


def _dispatch(job_name: str | None, state: State) -> str | None:
    """Only what got a container has a name; what waits for its start may still get one."""
    if job_name is not None:
        return f"a container of its own, {job_name}"
    return None if state is State.QUEUED else "a thread of the API"


def _is_brief(row: _Action, state: State, ended: bool) -> bool:
    # A failure is read whole once, since its best reason stands in the messages.
    return state is State.FAILED or (ended and row.result is msgspec.UNSET)


def _why(state: State, raw: str, result: object, errors: tuple[str, ...]) -> str | None:
    match state:
        case State.PARTIAL:
            return "; ".join(errors[:3]) + (f"; {len(errors) - 3} more" if len(errors) > 3 else "")
        case State.FAILED:
            return result_text(result) or next(iter(errors), None)
        case State.UNKNOWN:
            return f"the server says “{raw}”" if raw else "the server gives no status"
        case _:
            return None


def _progress(value: object) -> Progress | None:
    percent = number_of(value)
    return None if percent is None else _of_percent(percent)


@lru_cache(1_024)
def _of_percent(percent: float) -> Progress:
    return Progress(min(max(percent / 100, 0.0), 1.0))


def _first_time(*values: object) -> datetime | None:
    return next((time for value in values if (time := time_of(value)) is not None), None)
