"""The language of the filter: words, ``!not``, ``f:fuzzy``, ``state:failed``, ``age>2h``, "two words". Pure.

What cannot be read is said, for whoever asks to refuse; a word that is not finished filters nothing.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Set
from datetime import datetime

from msgspec import Struct

from jobtui.insight.looks import WORDS, look_of
from jobtui.insight.since import since
from jobtui.insight.when import parse_duration
from jobtui.insight.why import why
from jobtui.model import Flag, Job, Kind, State
from jobtui.text import plain

HELP = (
    ("word", "in title, ref, reason, owner, state or application; all words must occur"),
    ('"two words"', "just so; quotes also keep what would mean something else"),
    ("!word", "must not; ! turns any of these round"),
    ("f:word", "these letters in this order, in title, ref or owner"),
    ("state:failed", "the beginning of a state or of its word; state:failed,held is either"),
    ("source: kind:", "the beginning of the source's name, or of its kind; several with commas"),
    ("owner: app: id:", "a part of the owner, the application, the job's id; owner:me is you"),
    ("age>2h age<10m", "since the end, or of an open job since its beginning: s m h d w"),
)
"""What can be typed, and what it means, for the help."""

_TOKEN = re.compile(r'(?:"[^"]*(?:"|$)|[^\s"])+')
_FIELD = re.compile(r"(state|source|kind|owner|app|id|f):(.*)", re.DOTALL)
_AGE = re.compile(r"age([<>]=?|[:=])(.*)", re.DOTALL)
_COMPARE = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}
_STATE_NAMES = {look: (look, word.casefold()) for look, word in WORDS.items()}
_MINE = "owner:me"
_SHOWN = 24
"""Characters of what was typed that are said back."""

Test = Callable[[Job, datetime], bool]


class Query(Struct, frozen=True):
    """What was typed, as the test that a job must pass."""

    tests: tuple[Test, ...] = ()
    words: tuple[tuple[str, bool], ...] = ()
    """Words, and whether each must occur or must not."""
    trouble: str = ""
    """What cannot be read, in one clause; empty when all can."""
    asks_me: bool = False
    """Whether it asks for the jobs of whoever is signed in."""
    is_timed: bool = False
    """Whether a job may come to pass it, or no longer pass it, merely because time goes by."""
    fields: tuple[str, ...] = ()
    """What the tests were read from."""

    def __bool__(self) -> bool:
        return bool(self.tests or self.words)

    def matches(self, job: Job, now: datetime) -> bool:
        """Whether a job passes every test."""
        if not self.fits(job, now):
            return False
        if not self.words:
            return True
        text = text_of(job, now)
        return all((word in text) is wanted for word, wanted in self.words)

    def fits(self, job: Job, now: datetime) -> bool:
        """Whether a job passes every test but the words."""
        for test in self.tests:  # noqa: SIM110 - a loop, as this is asked of every job
            if not test(job, now):
                return False
        return True

    def narrows(self, wider: Query) -> bool:
        """Whether it is sure that no job passes this and not the other."""
        if self.is_timed or self.asks_me or not set(wider.fields) <= set(self.fields):
            return False
        return all(any(_implies(mine, one) for mine in self.words) for one in wider.words)


def _implies(one: tuple[str, bool], other: tuple[str, bool]) -> bool:
    """Whether what passes one word passes the other, too."""
    (mine, wanted), (word, is_wanted) = one, other
    return wanted is is_wanted and (word in mine if wanted else mine in word)


class _Unreadable(Exception):
    """A word that means nothing, in one clause."""


def read(text: str, users: Mapping[str, Set[str]] | None = None) -> Query:
    """Read what was typed; what cannot be read is said in the answer.

    ``users`` says what each source calls us, as known when a job is tested.
    """
    known: Mapping[str, Set[str]] = {} if users is None else users
    tests: list[Test] = []
    fields: list[str] = []
    words: list[tuple[str, bool]] = []
    is_timed = False
    for token in dict.fromkeys(_TOKEN.findall(text.casefold())):
        # Counted, not peeled one by one: a key held down types thousands.
        bare = token[:-1].lstrip("!") + token[-1]
        wanted = (len(token) - len(bare)) % 2 == 0
        try:
            test = _is_mine(known) if bare == _MINE else _test(bare)
        except _Unreadable as unreadable:
            return Query(trouble=str(unreadable))
        if isinstance(test, str):
            words += [(test, wanted)] if test else []
        elif test is not None:
            tests.append(test if wanted else _opposite(test))
            fields.append(token)
            is_timed = is_timed or bare.startswith("age")
    asks_me = _MINE in {token.lstrip("!") for token in _TOKEN.findall(text.casefold())}
    return Query(tuple(tests), tuple(words), "", asks_me, is_timed, tuple(fields))


def _is_mine(users: Mapping[str, Set[str]]) -> Test:
    def test(job: Job, _: datetime) -> bool:
        names = users.get(job.ref.source, frozenset())
        return job.owner is not None and job.owner.casefold() in {name.casefold() for name in names}

    return test


def _opposite(test: Test) -> Test:
    return lambda job, now: not test(job, now)


def _test(token: str) -> Test | str | None:
    """Make the test of one token, or give its word; None while nothing stands behind the colon."""
    if age := _AGE.fullmatch(token):
        return _age(age[1], _unquoted(age[2]))
    field = _FIELD.fullmatch(token)
    if field is None:
        return _unquoted(token)
    value = _unquoted(field[2])
    if field[1] in ("owner", "app", "id"):
        return _part(field[1], value) if value else None
    if field[1] == "f":
        return (lambda job, _: _fuzzy(value, job)) if value else None
    values = [one for one in value.split(",") if one]
    return _FIELDS[field[1]](values) if values else None


def _unquoted(text: str) -> str:
    return text.replace('"', "")


def _state(values: list[str]) -> Test:
    found = [{look for look, names in _STATE_NAMES.items() if _begins(names, value)} for value in values]
    for value, looks in zip(values, found, strict=True):
        if not looks:
            raise _Unreadable(f"no state begins with {_said(value)}")
    wanted = set().union(*found)
    # A stalled job runs as well: it is found by either.
    return lambda job, _: job.state in wanted or (bool(job.flags) and look_of(job) in wanted)


def _kind(values: list[str]) -> Test:
    wanted = {kind for kind in Kind if any(kind.value.startswith(value) for value in values)}
    for value in values:
        if not any(kind.value.startswith(value) for kind in Kind):
            raise _Unreadable(f"{_said(value)} is none of the kinds {', '.join(Kind)}")
    return lambda job, _: job.kind in wanted


def _source(values: list[str]) -> Test:
    starts = tuple(values)
    return lambda job, _: job.ref.source.casefold().startswith(starts)


_FIELDS: dict[str, Callable[[list[str]], Test]] = {"state": _state, "kind": _kind, "source": _source}
_PARTS: dict[str, Callable[[Job], str | None]] = {
    "owner": lambda job: job.owner,
    "app": lambda job: job.application,
    "id": lambda job: job.ref.job_id,
}


def _part(field: str, value: str) -> Test:
    part = _PARTS[field]
    return lambda job, _: value in (part(job) or "").casefold()


def _age(sign: str, value: str) -> Test | None:
    if not value:
        return None
    compare = _COMPARE.get(sign)
    if compare is None:
        raise _Unreadable("age takes < or >, as in age>2h")
    try:
        limit = parse_duration(value)
    except ValueError:
        raise _Unreadable(f"{_said(value)} is no age; write age>90s, 10m, 8h or 2d") from None

    def test(job: Job, now: datetime) -> bool:
        at = since(job)
        return at is not None and compare(now - at, limit)

    return test


def _fuzzy(value: str, job: Job) -> bool:
    texts = (job.title, f"{job.ref.source}:{job.ref.job_id}", job.owner or "")
    return any(_in_order(value, text.casefold()) for text in texts)


def _in_order(letters: str, text: str) -> bool:
    place = 0
    for letter in letters:
        place = text.find(letter, place) + 1
        if place == 0:
            return False
    return True


def _begins(names: Iterable[str], value: str) -> bool:
    return any(name.startswith(value) for name in names)


def _said(value: str) -> str:
    return f"“{plain(value, limit=_SHOWN)}”"


def text_of(job: Job, now: datetime) -> str:
    """Give what words are looked for in."""
    # Only looked in, never drawn: the door for server text would cost more than the search.
    flags, state, ref = job.flags, job.state, job.ref
    if flags or state is State.HELD or state is State.QUEUED:
        reason, word = why(job, now), WORDS[look_of(job)]
    else:
        # Most jobs have no flags and are told why at most by their server: of 100,000 that is half the time.
        reason, word = job.why, WORDS[state]
    parts = (word, job.title, f"{ref.source}:{ref.job_id}", reason, job.owner, job.raw_state, job.application)
    return " ".join(filter(None, parts)).casefold()


def is_steady(job: Job) -> bool:
    """Whether that text is the same whatever the time."""
    if job.flags and Flag.STALLED in job.flags:
        return False
    if job.state is State.QUEUED:
        return job.why is not None
    return not job.holds or job.state is not State.HELD
