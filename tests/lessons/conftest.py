"""The fixtures of the screen and of the command line; and terminals that are closed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.conftest import cli, config, run
from tests.cli.test_screen import Terminal
from tests.tui.conftest import drive

__all__ = ["cli", "config", "drive", "run"]


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    """Terminals that are closed after the test, whatever happened."""
    begun: list[Terminal] = []
    yield begun
    for terminal in begun:
        terminal.close()
