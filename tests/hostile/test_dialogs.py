"""Every case through every dialog and reading screen, in a terminal: shown in a whole box, and only drawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.gallery import KINDS, NEXT, call_of
from tests.hostile.pages import LINES
from tests.hostile.person import Person, undrawn
from tests.hostile.terminal import module

_MOST_BROKEN = 3


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """The pages, in one program for all kinds."""
    home, first = tmp_path_factory.mktemp("gallery"), next(iter(KINDS))
    with module("tests.hostile.gallery", first, home=home, columns=80, lines=LINES) as terminal:
        terminal.settle(0.5, first_s=60.0)
        yield Person(terminal)
        terminal.press("\x03")


@pytest.mark.parametrize("kind", KINDS)
def test_every_case_is_shown_in_a_whole_box(kind: str, gallery: Person) -> None:
    gallery.forget()
    gallery.terminal.press(call_of(kind))
    for page in KINDS[kind]():
        gallery.terminal.press(NEXT)
        gallery.see_box(page.tags)
        if len(gallery.broken) >= _MOST_BROKEN:
            break
    assert not (harms := gallery.harms()), "\n".join(harms)
    assert undrawn(gallery.drawn) == []
