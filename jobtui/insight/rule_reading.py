"""How rules are written: one line, ``CONDITION -> ACTIONS``. Pure.

As in ``fails source:prod -> bell,notify`` or ``says:"disk (full|quota)" app:tiles -> run:pager``. The
condition is the filter of the screen, which says of which jobs, and one or none of the words of ``HELP``,
which says when. Without any, a job tells when it comes to pass the filter: ``state:held owner:me``. A rule
speaks of what comes after it was armed; what means something here is plain text inside quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, NoReturn

from jobtui.errors import RefError, UsageError
from jobtui.insight.cause import fingerprint
from jobtui.insight.pattern import Pattern
from jobtui.insight.rules import BELL, NOTIFY, USUAL, Rule, When
from jobtui.insight.search import read
from jobtui.insight.when import parse_duration
from jobtui.model import Level, StepRef, Target, parse_ref
from jobtui.text import plain

LONGEST = 500
"""Characters of a rule."""
_SHOWN = 40
_TOKEN = re.compile(r'(?:"[^"]*(?:"|$)|[^\s"])+')
_COMMAND = re.compile(r"run:[\w./~+-]+")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_WORDS = {when.value: when for when in (When.ENDS, When.FAILS, When.STALLS, When.STARTS, When.WAITS)}
_NOT_OF_STEPS = (When.STALLS, When.BY, When.CAUSE, When.ALIKE)


class BadRule(UsageError):
    """A rule that cannot be read: one sentence that says what and where."""


def parse_rule(text: str, *, name: str = "", users: Mapping[str, Set[str]] | None = None) -> Rule:
    """Read one rule; ``users`` is as for the filter. Raises BadRule."""
    if len(text) > LONGEST:
        raise BadRule(f"a rule is longer than {LONGEST} characters")
    tokens = _TOKEN.findall(text)
    arrows = [place for place, token in enumerate(tokens) if token in ("->", "→")]
    if len(arrows) > 1:
        raise BadRule(f"{_in(text)}: more than one “->”")
    if glued := next((one for one in tokens if "->" in one and one != "->" and '"' not in one), None):
        raise BadRule(f"{_in(text)}: write a space before and behind the “->” in “{_short(glued)}”")
    split = arrows[0] if arrows else len(tokens)
    do = _actions(tokens[split + 1 :], text) if arrows else USUAL
    rule = _Reading(text, users).read(tokens[:split])
    return replace(rule, do=do, name=name)


def parse_actions(words: Iterable[str], where: str) -> tuple[str, ...]:
    """Read actions, each once and in their order. Raises BadRule."""
    found: dict[str, None] = {}
    for word in words:
        if word not in (BELL, NOTIFY) and not _COMMAND.fullmatch(word):
            raise BadRule(f"{where}: “{_short(word)}” is no action; there are bell, notify and run:NAME")
        found[word] = None
    if not found:
        raise BadRule(f"{where}: nothing stands behind “->”; write bell, notify or run:NAME")
    return tuple(found)


def word_of(target: Target) -> str:
    """Write the word of a rule that names a job or a step."""
    return f"job:{target}".replace('"', "%22")


def pattern_word(text: str) -> str:
    """Write the word of a rule that waits for a pattern in messages."""
    return 'says:"' + text.replace('"', r"\x22") + '"'


def _actions(tokens: list[str], text: str) -> tuple[str, ...]:
    return parse_actions([word for token in tokens for word in token.split(",") if word], _in(text))


class _Reading:
    """One condition being read, word by word."""

    def __init__(self, text: str, users: Mapping[str, Set[str]] | None) -> None:
        self._text = text
        self._users = users
        self._set: When | None = None
        self._fields: dict[str, Any] = {}
        self._filter: list[str] = []

    def read(self, tokens: list[str]) -> Rule:
        if not tokens:
            self._bad("says nothing; write, for example, fails source:prod -> bell")
        for token in tokens:
            self._take(token)
        filter_ = " ".join(self._filter)
        query = read(filter_, self._users)
        if query.trouble:
            self._bad(query.trouble)
        when = self._when()
        return Rule(" ".join(tokens), when=when, query=query, filter=filter_, **self._fields)

    def _when(self) -> When:
        when = self._set or When.PASSES
        if "step" not in self._fields:
            if when is When.PASSES and not self._filter:
                # Of a job alone: what is told without a word is its end.
                when = When.ENDS if "job" in self._fields else when
            return when
        if when in _NOT_OF_STEPS:
            self._bad(f"a step is told when it ends, fails, starts, waits or is open>, not “{when.value}”")
        return When.ENDS if when is When.PASSES else when

    def _take(self, token: str) -> None:
        word, colon, value = token.partition(":")
        value = value.replace('"', "")
        if token in _WORDS:
            self._set_when(_WORDS[token])
        elif token.startswith("open>"):
            self._set_when(When.OPEN)
            self._fields["limit"] = self._duration(token[5:].replace('"', ""))
        elif token.startswith("alike>"):
            self._set_when(When.ALIKE)
            self._fields["alike"] = self._count(token[6:])
        elif colon and word in _FIELDS:
            if not value:
                self._bad(f"nothing stands behind “{word}:”")
            _FIELDS[word](self, value)
        else:
            self._filter.append(token)

    def _set_when(self, when: When) -> None:
        if self._set not in (None, when):
            self._bad(f"“{self._set}” and “{when}” are two rules; write each by itself")
        self._set = when

    def _duration(self, value: str) -> timedelta:
        try:
            return parse_duration(value)
        except ValueError as error:
            self._bad(str(error))

    def _count(self, value: str) -> int:
        if not value.isascii() or not value.isdigit() or not 1 <= int(value[:6]) <= 100_000:
            self._bad(f"“{_short(value)}” is no number of jobs; write alike>5")
        return int(value[:6])

    def says(self, value: str) -> None:
        self._set_when(When.SAYS)
        try:
            self._fields["says"] = Pattern(value)
        except ValueError as error:
            self._bad(f"the pattern “{_short(value)}” {error}")

    def level(self, value: str) -> None:
        self._set_when(When.SAYS)
        if value not in tuple(Level):
            self._bad(f"“{_short(value)}” is none of the levels {', '.join(Level)}")
        self._fields["level"] = Level(value)

    def by(self, value: str) -> None:
        self._set_when(When.BY)
        try:
            clock = _CLOCK.fullmatch(value)
            at: time | datetime
            at = time(int(clock[1]), int(clock[2])) if clock else datetime.fromisoformat(value).astimezone()
        except (ValueError, OverflowError, OSError):
            self._bad(f"“{_short(value)}” is no time; write by:18:00 or an ISO time")
        self._fields["by"] = at

    def cause(self, value: str) -> None:
        self._set_when(When.CAUSE)
        self._fields["cause"] = fingerprint(value).casefold() or value.casefold()

    def job(self, value: str) -> None:
        try:
            target = parse_ref(value.replace("%22", '"'))
        except RefError as error:
            self._bad(plain(str(error)))
        self._fields["job"] = str(target.job)
        if isinstance(target, StepRef):
            self._fields |= {"step": target.step_id, "has_step_id": True}

    def step(self, value: str) -> None:
        self._fields["step"] = value

    def _bad(self, sentence: str) -> NoReturn:
        raise BadRule(f"{_in(self._text)}: {plain(sentence)}")


_FIELDS: dict[str, Callable[[_Reading, str], None]] = {
    "says": _Reading.says,
    "level": _Reading.level,
    "by": _Reading.by,
    "cause": _Reading.cause,
    "job": _Reading.job,
    "step": _Reading.step,
}


def _in(text: str) -> str:
    return f"rule “{_short(text)}”"


def _short(text: str) -> str:
    text = plain(text)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
