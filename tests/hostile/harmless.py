"""What may come out of a face: said once, for every test, and not in the words of the door itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_NEVER = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_UNSEEN = "\u115f\u1160\u3164\uffa0"
_NOT_ASCII = re.compile("[^ -~]+")
MOST_MARKS = 8
"""Marks over one letter: more are drawn over the lines above and below."""


def harm_in(text: str, *, allowed: str = "\n") -> str | None:
    """Name the first thing in a text that could harm a terminal or fool an eye; None when it is harmless."""
    for found in _NOT_ASCII.finditer(text):
        marks = 0
        for character in found.group():
            if character in allowed:
                continue
            category = unicodedata.category(character)
            marks = marks + 1 if category in ("Mn", "Me", "Mc") else 0
            if category in _NEVER or character in _UNSEEN or marks > MOST_MARKS:
                around = text[max(0, found.start() - 40) : found.end() + 20]
                return f"{character!a} ({category}) in {around[:200]!a}"
    return None


def strings_in(value: object) -> Iterator[str]:
    """Give every text of a JSON value, the keys among them."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            pending.extend(one)
            pending.extend(one.values())
        elif isinstance(one, list | tuple):
            pending.extend(one)
