"""How a terminal is drawn on: what the user wants, else what the line it hangs on bears."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

SSH_FRAMES = 10
"""Frames a second at most over SSH."""
CALM_FRAMES = 4
"""Frames a second at most where as little as possible is to move."""
CALM_S = 1.0
"""Seconds between two repaints that nobody asked for by key, where as little as possible is to move."""
_SSH = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT")
_COLOURS = {"1": "standard", "2": "256", "3": "truecolor"}
_COLOURLESS = frozenset({"", "dumb", "unknown"})
"""Terminals that are taken to have no colours."""


class Wishes(Struct, frozen=True):
    """What the user wrote of the screen, each ``auto`` unless said otherwise."""

    mouse: str = "auto"
    """``on``, ``off``; ``auto``: off over SSH."""
    motion: str = "auto"
    """``less``: what nobody asked for by key is drawn once a second."""
    glyphs: str = "auto"
    """``ascii``: nothing but ASCII characters."""
    diff: str = "auto"
    """``off``: what is drawn again is written whole, not only the cells that differ."""


class Display(Struct, frozen=True):
    """How the screen is drawn."""

    mouse: bool = True
    frames: int | None = None
    """Frames a second at most; None for as many as the library draws."""
    is_calm: bool = False
    is_ssh: bool = False
    diff: bool = True
    """Whether only the cells that differ are written."""
    colours: str | None = None
    """How many colours are forced, in the words of the library; None leaves it to what the terminal says."""

    @property
    def words(self) -> tuple[str, ...]:
        """Say it in sentences."""
        return tuple(self._words())

    def _words(self) -> Iterator[str]:
        where = "over SSH" if self.is_ssh else "on this machine"
        frames = "" if self.frames is None else f", at most {self.frames} frames a second"
        mouse = "on" if self.mouse else "off: text can be selected as usual"
        yield f"screen: {where}{frames}; mouse {mouse}"
        if self.is_calm:
            yield "less motion: what nobody asked for is drawn once a second"


def display_of(wishes: Wishes, mouse: str | None, environment: Mapping[str, str]) -> Display:
    """Decide how to draw; ``mouse`` is what the command line says of it, which goes before the file."""
    is_ssh = any(environment.get(name) for name in _SSH)
    is_calm = wishes.motion == "less"
    wanted = mouse or wishes.mouse
    return Display(
        mouse=not is_ssh if wanted == "auto" else wanted == "on",
        frames=CALM_FRAMES if is_calm else SSH_FRAMES if is_ssh else None,
        is_calm=is_calm,
        is_ssh=is_ssh,
        diff=wishes.diff != "off",
        colours=_forced(environment),
    )


def _forced(environment: Mapping[str, str]) -> str | None:
    """Read FORCE_COLOR: 1, 2 and 3 are 16, 256 and all colours, anything else at least 16; NO_COLOR wins."""
    wanted = environment.get("FORCE_COLOR", "")
    if not wanted or environment.get("NO_COLOR"):
        return None
    at_least = "standard" if environment.get("TERM", "") in _COLOURLESS else None
    return _COLOURS.get(wanted, at_least)


def wants_lines(environment: Mapping[str, str]) -> bool:
    """Whether the environment asks for spoken lines instead of a screen (``ACCESSIBLE=1``)."""
    return environment.get("ACCESSIBLE", "") not in ("", "0")
