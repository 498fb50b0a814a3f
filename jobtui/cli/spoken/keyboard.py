"""The keyboard of somebody who listens: one line at a time, and what happens meanwhile is told between."""

from __future__ import annotations

import asyncio
import os
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

_MOST_BYTES = 4096
BACK = frozenset({"0", "q", "quit", "b", "back"})
"""Answers that leave a question, whatever it asks."""
_MOST_TOLD = 20
"""Changes told at once, when something else has been done for long."""


class Gone(Exception):
    """Nobody types any more: the end of input."""


class Keyboard:
    """Asks questions, and tells what comes up while an answer is awaited."""

    def __init__(self, say: Callable[[str], None], answered: Callable[[], None] = lambda: None) -> None:
        """``say`` prints one line; ``answered`` is called whenever somebody has typed."""
        self._say = say
        self.answered = answered
        self._question = ""
        self._kept_back: list[str] = []
        self._is_told = False

    def tell(self, text: str) -> None:
        """Tell something new: at once while an idle question stands, else after what is being done."""
        if not self._is_told:
            self._kept_back.append(text)
            return
        sys.stdout.write("\n")
        self._say(text)
        self._write(self._question)

    async def ask(
        self, question: str, *, is_idle: bool = False, drop_earlier: bool = False, is_secret: bool = False
    ) -> str:
        """Ask, and give the answer; ``is_idle`` lets news be told while it is awaited.

        ``drop_earlier`` forgets what was typed before the question was put; what is ``is_secret`` is not
        echoed. Raises Gone.
        """
        terminal = sys.stdin.fileno()
        if drop_earlier:
            termios.tcflush(terminal, termios.TCIFLUSH)
        self._question = f"{question} "
        if is_idle:
            self._tell_kept_back()
        self._write(self._question)
        self._is_told = is_idle
        try:
            with _unseen(terminal) if is_secret else nullcontext():
                answer = await _line(terminal)
        finally:
            self._is_told = False
        self.answered()
        return answer

    def _tell_kept_back(self) -> None:
        if (earlier := len(self._kept_back) - _MOST_TOLD) > 0:
            self._say(f"{earlier} earlier changes are not told; the lists have how things stand now.")
        for text in self._kept_back[-_MOST_TOLD:]:
            self._say(text)
        self._kept_back.clear()

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


@contextmanager
def _unseen(terminal: int) -> Iterator[None]:
    """Have the terminal not show what is typed."""
    settings = termios.tcgetattr(terminal)
    hidden = [*settings]
    hidden[3] = settings[3] & ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSADRAIN, hidden)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, settings)
        sys.stdout.write("\n")  # which was not echoed either


async def _line(terminal: int) -> str:
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    # Waiting on the loop instead of in read(): Ctrl-C then ends the waiting at once, and the watch goes on.
    loop.add_reader(terminal, typed.set)
    try:
        await typed.wait()
    finally:
        loop.remove_reader(terminal)
    read = os.read(terminal, _MOST_BYTES)
    if not read:
        raise Gone
    return read.decode("utf-8", "replace").strip()
