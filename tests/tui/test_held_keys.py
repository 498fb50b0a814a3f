"""Held keys and pastes at a real terminal: neither sends anything; one key pressed by a finger does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from tests.cli.test_screen import Terminal
from tests.tui.test_steering import an_action

REPEAT_S = 0.03
"""What a keyboard repeats at."""
QUIET_S = 0.6
"""Longer than a question is deaf."""


@pytest.fixture
def asked(demo: DemoServer, tmp_path: Path) -> Iterator[Terminal]:
    """The screen on a running job that can be cancelled."""
    demo.set_faults("")
    config, ref = demo.write_config(tmp_path / "config.toml"), an_action(demo)
    terminal = Terminal("--config", str(config), "open", str(ref))
    terminal.until(ref.job_id)
    terminal.until("cancel")
    terminal.pause(QUIET_S)
    yield terminal
    terminal.close()


def deletes(demo: DemoServer) -> int:
    return sum(entry["method"] == "DELETE" for entry in list(demo.requests))


def test_neither_a_held_key_nor_a_paste_confirms_and_one_y_does(demo: DemoServer, asked: Terminal) -> None:
    before = deletes(demo)
    asked.press("Cyyyy\r")
    asked.pause(QUIET_S)
    asked.press("\x1b[200~Cyyyy\n\x1b[201~")
    asked.pause(QUIET_S)
    asked.press("\x1b")
    asked.pause(QUIET_S)
    asked.press("\x1b")
    asked.pause(QUIET_S)
    for key in "C" * 20 + "y" * 40:
        asked.press(key)
        asked.pause(REPEAT_S)
    asked.until("Cancel this job?")
    asked.pause(QUIET_S)
    asked.press("yyyy\r")
    asked.pause(QUIET_S)
    asked.press("\x1b[200~y\x1b[201~")
    asked.pause(QUIET_S)
    assert deletes(demo) == before
    asked.press("y")
    asked.until("Why?")
    asked.press("\r")
    asked.until_true(lambda: deletes(demo) == before + 1)
    asked.press("Q")
    assert asked.ended() == 0
