"""Panes: which are on the screen, which has the focus; by number, by turn, zoomed, on narrow terminals."""

from __future__ import annotations

from textual.screen import Screen

NAMES = ("jobs", "steps", "messages")


class Panes:
    """The three panes of the main screen. On a narrow one either the jobs are shown or the other two."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen

    @property
    def focused(self) -> str:
        """The pane that keys go to."""
        focused = self._screen.focused
        return focused.id if focused is not None and focused.id in NAMES else "jobs"

    def focus(self, name: str) -> None:
        """Show a pane and give it the focus."""
        self._screen.set_class(name != "jobs", "-drilled")
        if self._screen.has_class("-zoom"):
            self._mark(name)
        # At once: keys that are already on their way belong to the pane that was asked for.
        self._screen.set_focus(self._screen.query_one(f"#{name}"))

    def turn(self, step: int) -> None:
        """Give the focus to the next or previous pane."""
        self.focus(NAMES[(NAMES.index(self.focused) + step) % len(NAMES)])

    def zoom(self) -> None:
        """Give the focused pane the whole screen, or show all again."""
        self._screen.toggle_class("-zoom")
        self._mark(self.focused)

    def back(self) -> None:
        """Undo the zoom, else go back to the jobs."""
        if self._screen.has_class("-zoom"):
            self.zoom()
        else:
            self.focus("jobs")

    def _mark(self, name: str) -> None:
        is_zoomed = self._screen.has_class("-zoom")
        for other in NAMES:
            self._screen.set_class(is_zoomed and other == name, f"-zoom-{other}")
