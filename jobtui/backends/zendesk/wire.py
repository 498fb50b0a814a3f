"""Zendesk job status JSON to our nouns. Pure; every decode_ raises UnexpectedReply and nothing else.

Source of the shapes: Zendesk's reference for job statuses, and recorded answers. No field is mandatory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec import Struct

from jobtui.backends.lenient import bounded, json_of, text_of, whole_of
from jobtui.backends.zendesk.items import Items, items_of
from jobtui.backends.zendesk.moment import moment_in
from jobtui.errors import UnexpectedReply
from jobtui.model import Flag, Job, JobDetail, JobMessage, JobRef, Kind, Level, Progress, State, Step

_STATES = {
    "queued": State.QUEUED,
    "working": State.RUNNING,
    "completed": State.SUCCEEDED,
    "failed": State.FAILED,
    "killed": State.FAILED,
}
_ENDED = frozenset({"completed", "failed", "killed"})
NO_REASON = "failed, no reason given"


class _Status(msgspec.Struct, frozen=True, gc=False):
    """One record. Every field is Any, so that an odd one costs nothing but itself."""

    id: Any = None
    job_type: Any = None
    status: Any = None
    progress: Any = None
    total: Any = None
    message: Any = None
    results: Any = None


class _Meta(msgspec.Struct, frozen=True):
    has_more: Any = None
    after_cursor: Any = None


class _Links(msgspec.Struct, frozen=True):
    next: Any = None


class _List(msgspec.Struct, frozen=True):
    job_statuses: list[_Status]
    meta: _Meta | None = None
    links: _Links | None = None


_list = msgspec.json.Decoder(_List)


class Told(Struct, frozen=True):
    """What one record tells."""

    detail: JobDetail
    message: JobMessage | None
    """The one message that a job status carries; its id stays the same as long as its text does."""


class Page(Struct, frozen=True):
    """One page of the list, or one answer about several ids."""

    jobs: tuple[Job, ...]
    """As the server ordered them, each id once; order means nothing."""
    after: str | None = None
    """The cursor of the next page; None when there is none."""


class Person(Struct, frozen=True):
    """Whom the credential belongs to."""

    name: str | None
    role: str | None
    is_anonymous: bool = False


def decode_status(source: str, body: bytes, *, as_of: datetime, root: str) -> Told:
    """Read one job status, wrapped in ``job_status`` (today) or bare (older servers and documents)."""
    value = json_of(source, body)
    if isinstance(value, Mapping) and isinstance(value.get("job_status"), Mapping):
        value = value["job_status"]
    row = _row(value)
    items = None if row is None else items_of(row.results, whole_of(row.total))
    job = None if row is None else _job(source, row, items, as_of, root, listed=False)
    if row is None or job is None:
        raise UnexpectedReply(source, "answered without a job status")
    steps = () if items is None else items.steps()
    return _told(job, steps, row)


def decode_list(source: str, body: bytes, *, as_of: datetime, root: str) -> Page:
    """Read a list: ``job_statuses``, a bare array or a single ``job_status``; rows without id are skipped.

    Nothing but such rows is no answer: to say “no jobs” then would be a lie.
    """
    try:
        answer = _list.decode(body)
        rows: list[_Status | None] = list(answer.job_statuses)
        after = _after(answer.meta or _Meta(), answer.links or _Links())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        value = json_of(source, body)
        rows = [_row(item) for item in _rows(source, value)]
        after = _after(_part(value, "meta", _Meta), _part(value, "links", _Links))
    read = [(row, items_of(row.results, whole_of(row.total))) for row in rows if row is not None]
    jobs = (_job(source, row, items, as_of, root, listed=True) for row, items in read)
    unique = {job.ref: job for job in jobs if job is not None}
    if rows and not unique:
        raise UnexpectedReply(source, "answered with a list in which no row is a job status")
    return Page(tuple(unique.values()), after)


def decode_listed(source: str, body: bytes, job_id: str, *, as_of: datetime, root: str) -> Told | None:
    """Find one job in a list and read its row as whole as it is; None when the list has no such row."""
    rows = [_row(item) for item in _rows(source, json_of(source, body))]
    for row in rows:
        if row is not None and text_of(row.id) == job_id:
            items = items_of(row.results, whole_of(row.total))
            job = _job(source, row, items, as_of, root, listed=True)
            steps = () if items is None else items.steps()
            return None if job is None else _told(job, steps, row)
    return None


def decode_person(source: str, body: bytes) -> Person:
    """Read ``users/me``; without a valid credential some servers answer with an anonymous user."""
    value = json_of(source, body)
    user = value.get("user") if isinstance(value, Mapping) else None
    if not isinstance(user, Mapping):
        raise UnexpectedReply(source, "answered without a user")
    name = text_of(user.get("name")) or text_of(user.get("email"))
    is_anonymous = "id" in user and user["id"] is None
    return Person(name, text_of(user.get("role")), is_anonymous)


def _row(value: object) -> _Status | None:
    return msgspec.convert(value, _Status) if isinstance(value, dict) else None


def _rows(source: str, value: object) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping):
        if "job_statuses" in value and isinstance(value["job_statuses"], list | None):
            return value["job_statuses"] or []
        if isinstance(value.get("job_status"), Mapping):
            return [value["job_status"]]
    raise UnexpectedReply(source, "answered without a list of job statuses")


def _part(value: object, key: str, kind: type[Any]) -> Any:
    part = value.get(key) if isinstance(value, Mapping) else None
    return msgspec.convert(part, kind) if isinstance(part, dict) else kind()


def _after(meta: _Meta, links: _Links) -> str | None:
    """Only the cursor is taken from the body, never an address."""
    if meta.has_more is True and (cursor := text_of(meta.after_cursor)) is not None:
        return cursor
    if meta.has_more is None and isinstance(links.next, str):
        try:
            return next(iter(parse_qs(urlsplit(links.next).query).get("page[after]", [])), None)
        except ValueError:
            return None
    return None


def _job(
    source: str, row: _Status, items: Items | None, as_of: datetime, root: str, *, listed: bool
) -> Job | None:
    job_id = text_of(row.id)
    if job_id is None:
        return None
    raw_state = text_of(row.status) or ""
    message = text_of(row.message)
    progress = _progress(row.progress, row.total)
    ended = raw_state in _ENDED
    state = _state(raw_state, items)
    return Job(
        ref=JobRef(source, job_id),
        kind=Kind.ZENDESK,
        title=text_of(row.job_type) or f"Job {job_id[:12]}",
        state=state,
        raw_state=raw_state,
        ended=ended,
        as_of=as_of,
        why=_why(state, raw_state, items, message),
        progress=progress,
        ended_at=moment_in(message) if ended and message else None,
        url=f"{root}/job_statuses/{job_id}" if job_id.replace("-", "").isalnum() else None,
        items_failed=None if items is None else items.failed,
        result=bounded(row.results) if isinstance(row.results, list | dict) else None,
        flags=frozenset({Flag.BRIEF}) if listed and _is_brief(row, ended) else frozenset(),
    )


def _told(job: Job, steps: tuple[Step, ...], row: _Status) -> Told:
    message = _message(job, text_of(row.message))
    return Told(JobDetail(job, steps, () if message is None else (message,)), message)


def _message(job: Job, text: str | None) -> JobMessage | None:
    if text is None:
        return None
    level = {State.FAILED: Level.ERROR, State.PARTIAL: Level.WARNING}.get(job.state, Level.INFO)
    made_id = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    return JobMessage(job.ref, made_id, moment_in(text), level, job.raw_state, text)


def _state(raw: str, items: Items | None) -> State:
    state = _STATES.get(raw, State.UNKNOWN)
    if state is State.SUCCEEDED and items is not None and items.failed:
        return State.FAILED if items.failed >= items.total else State.PARTIAL
    return state


def _is_brief(row: _Status, ended: bool) -> bool:
    """Rows of a list may hold no more than id and status; without results the end of one is not known."""
    if ended:
        return row.results is None
    return text_of(row.status) == "working" and row.progress is None and row.total is None


def _why(state: State, raw: str, items: Items | None, message: str | None) -> str | None:
    if raw == "killed":
        return "killed by the server"
    if state is State.UNKNOWN:
        return f"the server says “{raw}”" if raw else "the server gives no status"
    if raw == "completed" and items is not None and items.failed:
        return items.summary
    if state is State.FAILED:
        return (items.commonest if items is not None else None) or message or NO_REASON
    return None


def _progress(done: object, total: object) -> Progress | None:
    """``progress`` counts tasks done; it is no percentage."""
    done_count, total_count = whole_of(done), whole_of(total)
    if done_count is None and total_count is None:
        return None
    fraction = min(done_count / total_count, 1.0) if done_count is not None and total_count else None
    return Progress(fraction, done_count, total_count)
