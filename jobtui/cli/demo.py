"""demo: three pretend services in a process of their own, and the screen or plain lines on them."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import IO

from jobtui import wiring
from jobtui.cli import screen
from jobtui.cli.exits import Exit
from jobtui.cli.output import Output
from jobtui.cli.parse import Command
from jobtui.errors import UsageError
from jobtui.text import plain

READY_WITHIN_S = 10.0
_STOPS_WITHIN_S = 5.0
_PASSED_ON = ("port", "seed", "speed", "jobs", "faults", "scenario")
# Whatever else is in our environment may be a secret, and is no business of the demo.
_NEEDED = frozenset({"HOME", "PATH", "TMPDIR", "TEMP", "TMP", "TZ", "LANG", "VIRTUAL_ENV"})
_NEEDED_FAMILIES = ("LC_", "LD_", "DYLD_", "PYTHON")
_NOTICE = "the demo: three pretend services on this machine"


class _Broken(Exception):
    """The demo did not start, through no fault of what was asked."""


def demo(command: Command, out: Output) -> int:
    """Run the demo's services, and show them unless asked only to serve."""
    options = command.options
    try:
        with _served(options) as (process, line):
            config_path = _config_path(line)
            if options.serve:
                return _serve(process, line, options, out)
            seconds = options.for_.total_seconds() if options.for_ is not None else None
            return screen.show(
                wiring.load_config(str(config_path)), options, out, notice=_NOTICE, seconds=seconds
            )
    except _Broken as error:
        out.say(f"the demo did not start: {error}")
        return Exit.CRASH


@contextlib.contextmanager
def _served(options: Namespace) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run the services in a process that ends with us, whatever ends us: it watches its stdin."""
    words = [sys.executable, "-m", "jobtui.demo", "--stop-with-stdin"]
    for name in _PASSED_ON:
        value = getattr(options, name)
        words += [f"--{name}={value}"] if value is not None else []
    with tempfile.TemporaryFile() as talk:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            words,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=talk,
            # Its own session: a Ctrl-C at the terminal is for us, and then we end it.
            start_new_session=True,
        )
        try:
            yield process, _first_line(process, talk)
        finally:
            _end(process)


def _environment() -> dict[str, str]:
    """Give what an interpreter needs to start, and nothing that could be a secret."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in _NEEDED or name.startswith(_NEEDED_FAMILIES)
    }


def _first_line(process: subprocess.Popen[bytes], talk: IO[bytes]) -> str:
    assert process.stdout is not None  # noqa: S101 - asked for above; for the type checker
    deadline = time.monotonic() + READY_WITHIN_S
    line = b""
    while not line.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
            raise _Broken(f"it was not ready within {READY_WITHIN_S:g} s")
        more = process.stdout.read1(65536)  # type: ignore[attr-defined]  # a BufferedReader
        if not more:
            raise _why_it_ended(process, talk)
        line += more
    return line.decode("utf-8", "replace").strip()


def _why_it_ended(process: subprocess.Popen[bytes], talk: IO[bytes]) -> Exception:
    """Say in its own last words why it ended: exit 2 is a mistake in what was asked of it."""
    code = process.wait(_STOPS_WITHIN_S)
    talk.seek(0)
    said = [text for text in talk.read().decode("utf-8", "replace").splitlines() if text.strip()]
    last = plain(said[-1].rpartition("error: ")[2], limit=500) if said else f"it ended with code {code}"
    return UsageError(f"jobtui demo: {last}") if code == 2 else _Broken(last)


def _config_path(line: str) -> Path:
    try:
        return Path(json.loads(line)["config"])
    except (ValueError, KeyError, TypeError) as error:
        raise _Broken("its first line is not the JSON that was promised") from error


def _serve(process: subprocess.Popen[bytes], line: str, options: Namespace, out: Output) -> Exit:
    """Pass the ready line on and serve until stopped: SIGINT and SIGTERM are good ends."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise _Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        out.line(line)
        code = process.wait(options.for_.total_seconds() if options.for_ is not None else None)
    except (_Stopped, subprocess.TimeoutExpired):
        return Exit.GOOD
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
    return Exit.GOOD if code == 0 else Exit.CRASH


class _Stopped(BaseException):
    """A signal has asked us to stop serving."""


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    try:
        process.wait(_STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
