"""The scenes: a size, what the servers say, the keys pressed; one for each drawing, and their plain forms."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

PICTURES = Path(__file__).resolve().parent / "pictures"


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture to be taken."""

    name: str
    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    world: str = "demo"
    """``demo``: mid-shift; ``well``: jobs of which none needs anybody; ``card``: no configuration yet."""
    look: str = "colour"
    """``colour``, ``no-colour`` or ``ascii``."""
    selects: str | None = None
    """The title of the job that is selected; None for whichever was before, at first the worst."""
    holds: str | None = None
    """The title of a job that is held first, so that there is an action to be seen."""
    panes: tuple[str, ...] = ("jobs",)
    """The panes that must have content, and no others are there."""

    @property
    def path(self) -> Path:
        return PICTURES / f"{self.name}.txt"

    @property
    def roll(self) -> tuple[str, str]:
        """What one run of the app can show."""
        return (self.world, self.look)


_TWO = ("jobs", "steps", "messages")
_ALL = ("jobs", "groups", "steps", "holds", "actions", "messages", "polling")
_SPLIT = "Parcel split 467"
"""Held by three holds, of each kind one."""
_FREE = "Boundary correction 639"
"""Waits for a person, so that it can be held."""


def _sizes(look: str) -> list[Scene]:
    """Every size at its plainest."""
    return [
        Scene(f"40x10-list-{look}", (40, 10), look=look),
        Scene(f"80x24-list-and-strip-{look}", (80, 24), look=look),
        Scene(f"120x40-two-columns-{look}", (120, 40), selects=_SPLIT, panes=_TWO, look=look),
        Scene(f"200x60-wall-{look}", (200, 60), holds=_FREE, panes=_ALL, look=look),
    ]


SCENES = (
    *_sizes("colour"),
    Scene("160x45-three-columns", (160, 45), panes=_TWO),
    Scene("80x24-steps-and-messages", (80, 24), ("2",), panes=("steps", "messages")),
    Scene("80x24-holds", (80, 24), ("4",), panes=("holds",)),
    Scene("80x24-causes", (80, 24), ("5",), panes=("groups",)),
    Scene("80x24-actions", (80, 24), ("6",), panes=("actions",)),
    Scene("80x24-polling", (80, 24), ("7",), panes=("polling",)),
    Scene("80x24-empty-list", (80, 24), ("/", *"nothing like it", "enter")),
    Scene("80x24-groups-by-cause", (80, 24), ("v", "c", "exclamation_mark")),
    Scene("80x24-marked-and-frozen", (80, 24), ("v", "a", "g", " ", "j", "V", "u")),
    *_sizes("no-colour"),
    *_sizes("ascii"),
    Scene("80x24-all-well", (80, 24), world="well"),
    Scene("80x24-first-run", (80, 24), world="card", panes=()),
)


def rolls() -> list[list[Scene]]:
    """Put together what one run of the app can show."""
    return [list(scenes) for _, scenes in groupby(SCENES, key=lambda scene: scene.roll)]
