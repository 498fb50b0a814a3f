"""Away: what happened between the last look at the screen and this one, as the journal has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from jobtui.journal.journal import Journal
from jobtui.journal.memory import What
from jobtui.journal.past import Happening
from jobtui.model import JobRef, State
from jobtui.monitor.known import Known


class Sort(StrEnum):
    """What happened to a job, in the order in which a person wants to hear of it."""

    FAILED = "failed"
    PARTIAL = "ended in part"
    CANCELLED = "cancelled"
    HELD = "held"
    RELEASED = "released"
    ASSIGNED = "assigned"
    REOPENED = "reopened"
    ENDED = "ended"
    FORGOTTEN = "forgotten"


_ENDS = {State.FAILED: Sort.FAILED, State.PARTIAL: Sort.PARTIAL, State.CANCELLED: Sort.CANCELLED}
_OF_THE_END = frozenset({Sort.FAILED, Sort.PARTIAL, Sort.CANCELLED, Sort.ENDED})


class News(Struct, frozen=True):
    """One thing that happened to one job."""

    ref: JobRef
    at: datetime
    """When it happened, where the server says; else when it was first seen."""
    sort: Sort
    title: str
    why: str | None = None
    who: str | None = None
    """Who holds it, or whom it was assigned to."""
    ours: bool = False
    """Whether a control of ours had been sent shortly before."""


class Digest(Struct, frozen=True):
    """What happened since a moment, oldest first."""

    since: datetime
    news: tuple[News, ...]


class Away:
    """Remembers when somebody last looked, and tells what has happened since."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._journal = known.recorder.journal

    async def last_look(self) -> datetime | None:
        """Give when somebody last sat before the screen, None when nobody did. Raises JournalError."""
        return await self._known.recorder.run(self._journal.looks.screen_looked_at)

    def looked(self) -> None:
        """Have it written soon that somebody sits before the screen now."""
        now = self._known.clock()
        self._known.recorder.soon(lambda: self._journal.looks.note_screen(now))

    async def digest(self, since: datetime) -> Digest:
        """Tell what happened since a moment, as far as it has been read by now. Raises JournalError."""
        await self._known.recorder.caught_up()
        return await self._known.recorder.run(lambda: digest_of(self._journal, since))


def digest_of(journal: Journal, since: datetime) -> Digest:
    """Make the digest; of a job that ended more than once, the last end counts."""
    news = [one for happening in journal.past.since(since) for one in _news(journal, happening)]
    return Digest(since, tuple(_last_ends(news)))


def _news(journal: Journal, happening: Happening) -> Iterator[News]:
    job = journal.job(happening.ref)
    sort = _sort(happening)
    ended_at = job.ended_at if job is not None and sort in _OF_THE_END else None
    held_at = happening.hold.since if happening.hold is not None and sort is Sort.HELD else None
    who = happening.hold.by if happening.hold is not None else happening.assigned_to
    yield News(
        happening.ref,
        ended_at or held_at or happening.at,
        sort,
        job.title if job is not None else happening.ref.job_id,
        job.why if job is not None and sort in _OF_THE_END else None,
        who,
        happening.ours,
    )


def _sort(happening: Happening) -> Sort:
    if happening.what is What.ENDED:
        return _ENDS.get(happening.told.state, Sort.ENDED) if happening.told is not None else Sort.ENDED
    return Sort(happening.what.value)


def _last_ends(news: Iterable[News]) -> list[News]:
    kept: dict[object, News] = {}
    for number, one in enumerate(news):
        key = one.ref if one.sort in _OF_THE_END else number
        kept.pop(key, None)
        kept[key] = one
    return list(kept.values())
