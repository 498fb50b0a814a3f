"""The JSON documents that others script against: one function per noun, plain JSON values out.

Every text passes ``text.plain``; times are ISO 8601 with offset; what is unknown is None.
Fields may be added, never renamed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from jobtui.insight.alert import Alert
from jobtui.insight.why import why
from jobtui.model import (
    Control,
    ControlRequest,
    Effect,
    Hold,
    Job,
    JobDetail,
    JobMessage,
    JobRef,
    Kind,
    Outcome,
    Parameters,
    Progress,
    Reason,
    Step,
    StepOutcome,
    StepRef,
    Target,
    Verdict,
)
from jobtui.text import plain

Document = dict[str, object]
WhyNot = Callable[[Control, Target], Reason | None]

MAX_DEPTH = 40
"""Levels of a result or of steps that are kept as levels; deeper steps are listed, deeper values cut."""
MAX_ALERT_JOBS = 100
"""Jobs of one alert that are described; its refs name them all."""
_LONG = 1_000_000
"""Characters kept of one text: a script wants the whole message, not a line of it."""


class ControlEntry(Protocol):
    """What the audit needs of a journal entry: one control ever asked, and how it ended."""

    @property
    def who(self) -> str: ...
    @property
    def request(self) -> ControlRequest: ...
    @property
    def asked_at(self) -> datetime: ...
    @property
    def outcome(self) -> Outcome | None: ...
    @property
    def effect(self) -> Effect | None: ...
    @property
    def effect_at(self) -> datetime | None: ...


def job_document(job: Job, now: datetime) -> Document:
    """Describe one job."""
    return {
        "ref": str(job.ref),
        "source": job.ref.source,
        "kind": job.kind.value,
        "id": _text(job.ref.job_id),
        "title": _text(job.title),
        "state": job.state.value,
        "raw_state": _text(job.raw_state),
        "ended": job.ended,
        "flags": sorted(flag.value for flag in job.flags),
        "why": _text(why(job, now)),
        "progress": _progress(job.progress),
        "created": _time(job.created),
        "started": _time(job.started),
        "updated": _time(job.updated),
        "ended_at": _time(job.ended_at),
        "owner": _text(job.owner),
        "application": _text(job.application),
        "dispatch": _text(job.dispatch),
        "url": _text(job.url),
        "as_of": _time(job.as_of),
        "items_failed": job.items_failed,
        "result": json_value(job.result),
        "holds": [hold_document(hold, now) for hold in job.holds],
        "properties": {plain(name): _text(value) for name, value in job.properties},
        "warnings": [_text(warning) for warning in job.warnings],
        "unchanged_since": _time(job.unchanged_since),
    }


def show_document(
    detail: JobDetail, now: datetime, *, controls: frozenset[Control], why_not: WhyNot
) -> Document:
    """Describe one job with its steps, and what can be asked of each now.

    A control outside ``controls`` can never be asked of this kind and is absent.
    """
    job = detail.job
    # Only a Workflow Manager step is a thing of its own; the others are parts of a result.
    of_steps = controls if job.kind is Kind.ARCGIS else frozenset[Control]()

    def controls_of(target: Target) -> Document:
        offered = controls if isinstance(target, JobRef) else of_steps
        return {c.value: _why_not(why_not(c, target)) for c in Control if c in offered}

    return {
        **job_document(job, now),
        "controls": controls_of(job.ref),
        "steps": [_step(step, job.ref, now, controls_of, MAX_DEPTH) for step in detail.steps],
    }


def hold_document(hold: Hold, now: datetime) -> Document:
    """Describe one hold."""
    return {
        "id": _text(hold.id),
        "by": _text(hold.by),
        "since": _time(hold.since),
        "until": _time(hold.until),
        "after": None if hold.after is None else str(hold.after),
        "hook": _text(hold.hook),
        "active": hold.is_active(now),
    }


def message_document(message: JobMessage) -> Document:
    """Describe one line of progress."""
    return {
        "ref": str(message.ref),
        "id": _text(message.id),
        "at": _time(message.at),
        "level": message.level.value,
        "raw_level": _text(message.raw_level),
        "text": _text(message.text),
        "step": _text(message.step),
        "from": _text(message.sender),
    }


def alert_document(alert: Alert) -> Document:
    """Describe one alert: what a rule has to say, of which jobs."""
    jobs = {firing.job.ref: firing.job for firing in alert.firings}
    return {
        "alert": _text(alert.rule.condition),
        "name": _text(alert.rule.name or None),
        "at": _time(alert.at),
        "text": alert.text,
        "ref": str(alert.refs[0]),
        "refs": [str(ref) for ref in alert.refs],
        "quiet": alert.is_quiet,
        "do": list(alert.do),
        "step": next((_text(one.step.id) for one in alert.firings if one.step is not None), None),
        "messages": [message_document(one.message) for one in alert.firings if one.message is not None],
        "jobs": [job_document(job, alert.at) for job in list(jobs.values())[:MAX_ALERT_JOBS]],
    }


def outcome_document(outcome: Outcome) -> Document:
    """Describe how one control ended."""
    return {
        "ref": request_ref(outcome.request),
        "control": outcome.request.control.value,
        "verdict": outcome.verdict.value,
        "sent": outcome.sent,
        "at": _time(outcome.at),
        "reason": _text(outcome.reason),
        "steps": [_step_outcome(step) for step in outcome.steps],
    }


def audit_document(entry: ControlEntry) -> Document:
    """Describe one control ever asked here, and how it ended as far as anyone saw."""
    outcome = entry.outcome
    # What was refused did nothing: whatever was seen of it came from elsewhere.
    effect = None if outcome is not None and outcome.verdict is Verdict.REFUSED else entry.effect
    seen = effect is not None and effect.as_asked
    verdict = Verdict.UNKNOWN if outcome is None else outcome.verdict
    return {
        "at": _time(entry.asked_at),
        "who": _text(entry.who),
        "ref": request_ref(entry.request),
        "control": entry.request.control.value,
        "parameters": parameters_document(entry.request.parameters),
        "reason": _text(entry.request.reason),
        "verdict": Verdict.CONFIRMED.value if seen else verdict.value,
        # Without an outcome nobody knows whether it went out: it may have.
        "sent": outcome is None or outcome.sent,
        "confirmed_at": _time(entry.effect_at) if seen else None,
        "detail": _text(_detail(outcome, effect)),
    }


def parameters_document(parameters: Parameters) -> Document:
    """Describe what goes with a control; a parameter that was not given is absent."""
    document: Document = {}
    if parameters.step_ids:
        document["steps"] = [_text(step_id) for step_id in parameters.step_ids]
    if parameters.until is not None:
        document["until"] = _time(parameters.until)
    if parameters.after is not None:
        document["after"] = str(parameters.after)
    return document


def request_ref(request: ControlRequest) -> str:
    """Name what was asked for, as the person did: a job or one of its steps."""
    return str(request.named or request.ref)


def json_value(value: object, depth: int = MAX_DEPTH) -> object:
    """Return a value as harmless JSON: texts made plain, no endless nesting, no number JSON cannot write."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return _text(value)
    if depth <= 0:
        return "…"
    if isinstance(value, Mapping):
        return {plain(str(key)): json_value(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item, depth - 1) for item in value]
    return plain(str(value))


def _step(
    step: Step, job: JobRef, now: datetime, controls_of: Callable[[Target], Document], depth: int
) -> Document:
    if depth > 1:
        children = [_step(child, job, now, controls_of, depth - 1) for child in step.children]
    else:
        children = [{**_step_fields(s, job, now, controls_of), "children": []} for s in _below(step)]
    return {**_step_fields(step, job, now, controls_of), "children": children}


def _step_fields(
    step: Step, job: JobRef, now: datetime, controls_of: Callable[[Target], Document]
) -> Document:
    return {
        "id": _text(step.id),
        "title": _text(step.title),
        "type": _text(step.type),
        "state": step.state.value,
        "raw_state": _text(step.raw_state),
        "current": step.current,
        "assigned_to": _text(step.assigned_to),
        "can_skip": step.can_skip,
        "automatic": step.automatic,
        "started": _time(step.started),
        "ended_at": _time(step.ended_at),
        "message": _text(step.message),
        "holds": [hold_document(hold, now) for hold in step.holds],
        "controls": controls_of(StepRef(job, step.id)),
    }


def _below(step: Step) -> Iterator[Step]:
    pending = list(reversed(step.children))
    while pending:
        found = pending.pop()
        yield found
        pending.extend(reversed(found.children))


def _step_outcome(step: StepOutcome) -> Document:
    return {
        "id": _text(step.id),
        "status": _text(step.status),
        "description": _text(step.description),
        "verdict": step.verdict.value,
    }


def _detail(outcome: Outcome | None, effect: Effect | None) -> str | None:
    if effect is not None:
        return effect.text
    if outcome is None:
        return "no answer was ever written"
    return outcome.reason


def _progress(progress: Progress | None) -> Document | None:
    if progress is None:
        return None
    return {
        "fraction": json_value(progress.fraction),
        "done": progress.done,
        "total": progress.total,
    }


def _why_not(reason: Reason | None) -> str | None:
    return None if reason is None else plain(reason.text)


def _text(value: str | None) -> str | None:
    return None if value is None else plain(value, limit=_LONG)


def _time(value: datetime | None) -> str | None:
    """Write an aware time with its offset; one without, which only a bug can bring, as the machine's own."""
    if value is None:
        return None
    return (value.astimezone() if value.tzinfo is None else value).isoformat()
