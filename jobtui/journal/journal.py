"""The journal: what was seen and done, on disk. The only home of SQLite.

Every method is synchronous and safe to call from any thread; the monitor calls them off the event loop.
All raise JournalError.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from jobtui.journal import batch, controls, jobs, watchlist
from jobtui.journal.alive import SignOfLife
from jobtui.journal.batch import Batch
from jobtui.journal.database import Database
from jobtui.journal.entries import Entry, Watched
from jobtui.journal.looks import Looks
from jobtui.journal.pages import Pages
from jobtui.journal.past import Past
from jobtui.journal.upkeep import Upkeep
from jobtui.model import ControlRequest, Effect, Job, JobDetail, JobMessage, JobRef, Outcome

__all__ = ["Batch", "Entry", "Journal", "Watched"]

log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """One user's journal; several processes may have it open."""

    def __init__(
        self, path: Path, *, clock: Callable[[], datetime] = _now, database: Database | None = None
    ) -> None:
        """Open it, making the private folder and file (0700, 0600) and the tables when they are missing."""
        self._database = database or Database(path)
        self._clock = clock
        self._sign = SignOfLife(path)
        self.past = Past(self._database)
        """What was told over time."""
        self.pages = Pages(self._database)
        """The messages of a job, some at a time."""
        self.looks = Looks(self._database)
        """What the person looked at last, and the alerts given."""
        self.upkeep = Upkeep(self._database, self._sign, clock)
        """How large the journal is, and what makes it smaller."""

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._database.path

    @property
    def notice(self) -> str | None:
        """What a person should know of the opening: a damaged journal was set aside, or None."""
        return self._database.notice

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        self._sign.close()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- jobs -----------------------------------------------------------------------------------------
    def keep(self, told: Batch) -> None:
        """Keep what was told, in one transaction."""
        batch.write(self._database, told, self._clock())

    def save_jobs(self, found: Iterable[Job]) -> None:
        """Keep the latest of each job, and how it stood, in one transaction."""
        self.keep(batch.batch_of_jobs(found))

    def jobs(
        self, source: str, *, ended_since: datetime | None = None, limit: int | None = None
    ) -> list[Job]:
        """The last known jobs of a source, those heard of last first.

        With ``ended_since``, without those that are known to have ended before it.
        """
        return jobs.jobs_of(self._database, source, ended_since, limit)

    def stale_jobs(self, source: str) -> Iterator[list[Job]]:
        """The last known jobs of a source as stale ones, in no order, a page at a time; none is empty."""
        return jobs.stale_pages(self._database, source)

    def job(self, ref: JobRef) -> Job | None:
        """One job as last known."""
        return jobs.job_of(self._database, ref)

    def save_detail(self, detail: JobDetail) -> None:
        """Keep a job that was read whole: itself and its steps."""
        self.keep(batch.batch_of_detail(detail))

    def detail(self, ref: JobRef) -> JobDetail | None:
        """A job as last known, with its steps as last known (none when it was never read whole)."""
        return jobs.detail_of(self._database, ref)

    def save_messages(self, messages: Iterable[JobMessage]) -> None:
        """Keep messages, each once by its job and id."""
        self.keep(Batch(messages=list(messages)))

    def messages(self, ref: JobRef) -> list[JobMessage]:
        """The messages of a job that were ever seen, oldest first."""
        return jobs.messages_of(self._database, ref)

    # --- the watch list -------------------------------------------------------------------------------
    def watch(self, ref: JobRef, at: datetime) -> None:
        """Put an id on the watch list; one that is there keeps its times."""
        watchlist.add(self._database, ref, at)

    def unwatch(self, ref: JobRef) -> bool:
        """Take an id off the watch list; False when it was not there."""
        return watchlist.remove(self._database, ref)

    def watched(self, source: str | None = None) -> list[Watched]:
        """The watch list, or what of it is of one source, in the order of adding."""
        return watchlist.listed(self._database, source)

    def first_asked(self, refs: Iterable[JobRef], at: datetime) -> None:
        """Note when watched ids were asked for the first time; later calls change nothing."""
        watchlist.first_asked(self._database, refs, at)

    # --- controls -------------------------------------------------------------------------------------
    def asked(self, request: ControlRequest, who: str) -> int:
        """Write an intent durably (on disk when this returns); gives its id."""
        try:
            owner = self._sign.token()
        except OSError as error:
            # A crash is then seen two minutes later: no reason to refuse the control.
            log.warning("no sign of life can be given: %s", error.strerror)
            owner = None
        return controls.write_intent(self._database, request, who, owner)

    def answered(self, entry_id: int, outcome: Outcome) -> None:
        """Write how a control ended, durably; an effect that somebody saw of a refused one was another's."""
        controls.write_outcome(self._database, entry_id, outcome)

    def settled(self, entry_id: int, effect: Effect, at: datetime) -> bool:
        """Write the effect seen; False when another process had already written one."""
        return controls.write_effect(self._database, entry_id, effect, at)

    def refused(self, outcome: Outcome, who: str) -> int:
        """Write a control that was never sent."""
        return controls.write_refusal(self._database, outcome, who)

    def audit(self, since: datetime | None = None) -> list[Entry]:
        """Every control asked since a moment, newest first."""
        return controls.entries_since(self._database, since)

    def unsettled(self, source: str | None = None) -> list[Entry]:
        """Controls sent (or perhaps sent) in the last 24 hours whose effect nobody has seen, oldest first.

        Those without an answer at once when the process that sent them has died, else after two minutes.
        """
        return controls.unsettled_entries(self._database, source, self._clock(), self._sign.is_alive)
