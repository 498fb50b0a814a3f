"""How often the screen takes news over: seldom where nobody looks, or where every frame goes over a line."""

from __future__ import annotations

from jobtui.display import CALM_S, Display
from jobtui.tui.pace import INTERVAL_S

SSH_S = 0.5
"""Seconds between two repaints that nobody asked for by key, over SSH."""
AWAY_S = 2.0
"""The same while the terminal says that another window has the keys: it may still be seen beside that."""


def interval_s(display: Display, *, is_focused: bool) -> float:
    """Give the least time between two repaints that nobody asked for by key."""
    usual = CALM_S if display.is_calm else SSH_S if display.is_ssh else INTERVAL_S
    return usual if is_focused else max(usual, AWAY_S)
