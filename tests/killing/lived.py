"""One life as it is watched from outside: how far it says it has come, and the keys typed at its terminal."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import struct
import termios
import time
from collections import Counter
from pathlib import Path
from typing import Any, Self

from tests.killing.nursery import Nursery

_AT_ONCE = 65_536
_KEY_EVERY_S = 0.8
"""Between two keys: what is asked on the screen hears none at first."""
_ASKS = b"Ask the server?"


class Lived:
    """A process, from its birth until its pipe is closed by its end."""

    def __init__(self, pid: int, pipe: int, keyboard: Keyboard | None) -> None:
        self.pid = pid
        self.heard: Counter[str] = Counter()
        """How often it said each letter."""
        self.is_over = False
        self._pipe, self._keyboard = pipe, keyboard
        self._has_spoken = False

    @classmethod
    def begun(cls, nursery: Nursery, pipe: Path, order: dict[str, Any]) -> Self:
        """Have a child live as ordered."""
        os.mkfifo(pipe)
        listening = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        keyboard = Keyboard() if order["kind"] == "screen" else None
        terminal = None if keyboard is None else keyboard.terminal
        return cls(nursery.bear({**order, "pipe": str(pipe), "terminal": terminal}), listening, keyboard)

    def listen(self) -> None:
        """Take in what it has said since, and type the next key."""
        if self._keyboard is not None:
            self._keyboard.work()
        try:
            said = os.read(self._pipe, _AT_ONCE)
        except BlockingIOError:
            return
        if said:
            self.heard.update(said.decode())
            self._has_spoken = True
        elif self._has_spoken:
            self.is_over = True

    def close(self) -> None:
        """Take in the last of what a dead process has said."""
        while not self.is_over:
            self.listen()
            self.is_over |= not self._has_spoken
        os.close(self._pipe)
        if self._keyboard is not None:
            self._keyboard.close()


class Keyboard:
    """A terminal at which somebody cancels the job that is selected."""

    def __init__(self) -> None:
        self._ours, self._theirs = pty.openpty()
        self.terminal = os.ttyname(self._theirs)
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        os.set_blocking(self._ours, False)
        self._next_at = time.monotonic() + _KEY_EVERY_S
        self._seen = b""
        self._has_said_yes = False

    def work(self) -> None:
        """Read what is drawn, and type when it is time."""
        with contextlib.suppress(OSError):
            self._seen = (self._seen + os.read(self._ours, _AT_ONCE))[-_AT_ONCE:]
        if time.monotonic() < self._next_at:
            return
        self._next_at = time.monotonic() + _KEY_EVERY_S
        is_asked = _ASKS in self._seen
        self._seen = b""
        if self._has_said_yes and not is_asked:
            return  # one word of the person, one control: asking again would be another
        self._has_said_yes |= is_asked
        with contextlib.suppress(OSError):
            os.write(self._ours, b"y" if is_asked else b"C")

    def close(self) -> None:
        """Take the terminal away."""
        os.close(self._ours)
        os.close(self._theirs)
