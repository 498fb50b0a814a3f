"""Every case through every dialog and reading screen, in a terminal: shown in a whole box, and only drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.gallery import KINDS, NEXT
from tests.hostile.person import Person, undrawn
from tests.hostile.terminal import module

_MOST_BROKEN = 3


@pytest.mark.parametrize("kind", KINDS)
def test_every_case_is_shown_in_a_whole_box(kind: str, tmp_path: Path) -> None:
    with module("tests.hostile.gallery", kind, home=tmp_path, columns=80, lines=24) as terminal:
        terminal.settle(0.5, first_s=20.0)
        person = Person(terminal)
        for page in KINDS[kind]():
            terminal.press(NEXT)
            person.see_box(page.tags)
            if len(person.broken) >= _MOST_BROKEN:
                break
        assert not (harms := person.harms()), "\n".join(harms)
        assert undrawn(person.drawn) == []
        terminal.press(NEXT)
        assert terminal.ended() == 0
