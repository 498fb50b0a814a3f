"""reset-terminal: a shell behind a dropped line gets its terminal back."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
import tty

import pyte

from tests.cli.conftest import ROOT, Cli

LEFT = b"\x1b[?1049h\x1b[?1000h\x1b[?1003h\x1b[?1006h\x1b[?1004h\x1b[?2004h\x1b[?25l\x1b[1;31m"
"""What a screen leaves that nobody could close."""


def test_everything_that_a_screen_switches_on_is_off_and_typing_is_seen() -> None:
    keyboard, terminal = pty.openpty()
    tty.setraw(terminal)
    command = [sys.executable, "-m", "jobtui", "reset-terminal"]
    ran = subprocess.run(
        command, cwd=ROOT, stdout=terminal, stderr=subprocess.PIPE, timeout=60, check=False, text=True
    )
    assert (ran.returncode, len(ran.stderr.splitlines())) == (0, 1)
    written = os.read(keyboard, 65536)
    modes = termios.tcgetattr(terminal)
    assert modes[3] & termios.ECHO
    assert modes[3] & termios.ICANON
    for mode in (1000, 1003, 1004, 1006, 1049, 2004):
        assert b"\x1b[?%dl" % mode in written
    assert [hidden(LEFT), hidden(LEFT + written)] == [True, False]
    os.close(keyboard)
    os.close(terminal)


def hidden(received: bytes) -> bool:
    """Whether a terminal that received this hides its cursor."""
    screen = pyte.Screen(20, 2)
    pyte.ByteStream(screen).feed(received)
    return bool(screen.cursor.hidden)


def test_without_a_terminal_it_says_so_and_writes_nothing(run: Cli) -> None:
    ran = run("reset-terminal")
    assert (ran.code, ran.out, len(ran.sentences)) == (2, "", 1)
