"""The parts that one job is read in: record, history, comments, diagram. What may be missing is missed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from jobtui.backends.arcgis.diagram import Diagram, decode_diagram
from jobtui.backends.arcgis.ear import Ear
from jobtui.backends.arcgis.history import UNREADABLE, EventLog, decode_history
from jobtui.backends.arcgis.messages import decode_comments, history_messages, merged
from jobtui.backends.arcgis.plans import Plans
from jobtui.backends.arcgis.wire import JobRecord, decode_job
from jobtui.backends.http import Http, segment
from jobtui.errors import Forbidden, NoSuchAddress, NoSuchJob, RequestRefused, UnexpectedReply
from jobtui.model import JobMessage, JobRef

_NOT_TO_BE_HAD = (Forbidden, NoSuchJob, RequestRefused, UnexpectedReply)
"""What a part of a job may answer without the job being lost: no right to it, none there, not readable."""
_NOT_THERE = (NoSuchJob, NoSuchAddress)
_JUST_NOW_S = 0.1
"""For so long after a job was read its messages are made of the same history: who follows asks for both."""
T = TypeVar("T")


class Parts:
    """Reads the parts of the jobs of one workflow item; remembers their diagrams."""

    def __init__(self, http: Http, plans: Plans, ear: Ear) -> None:
        """``ear`` knows what notifications told that these parts may not tell yet, or never do."""
        self._http = http
        self._plans = plans
        self._ear = ear
        self._just_read: tuple[JobRef, float, EventLog] | None = None
        """Whose history was read last together with its job, when it was asked for, and what it was."""
        self._just_read_s = 0.0
        """When its answer was there."""

    async def whole(self, ref: JobRef, *, at_once: bool) -> tuple[JobRecord, Diagram | None, EventLog]:
        """Read job, history and, unless it is known already, diagram. Raises BackendError.

        ``at_once`` asks for the diagram of a job never read before together with the rest; else only when
        the job's record has told that it is one not known.
        """
        asked_s = time.monotonic()
        wants_plan = at_once and self._plans.of_job(ref.job_id) is None
        record, log, fetched = _all_good(
            await asyncio.gather(
                self._record(ref),
                _or(UNREADABLE, partial(self._log, ref)),
                self._plan_if(wants_plan, ref),
                return_exceptions=True,
            )
        )
        plan = fetched or self._plans.known(record.diagram) or await self._plan_if(not wants_plan, ref)
        if plan is not None:
            self._plans.keep(ref.job_id, record.diagram, plan)
        if at_once and log is not UNREADABLE:
            self._just_read, self._just_read_s = (ref, asked_s, log), time.monotonic()
        record, log = self._ear.onto(record, log, asked_s)
        return record, plan, log

    async def messages(self, ref: JobRef) -> list[JobMessage]:
        """Read history and comments as one stream, oldest first, with what only notifications said.

        One of the two may be missing.
        """
        asked_s, just_read = self._take_just_read(ref)
        plan = self._plans.of_job(ref.job_id)
        history, comments, fetched = await asyncio.gather(
            self._log_unless(just_read, ref),
            self._comments(ref),
            self._plan_if(plan is None, ref),
            return_exceptions=True,
        )
        if isinstance(fetched, Diagram):
            self._plans.keep(ref.job_id, None, fetched)
            plan = fetched
        if isinstance(history, _NOT_THERE) and isinstance(comments, _NOT_THERE):
            await self._record(ref)  # raises when it is the job that is not there, not only its story
        elif isinstance(history, BaseException) and isinstance(comments, BaseException):
            raise history
        names = plan.names if plan else {}
        log, said = _missed(history, UNREADABLE), _missed(comments, list[JobMessage]())
        told = self._ear.messages(ref, log, names, asked_s)
        return merged(history_messages(ref, log, names), said, told)

    async def _record(self, ref: JobRef) -> JobRecord:
        reply = await self._http.read(_path(ref), query={"extProps": "true", "holds": "true"})
        return decode_job(ref, reply.body)

    def _take_just_read(self, ref: JobRef) -> tuple[float, EventLog | None]:
        """Give the history that has just been read, once, and when it was asked for; else the time it is."""
        now_s, just_read, self._just_read = time.monotonic(), self._just_read, None
        if just_read is None or just_read[0] != ref or now_s - self._just_read_s > _JUST_NOW_S:
            return now_s, None
        return just_read[1:]

    async def _log_unless(self, known: EventLog | None, ref: JobRef) -> EventLog:
        return known if known is not None else await self._log(ref)

    async def _log(self, ref: JobRef) -> EventLog:
        reply = await self._http.read(f"{_path(ref)}/history")
        return decode_history(ref.source, reply.body)

    async def _comments(self, ref: JobRef) -> list[JobMessage]:
        reply = await self._http.read(f"{_path(ref)}/comments")
        return decode_comments(ref, reply.body)

    async def _plan_if(self, wanted: bool, ref: JobRef) -> Diagram | None:
        return await _or(None, partial(self._plan, ref)) if wanted else None

    async def _plan(self, ref: JobRef) -> Diagram:
        reply = await self._http.read(f"{_path(ref)}/diagram")
        return decode_diagram(ref.source, reply.body)


def _all_good(
    results: tuple[JobRecord | BaseException, EventLog | BaseException, Diagram | BaseException | None],
) -> tuple[JobRecord, EventLog, Diagram | None]:
    """Return what was read, or raise the weightiest error."""
    record, log, plan = results
    return _good(record), _good(log), _good(plan)


def _good(result: T | BaseException) -> T:
    if isinstance(result, BaseException):
        raise result
    return result


def _missed(result: T | BaseException, fallback: T) -> T:
    return fallback if isinstance(result, _NOT_TO_BE_HAD) else _good(result)


async def _or(fallback: T, read: Callable[[], Awaitable[T]]) -> T:
    # A function, not its coroutine: one that is cancelled before it begins would never be awaited.
    try:
        return await read()
    except _NOT_TO_BE_HAD:
        return fallback


def _path(ref: JobRef) -> str:
    return f"jobs/{segment(ref.job_id)}"
