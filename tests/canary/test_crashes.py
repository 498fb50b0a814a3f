"""A crash anywhere, at a real terminal: it is given back, one sentence says so, and no secret is written."""

from __future__ import annotations

import sqlite3
import termios
from collections.abc import Iterator

import pytest

from jobtui import paths
from tests.canary.scene import Scene
from tests.cli.test_screen import Terminal

_LEFT_FULL_SCREEN = b"\x1b[?1049l"
_HEAD = """\
import os, sys
def fail(*given, **named):
    held = os.environ['CANARY_BEARER'], given, named
    raise RuntimeError(f'it was {held}')
async def fail_later(*given, **named):
    fail(given, named)
"""
_TAIL = """
from jobtui.cli.main import run
run()
"""
CRASHES = {
    "drawing": "from jobtui.tui.widgets.line_view import LineView as x\nx.render_line = fail",
    "the watch": "from jobtui.tui.app import JobtuiApp as x\nx._start = fail_later",
    "composing": "from jobtui.tui.screens.main import MainScreen as x\nx.compose = fail",
    "the beginning": "from jobtui import wiring as x\nx.make_monitor = fail",
    "the journal": "from jobtui import wiring as x\nx.Journal = fail",
}
AT_A_KEY = {
    "a key": ("from jobtui.tui.screens.main import MainScreen as x\nx.action_details = fail", "d"),
    "a control": ("from jobtui.tui.screens.steering import Steering as x\nx._is_read = fail_later", "S"),
    "the end": ("from jobtui.monitor.monitor import Monitor as x\nx.stop = fail_later", "q"),
}
LIVED_THROUGH = {
    "reading": "from jobtui.monitor.reader import Reader as x\nx._read_list = fail_later",
    "decoding": (
        "import jobtui.backends.zendesk.client as x, jobtui.backends.nextspace.sameness as y\n"
        "import jobtui.backends.arcgis.searching as z\n"
        "x.decode_list = y.decode_page = z.decode_page = fail"
    ),
    "a socket": "import jobtui.backends.arcgis.line as x\nx.decode_frame = fail",
    "signing in": "from jobtui.backends.sign_in import SignIn as x\nx.__call__ = fail_later",
}


@pytest.fixture
def terminals(scene: Scene) -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()


def start(terminals: list[Terminal], scene: Scene, fault: str, *argv: str) -> Terminal:
    scene.write("bearer", "deskpass", "portal")
    terminals.append(Terminal("--config", str(scene.config), *argv, code=_HEAD + fault + _TAIL))
    return terminals[-1]


def assert_clean(terminal: Terminal, scene: Scene) -> None:
    """Nothing of a secret anywhere; the terminal as it was; the journal whole."""
    assert termios.tcgetattr(terminal.terminal) == terminal.settings
    assert b"Traceback" not in terminal.seen
    assert scene.flock.sightings("terminal", terminal.seen) == []
    assert scene.leaks_in_files() == []
    assert scene.leaks_on_the_wire() == []
    journal = paths.journal_file(scene.config)
    if journal.exists():
        connection = sqlite3.connect(journal)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def assert_crashed(terminal: Terminal, scene: Scene) -> None:
    assert terminal.ended(20.0) == 70
    entered, left = b"\x1b[?1049h" in terminal.seen, terminal.seen.rpartition(_LEFT_FULL_SCREEN)
    assert entered == bool(left[1])
    (sentence,) = [line for line in left[2].decode().split("\n") if "jobtui" in line]
    (report,) = paths.log_folder().glob("crash-*.txt")
    assert "jobtui itself failed (RuntimeError); this is a bug" in sentence
    assert str(report) in left[2].decode()
    assert "in fail" in report.read_text()
    assert report.stat().st_mode & 0o077 == 0
    assert_clean(terminal, scene)


@pytest.mark.parametrize("where", CRASHES)
def test_a_crash_while_the_screen_comes(scene: Scene, terminals: list[Terminal], where: str) -> None:
    assert_crashed(start(terminals, scene, CRASHES[where]), scene)


@pytest.mark.parametrize("where", AT_A_KEY)
def test_a_crash_at_a_key(scene: Scene, terminals: list[Terminal], where: str) -> None:
    fault, key = AT_A_KEY[where]
    terminal = start(terminals, scene, fault, "--source", "portal")
    titles = [job.name.encode()[:12] for job in scene.demo.world.item.jobs.values()]
    terminal.until_true(lambda: any(title in terminal.seen for title in titles))
    terminal.press(key)
    assert_crashed(terminal, scene)


@pytest.mark.parametrize("where", LIVED_THROUGH)
def test_a_bug_behind_the_screen_does_not_blind_it(
    scene: Scene, terminals: list[Terminal], where: str
) -> None:
    terminal = start(terminals, scene, LIVED_THROUGH[where])
    log = paths.log_folder() / "jobtui.log"
    terminal.until("portal")
    terminal.until_true(lambda: log.exists() and b"RuntimeError" in log.read_bytes())
    terminal.press("q")
    assert terminal.ended(20.0) == 0
    assert _LEFT_FULL_SCREEN in terminal.seen
    assert_clean(terminal, scene)
