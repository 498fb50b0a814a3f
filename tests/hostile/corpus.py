"""The corpus: every case with its name, what it is on the wire, and where it arrives there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tests.hostile.texts import texts
from tests.hostile.values import BODIES, IDS, VALUES

EVERY_TEXT = "every text field: title, owner, word of state, message, step, hold, warning, reason, result"
EVERY_FIELD = "every field but the id"
ID = "the id of the job, of its step, of its hold and of its message"
BODY = "the whole answer, or the whole frame"


@dataclass(frozen=True)
class Case:
    """One hostile thing."""

    name: str
    where: str
    """In which fields it arrives."""
    json: str = ""
    """As it stands on the wire, where it is one value."""
    make_body: Callable[[], bytes] | None = None
    """Gives the whole answer, where it is one."""

    @property
    def text(self) -> str:
        """The text, where it is one."""
        value = json.loads(self.json)
        assert isinstance(value, str)
        return value


@cache
def text_cases() -> tuple[Case, ...]:
    """Give the cases that are texts."""
    return tuple(Case(name, EVERY_TEXT, json.dumps(text)) for name, text in texts().items())


@cache
def value_cases() -> tuple[Case, ...]:
    """Give the cases that are some other value than was promised."""
    return tuple(Case(name, EVERY_FIELD, value) for name, value in VALUES.items())


@cache
def id_cases() -> tuple[Case, ...]:
    """Give the cases that are ids."""
    return tuple(Case(name, ID, json.dumps(text)) for name, text in IDS.items())


@cache
def body_cases() -> tuple[Case, ...]:
    """Give the cases that are whole answers."""
    return tuple(Case(name, BODY, make_body=make) for name, make in BODIES.items())


@cache
def spoken_cases() -> tuple[Case, ...]:
    """Give the cases that a server can say wherever it says a text: the texts, and the ids as texts."""
    return text_cases() + id_cases()


@cache
def wire_cases() -> tuple[Case, ...]:
    """Give the cases that are more, or less, than a text: other values, and whole answers."""
    return value_cases() + body_cases()


def all_cases() -> tuple[Case, ...]:
    """Give the whole corpus."""
    return text_cases() + value_cases() + id_cases() + body_cases()
