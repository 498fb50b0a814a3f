"""What a person types to filter the list: words, ``!words``, ``state:failed source:tiles kind:arcgis``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from jobtui.insight.attention import needs_you
from jobtui.model import Job
from jobtui.tui.format.states import WORDS, look_of

Passes = Callable[[Job], bool]


def passes(text: str, *, problems: bool, now: Callable[[], datetime]) -> Passes | None:
    """Make the test that a job must pass to be shown; None when everything is."""
    tests = [_test(word) for word in dict.fromkeys(text.casefold().split())]
    if problems:
        tests.append(lambda job: needs_you(job, now()))
    if not tests:
        return None
    return lambda job: all(test(job) for test in tests)


def _test(word: str) -> Passes:
    # Counted, not peeled one by one: a key held down types thousands.
    bare = word[:-1].lstrip("!") + word[-1]
    test = _said(bare)
    denials = len(word) - len(bare)
    return (lambda job: not test(job)) if denials % 2 else test


def _said(word: str) -> Passes:
    field, colon, value = word.partition(":")
    if colon and value and field == "state":
        return lambda job: job.state.value.startswith(value) or WORDS[look_of(job)].casefold() == value
    if colon and value and field == "kind":
        return lambda job: job.kind.value.startswith(value)
    if colon and value and field == "source":
        return lambda job: job.ref.source.casefold() == value
    return lambda job: word in _text(job)


def _text(job: Job) -> str:
    # Only looked in, never drawn: the door for server text would cost more than the search.
    ref = job.ref
    parts = (job.title, ref.source + ":" + ref.job_id, job.why, job.owner, job.raw_state, job.application)
    return f"{WORDS[look_of(job)]} {' '.join(filter(None, parts))}".casefold()
