"""The keyboard of somebody who listens: one line at a time, and what happens meanwhile is told between."""

from __future__ import annotations

import asyncio
import os
import sys
import termios
from collections.abc import Callable

_MOST_BYTES = 4096
_MOST_TOLD = 20
"""Changes told at once, when something else has been done for long."""


class Gone(Exception):
    """Nobody types any more: the end of input."""


class Keyboard:
    """Asks questions, and tells what comes up while an answer is awaited."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """``say`` prints one line."""
        self._say = say
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

    async def ask(self, question: str, *, is_idle: bool = False, drop_earlier: bool = False) -> str:
        """Ask, and give the answer; ``is_idle`` lets news be told while it is awaited.

        ``drop_earlier`` forgets what was typed before the question was put. Raises Gone.
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
            return await _line(terminal)
        finally:
            self._is_told = False

    def _tell_kept_back(self) -> None:
        if (earlier := len(self._kept_back) - _MOST_TOLD) > 0:
            self._say(f"{earlier} earlier changes are not told; the lists have how things stand now.")
        for text in self._kept_back[-_MOST_TOLD:]:
            self._say(text)
        self._kept_back.clear()

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


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
