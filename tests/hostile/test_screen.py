"""Every case through the screen, in a terminal: nothing comes but drawing, and every pane stays."""

from __future__ import annotations

import pytest

from tests.hostile.corpus import spoken_cases
from tests.hostile.person import PAGE_DOWN, PAGE_UP, SMALL, WALL, WIDE, Person, undrawn
from tests.hostile.server import tag

_FLOOD = 100
"""Lines of a message that are too many to be gone through."""
_PAGES = 8
"""Of the list by causes, where what failed stands first."""
_MOST_SEARCHED = 30
"""Messages that are searched for: between floods, and where two pages came at once."""


def _judge(person: Person) -> None:
    assert not (harms := person.harms()), "\n".join(harms)
    assert undrawn(person.drawn) == []


@pytest.mark.parametrize("size", [WIDE, SMALL, WALL])
def test_the_list_draws_every_title_and_keeps_its_panes(person: Person, size: tuple[int, int]) -> None:
    person.list_all(*size)
    person.press("g", r"\n> .* desk +harmless words +449 of")
    person.page_through(PAGE_DOWN)
    _judge(person)


@pytest.mark.parametrize("source", ["tiles", "desk", "field"])
def test_the_tree_draws_every_step(person: Person, source: str) -> None:
    person.open_packed(source, *SMALL)
    person.press("2", "━2 Steps")
    person.zoom("3 Messages")
    person.press("g", r"\bc00[0-2]\b(?s:.*)\bc00[2-5]\b")
    person.page_through(PAGE_DOWN)
    person.unzoom("3 Messages")
    _judge(person)


def test_the_log_draws_every_message(person: Person) -> None:
    """From both ends up to the floods of lines; what was not seen so is searched for."""
    _read_log(person, "tiles")


def test_the_log_draws_history_and_comments(person: Person) -> None:
    """Each case is told twice here."""
    _read_log(person, "field")


def _read_log(person: Person, source: str) -> None:
    _page_log(person, source)
    unseen = [number for number in range(len(spoken_cases())) if tag(number) not in person.drawn]
    for number in unseen[:_MOST_SEARCHED]:
        _search(person, tag(number))
    person.terminal.press("w")
    person.unzoom("2 Steps")
    _judge(person)


def _page_log(person: Person, source: str) -> None:
    floods = [number for number, case in enumerate(spoken_cases()) if case.text.count("\n") > _FLOOD]
    person.open_packed(source, *SMALL)
    person.press("3", "━3 Messages")
    person.zoom("2 Steps")
    person.press("wG", rf"\b{tag(len(spoken_cases()) - 1)}\b")  # all have come then
    person.page_through(PAGE_UP, tag(floods[-1] + 1))
    person.press("g", r"\bc000\b")
    person.page_through(PAGE_DOWN, tag(floods[0]))


def _search(person: Person, word: str) -> None:
    person.terminal.press("/")
    person.terminal.until(r"level:warning")
    person.terminal.press(word)
    person.terminal.until(r"[1-9] found")
    person.terminal.press("\r")
    person.terminal.until(rf"^(?s:(?!.*\n *{word} *\n))")  # or what comes with it would be typed, too
    person.press("n", rf"(?m)^.*\d\d:\d\d.*\b{word}\b")
    person.terminal.press("\x1b")
    person.terminal.until(r"^(?s:(?!.*& shows only))")


def test_the_other_panes_of_a_wall_screen_stay(person: Person) -> None:
    person.open_packed("field", *WALL)
    for number, name in ((4, "Holds"), (5, "Same cause"), (6, "Actions"), (7, "Polling")):
        person.press(str(number), rf"━{number} {name}")
        person.terminal.press(PAGE_DOWN)
        person.terminal.settle(0.3)
        person.look()
    assert not (harms := person.harms()), "\n".join(harms)


def test_the_list_draws_the_heads_of_causes(person: Person) -> None:
    person.list_all(*WIDE)
    person.terminal.press("b")
    person.terminal.until("╭─ Groups")
    person.terminal.press("c")
    person.terminal.until("grouped by cause")
    person.terminal.settle(0.2)  # the list below a dialog is drawn first, and then where the dialog was
    person.press("g", r"\bc\d{3}\b")
    for _ in range(_PAGES):
        person.terminal.press(PAGE_DOWN)
        person.terminal.settle(0.2)
        person.look()
    person.terminal.press("b")
    person.terminal.until("╭─ Groups")
    person.press("n", r"━1 Jobs  \d+━")
    assert not (harms := person.harms()), "\n".join(harms)
    assert len(person.drawn) > _PAGES
