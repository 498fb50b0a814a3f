"""Bell, notification and title: what is written to a terminal so that somebody who looks away takes notice.

The bell is never wrapped, so that tmux's own bell action works. Notifications are OSC 9 (iTerm2, WezTerm,
Ghostty), OSC 777 (foot, urxvt, WezTerm) or OSC 99 (kitty); other terminals drop them or show them as text,
so that without a setting only terminals that are known get one. A multiplexer drops all three: they are
wrapped for tmux only where that is asked for, since tmux itself must be told to pass them on.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from jobtui.insight.rules import BELL, NOTIFY
from jobtui.text import plain

WAYS = ("osc9", "osc777", "osc99")
_LONGEST = 240
"""Characters of a notification: more is cut by those who show it, or dropped."""
_TITLE = 80
_BY_PROGRAM = {
    "iTerm.app": "osc9",
    "WezTerm": "osc9",
    "ghostty": "osc9",
    "kitty": "osc99",
    "foot": "osc777",
    "rxvt": "osc777",
}
_BY_TERM = {
    "xterm-kitty": "osc99",
    "xterm-ghostty": "osc9",
    "wezterm": "osc9",
    "foot": "osc777",
    "rxvt-unicode": "osc777",
}
_MULTIPLEXERS = ("tmux", "screen")
_BEL, _END = "\a", "\x1b\\"


class Ringing(Struct, frozen=True):
    """How alerts are brought to a terminal."""

    way: str | None = None
    """One of ``WAYS``, or None for no notifications."""
    is_wrapped: bool = False
    """Whether notifications are wrapped for tmux to pass on."""
    has_title: bool = False
    """Whether the title says the worst state."""

    def ring(self, do: tuple[str, ...], text: str) -> str:
        """Give what to write for an alert; empty when nothing is to be heard or seen."""
        bell = _BEL if BELL in do else ""
        return bell + (self.notification(text) if NOTIFY in do else "")

    def notification(self, text: str) -> str:
        """Give the code that shows a notification; empty where none is shown."""
        # The name first: OSC 9 takes a digit at the beginning for something else.
        said = plain(text, limit=_LONGEST)
        match self.way:
            case "osc9":
                code = f"\x1b]9;jobtui: {said}{_BEL}"
            case "osc777":
                code = f"\x1b]777;notify;jobtui;{said.replace(';', ',')}{_END}"
            case "osc99":
                code = f"\x1b]99;i=jobtui:d=0;jobtui{_END}\x1b]99;i=jobtui:p=body;{said}{_END}"
            case _:
                return ""
        return wrapped(code) if self.is_wrapped else code


def ringing_of(notify: str, env: Mapping[str, str], *, passthrough: bool, title: bool) -> Ringing:
    """Say how alerts are brought to the terminal that an environment speaks of.

    ``notify`` is one of ``WAYS``, ``off``, or ``auto``: what the terminal is known to take.
    """
    is_tmux = bool(env.get("TMUX"))
    way = notify if notify in WAYS else None
    if notify == "auto" and (passthrough or not is_multiplexed(env)):
        way = known_way(env)
    return Ringing(way, is_wrapped=is_tmux and passthrough, has_title=title)


def is_multiplexed(env: Mapping[str, str]) -> bool:
    """Whether a multiplexer stands between us and the terminal."""
    return bool(env.get("TMUX") or env.get("STY")) or env.get("TERM", "").startswith(_MULTIPLEXERS)


def known_way(env: Mapping[str, str]) -> str | None:
    """Say which notification the terminal is known to take, by what it says of itself; None when none is."""
    # LC_TERMINAL is carried over ssh, where TERM_PROGRAM is not.
    for name in ("TERM_PROGRAM", "LC_TERMINAL"):
        if (program := env.get(name, "").removesuffix("2")) in _BY_PROGRAM:
            return _BY_PROGRAM[program]
        if program == "iTerm":
            return "osc9"
    if env.get("KITTY_WINDOW_ID"):
        return "osc99"
    term = env.get("TERM", "")
    return next((way for start, way in _BY_TERM.items() if term.startswith(start)), None)


def wrapped(code: str) -> str:
    """Wrap a code for tmux to pass on to its terminal (``allow-passthrough on``)."""
    doubled = code.replace("\x1b", "\x1b\x1b")
    return f"\x1bPtmux;{doubled}\x1b\\"


def title(text: str) -> str:
    """Give the code that sets the title of the window, or of tmux's pane."""
    return f"\x1b]2;{plain(text, limit=_TITLE)}{_END}"


KEEP_TITLE, GIVE_BACK_TITLE = "\x1b[22;2t", "\x1b[23;2t"
"""Have the terminal remember its title, and show that again."""
