"""Cell diff: of what Textual would write, only the cells that differ from what is on the terminal.

Textual writes whole rows of whatever it draws again. Its bytes are read here and compared with what was
written before; as few are written as do the same. Where anything is not as expected, they go out as they are.
"""

from __future__ import annotations

import inspect
import logging
from importlib.metadata import version
from typing import Any, cast

from rich.console import Console, RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.screen import Screen

from jobtui.tui.cells.grid import Grid, Step
from jobtui.tui.cells.unfit import Unfit

KNOWN = ("8",)
"""Versions of Textual that this was tested with."""
_LOG = logging.getLogger(__name__)


class _Less(CompositorUpdate):
    """An update that is written in fewer bytes."""

    def __init__(self, grid: Grid, step: Step) -> None:
        self._grid = grid
        self._step = step

    def render_segments(self, console: Console) -> str:
        """Give the bytes; that is asked for only when they are written."""
        del console
        self._grid.take(self._step)
        return self._step.written


class CellDiff:
    """What stands on the terminal of an app, and how an update becomes bytes."""

    def __init__(self) -> None:
        self.off = misfit()
        """Why Textual's own bytes are written; empty while only cells that differ are."""
        self._grid: Grid | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """Say what is not as usual, in sentences."""
        return (f"what is drawn again is written whole: {self.off}",) if self.off else ()

    def switch_off(self) -> None:
        """Write Textual's own bytes from now on."""
        self.off = self.off or "switched off"

    def forget(self) -> None:
        """Know nothing of the terminal: it has another size, or somebody else wrote on it."""
        self._grid = None

    def less(self, app: App[Any], update: RenderableType | None) -> RenderableType | None:
        """Give an update that does the same with fewer bytes; None when there is nothing to write."""
        if self.off or update is None or not _is_drawn(app):
            return update
        if not isinstance(update, CompositorUpdate):
            self.forget()
            return update
        try:
            return self._less(app, update)
        except Unfit as unfit:
            _LOG.debug("written as it is: %s", unfit)
        except Exception:  # noqa: BLE001
            # A mistake in what only saves bytes must not end the watch.
            _LOG.exception("the cell diff is switched off")
            self.off = "switched off after a mistake of its own"
        self.forget()
        return update

    def _less(self, app: App[Any], update: CompositorUpdate) -> RenderableType | None:
        size = app.size
        if self._grid is None or (self._grid.width, self._grid.height) != size:
            self._grid = Grid(*size)
        step = self._grid.step(update.render_segments(app.console))
        has_moved = app.screen.outer_size.clamp_offset(app.cursor_position) != app._previous_cursor_position
        if not step.written and not has_moved:
            self._grid.take(step)
            return None
        return cast("RenderableType", _Less(self._grid, step))  # as Textual takes its own


def draw_all(screen: Screen[Any]) -> None:
    """Draw a screen whole, whatever is thought to be on the terminal."""
    cells = getattr(screen.app, "cells", None)
    if isinstance(cells, CellDiff):
        cells.forget()
    screen.refresh(layout=True)


def misfit() -> str:
    """Say why this Textual is not one that is known here; empty when it is."""
    number = version("textual")
    if number.partition(".")[0] not in KNOWN:
        return f"Textual {number} is not known"
    drawn = list(inspect.signature(App._display).parameters)
    written = list(inspect.signature(CompositorUpdate.render_segments).parameters)
    if drawn != ["self", "screen", "renderable"] or written != ["self", "console"]:
        return f"Textual {number} draws in another way"
    return ""


def _is_drawn(app: App[Any]) -> bool:
    """Whether updates go to a terminal that is all ours."""
    driver = app._driver
    return driver is not None and not app.is_headless and not driver.is_inline
