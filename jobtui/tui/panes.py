"""Panes: which are on the screen, which has the focus; by number, by turn, zoomed, at every size.

Under 60x15 one plain list; under 100 columns one pane and a strip; from 100 two columns; from 160 three; a
wall screen has all seven panes. What has no place opens over the whole screen by its number.
"""

from __future__ import annotations

from enum import StrEnum

from textual.geometry import Size
from textual.screen import Screen

BASE = ("jobs", "steps", "messages")
EXTRA = ("holds", "groups", "actions", "polling")
NAMES = (*BASE, *EXTRA)


class Fit(StrEnum):
    """What a terminal has room for; each is a class of the screen."""

    TINY = "-tiny"
    NARROW = "-narrow"
    TWO = "-two"
    THREE = "-three"
    WALL = "-wall"


def fit_of(size: Size) -> Fit:
    """Say what a size has room for."""
    if size.width < 60 or size.height < 15:
        return Fit.TINY
    if size.width < 100:
        return Fit.NARROW
    if size.width < 160:
        return Fit.TWO
    return Fit.WALL if size.width >= 200 and size.height >= 50 else Fit.THREE


class Panes:
    """The panes of the main screen: the one that is looked at stays, whatever becomes of the terminal."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._current = "jobs"
        self._is_zoomed = False
        self.fit = Fit.NARROW

    @property
    def focused(self) -> str:
        """The pane that keys go to."""
        focused = self._screen.focused
        return focused.id if focused is not None and focused.id in NAMES else "jobs"

    def resize(self, size: Size) -> None:
        """Lay the panes out for a terminal of another size; the focus stays where it is."""
        self.fit = fit_of(size)
        self._arrange()

    def focus(self, name: str) -> None:
        """Show a pane and give it the focus."""
        self._current = name
        self._arrange()
        # At once: keys that are already on their way belong to the pane that was asked for.
        self._screen.set_focus(self._screen.query_one(f"#{name}"))

    def follow_focus(self) -> None:
        """Take over that another pane has the focus, however it came to it: a click, a dialog that closed."""
        focused = self._screen.focused
        if focused is not None and focused.id in NAMES and focused.id != self._current:
            self._current = focused.id
            self._arrange()

    def turn(self, step: int) -> None:
        """Give the focus to the next or previous pane of those that have a place here."""
        turn = NAMES if self.fit is Fit.WALL or self.focused in EXTRA else BASE
        self.focus(turn[(turn.index(self.focused) + step) % len(turn)])

    def zoom(self) -> None:
        """Give the focused pane the whole screen, or show all again."""
        self._current = self.focused
        self._is_zoomed = not self._is_zoomed
        self._arrange()

    def back(self) -> bool:
        """Undo the zoom, else go back to the jobs; False when there is nothing to go back from."""
        if not self._is_zoomed and self.focused == "jobs":
            return False
        if self._is_zoomed:
            self.zoom()
        else:
            self.focus("jobs")
        return True

    @property
    def is_zoomed(self) -> bool:
        """Whether one pane has the whole screen."""
        return self._is_zoomed or self._needs_all()

    def _needs_all(self) -> bool:
        """Whether the pane that is looked at has no place beside others."""
        if self.fit is Fit.TINY:
            return True
        return self._current in EXTRA and self.fit is not Fit.WALL

    def _arrange(self) -> None:
        # Every update looks at every widget: one for all classes together, and none where they stay.
        if self._name_classes() and self._screen.is_mounted:
            self._screen.update_node_styles()

    def _name_classes(self) -> bool:
        """Name the screen's classes; False when they were named before."""
        screen, name = self._screen, self._current
        before = screen.classes
        wanted = {
            **{fit.value: fit is self.fit for fit in Fit},
            "-drilled": name != "jobs",
            "-zoom": self.is_zoomed,
            **{f"-zoom-{other}": self.is_zoomed and other == name for other in NAMES},
        }
        for word, is_wanted in wanted.items():
            screen.set_class(is_wanted, word, update=False)
        return screen.classes != before
