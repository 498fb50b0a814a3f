"""The screen in a terminal of its own: every byte judged, every cell drawn."""

from __future__ import annotations

import codecs
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyte
from wcwidth import wcwidth

from tests.hostile.stream import Piece, pieces

ROOT = Path(__file__).parents[2]
_BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)\Z")
_FRAME = {"\x1b[?2026h": True, "\x1b[?2026l": False}
_ASKED_FOR_FRAMES = "\x1b[?2026$p"
_TAG = re.compile(r"c\d{3}\b")


class _Screen(pyte.Screen):
    """Draws what pyte gives up on: a letter without a width of its own is a mark."""

    def draw(self, data: str) -> None:
        super().draw("".join(each for each in data if wcwidth(each) > 0 or unicodedata.combining(each)))


class Terminal:
    """A program, its keyboard, and what is on its screen."""

    def __init__(
        self,
        argv: Sequence[str],
        columns: int,
        lines: int,
        environment: dict[str, str],
        *,
        alerts: bool = False,
    ) -> None:
        """With ``alerts`` the program may ring, notify, and set a title of its own."""
        self.columns, self.lines = columns, lines
        self._alerts = alerts
        self.harms: list[str] = []
        """What came that should not have, each with the tags of the cases drawn just before it."""
        self.switched: list[str] = []
        """What the program has switched of the terminal, in order."""
        self._keyboard, screen = pty.openpty()
        termios.tcsetwinsize(screen, (lines, columns))
        self._program = subprocess.Popen(
            argv,
            cwd=ROOT,
            # Where these are set they count for more than the terminal's own size.
            env={name: value for name, value in environment.items() if name not in ("COLUMNS", "LINES")},
            stdin=screen,
            stdout=screen,
            stderr=screen,
            start_new_session=True,
        )
        os.close(screen)
        self._screen = _Screen(columns, lines)
        self._stream = pyte.Stream(self._screen)
        self._decode = codecs.getincrementaldecoder("utf-8")()
        self.copies: list[str] = []
        """What was sent to the clipboard, in order."""
        self.told: list[str] = []
        """What was notified of, in order."""
        self.titles: list[str] = []
        """The titles that were set, in order."""
        self._waiting = ""
        self._near = ""
        self._is_in_frame = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._program.poll() is None:
            os.killpg(self._program.pid, signal.SIGKILL)
        self._program.wait(10.0)
        os.close(self._keyboard)

    # --- the screen -----------------------------------------------------------------------------------
    @property
    def rows(self) -> list[str]:
        """What stands on the screen, a text for each line, a character for each cell."""
        buffer = self._screen.buffer
        return [
            "".join((buffer[y][x].data or "\0")[0] for x in range(self.columns)) for y in range(self.lines)
        ]

    @property
    def text(self) -> str:
        return "\n".join(self.rows)

    def state(self) -> dict[str, Any]:
        """Say what of the terminal a server could have switched."""
        screen = self._screen
        return {
            "title": screen.title,
            "icon": screen.icon_name,
            "margins": screen.margins,
            "charset": (screen.charset, screen.g0_charset, screen.g1_charset),
            "saved": len(screen.savepoints),
            "modes": sorted(screen.mode),
            "unfinished": self._waiting,
        }

    # --- the program ----------------------------------------------------------------------------------
    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._keyboard, keys.encode())

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size, as a person does with a mouse."""
        self.columns, self.lines = columns, lines
        self._screen.resize(lines, columns)
        self._screen.reset()
        termios.tcsetwinsize(self._keyboard, (lines, columns))
        self._program.send_signal(signal.SIGWINCH)  # it is not the terminal's own session

    def settle(self, quiet_s: float = 0.3, *, first_s: float = 0.0, timeout_s: float = 30.0) -> None:
        """Read until nothing has come for a while, or for ``first_s`` at first."""
        deadline = time.monotonic() + timeout_s
        if first_s and not self._read(first_s):
            return
        while time.monotonic() < deadline and self._read(quiet_s):
            pass

    def complete(self, *, timeout_s: float = 10.0) -> None:
        """Read on while a character, a sequence or a frame has begun and not ended: nothing is judged then.

        What never ends is left as it is, and ``state`` says so.
        """
        deadline = time.monotonic() + timeout_s
        while self._is_amid() and time.monotonic() < deadline and self._program.poll() is None:
            self._read(0.1)

    def _is_amid(self) -> bool:
        return bool(self._waiting or self._decode.getstate()[0] or self._is_in_frame)

    def holds(self, seen: Callable[[], bool], *, timeout_s: float) -> bool:
        """Read until something is seen on a complete screen; says whether it ever was."""
        deadline = time.monotonic() + timeout_s
        while not (not self._is_amid() and seen()):
            if (left := deadline - time.monotonic()) <= 0:
                return False
            if not self._read(min(left, 0.5)) and self._program.poll() is not None:
                return False
        return True

    def until(self, pattern: str, *, timeout_s: float = 60.0) -> None:
        """Read until the screen matches; fails with the screen when it never does."""
        if not self.holds(lambda: re.search(pattern, self.text) is not None, timeout_s=timeout_s):
            raise AssertionError(f"never saw {pattern!r}:\n{self.text}\n{self.harms[:3]}")

    def ended(self, timeout_s: float = 30.0) -> int:
        """Read to the end of the program; gives its exit code."""
        self.settle(timeout_s, timeout_s=timeout_s)
        return self._program.wait(timeout_s)

    def _read(self, wait_s: float) -> bool:
        ready, _, _ = select.select([self._keyboard], [], [], wait_s)
        if not ready:
            return False
        try:
            data = os.read(self._keyboard, 65_536)
        except OSError:  # so Linux says that nobody has the terminal open any more
            return False
        self._take(data)
        return bool(data)

    def _take(self, data: bytes) -> None:
        try:
            text = self._waiting + self._decode.decode(data)
        except UnicodeDecodeError as error:
            self.harms.append(f"no UTF-8: {error}")
            return
        # A sequence may come in two readings.
        begun = _BEGUN.search(text)
        end = begun.start() if begun else len(text)
        text, self._waiting = text[:end], text[end:]
        drawn: list[str] = []
        for piece in pieces(text):
            if piece.kind == "text":
                self._near = (self._near + piece.data)[-400:]
            if (harm := piece.harm(alerts=self._alerts)) is not None:
                self.harms.append(f"{harm}; near {_TAG.findall(self._near)[-3:]}")
            if piece.is_drawing:
                drawn.append("" if piece.is_colour else piece.data)
            elif piece.is_mode:
                self._switch(piece.data)
            elif piece.kind == "osc":
                self._note(piece)
        self._stream.feed("".join(drawn))

    def _note(self, piece: Piece) -> None:
        for said, noted in (
            (piece.copied(), self.copies),
            (piece.told(), self.told),
            (piece.title(), self.titles),
        ):
            if said is not None:
                noted.append(said)

    def _switch(self, data: str) -> None:
        self.switched.append(data)
        if data == _ASKED_FOR_FRAMES:
            # Frames that say where they end can be judged when they have.
            self.press("\x1b[?2026;2$y")
        elif data in _FRAME:
            self._is_in_frame = _FRAME[data]


@contextmanager
def module(*argv: str, home: Path, columns: int, lines: int, alerts: bool = False) -> Iterator[Terminal]:
    """Run a module of Python in a terminal, with a home of its own, while the context lasts."""
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    environment["HOME"] = str(home)
    environment |= {f"XDG_{name}_HOME": str(home / name) for name in ("STATE", "CONFIG", "CACHE", "DATA")}
    command = [sys.executable, "-m", *argv]
    with Terminal(command, columns, lines, environment, alerts=alerts) as terminal:
        yield terminal


@contextmanager
def jobtui(config: Path, *argv: str, columns: int = 120, lines: int = 40) -> Iterator[Terminal]:
    """Run the screen in a terminal while the context lasts."""
    command = ("jobtui", "--config", str(config), *argv)
    with module(*command, home=config.parent, columns=columns, lines=lines) as terminal:
        yield terminal
