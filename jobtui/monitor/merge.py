"""What remains true when a new answer meets what is known: abbreviated rows never erase details."""

from __future__ import annotations

from dataclasses import replace

from jobtui.model import Flag, Job


def merged(known: Job | None, answer: Job) -> Job:
    """Combine a new answer with what was known of the same job; the answer may be a brief list row."""
    if known is None or not answer.is_brief:
        return answer
    if known.is_brief:
        return _filled(answer, known)
    if _says_the_same(known, answer):
        return replace(
            known,
            title=answer.title or known.title,
            progress=answer.progress or known.progress,
        )
    return _filled(answer, known)


def _says_the_same(known: Job, brief: Job) -> bool:
    return (
        known.raw_state == brief.raw_state
        and known.ended == brief.ended
        and Flag.FORGOTTEN not in known.flags
        and brief.progress in (None, known.progress)
    )


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
        url=answer.url or known.url,
        items_failed=known.items_failed if answer.items_failed is None else answer.items_failed,
        result=known.result if answer.result is None else answer.result,
        holds=answer.holds or known.holds,
    )
