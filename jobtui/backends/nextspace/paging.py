"""Reading the list of pending actions to its end, whatever order and page size the server prefers. Pure."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field

from jobtui.backends.base import Scope
from jobtui.backends.nextspace.wire import Page
from jobtui.model import Job

AMOUNT = 200
"""Rows asked for at first, and what a server that gives fewer than asked for is thought to give at least."""
MOST_AMOUNT = 1_000
"""Rows asked for once a server has given all that were asked for: a long list takes few requests."""
MOST_ROWS = 100_000


@dataclass(slots=True)
class Listing:
    """One walk through the list: takes pages, gives the wanted jobs, knows when it is over.

    Neither order nor largest page nor total is documented, so none is relied on.
    """

    scope: Scope
    before: Set[str] = frozenset()
    """Ids given already by a walk before this one."""
    start: int = 0
    """Where the next page begins."""
    is_over: bool = False
    saw_all: bool = False
    """Whether the walk ended at the end of the list, not before."""
    amount: int = AMOUNT
    """How many rows to ask for."""
    _total: int | None = None
    _seen: dict[str, bool] = field(default_factory=dict)
    """The ids of this walk, and whether their jobs were given: two sets would take twice the memory."""
    _left: int = 0

    def __post_init__(self) -> None:
        self._left = self.scope.limit

    def take(self, page: Page) -> list[Job]:
        """Take over a page; gives its jobs that are wanted.

        One that was given before is given again, and counts once: this page is the later word of it.
        """
        # Nothing is called for each row: of very long lists that would be most of the time.
        seen, before, ids = self._seen, self.before, [job.ref.job_id for job in page.jobs]
        is_repeat = bool(ids) and all(map(seen.__contains__, ids))  # the server knows no paging
        for one in ids:
            seen.setdefault(one, False)
        self.start += page.rows
        self.amount = MOST_AMOUNT if page.rows >= AMOUNT else self.amount
        self._total = page.total if page.total is not None else self._total
        wanted = [job for job in page.jobs if not (job.ended and self._is_too_old(job))]
        ids = [job.ref.job_id for job in wanted]
        fresh = [one for one in ids if not (seen[one] or one in before)]
        self.saw_all = is_repeat or (self._is_at_end(page) and len(fresh) <= self._left)
        is_cut, fresh = len(fresh) > self._left, fresh[: self._left]
        self._left -= len(fresh)
        seen.update(dict.fromkeys(fresh, True))
        if is_cut:
            wanted = [job for job in wanted if seen[job.ref.job_id] or job.ref.job_id in before]
        self.is_over = self.saw_all or self._left == 0 or self._is_past_news(page)
        return wanted

    def given(self) -> Set[str]:
        """Give the ids of all jobs that were given, by this walk or one before it."""
        return self.before | {one for one, is_given in self._seen.items() if is_given}

    def _is_at_end(self, page: Page) -> bool:
        if page.rows == 0 or self.start >= MOST_ROWS:
            return True
        if self._total is not None:
            return self.start >= self._total
        # A short page is the last one, unless its round size looks like the server's own limit.
        return page.rows < AMOUNT and page.rows % 10 != 0

    def _is_past_news(self, page: Page) -> bool:
        return bool(page.jobs) and _is_newest_first(page) and all(map(self._is_old_news, page.jobs))

    def _is_old_news(self, job: Job) -> bool:
        return job.ended and (job.ref.job_id in self.scope.known_ended or self._is_too_old(job))

    def _is_too_old(self, job: Job) -> bool:
        last = job.ended_at or job.updated or job.created
        return job.ended and last is not None and last < self.scope.ended_since


def _is_newest_first(page: Page) -> bool:
    """Whether nothing newer can follow; a page that cannot tell is taken for the usual order."""
    times = [job.created for job in page.jobs if job.created is not None]
    return len(times) < 2 or times[0] >= times[-1]
