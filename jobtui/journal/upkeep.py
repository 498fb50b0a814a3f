"""How large the journal is and what is in it; giving up what is old, in steps that keep nobody waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from jobtui.documents import Document
from jobtui.journal import export, prune
from jobtui.journal.alive import SignOfLife
from jobtui.journal.codec import from_stamp, to_stamp
from jobtui.journal.database import Database
from jobtui.journal.looks import PRUNED, moment
from jobtui.journal.prune import DAY, LIMITS, Limits, Plan
from jobtui.model import JobRef

__all__ = ["LIMITS", "Limits", "Plan", "Summary", "Upkeep"]

_JOBS_AT_ONCE = 500
"""Jobs planned in one step: nobody waits for longer than that takes."""
_TABLES = {
    "jobs": "jobs",
    "transitions": "told",
    "steps": "told_steps",
    "holds": "holds",
    "item_errors": "item_errors",
    "messages": "messages",
    "controls": "controls",
    "watched": "watched",
    "alerts": "alerts",
}


class Summary(Struct, frozen=True):
    """What is remembered, how large and where."""

    path: Path
    version: int
    size: int
    """Bytes of the file and of what SQLite keeps beside it."""
    rows: dict[str, int]
    """How many of each kind."""
    oldest: datetime | None
    newest: datetime | None
    """The moments of the oldest and newest transition, message or control."""
    lost_states: int
    lost_messages: int
    """What was told and could not be kept, because the journal could not be written for too long."""
    pruned_at: datetime | None
    copies: tuple[Path, ...]
    """Copies kept before migrations."""
    set_aside: tuple[Path, ...]
    """Damaged journals kept aside."""


class Upkeep:
    """Looks after the file."""

    def __init__(self, database: Database, sign: SignOfLife, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._sign = sign
        self._clock = clock

    def summary(self) -> Summary:
        """Describe the journal."""
        path = self._database.path
        rows = {name: self._number(f"SELECT count(*) FROM {table}") for name, table in _TABLES.items()}  # noqa: S608
        oldest, newest = self._span()
        ((states, messages),) = self._database.rows(
            "SELECT coalesce(sum(states), 0), coalesce(sum(messages), 0) FROM gaps"
        )
        return Summary(
            path,
            self._database.version,
            prune.bytes_of(path),
            rows,
            oldest,
            newest,
            states,
            messages,
            moment(self._database, PRUNED),
            tuple(sorted(path.parent.glob(f"{path.name}.v*"))),
            tuple(sorted(path.parent.glob(f"{path.stem}.corrupt-*"))),
        )

    def plan(self, limits: Limits = LIMITS) -> Plan:
        """Say what would be given up, without touching anything."""
        return prune.plan(self._database, limits, self._clock())

    def prune(self, limits: Limits = LIMITS) -> Plan:
        """Give up what is older or makes the journal larger than the limits; gives what went."""
        planned = self.plan(limits)
        for _ in prune.carry_out(self._database, planned):
            pass
        prune.shrink_at_once(self._database)
        return planned

    def daily(self) -> Iterator[bool]:
        """Prune by the usual limits unless that was done today, a short step at a time.

        Gives True after each step: whoever runs them lets others write in between.
        """
        if not self._claim_today():
            return
        self._sign.sweep()
        yield True
        before: tuple[JobRef, ...] | None = None
        # What was kept after all, for a person's sake, comes up again: then there is no more.
        while (planned := self._next_plan()).jobs != before:
            yield True
            yield from prune.carry_out(self._database, planned)
            before = planned.jobs
        yield from prune.shrink(self._database)

    def documents(
        self, *, since: datetime | None = None, ref: JobRef | None = None, sources: Iterable[str] = ()
    ) -> Iterator[Document]:
        """Give all that is remembered as documents, read a page at a time."""
        return export.documents(self._database, since, ref, frozenset(sources), self._clock())

    def sources(self) -> list[str]:
        """The names of all sources that anything is remembered of."""
        tables = ("jobs", "messages", "controls", "watched")
        union = " UNION ".join(f"SELECT DISTINCT source FROM {table}" for table in tables)  # noqa: S608
        return [str(row[0]) for row in self._database.rows(f"{union} ORDER BY 1")]

    def refs_of(self, job_id: str) -> list[JobRef]:
        """Every job of this id, of whatever source, that anything is remembered of."""
        tables = ("jobs", "messages", "controls", "watched")
        union = " UNION ".join(f"SELECT source FROM {table} WHERE job_id = ?1" for table in tables)  # noqa: S608
        return [JobRef(row[0], job_id) for row in self._database.rows(f"{union} ORDER BY 1", (job_id,))]

    def _next_plan(self) -> Plan:
        return prune.plan(self._database, LIMITS, self._clock(), _JOBS_AT_ONCE)

    def _claim_today(self) -> bool:
        """Be the one of several processes that prunes today; a time in the future was a wrong clock's."""
        now = self._clock()
        with self._database.writing() as connection:
            done = connection.execute(
                """INSERT INTO moments (name, at) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET at = ?2
                WHERE at <= ?3 OR at > ?2""",
                (PRUNED, to_stamp(now), to_stamp(now - DAY)),
            )
            return done.rowcount == 1

    def _span(self) -> tuple[datetime | None, datetime | None]:
        ends = [
            self._database.rows(f"SELECT min({at}), max({at}) FROM {table}")[0]  # noqa: S608 - ours
            for table, at in (("told", "at"), ("messages", "coalesce(kept_at, at)"), ("controls", "asked_at"))
        ]
        first = [begin for begin, _ in ends if begin is not None]
        last = [end for _, end in ends if end is not None]
        return (from_stamp(min(first)) if first else None, from_stamp(max(last)) if last else None)

    def _number(self, query: str) -> int:
        return int(self._database.rows(query)[0][0])
