"""Tally: how many jobs are in which state, and which need a person; kept up by changes, never recounted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from jobtui.insight.attention import needs_you
from jobtui.insight.why import is_unheard_of
from jobtui.model import Job, JobRef
from jobtui.monitor.events import Change
from jobtui.tui.format.spans import Line, Span, cut, width_of
from jobtui.tui.format.states import WORDS, look_of
from jobtui.tui.format.times import moment
from jobtui.tui.keymap import key_of

_URGENT = ("failed", "partial", "stalled", "held")
_ORDER = (*_URGENT, "stopped", "waiting", "running", "queued", "unknown", "cancelled", "succeeded")


class Tally:
    """Counts by state, and the refs of what needs a person."""

    def __init__(self, needs_me: Callable[[Job, datetime], bool] = needs_you) -> None:
        self._needs_me = needs_me
        self._looks: dict[JobRef, str] = {}
        self._needy: set[JobRef] = set()
        self._muted: set[JobRef] = set()
        self._calm_since: datetime | None = None
        """When the last one that needed a person no longer did."""
        self.counts: Counter[str] = Counter()

    @property
    def needy(self) -> int:
        """How many jobs need a person."""
        return len(self._needy)

    def apply(self, changes: Iterable[Change], now: datetime) -> None:
        """Take over changes."""
        was_calm = not self._needy
        for change in changes:
            self._forget(change.ref)
            if change.after is not None:
                self.count(change.after, now)
        if not was_calm and not self._needy:
            self._calm_since = now

    def count(self, job: Job, now: datetime) -> None:
        """Count one job that was not counted before; of an id that no server knows nothing is counted."""
        if is_unheard_of(job):
            return
        look = look_of(job)
        self._looks[job.ref] = look
        self.counts[look] += 1
        if self._needs_me(job, now):
            self._needy.add(job.ref)
        elif needs_you(job, now):
            self._muted.add(job.ref)

    def line(self, width: int, *, is_whole: bool = True) -> Line:
        """Say how many need a person, then how many are in each state, the worst first; it always fits.

        While not all that is known has been counted, nobody is told that nothing is the matter.
        """
        if not self._looks:
            return (Span(cut("no job is known yet", width), "dim"),)
        counts, heads = self._counts(), self._heads() if is_whole else [self._so_far()]
        for head in heads:
            line = (head, Span("  "), *_spaced(counts, "  " if head.text.endswith("next") else " "))
            if width_of(line) <= width:
                return line
        return self._shortened(Span(self._needs(), "bad") if self.needy else heads[0], counts, width)

    def _heads(self) -> list[Span]:
        if self.needy:
            texts = (
                f"{self._needs()}, {key_of('next_problem').face} goes to the next",
                self._needs(),
                f"! {self.needy}:",
            )
            return [Span(text, "bad") for text in texts]
        since = "" if self._calm_since is None else f" since {moment(self._calm_since, self._calm_since)}"
        return [Span(f"nothing needs you{since}", "good")]

    def _so_far(self) -> Span:
        return Span(f"{self._needs()} so far", "bad") if self.needy else Span("counting …", "dim")

    def _needs(self) -> str:
        return f"! {self.needy} need{'s' if self.needy == 1 else ''} you"

    def _counts(self) -> list[Span]:
        counts = [
            Span(f"{self.counts[look]} {WORDS[look].lower()}", look if look in _URGENT else "dim")
            for look in _ORDER
            if self.counts[look]
        ]
        return [*counts, *([Span(f"{len(self._muted)} muted", "dim")] if self._muted else [])]

    def _shortened(self, head: Span, counts: list[Span], width: int) -> Line:
        """Leave out what needs people least, and say how many jobs that are."""
        shown = list(counts)
        while shown:
            shown.pop()
            left = sum(int(span.text.split()[0]) for span in counts[len(shown) :] if "muted" not in span.text)
            line = (head, Span("  "), *_spaced(shown, " "), Span(f" +{left} more", "dim"))
            if width_of(line) <= width:
                return line
        return (Span(cut(head.text, width), head.look),)

    def brief(self) -> Line:
        """Say how many need a person where there is room for nothing else; empty when none does."""
        return (Span(f"! {self.needy}", "bad"),) if self.needy else ()

    def _forget(self, ref: JobRef) -> None:
        look = self._looks.pop(ref, None)
        if look is not None:
            self.counts[look] -= 1
        self._needy.discard(ref)
        self._muted.discard(ref)


def _spaced(spans: Iterable[Span], gap: str) -> list[Span]:
    return [one for span in spans for one in (Span(gap), span)][1:]
