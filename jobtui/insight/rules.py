"""Rules: what to be told of, and how. Pure; how they are written is in ``rule_reading``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from jobtui.insight.attention import has_failed
from jobtui.insight.cause import cause_of
from jobtui.insight.pattern import Pattern
from jobtui.insight.search import Query
from jobtui.insight.since import since
from jobtui.model import Flag, Job, JobMessage, Level, State, Step
from jobtui.text import plain

BELL, NOTIFY, RUN = "bell", "notify", "run:"
USUAL = (BELL, NOTIFY)
"""What is done where a rule does not say."""
LONGEST = 500
_FAILED = frozenset({State.FAILED, State.PARTIAL})
_STEP_ENDED = frozenset({State.SUCCEEDED, State.FAILED, State.PARTIAL, State.CANCELLED, State.SKIPPED})


class When(StrEnum):
    """What of a job or a step is told."""

    PASSES = "passes"
    ENDS = "ends"
    FAILS = "fails"
    STALLS = "stalls"
    STARTS = "starts"
    WAITS = "waits"
    OPEN = "open"
    BY = "by"
    SAYS = "says"
    CAUSE = "cause"
    ALIKE = "alike"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, read."""

    condition: str
    """As written, blanks apart: by it the journal knows which alerts were given."""
    do: tuple[str, ...] = USUAL
    when: When = When.PASSES
    query: Query = field(default=Query(), compare=False)
    filter: str = ""
    """What of the condition is the filter."""
    job: str | None = None
    """The ref of the only job it is about, if it is about one."""
    step: str | None = None
    """The id of a step, or a part of its title."""
    has_step_id: bool = False
    """Whether that is the id, and nothing else."""
    says: Pattern | None = field(default=None, compare=False)
    level: Level = Level.DEBUG
    limit: timedelta | None = None
    by: time | datetime | None = None
    cause: str = ""
    alike: int = 0
    name: str = ""
    """What the user calls it, if anything."""

    def __str__(self) -> str:
        return f"{self.condition} -> {','.join(self.do)}"

    @property
    def is_timed(self) -> bool:
        """Whether it may come true merely because time goes by."""
        return self.limit is not None or self.by is not None or self.query.is_timed

    @property
    def is_once(self) -> bool:
        """Whether it has said all it can once it was true: it is of one job, and not of its messages."""
        return self.job is not None and self.when is not When.SAYS

    @property
    def wants_messages(self) -> bool:
        """Whether it needs the messages of its jobs."""
        return self.when is When.SAYS

    def is_about(self, job: Job, now: datetime) -> bool:
        """Whether a job is among those it speaks of."""
        if self.job is not None and str(job.ref) != self.job:
            return False
        return self.when is When.PASSES or self.query.matches(job, now)

    def is_true_of(self, job: Job, now: datetime) -> bool:
        """Whether a job stands now as the rule says; never true of rules on steps and messages."""
        if self.step is not None or not self.is_about(job, now):
            return False
        match self.when:
            case When.PASSES:
                return self.query.matches(job, now)
            case When.ENDS:
                return job.ended
            case When.FAILS:
                return has_failed(job)
            case When.STALLS:
                return Flag.STALLED in job.flags and not job.ended
            case When.STARTS:
                return job.state is State.RUNNING
            case When.WAITS:
                return job.state is State.WAITING
            case When.OPEN:
                return not job.ended and self._has_passed(since(job), now)
            case When.BY:
                return not job.ended and self._is_late(job, now)
            case When.CAUSE:
                return self.cause in (cause_of(job) or "").casefold()
            case _:
                return False

    def is_true_of_step(self, step: Step, now: datetime) -> bool:
        """Whether a step stands now as the rule says; its job is another question."""
        if self.step is None or not self._names(step):
            return False
        match self.when:
            case When.FAILS:
                return step.state in _FAILED
            case When.STARTS:
                return step.state is State.RUNNING
            case When.WAITS:
                return step.state is State.WAITING
            case When.OPEN:
                return step.state not in _STEP_ENDED and self._has_passed(step.started, now)
            case _:
                return step.state in _STEP_ENDED

    def hears(self, message: JobMessage) -> bool:
        """Whether a message of one of its jobs is what it waits for."""
        if self.when is not When.SAYS or message.level.rank < self.level.rank:
            return False
        if self.step is not None and message.step != self.step:
            return False
        return self.says is None or self.says.found_in(message.text)

    @property
    def sentence(self) -> str:
        """Say in plain words what it waits for and what it then does."""
        return f"{self.occasion}: {', '.join(map(_doing, self.do))}"

    @property
    def occasion(self) -> str:
        """Say in plain words what it waits for."""
        who = self.job or ("any job" if not self.filter else f"any job of “{self.filter}”")
        who = who if self.step is None else f"step “{self.step}” of {who}"
        return plain(f"{who} {self._happens(who)}", limit=LONGEST)

    @property
    def deadline(self) -> str:
        """Say when something should have ended: ``after 2h``, ``at 18:00``."""
        if isinstance(self.by, datetime):
            return f"at {self.by:%Y-%m-%d %H:%M}"
        return f"after {_span(self.limit)}" if self.by is None else f"at {self.by:%H:%M}"

    def _happens(self, who: str) -> str:
        match self.when:
            case When.PASSES:
                return "changes" if not self.filter else "comes to pass the filter"
            case When.OPEN | When.BY:
                return f"is still open {self.deadline}"
            case When.SAYS:
                loud = "" if self.level is Level.DEBUG else f" at level {self.level.value} or worse"
                return f"says “{self.says.text}”{loud}" if self.says is not None else f"says anything{loud}"
            case When.CAUSE:
                return f"fails for “{self.cause}”"
            case When.ALIKE:
                return f"is one of more than {self.alike} that failed for the same cause"
            case _:
                return self.when.value

    def _names(self, step: Step) -> bool:
        name = self.step or ""
        return step.id == name or (not self.has_step_id and name.casefold() in step.title.casefold())

    def _has_passed(self, start: datetime | None, now: datetime) -> bool:
        return start is not None and self.limit is not None and now - start > self.limit

    def _is_late(self, job: Job, now: datetime) -> bool:
        start = since(job)
        if isinstance(self.by, datetime):
            return now >= self.by
        if self.by is None or start is None:
            return False
        local = now.astimezone()
        due = datetime.combine(local.date(), self.by).astimezone()
        return start < due <= local


def _doing(action: str) -> str:
    words = {BELL: "ring the bell", NOTIFY: "notify"}
    return words.get(action) or f"run {action.removeprefix(RUN)}"


def _span(limit: timedelta | None) -> str:
    seconds = int(limit.total_seconds()) if limit is not None else 0
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
