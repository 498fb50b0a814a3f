"""Alerts at a real terminal: the bell, the notification and the title, and the title given back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from tests.cli.test_screen import Terminal

ALERTS = """
[alerts]
notify = "osc9"
title = true
[[rules]]
when = "ends"
"""


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    """A quick world, so that jobs end while we look."""
    with DemoServer(seed=13, speed=60) as server:
        yield server


def test_an_alert_is_heard_and_seen_and_the_title_is_given_back(config: Path) -> None:
    config.write_text(config.read_text() + ALERTS)
    terminal = Terminal("--config", str(config))
    try:
        terminal.until("\x1b[22;2t\x1b]2;jobtui: ", timeout_s=60)
        terminal.until("\a\x1b]9;jobtui: ", timeout_s=60)
        terminal.press("q")
        assert terminal.ended(timeout_s=20) == 0
    finally:
        terminal.close()
    assert b"\x1b[23;2t" in terminal.seen
    assert terminal.seen.count(b"\x1b]9;") == terminal.seen.count(b"\x1b]9;jobtui: ")
