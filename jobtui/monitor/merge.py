"""What remains true when a new answer meets what is known: abbreviated rows never erase details."""

from __future__ import annotations

from dataclasses import replace

from jobtui.model import Flag, Job, Kind, State


def merged(known: Job | None, answer: Job) -> Job:
    """Combine a new answer with what was known of the same job; the answer may be a brief list row."""
    if known is None:
        return answer
    if _has_begun(known, answer):
        answer = replace(answer, state=known.state)
    if not answer.is_brief:
        return answer
    if known.is_brief or Flag.FORGOTTEN in known.flags:
        return _filled(answer, known)
    if known.ended and answer.ended and known.raw_state == answer.raw_state:
        # What has ended does not change: the row says that it still stands as when it was read.
        return replace(known, as_of=answer.as_of, flags=known.flags - {Flag.STALE})
    if _is_silent_about_state(known, answer):
        # The details are no younger for it, so the age stays, and the job is read again when that is due.
        return replace(
            known,
            title=answer.title or known.title,
            raw_state=answer.raw_state or known.raw_state,
            progress=answer.progress or known.progress,
        )
    return _filled(answer, known)


def overtaken(known: Job | None, answer: Job) -> Job | None:
    """Give how a job stood by an answer that a newer one has overtaken; None when it does not tell."""
    if not answer.raw_state or known is None or not answer.is_brief:
        return answer if answer.raw_state else None
    if known.ended == answer.ended and (answer.kind is Kind.ARCGIS or _has_begun(known, answer)):
        answer = replace(answer, state=known.state)
    return replace(
        answer,
        flags=answer.flags - {Flag.BRIEF},
        progress=answer.progress or known.progress,
        owner=answer.owner or known.owner,
    )


def _has_begun(known: Job, answer: Job) -> bool:
    """Whether a pending action that looks as if it waited for its start was seen at work before.

    Its first messages tell that, which a list does not have; and none goes back to where it waited.
    """
    return (known.kind, known.state, answer.state) == (Kind.NEXTSPACE, State.RUNNING, State.QUEUED)


def _is_silent_about_state(known: Job, brief: Job) -> bool:
    """Whether a row cannot say how the job stands: an open Workflow Manager job is as its steps are, which no
    list tells; elsewhere a row with the same word and progress adds nothing."""
    if known.ended != brief.ended:
        return False
    if brief.kind is Kind.ARCGIS:
        return True
    return known.raw_state == brief.raw_state and brief.progress in (None, known.progress)


def _filled(answer: Job, known: Job) -> Job:
    """Keep of the known job what the answer is silent about."""
    return replace(
        answer,
        why=answer.why or known.why if answer.state is known.state else answer.why,
        progress=answer.progress or known.progress,
        created=answer.created or known.created,
        started=answer.started or known.started,
        updated=answer.updated or known.updated,
        ended_at=answer.ended_at or (known.ended_at if answer.ended else None),
        owner=answer.owner or known.owner,
        application=answer.application or known.application,
        dispatch=answer.dispatch or known.dispatch,
        url=answer.url or known.url,
        items_failed=known.items_failed if answer.items_failed is None else answer.items_failed,
        result=known.result if answer.result is None else answer.result,
        holds=answer.holds or known.holds,
        properties=answer.properties or known.properties,
    )
