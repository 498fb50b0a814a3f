"""Alerts: rules that came true, put together where they are alike, and said in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from jobtui.insight.cause import cause_of, fingerprint
from jobtui.insight.rules import Rule, When
from jobtui.insight.when import moment
from jobtui.insight.why import why
from jobtui.model import Job, JobMessage, JobRef, State, Step
from jobtui.text import plain

NAMED = 3
"""Jobs of an alert that are named; the others are counted."""
_SHOWN = 160
_WORDS = {
    State.SUCCEEDED: "ended well",
    State.PARTIAL: "ended, some items failed",
    State.FAILED: "failed",
    State.CANCELLED: "was cancelled",
}
_BAD = frozenset({State.PARTIAL, State.FAILED})


class Firing(Struct, frozen=True):
    """One rule that came true of one job."""

    rule: Rule
    job: Job
    at: datetime
    """When it was seen."""
    what: str
    """What of it: with rule and job, the name that the journal has for the alert."""
    since: datetime | None = None
    """When it was last known not to be so: an alert given later is about the same. None: once for ever."""
    step: Step | None = None
    message: JobMessage | None = None
    count: int = 0
    """How many failed for the same cause, where the rule asks for that."""

    @property
    def likeness(self) -> str | None:
        """Name what it has in common with others, by which a flood of them is one; None when nothing."""
        if self.message is not None:
            return fingerprint(self.message.text).casefold()
        if self.step is not None:
            return fingerprint(self.step.message).casefold() if self.step.message else None
        return cause_of(self.job)


class Alert(Struct, frozen=True):
    """What a rule has to say now: one or more of its firings."""

    rule: Rule
    at: datetime
    firings: tuple[Firing, ...]
    """Never empty; those that are told for the first time."""
    do: tuple[str, ...]
    """What is to be done: less than the rule says in quiet hours, and when the same was told a moment ago."""
    is_quiet: bool = False
    """Whether quiet hours hold it back; it is told when they end."""

    @property
    def refs(self) -> tuple[JobRef, ...]:
        """The jobs it is about, each once."""
        return tuple(dict.fromkeys(firing.job.ref for firing in self.firings))

    @property
    def text(self) -> str:
        """Say it in one harmless line."""
        said = _said(self.firings, self.at)
        return f"{said} (quiet hours: no sound)" if self.is_quiet else said


class HeldBack(Struct, frozen=True):
    """Quiet hours are over: what they held back."""

    at: datetime
    refs: tuple[JobRef, ...]
    count: int
    since: datetime
    do: tuple[str, ...]

    @property
    def text(self) -> str:
        """Say it in one harmless line."""
        alerts = "1 alert was" if self.count == 1 else f"{self.count} alerts were"
        span = f"{moment(self.since, self.at.astimezone())} and {moment(self.at, self.at.astimezone())}"
        return plain(f"between {span} {alerts} held back: {_names(self.refs)}", limit=_SHOWN * 2)


def _said(firings: Sequence[Firing], at: datetime) -> str:
    first, refs = firings[0], tuple(dict.fromkeys(firing.job.ref for firing in firings))
    title = plain(first.job.title, limit=60)
    if len(refs) == 1:
        more = f" (and {len(firings) - 1} more)" if len(firings) > 1 else ""
        return f"{plain(str(first.job.ref))} “{title}” {_happened(first, at)}{more}"
    if len({firing.likeness for firing in firings}) == 1 and first.likeness is not None:
        return f"{len(refs)} jobs alike: {_happened(first, at)} ({_names(refs)})"
    return f"{len(refs)} jobs ({_names(refs)}), the first: “{title}” {_happened(first, at)}"


def _names(refs: Sequence[JobRef]) -> str:
    more = f" and {len(refs) - NAMED} more" if len(refs) > NAMED else ""
    return ", ".join(plain(str(ref), limit=60) for ref in refs[:NAMED]) + more


def _happened(firing: Firing, at: datetime) -> str:
    """Say what happened, without the name of the job."""
    if firing.message is not None:
        return f"says “{plain(firing.message.text, limit=_SHOWN)}”"
    if firing.step is not None:
        return _of_step(firing.rule, firing.step)
    job, rule = firing.job, firing.rule
    match rule.when:
        case When.ALIKE:
            return f"{firing.count} jobs failed for the same cause: {plain(job.why or '', limit=_SHOWN)}"
        case When.OPEN | When.BY:
            return f"still open {rule.deadline}"
        case When.STALLS:
            if job.unchanged_since is None:
                return "has stalled"
            return f"has stalled: nothing new since {moment(job.unchanged_since, at.astimezone())}"
        case When.STARTS:
            return "started"
        case _:
            word = _WORDS.get(job.state, f"is {job.state.value}")
            reason = why(job, at) if job.state in _BAD or not job.ended else None
            return word if not reason else f"{word}: {plain(reason, limit=_SHOWN)}"


def _of_step(rule: Rule, step: Step) -> str:
    name = f"step “{plain(step.title, limit=60)}”"
    if rule.when is When.OPEN:
        return f"{name} still open {rule.deadline}"
    said = plain(step.message, limit=_SHOWN) if step.message and step.state in _BAD else ""
    word = _WORDS.get(step.state, f"is {step.state.value}")
    return f"{name} {word}: {said}" if said else f"{name} {word}"
