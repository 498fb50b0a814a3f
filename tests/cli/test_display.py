"""The screen on terminals of every sort: over SSH, without colour, in ASCII, and while its size changes."""

from __future__ import annotations

import fcntl
import os
import signal
import stat
import struct
import sys
import termios
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyte
import pytest

from jobtui.demo import DemoServer
from tests.cli.test_screen import Terminal

SIZES = ((120, 40), (50, 12), (200, 60), (80, 24), (165, 30), (58, 40), (100, 15), (80, 24))
_MOUSE = b"\x1b[?1000h"


class Drawn(Terminal):
    """A terminal whose screen can be read, and whose size changes."""

    def __init__(
        self,
        *argv: str,
        size: tuple[int, int] = (120, 40),
        environment: Mapping[str, str] = {},
    ) -> None:
        super().__init__(*argv, **environment)
        self._screen = pyte.Screen(120, 40)
        self._stream = pyte.ByteStream(self._screen)
        self._fed = 0
        if size != (120, 40):
            self.resize(*size)

    @property
    def lines(self) -> list[str]:
        """What stands on the screen."""
        self._stream.feed(self.seen[self._fed :])
        self._fed = len(self.seen)
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def shows(self, text: str, timeout_s: float = 20.0) -> None:
        """Read until a text stands on the screen."""
        self.until_true(lambda: text in self.text, timeout_s)

    def resize(self, width: int, height: int) -> None:
        """Change the size, as a window does it."""
        self.pause(0.05)
        _ = self.lines
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        os.killpg(self.running.pid, signal.SIGWINCH)
        self._screen.resize(height, width)


@pytest.fixture
def drawn() -> Iterator[list[Drawn]]:
    opened: list[Drawn] = []
    yield opened
    for terminal in opened:
        terminal.close()


@pytest.mark.parametrize(
    ("argv", "environment", "is_on"),
    [
        ((), {}, True),
        ((), {"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}, False),
        (("--mouse", "on"), {"SSH_TTY": "/dev/pts/9"}, True),
        (("--mouse", "off"), {}, False),
    ],
)
def test_the_mouse_is_off_over_ssh_unless_asked_for(
    config: Path, drawn: list[Drawn], argv: tuple[str, ...], environment: dict[str, str], is_on: bool
) -> None:
    drawn.append(Drawn("--config", str(config), *argv, environment=environment))
    drawn[0].shows("Jobs")
    assert (_MOUSE in drawn[0].seen) is is_on
    drawn[0].press("7")
    drawn[0].shows("mouse on" if is_on else "mouse off")
    if "SSH_CONNECTION" in environment:
        drawn[0].shows("at most 10 frames a second")


def test_no_key_is_lost_while_the_size_changes_and_what_is_typed_stays(
    config: Path, drawn: list[Drawn]
) -> None:
    terminal = Drawn("--config", str(config), size=(80, 24))
    drawn.append(terminal)
    terminal.shows("need you")
    terminal.press("/")
    typed = "abcdefghijklmnopqrstuvwx"
    for number, letter in enumerate(typed):
        terminal.resize(*SIZES[number % len(SIZES)])
        terminal.press(letter)
    terminal.shows(f"filter: {typed}"[:40])
    terminal.press("\r")
    terminal.shows(typed)
    for size in SIZES:
        terminal.resize(*size)
        terminal.shows(typed[:16])
    terminal.press("Q")
    assert terminal.ended(15) == 0


def test_the_size_is_that_of_the_terminal_whatever_was_exported(config: Path, drawn: list[Drawn]) -> None:
    exported = {"COLUMNS": "80", "LINES": "24"}
    drawn.append(Drawn("--config", str(config), size=(200, 60), environment=exported))
    drawn[0].shows("7 Polling")


def test_what_runs_for_us_still_sees_no_color(
    demo: DemoServer, config: Path, tmp_path: Path, drawn: list[Drawn]
) -> None:
    seen, command = tmp_path / "seen", tmp_path / "token"
    token = demo.sources["nextspace"]["token"]
    said = f'open({str(seen)!r}, "w").write(os.environ["NO_COLOR"])'
    command.write_text(f"#!{sys.executable}\nimport os\n{said}\nprint({token!r})\n")
    command.chmod(stat.S_IRWXU)
    text = config.read_text().replace(f'token = "{token}"', f'token = {{ command = "{command}" }}')
    assert str(command) in text
    config.write_text(text)
    drawn.append(Drawn("--config", str(config), environment={"NO_COLOR": "1"}))
    drawn[0].until_true(seen.exists)
    drawn[0].until_true(lambda: seen.read_text() == "1")


def test_a_dumb_terminal_gets_lines(config: Path, drawn: list[Drawn]) -> None:
    drawn.append(Drawn("--config", str(config), environment={"TERM": "dumb"}))
    drawn[0].until("live")
    assert b"\x1b" not in drawn[0].seen


def test_ascii_is_nothing_but_ascii(config: Path, drawn: list[Drawn]) -> None:
    drawn.append(Drawn("--config", str(config), "--ascii", size=(200, 60)))
    drawn[0].shows("7 Polling")
    drawn[0].shows("LIVE")
    outside = {character for character in drawn[0].text if ord(character) > 126}
    assert outside == set()


@pytest.mark.parametrize(("no_color", "is_coloured"), [("", True), ("1", False)])
def test_the_screen_takes_force_color_and_no_color_wins(
    config: Path, drawn: list[Drawn], no_color: str, is_coloured: bool
) -> None:
    environment = {"TERM": "xterm", "COLORTERM": "", "FORCE_COLOR": "3", "NO_COLOR": no_color}
    drawn.append(Drawn("--config", str(config), environment=environment))
    drawn[0].shows("Jobs")
    drawn[0].press("Q")
    assert drawn[0].ended(15) == 0
    assert (b"38;2;" in drawn[0].seen) is is_coloured
