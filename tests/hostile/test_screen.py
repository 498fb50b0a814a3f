"""Every case through the screen, in a terminal: nothing comes but drawing, and every pane stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.corpus import spoken_cases, wire_cases
from tests.hostile.person import PAGE_DOWN, Person, undrawn
from tests.hostile.server import World, serving, write_config
from tests.hostile.terminal import jobtui

_WIDE, _SMALL = (120, 40), (80, 24)
_PAGES = 8
"""Of a log."""
_OPEN = ("string clipboard by OSC 52", "bidi RLO")
"""Cases that a job to be cancelled is named with."""


@pytest.fixture(scope="module")
def world() -> World:
    """What the servers say: every case."""
    by_name = {case.name: case.text for case in spoken_cases()}
    open_texts = [by_name[name] for name in _OPEN]
    return World(list(by_name.values()), open_texts, answers=wire_cases(), odd_ids=True)


@pytest.fixture(scope="module")
def config(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The configuration of servers that say every case."""
    with serving(world) as url:
        yield write_config(tmp_path_factory.mktemp("hostile") / "config.toml", url)


@pytest.fixture(scope="module")
def program(config: Path) -> Iterator[Person]:
    """The screen, started once for all."""
    with jobtui(config, columns=_WIDE[0], lines=_WIDE[1]) as terminal:
        terminal.until(r"Jobs +57\d")
        terminal.until(r"field (?:arcgis|AW) (?:LIVE|SLOW)")
        terminal.settle(0.5)
        yield Person(terminal)
        terminal.press("\x03")
        assert terminal.ended() == 0, "it leaves as always"


@pytest.fixture
def person(program: Person) -> Person:
    program.forget()
    return program


@pytest.mark.parametrize("size", [_WIDE, _SMALL])
def test_the_list_draws_every_title_and_keeps_its_panes(person: Person, size: tuple[int, int]) -> None:
    person.resize(*size)
    person.press("g", r"\n> .* desk +harmless words +449 of")
    person.page_through(PAGE_DOWN)
    assert not (harms := person.harms()), "\n".join(harms)
    assert undrawn(person.drawn) == []


@pytest.mark.parametrize("source", ["tiles", "desk", "field"])
def test_the_tree_draws_every_step(person: Person, source: str) -> None:
    _open(person, source)
    person.press("2", "━2 Steps")
    _draw_tree(person)
    assert not (harms := person.harms()), "\n".join(harms)
    assert undrawn(person.drawn) == []


@pytest.mark.parametrize("source", ["tiles", "field"])
def test_the_log_draws_its_first_pages(person: Person, source: str) -> None:
    _open(person, source)
    person.press("3", "━3 Messages")
    person.terminal.press("g")
    for _ in range(_PAGES):
        person.turn(PAGE_DOWN)
    assert not (harms := person.harms()), "\n".join(harms)
    assert person.drawn, "test_lines has them all; here is seen that they reach the terminal so"


def _open(person: Person, source: str) -> None:
    """Go to the job of a source that holds every case, at the small size, its panes on the whole screen."""
    person.resize(*_SMALL)
    person.press("1", "━1 Jobs")
    if "filter:" in person.terminal.rows[2]:
        person.press("\x1b", r"━1 Jobs  \d+━")
    person.terminal.press("/")
    person.terminal.until("words  !not")
    person.terminal.press(f"source:{source} harmless")
    person.terminal.until(rf"filter: source:{source} harmless")
    person.press("\r", "━1 Jobs")
    person.terminal.until(rf"─harmless words +{source}:1")


def _draw_tree(person: Person) -> None:
    person.terminal.press("z")
    person.terminal.until(r"^(?s:(?!.*─3 Messages))")
    person.press("g", r"\bc00[0-2]\b(?s:.*)\bc00[2-5]\b")
    person.page_through(PAGE_DOWN)
    person.terminal.press("z")
