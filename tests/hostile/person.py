"""A person at the screen: presses keys, and notes what is drawn and what is not where it was."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.hostile.corpus import all_cases, spoken_cases, wire_cases
from tests.hostile.server import tag
from tests.hostile.terminal import Terminal

WIDE, SMALL, WALL = (120, 40), (80, 24), (200, 60)
"""Sizes of a terminal: columns and lines."""
PAGE_DOWN = "\x1b[6~"
PAGE_UP = "\x1b[5~"
_WHOLE_S = 0.05
"""After how long nothing more comes of a page: it is drawn a few lines at a time while much comes."""
_SLOWEST_S = 5.0
"""How long a page may take to come before it is taken for the last."""
_TAG = re.compile(r"c\d{3}\b")
_ROW = re.compile(r"[> ] \S \S+ +(?:tiles|desk|field) ")
_BEGINNING = 40
"""Columns that tell one page from the next."""
_PASSING = re.compile(r"\x1b\[\?2026[hl]|\x1b\]22;default\x07")
"""What is switched while it runs: a frame drawn at once, the pointer back to what it was."""
_BREAKS_SHOWN = 10
_NARROW = 100
"""Columns from which the list has the others beside it."""


def names_in(text: str) -> list[str]:
    """Name the cases whose tags stand in a text."""
    numbered = enumerate((*spoken_cases(), *wire_cases()))
    found = set(_TAG.findall(text))
    return [case.name for number, case in numbered if tag(number) in found]


def undrawn(drawn: set[str]) -> list[str]:
    """Name the texts that were not on the screen."""
    return [case.name for number, case in enumerate(spoken_cases()) if tag(number) not in drawn]


class Person:
    """Somebody who looks at every page."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.drawn: set[str] = set()
        """Tags of the cases that were on the screen."""
        self.broken: list[str] = []
        """What is not where it was, each with the names of the cases beside it."""
        self._begin()

    def _begin(self) -> None:
        self.terminal.complete()
        self._state, self._switched = self.terminal.state(), len(self.terminal.switched)

    def forget(self) -> None:
        """Begin anew."""
        self.drawn.clear()
        self.broken.clear()
        self.terminal.harms.clear()
        self._begin()

    # --- keys -----------------------------------------------------------------------------------------
    def press(self, keys: str, shown: str) -> None:
        """Press keys, and look when that is shown."""
        self.terminal.press(keys)
        self.terminal.until(shown)
        self.look()

    def turn(self, keys: str) -> bool:
        """Press keys and wait for another page; says whether there was one."""
        before = self.page()
        self.terminal.press(keys)
        is_other = self.terminal.holds(lambda: self.page() != before, timeout_s=_SLOWEST_S)
        if is_other:
            self.terminal.settle(_WHOLE_S)
        self.look()
        return is_other

    def page_through(self, keys: str, last: str = "") -> None:
        """Turn pages until every text has been drawn, or that of a tag, or nothing more comes."""
        # Once more where nothing came: what arrives just then may take a page back to where it was.
        while undrawn(self.drawn) and last not in self.drawn and (self.turn(keys) or self.turn(keys)):
            pass

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size, and wait until it is drawn so."""
        if (columns, lines) == (self.terminal.columns, self.terminal.lines):
            return
        self.terminal.resize(columns, lines)
        whole = self.terminal.holds(lambda: not self._breaks(), timeout_s=60.0)
        assert whole, f"never whole at {columns}x{lines}:\n{self.terminal.text}"
        self.terminal.settle(0.2)
        self._begin()

    def list_all(self, columns: int, lines: int) -> None:
        """Go to the list of all jobs, at a size."""
        self.resize(columns, lines)
        self.press("1", "━1 Jobs")
        if "filter:" in self.terminal.text:
            self.press("\x1b", r"━1 Jobs  \d+━")

    def open_packed(self, source: str, columns: int, lines: int) -> None:
        """Go to the job of a source that holds every case, at a size."""
        self.list_all(columns, lines)
        self.terminal.press("/")
        self.terminal.until("words  !not")
        self.terminal.press(f"source:{source} harmless")
        self.terminal.until(rf"filter: source:{source} harmless")
        self.press("\r", "━1 Jobs")
        self.terminal.press("g")
        found = rf"harmless words +{source}:1\b"
        stands = self.terminal.holds(
            lambda: re.search(found, self.terminal.text) is not None, timeout_s=_SLOWEST_S
        )
        if not stands:
            self.terminal.press("z")  # what failed before may have left a pane over the whole screen
        self.terminal.until(found)

    def zoom(self, hides: str) -> None:
        """Give the pane that has the focus the whole screen; that of a title is hidden then."""
        self.terminal.press("z")
        self.terminal.until(rf"^(?s:(?!.*─{hides}))")

    def unzoom(self, hides: str) -> None:
        """Show the other panes again."""
        self.terminal.press("z")
        self.terminal.until(rf"─{hides}")

    # --- what stands there ----------------------------------------------------------------------------
    def page(self) -> list[str]:
        """Give how the rows of the pane that is gone through begin, the cursor's mark among it."""
        rows = self.terminal.rows
        if "━1 Jobs" in rows[2]:  # what stands beside the list and below it comes in its own time
            return [row[:_BEGINNING] for row in rows if _ROW.match(row)]
        return [row[:_BEGINNING] for row in rows[3:-3]]

    def look(self) -> None:
        """Note what is drawn, and which panes are broken."""
        self.drawn |= set(_TAG.findall(self.terminal.text))
        self.broken += self._breaks()

    def _breaks(self) -> list[str]:
        """Say what is not where it belongs."""
        rows = self.terminal.rows
        if " tiles " not in rows[0] or "? help" not in "".join(rows[-3:]):
            return [f"{names_in(self.terminal.text)}: head or foot is gone:\n{self.terminal.text}"]
        if self.terminal.columns >= _NARROW:
            return self._breaks_of_divider(rows)
        if "1 Jobs" in rows[2]:
            return self._breaks_of_rows(rows)
        if not re.match(r"[━─][2-7] ", rows[2]):
            return [f"{names_in(self.terminal.text)}: the pane's title is gone: {rows[2]!a}"]
        return []

    def _breaks_of_divider(self, rows: list[str]) -> list[str]:
        """Name rows of the list that run into the panes beside it, unless one pane has the whole screen."""
        if not re.match(r"[━─]1 ", rows[2]):
            return []
        divider = rows[3].find("▏")
        ends = [y for y, row in enumerate(rows) if y > 3 and row.startswith("─")]
        torn = [row for row in rows[3 : ends[0] if ends else -3] if divider < 0 or row[divider] != "▏"]
        return [f"{names_in(row)}: the divider is gone: {row.strip()!a}" for row in torn]

    def _breaks_of_rows(self, rows: list[str]) -> list[str]:
        """Name rows of the list whose columns are not where they belong."""
        ends = [y for y, row in enumerate(rows) if y > 3 and row.startswith("─")]
        moved = [row for row in rows[4 : ends[0] if ends else -3] if _TAG.search(row) and not _ROW.match(row)]
        return [f"{names_in(row)}: its columns are moved: {row!a}" for row in moved]

    def look_at_box(self) -> str | None:
        """Say what is wrong with the frame of a dialog or a reading screen; None when it is whole."""
        rows = self.terminal.rows
        tops = [y for y, row in enumerate(rows) if "╭" in row and "╮" in row]
        if not tops:
            return "no box is there"
        left, right = rows[tops[0]].index("╭"), rows[tops[0]].rindex("╮")
        ends = [y for y, row in enumerate(rows) if row[left] == "╰" and row[right] == "╯"]
        if not ends:
            return f"a box without an end:\n{self.terminal.text}"
        inner = rows[tops[0] + 1 : ends[0]]
        torn = [row for row in inner if row[left] != "│" or row[right] != "│"]
        return f"{names_in(torn[0])}: the box is torn: {torn[0]!a}" if torn else None

    def see_box(self, tags: Sequence[str]) -> None:
        """Wait for a whole box that shows some cases; note it when it never comes."""

        def is_seen() -> bool:
            text = self.terminal.text
            return all(each in text for each in tags) and self.look_at_box() is None

        if not self.terminal.holds(is_seen, timeout_s=10.0):
            wrong = self.look_at_box() or f"not shown in\n{self.terminal.text}"
            self.broken.append(f"{names_in(self.terminal.text)}: {wrong}")
        self.drawn |= set(_TAG.findall(self.terminal.text))

    # --- the judgement --------------------------------------------------------------------------------
    def harms(self) -> list[str]:
        """Say all that went wrong, each with the names of its cases, once the stream is complete."""
        self.terminal.complete()
        switched = self.terminal.switched[self._switched :]
        state = self.terminal.state()
        changed = [
            f"{name}: {was!r} became {state[name]!r}"
            for name, was in self._state.items()
            if state[name] != was
        ]
        return [
            *(f"{names_in(harm)}: {harm}" for harm in self.terminal.harms[:_BREAKS_SHOWN]),
            *self.broken[:_BREAKS_SHOWN],
            *changed,
            *(f"switched {each!a}" for each in switched if not _PASSING.fullmatch(each)),
        ]


assert len(all_cases()) < 1_000, "a tag has three digits"
