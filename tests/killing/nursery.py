"""A process that bears others quickly: everything is loaded once, and each child is a fork of it.

Run as ``python -m tests.killing.nursery``. It has no threads, so that a fork is whole. It reads one JSON line
per child and answers with its number; a child that has ended is kept until it is asked for, so that its
number is nobody else's when it is killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """The nursery as its owner sees it."""

    def __init__(self, home: Path) -> None:
        """Children have a home of their own."""
        names = ("CONFIG", "STATE", "DATA", "CACHE", "RUNTIME")
        homes = {f"XDG_{name}_{'DIR' if name == 'RUNTIME' else 'HOME'}": str(home / name) for name in names}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.killing.nursery"],
            cwd=ROOT,
            env={**os.environ, **homes, "HOME": str(home)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._living: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every child, and the nursery with its input."""
        for pid in list(self._living):
            self.kill(pid)
        self._process.communicate(timeout=60)

    def bear(self, life: dict[str, Any]) -> int:
        """Start a child with a life to live; gives its number."""
        pid = int(self._asked(life))
        self._living.add(pid)
        return pid

    def kill(self, pid: int) -> int:
        """Kill a child if it still lives; gives how it ended: minus the signal, or its exit code."""
        os.kill(pid, signal.SIGKILL)
        return self.bury(pid)

    def bury(self, pid: int) -> int:
        """Wait for a child to end; gives how it ended."""
        ended = int(self._asked({"bury": pid}))
        self._living.discard(pid)
        return ended

    def _asked(self, order: dict[str, Any]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


def _serve(orders: IO[str], answers: IO[str]) -> None:
    # Loaded here and not in the child: that is what makes a child quick.
    from tests.killing import life  # noqa: F401

    living: set[int] = set()
    try:
        while line := orders.readline():
            order = json.loads(line)
            if "bury" in order:
                status = os.waitpid(order["bury"], 0)[1]
                living.discard(order["bury"])
                answer = os.waitstatus_to_exitcode(status)
            else:
                answer = _fork(order)
                living.add(answer)
            answers.write(f"{answer}\n")
            answers.flush()
    finally:
        for pid in living:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _fork(order: dict[str, Any]) -> int:
    from tests.killing import life

    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        for number, name in ((0, os.devnull), (1, os.devnull), (2, order["said"])):
            os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), number)
        life.take_standard_files()
        code = life.live(order)
    except BaseException:  # noqa: BLE001 - whatever it is, the nursery must not go on as two
        traceback.print_exc()
    finally:
        # Not the way out of the nursery: its files and exit hooks are not the child's.
        os._exit(code)


if __name__ == "__main__":
    _serve(sys.stdin, sys.stdout)
