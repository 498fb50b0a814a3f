"""Where nobody looks the screen takes news over seldom, and all at once when somebody looks again."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from jobtui.display import CALM_S, Display
from jobtui.model import State
from jobtui.tui.attention import AWAY_S, SSH_S, interval_s
from jobtui.tui.pace import INTERVAL_S
from tests.conftest import until
from tests.factory import a_job
from tests.tui.staged import Server, staged


@pytest.mark.parametrize(
    ("display", "is_focused", "expected_s"),
    [
        (Display(), True, INTERVAL_S),
        (Display(is_ssh=True), True, SSH_S),
        (Display(is_ssh=True, is_calm=True), True, CALM_S),
        (Display(), False, AWAY_S),
        (Display(is_calm=True), False, AWAY_S),
    ],
)
def test_how_often_news_is_taken_over(display: Display, is_focused: bool, expected_s: float) -> None:
    assert interval_s(display, is_focused=is_focused) == expected_s


async def test_a_terminal_that_says_it_is_left_is_drawn_on_seldom_until_it_is_looked_at(
    tmp_path: Path,
) -> None:
    server = Server("tiles")
    server.has(a_job("1", state=State.RUNNING))
    async with staged(tmp_path, server) as stage:
        await until(lambda: len(stage.main.view) == 1, what="the job is listed")
        stage.app.post_message(events.AppBlur())
        await until(lambda: stage.main.pace.interval_s == AWAY_S, what="nobody looks")
        server.has(a_job("2", state=State.FAILED))
        stage.app.post_message(events.AppFocus())
        await until(lambda: stage.main.pace.interval_s == INTERVAL_S, what="somebody looks")
        await until(lambda: len(stage.main.view) == 2, what="the second job is listed")
