"""The last screen at a terminal: it stands at once, is drawn over without a blank, is never in the way."""

from __future__ import annotations

import os
import re
import signal
import termios
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

from jobtui import paths
from jobtui.demo import DemoServer
from tests.cli.conftest import Cli, finished, process
from tests.cli.emulated import Emulated
from tests.cli.test_read import jobs
from tests.cli.test_screen import Terminal

MARK = re.compile(r"^ as of (\d{4}-\d\d-\d\d )?\d\d:\d\d, connecting *$", re.MULTILINE)
_ENTERED, _LEFT = b"\x1b[?1049h", b"\x1b[?1049l"
_FOCUS_ASKED = b"\x1b[?1004h"
_FAILS = """\
import sys
from jobtui import wiring
from jobtui.errors import UsageError
def fails(*_args, **_options):
    raise UsageError("it cannot be shown")
wiring.run_screen = fails
from jobtui.cli.main import run
run()
"""


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    """A demo in which next to nothing happens while somebody looks."""
    with DemoServer(seed=7, speed=0.001) as server:
        yield server


@pytest.fixture
def left(cli: Cli, config: Path, tmp_path: Path) -> Path:
    """The configuration of a screen that has been looked at, and left."""
    with Emulated("--config", str(config), folder=tmp_path) as terminal:
        assert not MARK.search(terminal.text)
        terminal.until(jobs(cli, "--problems", "--limit", "1")[0]["title"][:10])
        terminal.until("LIVE")
        terminal.press("q")
        assert terminal.ended() == 0
        assert b"connecting" not in terminal.seen, "there was none at the first start"
    return config


def _kept(config: Path) -> Path:
    return paths.journal_file(config).with_suffix(".screen")


def _fullness(screen: pyte.Screen) -> int:
    return sum(bool(line.strip()) for line in screen.display)


def test_it_stands_at_once_and_the_live_screen_is_drawn_over_it_without_a_blank(
    left: Path, tmp_path: Path
) -> None:
    assert _kept(left).stat().st_mode & 0o777 == 0o600
    with Emulated("--config", str(left), folder=tmp_path) as terminal:
        terminal.until_true(lambda: MARK.search(terminal.text), "the mark")
        stood = terminal.text.splitlines()[1:]
        terminal.until("LIVE")
        terminal.press("q")
        assert terminal.ended() == 0
    assert terminal.seen.count(_ENTERED) == 1, "to enter it twice clears it on many terminals"
    screen = pyte.Screen(120, 40)
    stream = pyte.ByteStream(screen)
    start = terminal.seen.index(b"connecting") + 200
    stream.feed(terminal.seen[:start])
    assert screen.display[1:] == stood
    full, least = _fullness(screen), 40
    live = terminal.seen[start : terminal.seen.index(_LEFT)]
    for place in range(0, len(live), 100):
        stream.feed(live[place : place + 100])
        least = min(least, _fullness(screen))
    assert least >= full - 4, "a row or two have less to say when live"
    assert not MARK.search("\n".join(screen.display))


def test_keys_that_are_pressed_on_it_are_done_when_the_screen_is_live(left: Path, tmp_path: Path) -> None:
    with Emulated("--config", str(left), folder=tmp_path) as terminal:
        terminal.until_true(lambda: b"connecting" in terminal.seen, "the mark")
        for key in "/qqx":
            terminal.press(key)
        terminal.until("qqx")
        assert not MARK.search(terminal.text)
        assert terminal.running.poll() is None, "no q was taken by itself"


def test_a_start_that_fails_gives_the_terminal_back_and_says_why(left: Path) -> None:
    terminal = Terminal("--config", str(left), code=_FAILS)
    try:
        terminal.until("it cannot be shown")
        assert terminal.ended() == 2
        assert terminal.seen.count(_ENTERED) == terminal.seen.count(_LEFT) == 1
        assert terminal.seen.index(_LEFT) < terminal.seen.index(b"it cannot be shown")
        assert termios.tcgetattr(terminal.terminal) == terminal.settings
    finally:
        terminal.close()


def test_an_interrupt_while_it_stands_gives_the_terminal_back(left: Path) -> None:
    waits = _FAILS.replace('raise UsageError("it cannot be shown")', "import time; time.sleep(60)")
    terminal = Terminal("--config", str(left), code=waits)
    try:
        terminal.until("connecting")
        os.kill(terminal.running.pid, 2)
        assert terminal.ended() in (130, -2)
        assert terminal.seen.endswith(_LEFT)
        assert termios.tcgetattr(terminal.terminal) == terminal.settings
    finally:
        terminal.close()


def test_it_is_not_shown_at_another_size_nor_once_the_configuration_has_changed(
    left: Path, tmp_path: Path
) -> None:
    before = _kept(left).read_bytes()
    with Emulated("--config", str(left), folder=tmp_path, columns=100) as terminal:
        terminal.until("LIVE")
        terminal.press("q")
        assert terminal.ended() == 0
    assert b"connecting" not in terminal.seen
    assert _kept(left).read_bytes() != before
    left.write_text(left.read_text("utf-8") + "\n", "utf-8")
    with Emulated("--config", str(left), folder=tmp_path, columns=100) as terminal:
        terminal.until("LIVE")
    assert b"connecting" not in terminal.seen


def test_a_damaged_one_is_as_none(left: Path, tmp_path: Path) -> None:
    _kept(left).write_bytes(b"jobtui-screen 1 what is this\n")
    with Emulated("--config", str(left), folder=tmp_path) as terminal:
        terminal.until("LIVE")
    assert b"connecting" not in terminal.seen


@pytest.mark.parametrize(("argv", "term"), [((), "dumb"), (("--accessible",), "xterm-256color")])
def test_nothing_of_it_is_written_where_no_screen_is_wanted(
    left: Path, tmp_path: Path, argv: tuple[str, ...], term: str
) -> None:
    with Emulated("--config", str(left), *argv, folder=tmp_path, TERM=term) as terminal:
        terminal.until_true(lambda: len(terminal.seen) > 200, "what is said")
    assert _ENTERED not in terminal.seen
    assert b"connecting" not in terminal.seen


def test_nothing_of_it_is_written_where_no_terminal_is(left: Path) -> None:
    running = process("--config", str(left))
    assert running.stdout is not None
    said = running.stdout.readline()
    running.terminate()
    ran = finished(running)
    assert said
    assert "\x1b" not in said + ran.out + ran.err


def test_after_the_shell_has_had_the_terminal_keys_are_read_as_before(left: Path) -> None:
    terminal = Terminal("--config", str(left))
    try:
        # What the last screen says of its sources was written, too; of those that live it is said later.
        terminal.until_true(lambda: b"LIVE" in terminal.seen.partition(_FOCUS_ASKED)[2], timeout_s=60.0)
        os.kill(terminal.running.pid, signal.SIGTSTP)
        # A shell goes on with it only when it has stopped: what comes before would be undone by the stopping.
        stopped = os.WSTOPPED | os.WNOWAIT | os.WNOHANG
        terminal.until_true(lambda: os.waitid(os.P_PID, terminal.running.pid, stopped) is not None)
        assert terminal.seen.count(_LEFT) == 1
        os.kill(terminal.running.pid, signal.SIGCONT)
        terminal.until_true(lambda: terminal.seen.count(_ENTERED) == 2)
        terminal.until_true(lambda: b"LIVE" in terminal.seen.rpartition(_ENTERED)[2], timeout_s=60.0)
        terminal.press("q")
        assert terminal.ended(20.0) == 0
        assert termios.tcgetattr(terminal.terminal) == terminal.settings
    finally:
        terminal.close()
