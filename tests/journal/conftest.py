"""A journal in a real file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobtui.journal.journal import Journal
from tests.journal.samples import later


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the journal is: in a folder that is yet to be made."""
    return tmp_path / "state" / "jobtui" / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    """A new journal, whose clock stands a minute after NOW."""
    with Journal(path, clock=lambda: later(60)) as opened:
        yield opened
