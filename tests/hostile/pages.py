"""Portions of the cases, each as large as a screen has room for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from textual.screen import Screen

from tests.hostile.corpus import spoken_cases
from tests.hostile.server import tag

LINES = 100
"""Lines of the terminal that they are drawn on: the more, the fewer pages."""
LONGEST_ID = 25
"""Characters of an id, in which each that is strange takes three or more."""
_LONG = 40
"""Characters of a text, so that all of a page are on the screen; long ones are drawn by the lists."""
MOST = 45
"""Cases of a page that has room for any number."""


@dataclass(frozen=True)
class Page:
    """A screen and the tags of the cases to be seen on it."""

    tags: tuple[str, ...]
    make: Callable[[], Screen[Any]]


class Chunk:
    """Some cases, each as a text that begins with its tag."""

    def __init__(self, spoken: tuple[tuple[str, str], ...]) -> None:
        self._spoken = spoken

    @property
    def tags(self) -> tuple[str, ...]:
        """What each is found by."""
        return tuple(each for each, _ in self._spoken)

    @property
    def texts(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(text for _, text in self._spoken)

    def __getitem__(self, place: int) -> str:
        """Give one of them, or an ordinary text where there are no more."""
        return self._spoken[place][1] if place < len(self._spoken) else "x"

    def after(self, place: int) -> tuple[str, ...]:
        """Give all from a place on."""
        return self.texts[place:]

    def page(self, make: Callable[[Chunk], Screen[Any]]) -> Page:
        """Make a page of them."""
        return Page(self.tags, lambda: make(self))


@cache
def _spoken() -> tuple[tuple[str, str], ...]:
    """Give tag and text of every case, each as far as its field has room."""
    told = [(tag(number), f"{tag(number)} {case.text}") for number, case in enumerate(spoken_cases())]
    return tuple((one, "\n".join(text[:_LONG].split("\n")[:3])) for one, text in told)


def chunks(most: int = MOST) -> Iterator[Chunk]:
    """Give the cases in portions."""
    spoken = _spoken()
    for first in range(0, len(spoken), most):
        yield Chunk(spoken[first : first + most])
