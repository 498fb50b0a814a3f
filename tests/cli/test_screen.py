"""jobtui, open and demo at a real terminal: the screen comes, and the terminal is given back."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobtui import paths
from tests.cli.conftest import ROOT, Cli, finished, process
from tests.cli.test_read import a_ref, jobs

_LEFT_FULL_SCREEN = b"\x1b[?1049l"


class Terminal:
    """A command line at a terminal of its own, 120x40."""

    def __init__(self, *argv: str, code: str = "", **environment: str) -> None:
        self.keyboard, terminal = pty.openpty()
        termios.tcsetwinsize(terminal, (40, 120))
        self.settings = termios.tcgetattr(terminal)
        command = ["-c", code] if code else ["-m", "jobtui"]
        self.running = subprocess.Popen(
            [sys.executable, *command, *argv],
            cwd=ROOT,
            env={**os.environ, "TERM": "xterm-256color", **environment},
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        )
        self.terminal = terminal
        self.seen = b""

    def until(self, text: str, timeout_s: float = 15.0) -> None:
        """Read the screen until a text has been written."""
        deadline = time.monotonic() + timeout_s
        while text.encode() not in self.seen:
            assert time.monotonic() < deadline, f"never saw {text!r} in {self.seen[-2000:]!r}"
            self._read(0.1)

    def until_true(self, condition: Callable[[], object], timeout_s: float = 15.0) -> None:
        """Read the screen until something holds."""
        deadline = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < deadline, f"never came true; the screen ends {self.seen[-2000:]!r}"
            self._read(0.05)

    def pause(self, seconds: float) -> None:
        """Read the screen for a while, so that keys are not taken for one sequence."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._read(left)

    def press(self, key: str) -> None:
        os.write(self.keyboard, key.encode())

    def ended(self, timeout_s: float = 5.0) -> int:
        """Wait for the end, reading all that is still written."""
        deadline = time.monotonic() + timeout_s
        while self.running.poll() is None:
            assert time.monotonic() < deadline, "did not end"
            self._read(0.05)
        self._read(0.1)
        return self.running.returncode

    def close(self) -> None:
        if self.running.poll() is None:
            self.running.kill()
            self.running.wait()
        os.close(self.keyboard)
        os.close(self.terminal)

    def _read(self, timeout_s: float) -> None:
        while select.select([self.keyboard], [], [], timeout_s)[0]:
            self.seen += os.read(self.keyboard, 65536)
            timeout_s = 0.0


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    """Terminals that are closed after the test, whatever happened."""
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()


def _open(terminals: list[Terminal], *argv: str, code: str = "", **environment: str) -> Terminal:
    terminals.append(Terminal(*argv, code=code, **environment))
    return terminals[-1]


def test_the_screen_shows_every_source_and_q_gives_the_terminal_back(
    cli: Cli, config: Path, terminals: list[Terminal]
) -> None:
    terminal = _open(terminals, "--config", str(config))
    for source in ("tiles", "desk", "field"):
        terminal.until(source)
    terminal.until(jobs(cli, "--problems", "--limit", "1")[0]["title"][:10])
    terminal.press("q")
    began = time.monotonic()
    assert terminal.ended() == 0
    assert time.monotonic() - began < 20
    assert _LEFT_FULL_SCREEN in terminal.seen
    assert termios.tcgetattr(terminal.terminal) == terminal.settings


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_session_that_is_ended_gives_the_terminal_back(
    config: Path, terminals: list[Terminal], number: signal.Signals
) -> None:
    terminal = _open(terminals, "--config", str(config))
    terminal.until("tiles")
    terminal.running.send_signal(number)
    assert terminal.ended() == 0
    assert _LEFT_FULL_SCREEN in terminal.seen


def test_the_demo_at_a_terminal_is_the_screen_and_leaves_no_server(terminals: list[Terminal]) -> None:
    terminal = _open(terminals, "demo")
    terminal.until("three pretend services")
    terminal.until("TicketDelete")
    children = Path(f"/proc/{terminal.running.pid}/task/{terminal.running.pid}/children")
    (child,) = children.read_text().split()
    terminal.press("q")
    assert terminal.ended() == 0
    assert not Path(f"/proc/{child}").exists()


def test_open_places_the_ref_first_and_then_opens_the_screen(
    cli: Cli, config: Path, terminals: list[Terminal]
) -> None:
    ref = a_ref(cli, "field", "held")
    terminal = _open(terminals, "--config", str(config), "open", ref)
    terminal.until(cli("show", ref, "--json").json["title"][:10])
    terminal.press("q")
    assert terminal.ended() == 0
    wrong = cli("open", "nowhere:1")
    assert (wrong.code, wrong.out, len(wrong.sentences)) == (2, "", 1)


def test_open_without_a_terminal_names_what_prints_the_job(cli: Cli) -> None:
    ran = cli("open", "tiles:1004")
    assert (ran.code, ran.out) == (2, "")
    assert ran.sentences == ["“jobtui open” needs a terminal; “jobtui show tiles:1004” prints the job"]


@pytest.mark.parametrize(("value", "coloured"), [("", True), ("1", False)])
def test_no_color_counts_when_it_is_not_empty(
    config: Path, terminals: list[Terminal], value: str, coloured: bool
) -> None:
    terminal = _open(terminals, "--config", str(config), NO_COLOR=value, COLORTERM="truecolor")
    terminal.until("TicketDelete")
    terminal.press("q")
    assert terminal.ended() == 0
    assert (b"\x1b[38;2;" in terminal.seen or b";38;2;" in terminal.seen) is coloured


def test_without_a_terminal_the_watch_is_plain_lines_until_interrupted(config: Path) -> None:
    running = process("--config", str(config))
    assert running.stdout is not None
    lines = [running.stdout.readline() for _ in range(10)]
    assert all(line.strip() for line in lines)
    running.send_signal(signal.SIGINT)
    ran = finished(running)
    assert (ran.code, ran.err) == (130, "")
    assert "\x1b" not in "".join(lines) + ran.out


def test_accessible_means_lines_even_at_a_terminal(config: Path, terminals: list[Terminal]) -> None:
    terminal = _open(terminals, "--config", str(config), "--accessible")
    terminal.until("live")
    terminal.running.send_signal(signal.SIGINT)
    assert terminal.ended() == 130
    assert b"\x1b" not in terminal.seen


def test_a_crash_of_the_screen_restores_the_terminal_and_is_one_sentence(
    config: Path, terminals: list[Terminal]
) -> None:
    code = (
        "import sys\n"
        "from jobtui.tui.screens.main import MainScreen\n"
        "def receive(self, event): raise RuntimeError('hunter2 is the password')\n"
        "MainScreen.receive = receive\n"
        "from jobtui.cli.main import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    terminal = _open(terminals, "--config", str(config), code=code)
    assert terminal.ended(15.0) == 70
    after = terminal.seen.rpartition(_LEFT_FULL_SCREEN)[2].decode()
    assert "this is a bug" in after
    assert "Traceback" not in after
    assert b"hunter2" not in terminal.seen
    (report,) = paths.log_folder().glob("crash-*.txt")
    assert "hunter2" not in report.read_text()
    assert termios.tcgetattr(terminal.terminal) == terminal.settings


def test_a_configuration_without_sources_says_how_to_add_one(run: Cli) -> None:
    assert run("config", "init").code == 0
    ran = run()
    assert (ran.code, ran.out, len(ran.sentences)) == (2, "", 1)
    assert "jobtui demo" in ran.err


def test_a_terminal_that_vanishes_without_a_word_ends_the_screen(
    config: Path, terminals: list[Terminal]
) -> None:
    terminal = _open(terminals, "--config", str(config))
    terminal.until("desk")
    # Not the controlling terminal of the program: no signal tells it that this end is closed.
    os.close(terminal.keyboard)
    os.close(terminal.terminal)
    terminal.keyboard, terminal.terminal = pty.openpty()
    terminal.running.wait(20.0)


def test_without_a_configuration_a_card_helps_and_leaving_it_keeps_nothing(
    terminals: list[Terminal], run: Cli
) -> None:
    terminal = _open(terminals)
    terminal.until("Welcome to jobtui")
    terminal.until("ArcGIS Workflow Manager")
    terminal.press("q")
    assert terminal.ended(20) == 0
    assert _LEFT_FULL_SCREEN in terminal.seen
    assert run("config", "path", "--json").json["exists"] is False


def test_without_a_configuration_and_without_a_terminal_one_sentence_says_so(run: Cli) -> None:
    ran = run()
    assert (ran.code, ran.out, len(ran.sentences)) == (2, "", 1)
    assert "there is no configuration yet" in ran.err


def test_the_card_opens_the_demo(terminals: list[Terminal]) -> None:
    terminal = _open(terminals)
    terminal.until("Welcome to jobtui")
    terminal.press("jjj\r")
    terminal.until("three pretend services on this machine", 30)
    terminal.until("1 Jobs", 30)
    terminal.press("q")
    assert terminal.ended(20) == 0


def test_a_key_that_cannot_be_is_said_on_the_screen_which_opens_all_the_same(
    config: Path, terminals: list[Terminal]
) -> None:
    config.with_name("keys.toml").write_text('"control.cancel" = "ctrl+k"\n')
    terminal = _open(terminals, "--config", str(config))
    terminal.until("may never ask for a control", 30)
    terminal.until("1 Jobs", 30)
    terminal.press("q")
    assert terminal.ended(20) == 0
