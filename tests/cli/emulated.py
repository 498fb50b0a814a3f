"""A command line at an emulated terminal: every byte that came, what stands there, every key pressed."""

from __future__ import annotations

import base64
import codecs
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

from tests.cli.conftest import ROOT

_COPY = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
_LINK = re.compile(rb"\x1b\]8;([^;\x07\x1b]*);([^\x07\x1b]*)\x1b\\")
_WAIT_S = 30.0


class Emulated:
    """A program at a terminal of its own, which nothing in our environment says is of another kind."""

    def __init__(
        self, *argv: str, folder: Path, columns: int = 120, lines: int = 40, **environment: str
    ) -> None:
        """``folder`` is where it is started."""
        known = (
            "COLUMNS",
            "LINES",
            "TMUX",
            "STY",
            "DISPLAY",
            "WAYLAND_DISPLAY",
            "TERM_PROGRAM",
            "VTE_VERSION",
        )
        self.keyboard, terminal = pty.openpty()
        termios.tcsetwinsize(terminal, (lines, columns))
        self.running = subprocess.Popen(
            [sys.executable, "-m", "jobtui", *argv],
            cwd=folder,
            env={
                **{name: value for name, value in os.environ.items() if name not in known},
                "PYTHONPATH": str(ROOT),
                "TERM": "xterm-256color",
                **environment,
            },
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )
        os.close(terminal)
        self.seen = b""
        """Every byte that came."""
        self.pressed: list[str] = []
        """Every key pressed."""
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self._screen)
        self._decode = codecs.getincrementaldecoder("utf-8")()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.running.poll() is None:
            self.running.kill()
        self.running.wait(10.0)
        os.close(self.keyboard)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self._screen.display)

    @property
    def flat(self) -> str:
        """What stands on the screen without its frames, as if it were one line."""
        return re.sub(r"[│╭╮╰╯─━\s]+", " ", self.text)

    def copies(self) -> list[str]:
        """Every text that was sent to the clipboard."""
        return [base64.b64decode(found).decode() for found in _COPY.findall(self.seen)]

    def links(self) -> list[tuple[str, str]]:
        """Every link that was begun, with its parameters; an empty one ends the one before."""
        return [(one.decode(), other.decode()) for one, other in _LINK.findall(self.seen)]

    def press(self, key: str) -> None:
        """Press one key."""
        self.pressed.append(key)
        os.write(self.keyboard, key.encode())

    def until(self, text: str) -> None:
        """Read until a text stands on the screen."""
        self.until_true(lambda: text in self.text, f"{text!r}")

    def until_true(self, condition: Callable[[], object], what: str) -> None:
        """Read until something holds."""
        deadline = time.monotonic() + _WAIT_S
        while not condition():
            assert time.monotonic() < deadline, f"never saw {what} on\n{self.text}"
            self._read(0.05)

    def rest(self, seconds: float) -> None:
        """Read for a while, as a person looks before the next key."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._read(left)

    def ended(self) -> int:
        """Wait for the end."""
        self.until_true(lambda: self.running.poll() is not None, "its end")
        return self.running.returncode

    def _read(self, timeout_s: float) -> None:
        while select.select([self.keyboard], [], [], timeout_s)[0]:
            try:
                data = os.read(self.keyboard, 65536)
            except OSError:  # the program has ended, and with it the terminal
                return
            self.seen += data
            self._stream.feed(self._decode.decode(data))
            timeout_s = 0.0
