"""Pace: at once after a key, else at most four times a second, and no timer without news."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator

import pytest

from jobtui.model import State
from jobtui.monitor.events import Change
from jobtui.tui import pace as pace_module
from jobtui.tui.format.spans import text_of
from jobtui.tui.pace import ANSWERS, INTERVAL_S, MORE_S, Pace, in_turns
from jobtui.tui.tally import Tally
from tests.factory import NOW, a_job


class Stage:
    """A clock, a scheduler and a count of flushes."""

    def __init__(self) -> None:
        self.now = 0.0
        self.flushes = 0
        self.waiting: list[tuple[float, Callable[[], None]]] = []
        self.pace = Pace(
            self.flush, lambda wait, call: self.waiting.append((wait, call)), clock=lambda: self.now
        )

    def flush(self) -> None:
        self.flushes += 1


def test_the_first_news_is_shown_at_once() -> None:
    stage = Stage()
    stage.pace.news()
    assert stage.flushes == 1
    assert stage.waiting == []


def test_a_burst_is_one_repaint_and_one_timer() -> None:
    stage = Stage()
    stage.pace.news()
    for _ in range(100):
        stage.now += 0.001
        stage.pace.news()
    assert stage.flushes == 1
    ((wait, call),) = stage.waiting
    assert 0 < wait <= INTERVAL_S
    stage.now += wait
    call()
    assert stage.flushes == 2


def test_after_a_key_nothing_waits() -> None:
    stage = Stage()
    stage.pace.news()
    stage.now += 0.01
    stage.pace.key_pressed()
    stage.pace.news()
    assert stage.flushes == 2
    assert stage.waiting == []


def test_of_what_pours_in_after_a_key_only_the_first_is_an_answer() -> None:
    stage = Stage()
    stage.pace.news()
    stage.pace.key_pressed()
    for _ in range(100):
        stage.now += 0.001
        stage.pace.news()
    assert stage.flushes == 1 + ANSWERS
    assert len(stage.waiting) == 1


def test_the_followed_job_does_not_wait_behind_others_and_comes_no_oftener() -> None:
    stage = Stage()
    stage.pace.news()
    stage.now += 0.01
    stage.pace.news(is_followed=True)
    assert stage.flushes == 2
    for _ in range(100):
        stage.now += 0.001
        stage.pace.news(is_followed=True)
    assert stage.flushes == 2
    ((wait, call),) = stage.waiting
    assert 0 < wait <= INTERVAL_S
    stage.now += wait
    call()
    assert stage.flushes == 3


def test_the_tally_follows_changes() -> None:
    tally = Tally()
    running, failed = a_job("1"), a_job("1", state=State.FAILED, ended=True)
    tally.apply([Change(running.ref, None, running), Change(a_job("2").ref, None, a_job("2"))], NOW)
    assert "nothing needs you" in text_of(tally.line(80))
    tally.apply([Change(running.ref, running, failed)], NOW)
    assert text_of(tally.line(80)).startswith("! 1 needs you")
    assert "1 fail  1 run" in text_of(tally.line(80))
    tally.apply([Change(failed.ref, failed, None)], NOW)
    assert tally.needy == 0


def test_what_a_flush_leaves_comes_soon_and_once() -> None:
    stage = Stage()
    stage.pace.more()
    stage.pace.more()
    assert [wait for wait, _ in stage.waiting] == [MORE_S]
    stage.waiting.pop()[1]()
    assert stage.flushes == 1


def test_less_is_taken_over_at_a_time_while_somebody_is_at_the_keys() -> None:
    stage = Stage()
    idle = stage.pace.portion
    stage.pace.key_pressed()
    busy = stage.pace.portion
    stage.now += 60
    assert busy < idle == stage.pace.portion


async def test_work_that_can_wait_lets_others_have_their_turn_and_is_closed_when_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pace_module, "STRETCH_S", 0.0)
    done: list[str] = []

    def steps() -> Generator[None, None, None]:
        try:
            for _ in range(1_000):
                done.append("step")
                yield
        finally:
            done.append("closed")

    work = asyncio.create_task(in_turns(steps()))
    await asyncio.sleep(0)
    assert 0 < done.count("step") < 1_000
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert done[-1] == "closed"
    assert done.count("step") < 1_000
