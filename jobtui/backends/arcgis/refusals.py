"""How Workflow Manager says no: error bodies at any HTTP status, and the verdict on each step. Pure.

Source: the project's notes on the REST API, 3.5, 4.2, 6 and 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jobtui.backends.arcgis.fields import Record, decode_object, flag, number, object_in, records, text
from jobtui.errors import UnexpectedReply
from jobtui.model import Cause, ControlRequest, Outcome, StepOutcome, Verdict
from jobtui.text import plain

_LONGEST = 300
_SUCCESS = "success"
_SENTENCES = {
    "success": "done",
    "noactivestep": "the job has no current step",
    "nostartedstep": "the step was never started and may not be skipped",
    "alreadyexecuting": "it is running already",
    "assignedtodifferentuser": "the step is assigned to somebody else",
    "jobclosed": "the job is closed",
    "stepnotcurrent": "the step is not a current one",
    "nomatchingpaths": "no path leads on from the result of this step",
    "notrunning": "the step is not running, so there is nothing to stop",
    "waitingforinfo": "the step waits for an answer from its user",
    "held": "the step has a hold or a dependency that is not released",
    "notheld": "the step has no such hold to release",
    "stepnotindiagram": "the job's diagram has no such step",
    "stepnotauto": "the step is not an automatic one",
}
_MEANT_STATUS = {
    # Error types of the server and of its JavaScript library, by the HTTP status that says the same.
    "jobnotfoundexception": 404,
    "invalidtokenerror": 498,
    "invalidcredentialerror": 401,
}
_LOOKED_AT = 2_048
"""Bytes of a good answer that are searched for an error: one that is all error is short."""


def status_of(status: int, body: bytes) -> int:
    """Return the HTTP status that an answer means: a 200 may carry an error, a 400 an expired token."""
    if status < 400 and b'"error"' not in body[:_LOOKED_AT]:
        return status
    error = _error_in(body)
    if error is None:
        return status
    meant = _MEANT_STATUS.get((text(error.get("type")) or "").lower())
    code = number(error.get("code"))
    if meant is None and code is not None and 400 <= code < 600:
        meant = int(code)
    return meant or (status if status >= 400 else 400)


def explain(_status: int, body: bytes) -> str | None:
    """Return the server's own reason from an error body of either form, or None when it gives none."""
    error = _error_in(body)
    if error is None:
        return _steps_refused(body)
    said = text(error.get("message")) or text(error.get("type"))
    details = error.get("details")
    more = [_detail(item) for item in details] if isinstance(details, list) else []
    return "; ".join(part for part in [said, *more] if part) or None


def _steps_refused(body: bytes) -> str | None:
    value = object_in(body)
    entries = records(value.get("stepResponses")) if value else []
    refused = [step.description for step in map(_step, entries) if step.verdict is Verdict.REFUSED]
    return "; ".join(dict.fromkeys(refused)) or None


def _error_in(body: bytes) -> Record | None:
    value = object_in(body)
    error = value.get("error") if value else None
    if isinstance(error, str):
        error = {"message": error.strip()} if error.strip() else None
    # An empty one is how some servers say that there is none.
    return error if isinstance(error, dict) and any(error.values()) else None


def _detail(item: object) -> str | None:
    if isinstance(item, dict):
        return text(item.get("message")) or text(item.get("description"))
    return text(item)


_NO_WORD = "the server does not say whether it was done"


def decode_outcome(request: ControlRequest, body: bytes, at: datetime) -> Outcome:
    """Read the answer to an action, step by step. Raises UnexpectedReply when it says neither yes nor no.

    Every entry counts: ``success: true`` may stand beside a refused step, and ``success: false`` beside
    steps that were done. A status that is not known is a refusal in the server's own words.
    """
    source = request.ref.source
    answer = decode_object(source, body, "answer to the control")
    success = flag(answer.get("success"))
    steps = tuple(map(_step, records(answer.get("stepResponses"))))
    if success is None and not steps:
        raise UnexpectedReply(source, "the answer to the control says neither yes nor no")
    refused = [step for step in steps if step.verdict is Verdict.REFUSED]
    if success is not False and not refused:
        unclear = any(step.verdict is Verdict.UNKNOWN for step in steps)
        verdict, reason = (Verdict.UNKNOWN, _NO_WORD) if unclear else (Verdict.ACCEPTED, None)
        return Outcome(request, verdict, True, at, reason, steps=steps)
    return Outcome(request, Verdict.REFUSED, True, at, _why(steps, refused, answer), Cause.SERVER, steps)


def _step(entry: Record) -> StepOutcome:
    status = text(entry.get("status")) or ""
    said = plain(text(entry.get("statusDescription")) or "", limit=_LONGEST).strip()
    known = _SENTENCES.get(status.lower())
    verdict = Verdict.ACCEPTED if status.lower() == _SUCCESS else Verdict.REFUSED
    if not status:
        return StepOutcome(text(entry.get("stepId")) or "", "", said or _NO_WORD, Verdict.UNKNOWN)
    if known is None:
        description = said or f"refused with the word “{plain(status, limit=80)}”"
    else:
        description = f"{known} (“{said}”)" if said and verdict is Verdict.REFUSED else known
    return StepOutcome(text(entry.get("stepId")) or "", status, description, verdict)


def _why(steps: Sequence[StepOutcome], refused: Sequence[StepOutcome], answer: Record) -> str:
    if not refused:
        said = text(answer.get("message"))
        if said:
            return plain(said, limit=_LONGEST)
        if steps:
            return "refused as a whole, although no single step was"
        return "the server says no and gives no reason"
    if len(steps) == 1:
        return refused[0].description
    each = "; ".join(f"{plain(step.id, limit=80) or 'a step'}: {step.description}" for step in refused[:5])
    return f"{len(refused)} of {len(steps)} steps refused: {each}"
