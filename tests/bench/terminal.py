"""A program at a terminal of its own, and the screen that it draws."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import subprocess
import sys
import termios
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pyte

ROOT = Path(__file__).resolve().parents[2]
COLUMNS, LINES = 120, 40
_READ_AT_ONCE = 65_536
_TURN_S = 0.000_5
"""How long one thread keeps others waiting here: so exactly is dated what comes."""
_AT_ITS_TERMINAL = """\
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
# The terminal is then the program's own: it is told when we are gone, however we went.
_ENDING_S = 10.0


class Terminal:
    """What a person would see; every change is dated when its bytes are read."""

    def __init__(self, keyboard: int, program: subprocess.Popen[bytes], *, draws: bool = True) -> None:
        """``draws`` is False for who only counts bytes: drawing would take CPU from what is measured."""
        self._draws = draws
        self._keyboard = keyboard
        self._program = program
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._awaited: dict[asyncio.Future[float], re.Pattern[str]] = {}
        self._looked: dict[asyncio.Future[float], Callable[[], bool]] = {}
        self.written = 0
        """Bytes that the program has written."""
        self._loop = asyncio.get_running_loop()
        self._reading = threading.Thread(target=self._read, name="terminal", daemon=True)
        self._reading.start()

    @property
    def process(self) -> int:
        """The program's process."""
        return self._program.pid

    @property
    def lines(self) -> list[str]:
        """The screen, line by line."""
        return [self.line(y) for y in range(LINES)]

    def line(self, y: int) -> str:
        """One line of the screen."""
        row = self._screen.buffer[y]
        return "".join(row[x].data for x in range(COLUMNS)).rstrip()

    def begins(self, y: int, sign: str) -> bool:
        """Whether a line begins with a sign."""
        return bool(self._screen.buffer[y][0].data == sign)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._keyboard, keys.encode())

    async def until(self, pattern: str, *, timeout_s: float = 30.0) -> float:
        """Wait until a line matches; gives the moment, of the monotonic clock, at which it did.

        Raises AssertionError with the whole screen when that does not happen.
        """
        wanted = re.compile(pattern)
        if any(map(wanted.search, self.lines)):
            return time.monotonic()
        came: asyncio.Future[float] = self._loop.create_future()
        self._awaited[came] = wanted
        try:
            async with asyncio.timeout(timeout_s):
                return await came
        except (TimeoutError, EOFError):
            raise AssertionError("\n".join([f"never saw {pattern!r}:", *self.lines])) from None
        finally:
            del self._awaited[came]

    async def once(self, is_so: Callable[[], bool], *, timeout_s: float = 30.0) -> float:
        """Wait until something is so of the screen, which it is not yet; gives the moment at which it was.

        Raises AssertionError with the whole screen when that does not happen.
        """
        came: asyncio.Future[float] = self._loop.create_future()
        self._looked[came] = is_so
        try:
            async with asyncio.timeout(timeout_s):
                return await came
        except (TimeoutError, EOFError):
            raise AssertionError("\n".join(["it never came to be so:", *self.lines])) from None
        finally:
            del self._looked[came]

    def _read(self) -> None:
        """Read and date what comes, in a thread of its own: drawing takes long, and is nobody's delay."""
        data = b"?"
        while data:
            try:
                data = os.read(self._keyboard, _READ_AT_ONCE)
            except OSError:  # Linux says so when nobody has the terminal open any more
                data = b""
            at = time.monotonic()
            with suppress(RuntimeError):  # the loop has ended, too
                self._loop.call_soon_threadsafe(self._take, at, data)

    def _take(self, at: float, data: bytes) -> None:
        if not data:
            for came in (*self._awaited, *self._looked):
                if not came.done():
                    came.set_exception(EOFError("the program has ended"))
            return
        self.written += len(data)
        if not self._draws:
            return
        self._screen.dirty.clear()
        self._stream.feed(data)
        drawn = [self.line(y) for y in self._screen.dirty if y < LINES] if self._awaited else []
        for came, wanted in self._awaited.items():
            if not came.done() and any(map(wanted.search, drawn)):
                came.set_result(at)
        for came, is_so in self._looked.items():
            if not came.done() and is_so():
                came.set_result(at)

    async def left_by(self, key: str) -> None:
        """Press the key that ends the program, and wait until it has ended by itself."""
        self.press(key)
        async with asyncio.timeout(_ENDING_S):
            await asyncio.to_thread(self._program.wait)

    async def close(self) -> None:
        """End the program and give the terminal back."""
        self._program.terminate()
        try:
            async with asyncio.timeout(_ENDING_S):
                await asyncio.to_thread(self._program.wait)
        except TimeoutError:
            self._program.kill()
            self._program.wait()
        await asyncio.to_thread(self._reading.join, _ENDING_S)
        os.close(self._keyboard)


@asynccontextmanager
async def terminal(
    argv: Sequence[str], environment: Mapping[str, str], *, draws: bool = True
) -> AsyncIterator[Terminal]:
    """Run a program at a terminal of its own while the context lasts; ``draws`` as for the Terminal."""
    keyboard, screen = pty.openpty()
    termios.tcsetwinsize(screen, (LINES, COLUMNS))
    try:
        program = subprocess.Popen(  # noqa: ASYNC220 - it takes milliseconds, and nothing runs yet
            [sys.executable, "-ISc", _AT_ITS_TERMINAL, *argv],
            cwd=ROOT,
            env=dict(environment),
            stdin=screen,
            stdout=screen,
            stderr=screen,
            start_new_session=True,
        )
    finally:
        os.close(screen)
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_S)
    opened = Terminal(keyboard, program, draws=draws)
    try:
        yield opened
    finally:
        sys.setswitchinterval(usual)
        await opened.close()
