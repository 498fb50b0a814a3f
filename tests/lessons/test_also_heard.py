"""What was also heard of other tools: times, messages, typing, and the end of the work."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobtui.model import State
from tests.conftest import until
from tests.factory import a_job
from tests.lessons.person import listed, rows, text, title
from tests.lessons.service import Service, running
from tests.tui.conftest import shown
from tests.tui.staged import staged


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine nine hours ahead of UTC."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "JST-9")
        time.tzset()
        yield
    time.tzset()


async def test_times_are_of_the_readers_zone(far_east: None, tmp_path: Path) -> None:
    """Times were UTC, and everybody counted on their fingers."""
    server = Service()
    server.has(a_job())
    server.say("a word")
    said_at = server.says[0].at
    assert said_at is not None
    async with staged(tmp_path, server, size=(120, 40)) as stage:
        await listed(stage, 1)
        await until(lambda: stage.main.log_pane.line_count() == 1, what="the message")
        assert f"{said_at + timedelta(hours=9):%H:%M:%S}" in shown(stage.main.log_pane)[0]


async def test_what_stood_around_a_message_is_still_there_when_it_was_searched_for(tmp_path: Path) -> None:
    """A filter showed the error, and hid what had led to it."""
    server = Service()
    server.has(a_job())
    server.say(*(f"tile {number}" for number in range(60)), "disk full", *(f"tile {n}" for n in range(60)))
    async with staged(tmp_path, server, size=(120, 30)) as stage:
        await listed(stage, 1)
        log = stage.main.log_pane
        await until(lambda: log.line_count() == 121, what="the messages")
        await stage.pilot.press("3", "slash", *"disk", "enter")
        await until(lambda: _has(shown(log), "disk full"), what="it is gone to")
        assert _has(shown(log), "tile 0"), "with what came after"
        await stage.pilot.press("ampersand")
        await until(lambda: log.line_count() == 1, what="it alone")
        await stage.pilot.press("ampersand")
        await until(lambda: log.line_count() == 121, what="all again")
        assert _has(shown(log), "disk full"), "and the reader is still there"
        await stage.pilot.press("k", "k")
        assert _has(shown(log), "tile 58")


def _has(lines: list[str], words: str) -> bool:
    return any(line.rstrip().endswith(words) for line in lines)


async def test_letters_are_never_stolen_while_somebody_types(tmp_path: Path) -> None:
    """A letter of what was typed was taken for a key."""
    server = Service()
    running(server, 3)
    typed = "qQCHLRFSxyTzu?!."
    names = {"?": "question_mark", "!": "exclamation_mark", ".": "full_stop"}
    async with staged(tmp_path, server) as stage:
        await listed(stage, 3)
        await stage.pilot.press("slash", *(names.get(letter, letter) for letter in typed))
        await until(lambda: typed in title(stage, "jobs"), what=title(stage, "jobs"))
        assert stage.app.is_running
        assert len(stage.app.screen_stack) == 1
        assert not stage.main.shown.is_frozen
        assert server.sent == 0


async def test_it_stays_when_all_is_done_and_says_so(tmp_path: Path) -> None:
    """It closed when the last one had ended, and with it what had come of them."""
    server = Service()
    refs = running(server, 3)
    async with staged(tmp_path, server) as stage:
        await listed(stage, 3)
        for ref in refs:
            done = replace(server.jobs[ref.job_id], state=State.SUCCEEDED, raw_state="DONE", ended=True)
            server.has(replace(done, ended_at=datetime.now(UTC)))
        await until(lambda: sum("DONE" in row for row in rows(stage)) == 3, what="all ended")
        await until(lambda: "nothing needs you" in text(stage), what="the calm line")
        assert stage.app.is_running
