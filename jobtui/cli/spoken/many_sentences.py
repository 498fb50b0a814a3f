"""One control of several jobs as sentences: what it would do, to which, and which cannot take it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from jobtui.cli.spoken.desk import count_of
from jobtui.insight.when import moment_and_zone
from jobtui.text import plain
from jobtui.tui.format.many import WHAT, Many, Unable, in_general
from jobtui.tui.format.receipts import target_text

_MOST_NAMED = 40
"""Jobs that a question names; of more it says how many more."""


def question_sentences(many: Many, production: Sequence[str], now: datetime) -> Iterator[str]:
    """Put the question: everything that the screen says of it, the consequence first."""
    if production:
        yield f"{' and '.join(map(plain, production))} is production."
    yield f"{WHAT[many.control]} {count_of(len(many.able))}?"
    parameters = many.able[0].proposal.request.parameters
    if parameters.until is not None:
        yield f"Until {moment_and_zone(parameters.until, now)}."
    if parameters.after is not None:
        yield f"Until {plain(str(parameters.after))} has ended."
    yield from _what_it_does(many)
    for each in many.able[:_MOST_NAMED]:
        job = each.proposal.job
        title = f", {plain(job.title)}, is {job.state.value}" if job is not None else ""
        yield f"To {many.control.value}: {target_text(each.proposal.request)}{title}."
    if len(many.able) > _MOST_NAMED:
        yield f"And {len(many.able) - _MOST_NAMED} more."
    yield from _left_out(many.unable)


def _what_it_does(many: Many) -> Iterator[str]:
    said = Counter(in_general(each.proposal) for each in many.able if each.facts is not None)
    for text, count in said.most_common():
        yield f"{count} of them: {text}." if count < len(many.able) else f"Each: {text}."
    doubts = Counter(plain(doubt.text) for each in many.able for doubt in each.proposal.doubts)
    for text, count in doubts.most_common():
        yield f"Note, of {count} of them: {text}."
    unread = sum(each.facts is None for each in many.able)
    if unread:
        yield f"{unread} of them not read yet: each is read, and judged, just before it is sent."


def _left_out(unable: Sequence[Unable]) -> Iterator[str]:
    """Name those that are not asked, with the reason that they share."""
    by_reason: dict[str, list[str]] = {}
    for each in unable:
        by_reason.setdefault(plain(each.reason), []).append(plain(str(each.ref)))
    for reason, refs in by_reason.items():
        more = f" and {len(refs) - _MOST_NAMED} more" if len(refs) > _MOST_NAMED else ""
        yield f"Not asked, because {reason}: {', '.join(refs[:_MOST_NAMED])}{more}."


def why_none(many: Many) -> str:
    """Say why none of the jobs can take a control."""
    reasons = Counter(plain(each.reason) for each in many.unable)
    return "; ".join(
        f"{count} because {reason}" if len(reasons) > 1 else reason for reason, count in reasons.most_common()
    )
