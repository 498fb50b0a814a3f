"""The last screen, on the terminal again before the rest of the program is loaded.

What stands there is marked with its age. The live screen is drawn over it; whatever else is to be said takes
it away first. Everything here runs before anything of ours is there: imports are few, and each costs.
"""

from __future__ import annotations

import os
import sys
import termios
import time

from jobtui.snapshot_file import Wanted, folder, read

TYPE_CHECKING = False  # as in typing, which takes longer to load than all of this
if TYPE_CHECKING:
    from collections.abc import Sequence

ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
_PLAIN_CURSOR = "\x1b[?25l\x1b[?7l"
_PLAIN_AGAIN = "\x1b[0m\x1b[?7h\x1b[?25h"
_STANDING = frozenset({"--read-only", "--no-color", "--ascii"})
_VALUED = frozenset({"--config", "--source", "--mouse"})


class Picture:
    """A last screen that stands on the terminal now, with its keys held back until somebody takes over."""

    def __init__(self) -> None:
        self._descriptor = sys.__stdin__.fileno() if sys.__stdin__ is not None else 0
        self.settings = termios.tcgetattr(self._descriptor)
        """How the terminal was before."""

    def show(self, rows: bytes, mark: str) -> None:
        """Draw it; keys wait unseen for whoever takes over, and only an interrupt is one at once."""
        quiet = termios.tcgetattr(self._descriptor)
        quiet[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
        quiet[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
        # Who stopped us now would have a shell on a screen that is not its own.
        for key, value in ((termios.VMIN, 1), (termios.VTIME, 0), (termios.VSUSP, 0), (termios.VQUIT, 0)):
            quiet[6][key] = value
        termios.tcsetattr(self._descriptor, termios.TCSANOW, quiet)
        # One write: it comes whole.
        text = f"{ENTER}{_PLAIN_CURSOR}".encode() + rows + f"\x1b[1;1H{mark}".encode()
        _write(text)

    def give_back(self) -> None:
        """Show what was there before it."""
        _write(f"{_PLAIN_AGAIN}{LEAVE}".encode())
        try:
            termios.tcsetattr(self._descriptor, termios.TCSANOW, self.settings)
        except termios.error:
            return  # the terminal has gone


class _Standing:
    """What this process has to know of it, wherever it ends."""

    wanted: Wanted | None = None
    picture: Picture | None = None


def begin(argv: Sequence[str]) -> None:
    """Show the last screen, where the command line asks for the screen and a picture of it is there."""
    asked = _asked(argv)
    if asked is None or not _has_terminal():
        return
    try:
        _Standing.wanted = wanted = Wanted(*asked)
        size = os.get_terminal_size(_fileno())
        found = read(wanted.path, wanted.identity(*size), time.time())
        if found is not None:
            at, rows = found
            _Standing.picture = picture = Picture()
            picture.show(rows, _mark(at, time.time(), size.columns))
    except (OSError, ValueError, termios.error):
        return  # as if there were no picture


def wanted() -> Wanted | None:
    """Give the screen that was asked for; None for everything but a plain screen."""
    return _Standing.wanted


def stands() -> bool:
    """Say whether a last screen stands on the terminal."""
    return _Standing.picture is not None


def give_back() -> None:
    """Take the last screen away, if one stands there: something else is to be said."""
    picture, _Standing.picture = _Standing.picture, None
    if picture is not None:
        picture.give_back()


def take_over() -> Picture | None:
    """Leave the last screen standing to whoever draws over it from now on, and gives the terminal back."""
    picture, _Standing.picture = _Standing.picture, None
    return picture


def _asked(argv: Sequence[str]) -> tuple[str, list[str]] | None:
    """Read a command line that asks for nothing but the screen; None for any other, right or wrong."""
    config, words, rest = "", [], list(argv)
    while rest:
        word = rest.pop(0)
        name, is_joined, value = word.partition("=")
        if name in _VALUED and (is_joined or rest):
            value = value if is_joined else rest.pop(0)
            if name == "--config":
                config = value
            else:
                words.append(f"{name}={value}")
        elif word in _STANDING:
            words.append(word)
        else:
            return None
    config = config or os.environ.get("JOBTUI_CONFIG", "") or folder("CONFIG", ".config") + "/config.toml"
    return os.path.expanduser(config), words


def _has_terminal() -> bool:
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    if os.environ.get("TERM", "") in ("", "dumb") or os.environ.get("ACCESSIBLE", "") not in ("", "0"):
        return False
    if not all(stream is not None and stream.isatty() for stream in streams):
        return False
    return not _is_in_background()


def _is_in_background() -> bool:
    """Say whether the terminal is somebody else's now, and must not be touched."""
    try:
        return os.tcgetpgrp(_fileno()) != os.getpgrp()
    except OSError:
        return False  # nobody has it as theirs


def _fileno() -> int:
    """Give the descriptor that the screen is drawn on: that of the library, which draws there too."""
    return sys.__stderr__.fileno() if sys.__stderr__ is not None else 2


def _write(data: bytes) -> None:
    descriptor = _fileno()
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except OSError:
        return  # the terminal has gone


def _mark(at: int, now: float, columns: int) -> str:
    """Say of when the picture is, in place of its first line: that one says that sources are live."""
    then, today = time.localtime(at), time.localtime(now)
    day = "" if then[:3] == today[:3] else f"{then.tm_year}-{then.tm_mon:02}-{then.tm_mday:02} "
    said = f" as of {day}{then.tm_hour:02}:{then.tm_min:02}, connecting"
    return f"\x1b[0;7m{said[:columns].ljust(columns)}\x1b[0m"
