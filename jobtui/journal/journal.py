"""The journal: what was seen and done, on disk. The only home of SQLite.

Every method is synchronous and safe to call from any thread; the monitor calls them off the event loop.
All raise JournalError.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jobtui.model import ControlRequest, Effect, Job, JobRef, Outcome


@dataclass(frozen=True, slots=True)
class Entry:
    """One control ever asked here, and how it ended."""

    id: int
    who: str
    request: ControlRequest
    asked_at: datetime
    outcome: Outcome | None
    """None when no answer was ever written: the process ended between sending and answer."""
    effect: Effect | None = None
    effect_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """An id on the watch list."""

    ref: JobRef
    added_at: datetime
    first_asked_at: datetime | None = None
    """When a server was first asked for it; an early 404 means “not visible yet”."""


class Journal:
    """One user's journal; several processes may have it open."""

    def __init__(self, path: Path) -> None:
        """Open it, making the private folder and file (0700, 0600) and the tables when they are missing."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    # --- jobs -----------------------------------------------------------------------------------------
    def save_jobs(self, jobs: Iterable[Job]) -> None:
        """Keep the latest of each job, in one transaction."""
        raise NotImplementedError

    def jobs(self, source: str) -> list[Job]:
        """The last known jobs of a source."""
        raise NotImplementedError

    def job(self, ref: JobRef) -> Job | None:
        raise NotImplementedError

    # --- the watch list -------------------------------------------------------------------------------
    def watch(self, ref: JobRef, at: datetime) -> None:
        raise NotImplementedError

    def unwatch(self, ref: JobRef) -> bool:
        raise NotImplementedError

    def watched(self, source: str | None = None) -> list[Watched]:
        raise NotImplementedError

    def first_asked(self, refs: Iterable[JobRef], at: datetime) -> None:
        """Note when watched ids were asked for the first time; later calls change nothing."""
        raise NotImplementedError

    # --- controls -------------------------------------------------------------------------------------
    def asked(self, request: ControlRequest, who: str) -> int:
        """Write an intent durably (on disk when this returns); gives its id."""
        raise NotImplementedError

    def answered(self, entry_id: int, outcome: Outcome) -> None:
        raise NotImplementedError

    def settled(self, entry_id: int, effect: Effect, at: datetime) -> bool:
        """Write the effect seen; False when another process had already written one."""
        raise NotImplementedError

    def refused(self, outcome: Outcome, who: str) -> int:
        """Write a control that was never sent."""
        raise NotImplementedError

    def audit(self, since: datetime | None = None) -> list[Entry]:
        """Every control asked since a moment, newest first."""
        raise NotImplementedError

    def unsettled(self, source: str | None = None) -> list[Entry]:
        """Controls sent (or perhaps sent) whose effect nobody has seen, of the last 24 hours."""
        raise NotImplementedError
