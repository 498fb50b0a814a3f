"""How soon a program has something on a terminal, or has ended; read raw: emulating slows it down."""

from __future__ import annotations

import os
import re
import select
import signal
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.terminal import COLUMNS, LINES, ROOT

_READ_AT_ONCE = 65_536
_PATIENCE_S = 60.0
_OTHERS_PATIENCE_S = 15.0
_ENDING_S = 10.0
ENDED = ""
"""The pattern of a program that is waited for to its end."""


@dataclass(frozen=True, slots=True)
class Case:
    """A program, what it is given to read, and what is waited for."""

    name: str
    argv: tuple[str, ...]
    until: str
    """A pattern of the bytes that are written; empty for the end of the program."""
    keys: str = ""
    """What is typed at once, before it can have begun."""


@dataclass(frozen=True, slots=True)
class Start:
    """One start."""

    seconds: float
    written: int
    rss: float | None
    """MiB held then, where the system says so."""


def start(case: Case, environment: Mapping[str, str]) -> Start:
    """Start a program at a terminal of its own, wait for what is waited for, and end it.

    Raises AssertionError with what it wrote when that never comes.
    """
    began = time.monotonic()
    process, keyboard = launched(case.argv, environment)
    try:
        if case.keys:
            os.write(keyboard, case.keys.encode())
        written = _read_until(keyboard, case)
        return Start(time.monotonic() - began, len(written), resident_mib(process))
    finally:
        end(process, keyboard)


def shows(case: Case, environment: Mapping[str, str]) -> bool:
    """Whether a program of others shows here what it is known by."""
    process, keyboard = launched(case.argv, environment)
    try:
        return bool(_read_until(keyboard, case, _OTHERS_PATIENCE_S))
    except AssertionError:
        return False
    finally:
        end(process, keyboard)


def visit(case: Case, environment: Mapping[str, str], *, seconds: float, leave: str) -> None:
    """Start a program, look at it for a while once it is there, and leave it by its own keys."""
    process, keyboard = launched(case.argv, environment)
    try:
        _read_until(keyboard, case)
        drained([keyboard], seconds)
        os.write(keyboard, leave.encode())
        _read_until(keyboard, Case(case.name, (), ENDED))
    finally:
        end(process, keyboard)


def drained(keyboards: Sequence[int], seconds: float) -> dict[int, int]:
    """Read for a while what programs write; gives how many bytes each wrote."""
    counts = dict.fromkeys(keyboards, 0)
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        for keyboard in select.select(keyboards, [], [], left)[0]:
            counts[keyboard] += len(_read(keyboard, 0) or b"")
    return counts


def launched(argv: Sequence[str], environment: Mapping[str, str]) -> tuple[int, int]:
    """Start a program at a terminal of its own; gives its process and the terminal's keyboard."""
    process, keyboard = os.forkpty()
    if process == 0:  # pragma: no cover - it becomes the program
        try:
            termios.tcsetwinsize(0, (LINES, COLUMNS))
            os.chdir(ROOT)
            os.execve(argv[0], [*argv], dict(environment))  # noqa: S606 - what is measured
        finally:
            os._exit(127)
    return process, keyboard


def _read_until(keyboard: int, case: Case, patience_s: float = _PATIENCE_S) -> bytes:
    wanted, written = re.compile(case.until.encode()), b""
    deadline = time.monotonic() + patience_s
    while (left := deadline - time.monotonic()) > 0:
        data = _read(keyboard, left)
        if data is None:
            if case.until == ENDED:
                return written
            break
        written += data
        if case.until and wanted.search(written):
            return written
    raise AssertionError(f"{case.name}: never saw {case.until!r} in {written[-2_000:]!r}")


def _read(keyboard: int, timeout_s: float) -> bytes | None:
    """Read what is there, b"" when nothing came in time; None at the end."""
    if not select.select([keyboard], [], [], timeout_s)[0]:
        return b""
    try:
        return os.read(keyboard, _READ_AT_ONCE) or None
    except OSError:  # Linux says so when nobody has the terminal open any more
        return None


def end(process: int, keyboard: int) -> None:
    """End a program, and wait until it has ended."""
    os.kill(process, signal.SIGTERM)
    deadline = time.monotonic() + _ENDING_S
    while time.monotonic() < deadline:
        _read(keyboard, 0.02)
        if os.waitpid(process, os.WNOHANG)[0]:
            break
    else:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    os.close(keyboard)


def resident_mib(process: int) -> float | None:
    """Give what a process has in memory, where the system says so."""
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii", "replace")
    except OSError:
        return None
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else None
