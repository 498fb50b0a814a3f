"""The list of jobs: two questions, read in pages, with fewer fields when a server rejects some."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import partial

from msgspec import Struct

from jobtui.backends.arcgis.rows import SearchPage, decode_search, decode_total
from jobtui.backends.base import Rows, Scope
from jobtui.backends.http import Http
from jobtui.backends.same_pages import SamePages
from jobtui.errors import BackendError, RequestRefused
from jobtui.model import Job

log = logging.getLogger(__name__)

DEFAULT_QUERY = "closed=0"
_OPEN_TERM = re.compile(r"\bclosed\s*=\s*0\b", re.IGNORECASE)
_MOST_ENDED_PAGES = 40
"""How far closed jobs are looked through: those cancelled may stand before all others, and be very many."""
_FEW = ("jobId", "jobName")
_SOME = (*_FEW, "jobStatus", "closed", "percentComplete", "startedDate", "endDate")
_ALL = (*_SOME, "createdDate", "ownedBy", "currentStep", "jobTemplateName")


class _Shape(Struct, frozen=True):
    """How much is asked at once."""

    fields: tuple[str, ...]
    num: int
    sorts: bool = True


# From most to least; which fields and how many rows a server allows is not published. The last is what
# every server gives when nothing is said.
_DATED_SHAPES = (_Shape(_ALL, 500), _Shape(_ALL, 50), _Shape(_SOME, 50))
"""For closed jobs: without their ends in order they would have to be read back to the first one ever."""
_SHAPES = (*_DATED_SHAPES, _Shape(_FEW, 50, False), _Shape((), 50, False))


class _Question(Struct, frozen=True):
    query: str
    closed: bool
    sort_field: str


class Search:
    """Asks for the jobs of a scope; remembers only which shape of question the server takes."""

    def __init__(
        self, http: Http, query: str | None, now: Callable[[], datetime], url_of: Callable[[str], str]
    ) -> None:
        self._http = http
        self._query = query or DEFAULT_QUERY
        self._now = now
        self._url_of = url_of
        self._shape = {False: 0, True: 0}
        """By whether closed jobs are asked for: where in the shapes to begin."""
        self._same: SamePages[SearchPage] = SamePages()

    async def pages(self, scope: Scope) -> AsyncIterator[Rows]:
        """Read the open jobs, newest first, then those that ended within the scope, latest end first.

        The second question is the first with ``closed=0`` turned into ``closed=1``. A query of the user's
        that has no such term, or several, says by itself which jobs are wanted, and is asked alone.
        Raises BackendError.
        """
        seen: set[str] = set()
        async for page in self._open(scope):
            fresh = _new(page, seen, scope.limit)
            if fresh:
                yield Rows.told(fresh, page.as_of)
            if len(seen) >= scope.limit:
                return
        async for page in self._ended(scope):
            fresh = _new(page, seen, scope.limit)
            if fresh:
                yield Rows.told(fresh, page.as_of)
            if len(seen) >= scope.limit:
                return
        self._same.forget_unmet()

    async def prove(self) -> None:
        """Ask for one job, which needs the same rights as the list. Raises BackendError."""
        await self._page(_Question(self._query, False, "createdDate"), 0, at_most=1)

    async def total(self) -> int | None:
        """Ask how many jobs the query finds, which pages never tell; None where that cannot be had."""
        try:
            reply = await self._http.read("jobs/statistics", json={"q": self._query}, method="POST")
        except BackendError as error:
            log.info("%s does not count its jobs: %s", self._http.source, error)
            return None
        return decode_total(reply.body)

    async def _open(self, scope: Scope) -> AsyncIterator[Rows]:
        question = _Question(self._query, False, "createdDate")
        async for page, asked in self._all(question):
            yield Rows.told((job for job in page.jobs if not job.ended or _is_recent(job, scope)), asked)

    async def _ended(self, scope: Scope) -> AsyncIterator[Rows]:
        query, terms = _OPEN_TERM.subn("closed=1", self._query)
        if terms != 1:
            return
        try:
            pages = 0
            async for page, asked in self._all(_Question(query, True, "endDate")):
                pages += 1
                yield Rows.told((job for job in page.jobs if _is_recent(job, scope)), asked)
                if _is_past(page, scope) or pages >= _MOST_ENDED_PAGES:
                    return
        except RequestRefused as error:
            # The open jobs are what matters; a server that cannot be asked for closed ones is no trouble.
            log.info("%s does not list closed jobs: %s", self._http.source, error)

    async def _all(self, question: _Question) -> AsyncIterator[tuple[SearchPage, datetime]]:
        """Read every page, each with when it was asked for."""
        start: int | None = 0
        while start is not None:
            page, asked = await self._page(question, start)
            yield page, asked
            start = page.next_start

    async def _page(
        self, question: _Question, start: int, at_most: int | None = None
    ) -> tuple[SearchPage, datetime]:
        first: RequestRefused | None = None
        shapes = _DATED_SHAPES if question.closed else _SHAPES
        for index in range(self._shape[question.closed], len(shapes)):
            shape = shapes[index]
            asked = self._now()
            try:
                reply = await self._http.read(
                    "jobs/search", json=_body(question, shape, start, at_most), method="POST"
                )
            except RequestRefused as error:
                if start > 0:
                    raise  # what the first page could be asked, the next can: it is not the shape
                first = first or error
                continue
            self._shape[question.closed] = index
            decode = partial(
                decode_search,
                self._http.source,
                reply.body,
                shape.fields,
                closed=question.closed,
                as_of=asked,
                url_of=self._url_of,
            )
            return self._same.read((question, shape, start, at_most), reply.body, decode), asked
        assert first is not None  # noqa: S101  - every shape was refused
        raise first


def _body(question: _Question, shape: _Shape, start: int, at_most: int | None) -> dict[str, object]:
    body: dict[str, object] = {"q": question.query, "start": start, "num": at_most or shape.num}
    if shape.fields:
        body["fields"] = list(shape.fields)
    if shape.sorts:
        body["sortFields"] = [{"field": question.sort_field, "sortOrder": "Desc"}]
    return body


def _new(page: Rows, seen: set[str], limit: int) -> list[Job]:
    """The jobs not seen yet (rows move between pages while they are read), no more than wanted."""
    fresh: list[Job] = []
    for job in page:
        if job.ref.job_id not in seen and len(seen) < limit:
            seen.add(job.ref.job_id)
            fresh.append(job)
    return fresh


def _is_recent(job: Job, scope: Scope) -> bool:
    """Whether it ended within the scope; where no end is told, its beginning has to do."""
    at = job.ended_at or job.started or job.created
    return at is None or at >= scope.ended_since


def _is_past(page: SearchPage, scope: Scope) -> bool:
    """Whether nothing new can follow, by the rows that tell their end: a database may put those that do not
    before all others, and of them nothing follows."""
    dated = [(job.ref.job_id, job.ended_at) for job in page.jobs if job.ended_at is not None]
    if any(ended_at < scope.ended_since for _, ended_at in dated):
        return True
    return bool(dated) and all(job_id in scope.known_ended for job_id, _ in dated)
