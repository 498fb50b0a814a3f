"""The rows of a search, which are arrays, as brief jobs. Pure.

Source: the project's notes on the REST API of ArcGIS Workflow Manager, 3.4. An odd cell is not known; an odd
row is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct

from jobtui.backends.arcgis.fields import (
    Record,
    decode_object,
    flag,
    moment,
    number,
    object_in,
    text,
)
from jobtui.backends.arcgis.wire import ended_state, progress
from jobtui.errors import UnexpectedReply
from jobtui.model import Flag, Job, JobRef, Kind, State

_MOST_COUNTED = 1e12
"""A larger number of jobs is no count."""


class SearchPage(Struct, frozen=True):
    """One page of a search; rows without an id are left out."""

    jobs: tuple[Job, ...]
    rows: int
    """How many rows it had, readable or not."""
    next_start: int | None
    """Where the next page begins, or None when this was the last."""


def decode_search(
    source: str,
    body: bytes,
    asked: Sequence[str],
    *,
    closed: bool,
    as_of: datetime,
    url_of: Callable[[str], str | None] = lambda _job_id: None,
) -> SearchPage:
    """Read ``POST /jobs/search``: rows are arrays in the order of ``fields``. Raises UnexpectedReply.

    ``asked`` are the fields of the request, in case the answer does not repeat them; ``closed`` is what
    the question itself says of every row.
    """
    answer = decode_object(source, body, "list of jobs")
    rows = answer.get("results")
    if not isinstance(rows, list):
        raise UnexpectedReply(source, "the list of jobs has no results")
    columns = _columns(answer.get("fields"), asked)
    if rows and "jobid" not in columns:
        raise UnexpectedReply(source, "the list of jobs does not say their ids")
    read = partial(_brief, source, columns, closed=closed, as_of=as_of, url_of=url_of)
    jobs = tuple(job for job in map(read, rows) if job is not None)
    return SearchPage(jobs, len(rows), _next_start(answer, len(rows)))


def decode_total(body: bytes) -> int | None:
    """Read ``POST /jobs/statistics``: how many jobs a query finds; None where it does not say."""
    total = number((object_in(body) or {}).get("total"))
    return int(total) if total is not None and 0 <= total < _MOST_COUNTED else None


def _next_start(answer: Record, rows: int) -> int | None:
    following = number(answer.get("nextStart"))
    start = number(answer.get("start")) or 0.0
    # An end that does not lie ahead would be read for ever.
    return int(following) if following is not None and rows and following > start else None


def _columns(fields: object, asked: Sequence[str]) -> dict[str, int]:
    named = fields if isinstance(fields, list) and fields else list(asked)
    names = (text(field.get("name")) if isinstance(field, dict) else text(field) for field in named)
    return {_bare(name): index for index, name in enumerate(names) if name}


def _bare(name: str) -> str:
    return name.replace("_", "").lower()


class _Row(Struct, frozen=True):
    """One row: its cells by the bare names of their columns."""

    columns: dict[str, int]
    cells: list[object]

    def has(self, name: str) -> bool:
        return name in self.columns

    def cell(self, name: str) -> object:
        index = self.columns.get(name)
        return self.cells[index] if index is not None and index < len(self.cells) else None


def _brief(
    source: str,
    columns: dict[str, int],
    cells: object,
    *,
    closed: bool,
    as_of: datetime,
    url_of: Callable[[str], str | None],
) -> Job | None:
    row = _Row(columns, cells if isinstance(cells, list) else [])
    job_id = text(row.cell("jobid"))
    if job_id is None:
        return None
    state, ended = _state(row, closed)
    return Job(
        ref=JobRef(source, job_id),
        kind=Kind.ARCGIS,
        title=text(row.cell("jobname")) or job_id,
        state=state,
        raw_state=text(row.cell("jobstatus")) or "",
        ended=ended,
        as_of=as_of,
        progress=progress(number(row.cell("percentcomplete"))),
        created=moment(row.cell("createddate")),
        started=moment(row.cell("starteddate")),
        ended_at=moment(row.cell("enddate")),
        owner=text(row.cell("ownedby")) or text(row.cell("createdby")),
        application=text(row.cell("jobtemplatename")),
        url=url_of(job_id),
        flags=frozenset({Flag.BRIEF}),
    )


def _state(row: _Row, closed: bool) -> tuple[State, bool]:
    said = flag(row.cell("closed"))
    ended_at = moment(row.cell("enddate"))
    if (closed if said is None else said) or (ended_at is not None and not row.cell("currentstep")):
        return ended_state(number(row.cell("percentcomplete")), ended_at), True
    begun = row.cell("starteddate") is not None or not row.has("starteddate")
    return (State.WAITING if begun else State.QUEUED), False
