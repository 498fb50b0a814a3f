"""Frozen: the jobs as the list shows them, as they are or as they were when somebody stopped its updates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from jobtui.model import Job, JobRef
from jobtui.monitor.events import Change
from jobtui.monitor.store import Store
from jobtui.tui.format.spans import Line, Span
from jobtui.tui.format.times import moment, span
from jobtui.tui.keymap import key_of


class Shown:
    """What the list takes for the jobs. Everything else on the screen reads the store itself."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._frozen: dict[JobRef, Job] = {}
        self._touched: set[JobRef] = set()
        self._since: datetime | None = None

    @property
    def is_frozen(self) -> bool:
        """Whether changes wait."""
        return self._since is not None

    def __len__(self) -> int:
        return len(self._frozen if self.is_frozen else self._store)

    def __iter__(self) -> Iterator[Job]:
        return iter(self._frozen.values()) if self.is_frozen else iter(self._store)

    def get(self, ref: JobRef) -> Job | None:
        """Give a job as it is shown."""
        return self._frozen.get(ref) if self.is_frozen else self._store.get(ref)

    def freeze(self, now: datetime) -> None:
        """Let nothing change from now on."""
        self._since = now
        self._frozen = {job.ref: job for job in self._store}

    def resume(self) -> list[Change]:
        """Let everything change again; gives what has waited, each job once."""
        waited = [Change(ref, before, after) for ref, (before, after) in self._waiting().items()]
        self._frozen, self._touched, self._since = {}, set(), None
        return waited

    def take(self, changes: Sequence[Change]) -> Sequence[Change]:
        """Give the changes that the list may show; the others wait."""
        if not self.is_frozen:
            return changes
        self._touched |= {change.ref for change in changes}
        # What merely is to be looked at again is so as it is shown.
        again = [self.get(change.ref) for change in changes if change.before is change.after]
        return [Change(job.ref, job, job) for job in again if job is not None]

    def _waiting(self) -> dict[JobRef, tuple[Job | None, Job | None]]:
        """Give what differs, as it is shown and as it is."""
        pairs = {ref: (self._frozen.get(ref), self._store.get(ref)) for ref in self._touched}
        return {ref: pair for ref, pair in pairs.items() if pair[0] is not pair[1]}

    def line(self, now: datetime, needs_me: Callable[[Job], bool]) -> Line:
        """Count what waits."""
        if self._since is None:
            return ()
        waits = list(self._waiting().values())
        counts = {
            "changed": sum(1 for before, after in waits if before and after and before != after),
            "new": sum(1 for before, _ in waits if before is None),
            "gone": sum(1 for _, after in waits if after is None),
        }
        needy = sum(
            1 for before, after in waits if after and needs_me(after) and not (before and needs_me(before))
        )
        said = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "nothing"
        head = f"FROZEN since {moment(self._since, now)}, {span((now - self._since).total_seconds())}: "
        urgent = (Span(f", {needy} more need{'s' if needy == 1 else ''} you", "bad"),) if needy else ()
        return (
            Span(f"  {head}{said}", "warn"),
            *urgent,
            Span(f"   {key_of('freeze').face}", "key"),
            Span(" resumes"),
        )
