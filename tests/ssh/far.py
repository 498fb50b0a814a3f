"""The program at the far end of the line: how it is called, what runs there, and what it left on disk."""

from __future__ import annotations

import shlex
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from tests.ssh.line import Line, running_with
from tests.ssh.pane import Pane

ROOT = Path(__file__).resolve().parents[2]
OVER = "it-is-over:"


class Far:
    """jobtui at the far end, with a home of its own."""

    def __init__(self, line: Line, pane: Pane, home: Path) -> None:
        self.line = line
        self.pane = pane
        self.home = home
        self._times = 0

    def begin(self, *argv: str, **environment: str) -> None:
        """Start it over the line, from the shell in the pane, and look at nothing that came before."""
        known = {"HOME": str(self.home), "XDG_STATE_HOME": str(self.home), "PYTHONPATH": str(ROOT)}
        given = [f"{name}={value}" for name, value in (known | environment).items()]
        remote = shlex.join(["env", *given, sys.executable, "-m", "jobtui", *argv])
        self.pane.enter("clear")
        self.pane.mark()
        self._times += 1
        self.pane.enter(f"{self.line.command(remote)}; echo {OVER}{self._times}:$?")

    def is_over(self) -> bool:
        """Whether the shell in the pane says that the line has ended."""
        # From the bytes: behind another screen that was left standing the words are there all the same.
        return f"{OVER}{self._times}:".encode() in self.pane.received.replace(
            f"{OVER}{self._times}:$?".encode(), b""
        )

    @property
    def running(self) -> dict[int, str]:
        """Every process of it, by id."""
        return running_with(self.home)

    @property
    def program(self) -> int:
        """The process that draws the screen: the first of them."""
        return min(self.running)

    def journal(self) -> tuple[str, int]:
        """Say whether the journal is sound, and how many jobs it has."""
        (path,) = [*self.home.rglob("journals/*.db"), *self.home.rglob("journal.db")]
        with closing(sqlite3.connect(path)) as opened:
            (sound,) = opened.execute("PRAGMA integrity_check").fetchone()
            (count,) = opened.execute("SELECT count(*) FROM jobs").fetchone()
        return sound, count
