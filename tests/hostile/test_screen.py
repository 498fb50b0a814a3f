"""Every text through the screen, in a terminal: nothing comes but drawing, and every pane stays."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.corpus import text_cases
from tests.hostile.server import World, serving, tag, write_config
from tests.hostile.terminal import Terminal, jobtui

_WIDE = (120, 80)
"""Columns, and many lines: the fewer pages."""
_DEAF_S = 0.6
"""Longer than a dialog does not hear after it opens."""
_MOST_PAGES = 40
_PAGES = 12
"""Of a tree and of a log."""
_SLOWEST_S = 2.0
"""How long a page may take to come."""
_PAGE_DOWN = "\x1b[6~"
_OPEN = ("string clipboard by OSC 52", "bidi RLO", "emoji heart of two widths", "markup click to quit")
"""Cases that a job to be cancelled is named with."""
_PASSING = re.compile(r"\x1b\[\?2026[hl]|\x1b\]22;default\x07")
"""What is switched while it runs: a frame drawn at once, the pointer back to what it was."""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The configuration of a server that says every text of the corpus."""
    by_name = {case.name: case.text for case in text_cases()}
    with serving(World(list(by_name.values()), [by_name[name] for name in _OPEN])) as url:
        yield write_config(tmp_path_factory.mktemp("hostile") / "config.toml", url)


class _Seen:
    """A person at the screen, who notes what is not where it was."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.drawn: set[str] = set()
        """Tags of the cases that were on the screen."""
        self.broken: list[str] = []
        terminal.until(r"Jobs +41\d")
        terminal.until(r"field (?:arcgis|AW) (?:LIVE|SLOW)")
        terminal.settle(1.0)
        rows = terminal.rows
        assert "▏" in rows[3], "\n".join(rows)
        self.divider = rows[3].index("▏")
        self.body = [y for y, row in enumerate(rows) if row[self.divider] == "▏"]
        self.state = terminal.state()
        self.switched = len(terminal.switched)

    def forget(self) -> None:
        """Begin anew."""
        self.drawn.clear()
        self.broken.clear()
        self.terminal.harms.clear()

    def press(self, keys: str) -> None:
        """Press keys, and look when the screen stands still."""
        self.terminal.press(keys)
        self.terminal.settle(0.06, first_s=0.3)
        self.look()

    def page_through(self, columns: slice) -> None:
        """Go through a list of some columns of the screen page by page, from its top to its end."""
        self._go("G", columns)
        end = self._tags(columns)
        self._go("g", columns)
        for _ in range(_MOST_PAGES):
            if self._tags(columns) == end:
                return
            self._go(_PAGE_DOWN, columns)

    def _go(self, keys: str, columns: slice) -> None:
        """Press keys, wait until the list has other lines (it may be at its end), and look."""
        before, deadline = self._tags(columns), time.monotonic() + _SLOWEST_S
        self.terminal.press(keys)
        while self._tags(columns) == before and time.monotonic() < deadline:
            self.terminal.settle(0.03, first_s=0.1)
        self.terminal.settle(0.06)
        self.look()

    def _tags(self, columns: slice) -> list[str]:
        return [row[columns] for row in self.terminal.rows[3:-3] if re.search(r"c\d{3}\b", row[columns])]

    @property
    def left(self) -> slice:
        """The columns of the list; its ages go on by themselves."""
        return slice(0, self.divider - 8)

    def look(self) -> None:
        """Note what is drawn, and which panes are broken."""
        rows = self.terminal.rows
        self.drawn |= set(re.findall(r"c\d{3}\b", self.terminal.text))
        broken = [rows[y] for y in self.body if rows[y][self.divider] != "▏"]
        self.broken += [f"{_names(row)}: the divider is gone: {row.strip()!a}" for row in broken]

    def look_at_box(self) -> None:
        """Note a dialog or a reading screen whose frame is not a rectangle."""
        rows = self.terminal.rows
        corners = [
            (y, row.index("╭"), row.rindex("╮")) for y, row in enumerate(rows) if "╭" in row and "╮" in row
        ]
        assert corners, self.terminal.text
        top, left, right = corners[0]
        ends = [y for y, row in enumerate(rows) if row[left] == "╰" and row[right] == "╯"]
        if not ends:
            self.broken.append(f"a box without an end:\n{self.terminal.text}")
            return
        for row in rows[top + 1 : ends[0]]:
            if row[left] != "│" or row[right] not in "│":
                self.broken.append(f"{_names(row)}: the box is broken: {row!a}")

    def filter(self, text: str) -> None:
        """Show only some jobs, the first of them selected."""
        for keys, shown in (
            ("1", "━1 Jobs"),
            ("\x1b", r"Jobs  \d+━"),
            ("/", "words  !not"),
            (text, f"filter: {text}"),
        ):
            self.terminal.press(keys)
            self.terminal.until(shown)
        self.terminal.press("\r")
        self.terminal.until("━1 Jobs")

    def harms(self) -> list[str]:
        """Say all that went wrong, each with the names of the cases it was of."""
        found = [_named(harm) for harm in self.terminal.harms]
        switched = [each for each in self.terminal.switched[self.switched :] if not _PASSING.fullmatch(each)]
        state = self.terminal.state()
        changed = [
            f"{name}: {was!r} became {state[name]!r}"
            for name, was in self.state.items()
            if state[name] != was
        ]
        return [*found, *self.broken, *changed, *(f"switched {each!a}" for each in switched)]


def _names(text: str) -> list[str]:
    return [case.name for number, case in enumerate(text_cases()) if tag(number) in text]


def _named(harm: str) -> str:
    return f"{_names(harm)}: {harm}"


@pytest.fixture(scope="module")
def program(config: Path) -> Iterator[_Seen]:
    """The screen, started once for all."""
    with jobtui(config, columns=_WIDE[0], lines=_WIDE[1]) as terminal:
        seen = _Seen(terminal)
        yield seen
        terminal.press("\x03")
        assert terminal.ended() == 0, "it leaves as always"


@pytest.fixture
def seen(program: _Seen) -> _Seen:
    program.forget()
    return program


def test_the_list_draws_every_title_and_keeps_its_panes(seen: _Seen) -> None:
    seen.filter("a")
    seen.terminal.press("\x1b")
    seen.terminal.until(r"Jobs  \d+━")
    seen.page_through(seen.left)
    assert not (harms := seen.harms()), "\n".join(harms)
    assert _undrawn(seen.drawn) == []


@pytest.mark.parametrize("source", ["tiles", "desk", "field"])
def test_the_tree_and_the_log_draw_their_cases_and_keep_their_panes(seen: _Seen, source: str) -> None:
    seen.filter(f"source:{source} harmless")
    seen.terminal.until(rf"2 Steps \d+ +harmless words  {source}:1")
    for pane in ("2", "3"):
        seen.press(pane)
        seen.press("g")
        for _ in range(_PAGES):
            seen.press(_PAGE_DOWN)
    assert not (harms := seen.harms()), "\n".join(harms)
    assert seen.drawn, "test_lines has them all; here is seen that they reach the terminal so"


def test_details_dialogs_receipts_and_copies_draw_no_more_than_text(seen: _Seen) -> None:
    terminal = seen.terminal
    for number in range(len(_OPEN)):
        seen.filter(f"open{number}")
        terminal.until(rf"2 Steps .*open{number}\b")
        seen.press("y")
        terminal.press("d")
        terminal.until("╯")
        seen.look_at_box()
        terminal.press("\x1b")
        terminal.until("━1 Jobs")
        terminal.press("C")
        terminal.until(r"Cancel this job(?s:.*)╯")
        seen.look_at_box()
        terminal.settle(_DEAF_S, timeout_s=2 * _DEAF_S)
        terminal.press("y")
        terminal.until(rf"CANCEL tiles:{number + 2} .*refused")
        seen.look()
    assert not (harms := seen.harms()), "\n".join(harms)


def _undrawn(drawn: set[str]) -> list[str]:
    return [case.name for number, case in enumerate(text_cases()) if tag(number) not in drawn]
