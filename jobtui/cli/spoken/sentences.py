"""Jobs, sources and controls as plain sentences; every text of a server is harmless in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from jobtui.insight.attention import needs_you
from jobtui.insight.when import moment
from jobtui.insight.why import is_unheard_of, why
from jobtui.model import Flag, Job, Progress, State, Step
from jobtui.monitor.events import Controlled, SourceHealth, Stage
from jobtui.monitor.traffic import Traffic
from jobtui.text import plain
from jobtui.tui.format.receipts import standing_of, target_text
from jobtui.tui.format.spans import text_of
from jobtui.tui.format.times import span
from jobtui.tui.together import Together

_QUIET = frozenset({Flag.BRIEF})
_STANDS = {
    State.QUEUED: "is queued",
    State.RUNNING: "is running",
    State.WAITING: "is waiting",
    State.HELD: "is held",
    State.STOPPED: "is stopped",
    State.SUCCEEDED: "has succeeded",
    State.PARTIAL: "has ended in part",
    State.FAILED: "has failed",
    State.CANCELLED: "was cancelled",
    State.SKIPPED: "was skipped",
    State.UNKNOWN: "is in a state that is not known",
}


def job_sentence(job: Job, now: datetime) -> str:
    """Say how a job stands: title, ref, state, how far, why, how old."""
    flags = ", ".join(sorted(flag.value for flag in job.flags - _QUIET))
    state = f"{_STANDS[job.state]}{f', {flags}' if flags else ''}"
    far = far_text(job.progress) if not job.ended else ""
    reason = plain(why(job, now) or "")
    parts = [f"{plain(job.title)}, {plain(str(job.ref))}, {state}"]
    parts += [far] if far else []
    parts += [f"because: {reason}"] if reason else []
    at = job.ended_at or job.updated or job.started or job.created
    parts += [f"{'ended' if job.ended_at else 'last heard of'} {moment(at, now)}"] if at else []
    return "; ".join(parts) + "."


def far_text(progress: Progress | None) -> str:
    """Say how far something has come; empty when the server gives no measure."""
    if progress is None:
        return ""
    if progress.fraction is not None:
        return f"{round(progress.fraction * 100)} percent done"
    if progress.done is None:
        return ""
    return f"{progress.done} done" if progress.total is None else f"{progress.done} of {progress.total} done"


def step_sentence(step: Step, now: datetime) -> str:
    """Say how a step stands, whose it is and what holds it."""
    held = sum(hold.is_active(now) for hold in step.holds)
    parts = [f"{plain(step.title) or plain(step.id)} {_STANDS[step.state]}"]
    parts += ["this is the current step"] if step.current else []
    parts += [f"assigned to {plain(step.assigned_to)}"] if step.assigned_to else []
    parts += [f"kept by {held} hold{'' if held == 1 else 's'}"] if held else []
    parts += [plain(step.message)] if step.message else []
    return "; ".join(parts) + "."


def summary(jobs: Iterable[Job], now: datetime, needs_me: Callable[[Job, datetime], bool] = needs_you) -> str:
    """Say how many need somebody, then how many jobs there are and in which states."""
    known = list(jobs)
    needy = sum(needs_me(job, now) for job in known)
    head = "Nothing needs you" if not needy else f"{needy} job{' needs' if needy == 1 else 's need'} you"
    return f"{head}. {counts(known)}"


def counts(jobs: Iterable[Job]) -> str:
    """Say how many jobs there are, and in which states."""
    states = Counter(job.state.value for job in jobs if not is_unheard_of(job))
    said = ", ".join(f"{count} {state}" for state, count in states.most_common())
    total = states.total()
    return f"{total} job{'' if total == 1 else 's'}{f': {said}' if said else ''}."


def ago(seconds: float) -> str:
    """Say how long ago something was, in words that can be read out."""
    said = span(seconds)
    return "less than 10 seconds ago" if said.startswith("<") else f"{said} ago"


def source_sentence(health: SourceHealth, traffic: Traffic | None, now: datetime) -> str:
    """Say how a source is, how old what is known of it is, and what ails it."""
    parts = [f"{plain(health.source)} is {health.link.value}, {health.jobs} jobs"]
    if health.fresh_at is None:
        parts.append("it has not answered yet")
    else:
        parts.append(f"read {ago((now - health.fresh_at).total_seconds())}")
    if traffic is not None:
        parts.append(f"{traffic.per_minute} of {traffic.budget:g} requests in the last minute")
        parts += [f"{traffic.failures} failures in five minutes"] if traffic.failures else []
    parts += [plain(health.error)] if health.error else []
    parts += [f"it warns: {plain(text)}" for text in health.warnings]
    return "; ".join(parts) + "."


def control_sentence(event: Controlled) -> str:
    """Say how far a control has come."""
    request = event.outcome.request
    said = standing_of(event)[0].replace("→", "then").replace("<10s", "less than 10 seconds")
    return f"{request.control.value} {target_text(request)}: {said}."


def together_sentence(together: Together, now: datetime) -> str:
    """Say how far controls that were sent together have come."""
    return f"{text_of(together.line(now)).replace('→', 'then')}."


def is_told(event: Controlled) -> bool:
    """Whether a stage of a control is worth a sentence: that it is being sent is not."""
    return event.stage is not Stage.SENDING
