"""Steps, holds and moments in the words of a sentence. Pure: given the time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from jobtui.insight.when import moment, moment_and_zone
from jobtui.model import Hold, HoldKind, JobDetail, JobRef, Step, StepRef, Target
from jobtui.text import plain

_LONGEST_NAME = 120


def name_of(text: str) -> str:
    """Return a name of the server's, made harmless, and cut where nobody would read on."""
    return plain(text, limit=_LONGEST_NAME)


def step_named(step: Step) -> str:
    """Return ``step “Check topology”``."""
    return f"step “{name_of(step.title)}”"


def steps_named(detail: JobDetail | None, step_ids: Sequence[str]) -> str:
    """Return the steps meant by their titles, or by their ids where those are all that is known."""
    if not step_ids:
        return "the current steps"
    found = [detail.step(step_id) if detail else None for step_id in step_ids]
    names = [
        f"“{name_of(step.title if step else step_id)}”" for step, step_id in zip(found, step_ids, strict=True)
    ]
    return f"step{'s' if len(names) > 1 else ''} {listed(names)}"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Return ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def counted(parts: Iterable[str]) -> list[str]:
    """Return each part once, those that came more often with their number: ``a (8 times)``."""
    return [part if count == 1 else f"{part} ({count} times)" for part, count in Counter(parts).items()]


def moment_in_words(at: datetime, now: datetime) -> str:
    """Say a moment in the zone of ``now`` (the machine's own when that is UTC), as briefly as is clear."""
    here = now if now.utcoffset() else now.astimezone()
    return moment(at, here)


def zoned_moment(at: datetime, now: datetime) -> str:
    """Say a moment that somebody is about to rely on, with its zone."""
    return moment_and_zone(at, now if now.utcoffset() else now.astimezone())


def target_named(target: Target, own: JobRef) -> str:
    """Say a job or step that is waited for, briefly when it belongs to the same job or source."""
    job = target.job
    where = "" if job == own else f"job {name_of(job.job_id)}"
    if isinstance(target, StepRef):
        return f"step {name_of(target.step_id)}{' of ' + where if where else ''}"
    return where or "this job"


def hold_named(hold: Hold, own: JobRef, now: datetime) -> str:
    """Say whose hold it is and what ends it."""
    by = name_of(hold.by) if hold.by else "somebody"
    if hold.kind is HoldKind.DEPENDENCY and hold.after is not None:
        return f"{by} until {target_named(hold.after, own)} is done"
    if hold.hook is not None:
        return f"{by} until {name_of(hold.hook)} says so"
    if hold.until is not None:
        return f"{by} until {moment_in_words(hold.until, now)}"
    return f"{by} until it is released"


def active_holds(steps: Iterable[Step | None], now: datetime) -> list[Hold]:
    """Return the holds that keep these steps now."""
    return [hold for step in steps if step for hold in step.holds if hold.is_active(now)]
