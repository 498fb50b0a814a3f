"""What can be seen of a running jobtui: its screen at a real terminal, its pictures, the process list."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobtui import wiring
from jobtui.config import load
from jobtui.tui.app import JobtuiApp
from tests.canary.mischief import MISCHIEF
from tests.canary.scene import Scene
from tests.cli.conftest import finished, process
from tests.cli.test_screen import Terminal
from tests.conftest import until


@pytest.fixture
def terminal(scene: Scene) -> Iterator[Terminal]:
    opened = Terminal("--config", str(scene.config))
    yield opened
    opened.close()


def in_process_list(scene: Scene, pid: int) -> list[str]:
    """Give what the system shows of the words of a process, and the environment of its children."""
    own = Path(f"/proc/{pid}")
    children = (own / "task" / str(pid) / "children").read_text().split()
    shown = [(own / "cmdline").read_bytes()]
    for child in children:
        shown += [Path(f"/proc/{child}/{name}").read_bytes() for name in ("cmdline", "environ")]
    return [str(found) for data in shown for found in scene.flock.sightings("the process list", data)]


def test_the_screen_shows_no_secret_even_when_servers_repeat_them(scene: Scene, terminal: Terminal) -> None:
    for source in ("bearer", "portal"):
        terminal.until(source)
    terminal.until("TicketDelete")
    for key in ("j", "\t", "?", "d", "d", "d"):
        terminal.press(key)
        terminal.pause(0.4)
    assert in_process_list(scene, terminal.running.pid) == []
    evil = scene.origin("evil")
    asked = len(terminal.seen)
    for origin in scene.wire.origins:
        if origin is not evil:
            origin.turn(MISCHIEF["service says 401"](evil.url))
    terminal.press("r")
    terminal.until_true(lambda: b"sign-in" in terminal.seen[asked:])
    terminal.press("\x03")
    assert terminal.ended(20.0) == 0
    assert scene.flock.sightings("terminal", terminal.seen) == []
    assert scene.seen_on_the_wire() >= {"bearer", "portal-token", "query"}
    assert scene.leaks_on_the_wire() == []
    assert scene.leaks_in_files() == []
    assert evil.streams == []
    assert list(scene.noted.glob("*-environ")), "no credential command looked around"


def test_the_watch_as_lines_shows_no_secret(scene: Scene) -> None:
    running = process("--config", str(scene.config))
    assert running.stdout is not None
    lines = [running.stdout.readline() for _ in range(15)]
    listed = in_process_list(scene, running.pid)
    running.send_signal(signal.SIGINT)
    ran = finished(running)
    assert (ran.code, listed) == (130, [])
    assert scene.flock.sightings("lines", ("".join(lines) + ran.out + ran.err).encode()) == []
    assert scene.leaks_in_files() == []


def test_the_demo_is_not_told_what_is_in_our_environment(scene: Scene) -> None:
    running = process("demo", "--serve")
    assert running.stdout is not None
    line = running.stdout.readline()
    listed = in_process_list(scene, running.pid)
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    running.send_signal(signal.SIGTERM)
    ran = finished(running)
    assert '"url"' in line
    assert len(children) == 1
    assert (ran.code, listed) == (0, [])


@pytest.mark.parametrize("mischief", [None, "service says 401", "page says 500"])
async def test_a_picture_of_the_screen_shows_no_secret(scene: Scene, mischief: str | None) -> None:
    evil = scene.origin("evil")
    for origin in scene.wire.origins:
        if mischief and origin is not evil:
            origin.answer = MISCHIEF[mischief](evil.url)
    config = load(scene.config)
    with wiring.open_journal(config) as journal:
        app = JobtuiApp(lambda publish: wiring.make_monitor(config, journal, publish=publish))
        async with app.run_test(size=(120, 40)) as pilot:
            # Three are only asked when somebody else has given a token for them.
            later = {"login", "access", "portal", "evil"}
            asked = [origin for origin in scene.wire.origins if origin.name not in later]
            await until(lambda: all(origin.streams for origin in asked), what="every origin is asked")
            await pilot.pause(0.3)
            pictures = [app.export_screenshot()]
            for key in ("d", "escape", "question_mark", "escape", "3"):
                await pilot.press(key)
                await pilot.pause(0.1)
                pictures.append(app.export_screenshot())
    drawn = "".join(pictures)
    assert "portal" in drawn
    assert scene.flock.sightings("a picture", drawn.encode()) == []
    assert scene.leaks_on_the_wire() == []
    assert scene.leaks_in_files() == []
