"""Kill -9 at random moments, a few times; three hundred of them are ``python -m tests.killing``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.killing.__main__ import lines
from tests.killing.campaign import run

KILLS = 12


def test_whoever_is_killed_while_sending_has_written_down_what_was_sent_and_sends_nothing_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = run(tmp_path, KILLS, seed=7)
    assert figures.faults.sentences() == [], "\n".join(lines(figures))
    with capsys.disabled():
        sys.stdout.write(
            f"\n{figures.kills} kills: {figures.reached} controls reached the server, each once and with its "
            f"intent among {figures.intents}; {figures.left_unanswered} left without an answer, all of them "
            f"said and settled; {figures.messages} messages, none lost, none doubled\n"
        )
    assert figures.kills == KILLS
    assert figures.reached >= KILLS // 2
    assert figures.intents >= figures.reached
    assert figures.settled == figures.left_unanswered
    assert figures.messages > 0
