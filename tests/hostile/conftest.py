"""The screen before servers that say every case, started once for all that look at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.corpus import spoken_cases, wire_cases
from tests.hostile.person import WIDE, Person
from tests.hostile.server import World, serving, write_config
from tests.hostile.terminal import jobtui

_OPEN = ("string clipboard by OSC 52", "bidi RLO")
"""Cases that a job to be cancelled is named with."""


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the screen writes its files into."""
    return tmp_path_factory.mktemp("shared") / "files"


@pytest.fixture(scope="session")
def config(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The configuration of servers that say every case."""
    by_name = {case.name: case.text for case in spoken_cases()}
    open_texts = [by_name[name] for name in _OPEN]
    world = World(list(by_name.values()), open_texts, answers=wire_cases(), odd_ids=True)
    with serving(world) as url:
        yield write_config(tmp_path_factory.mktemp("hostile") / "config.toml", url, share=shared)


@pytest.fixture(scope="module")
def program(config: Path) -> Iterator[Person]:
    """The screen, started once for all tests of a file."""
    with jobtui(config, columns=WIDE[0], lines=WIDE[1]) as terminal:
        terminal.until(r"Jobs +57\d")
        terminal.until(r"field (?:arcgis|AW) (?:LIVE|SLOW)")
        terminal.settle(0.5)
        yield Person(terminal)
        terminal.press("\x03")
        assert terminal.ended() == 0, "it leaves as always"


@pytest.fixture
def person(program: Person) -> Person:
    """Somebody at the screen, who has seen nothing yet."""
    program.forget()
    return program
