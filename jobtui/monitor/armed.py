"""One armed rule: since when, from where, and of what it is true already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from msgspec import Struct, field

from jobtui.insight.rules import Rule, When
from jobtui.insight.since import since
from jobtui.model import Job, JobRef, State

_CLOCKS_DIFFER = timedelta(minutes=2)
"""A server's clock may be behind ours by so much."""


class Origin(StrEnum):
    """Where a rule was armed."""

    CONFIG = "configuration"
    SCREEN = "screen"
    LINE = "command line"


class Armed(Struct):
    """A rule and what is known of its being true."""

    rule: Rule
    at: datetime
    origin: Origin
    tells_present: bool = False
    """Whether what is so at the first look is told as well."""
    standing: set[JobRef] = field(default_factory=set)
    """The jobs that it is true of now."""
    steps: set[tuple[JobRef, str]] = field(default_factory=set)
    causes: set[str] = field(default_factory=set)
    looked: datetime | None = None
    """When it was last seen what had come true because time went by."""
    looked_at: dict[JobRef, datetime] = field(default_factory=dict)
    """When the steps of each job were last looked at."""

    def may_be_after(self, at: datetime, *, is_new: bool = False) -> bool:
        """Whether something dated by a server may have happened since it was armed.

        With ``is_new`` it was not there before, so that a server's clock gets the benefit of the doubt.
        """
        return at >= (self.at - _CLOCKS_DIFFER if is_new else self.at)


def was_guessed(before: Job, after: Job) -> bool:
    """Whether what was known of a job was a guess, or nothing that its server had said."""
    guessed = before.is_brief and not after.is_brief and before.state in (State.QUEUED, State.WAITING)
    return guessed or not before.raw_state


def occasion_of(rule: Rule, job: Job) -> datetime | None:
    """Say when a job came to stand as a rule says, as far as that is known."""
    if rule.when is When.OPEN:
        start = since(job)
        return None if start is None or rule.limit is None else start + rule.limit
    if rule.when is When.BY:
        if isinstance(rule.by, datetime):
            return rule.by
        local = job.as_of.astimezone()
        return None if rule.by is None else datetime.combine(local.date(), rule.by).astimezone(UTC)
    return job.ended_at or job.updated or job.started or job.created
