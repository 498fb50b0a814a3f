"""Leaving while a control is awaited: said once, and then left."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path

import pytest

from jobtui.model import Control, ControlRequest, JobRef, Outcome, Parameters, Verdict
from jobtui.monitor.events import Controlled, Stage
from jobtui.tui.awaited import Awaited
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.tui.conftest import DEAF_S
from tests.tui.staged import Server, staged
from tests.tui.staged import Stage as Staged


def an_event(stage: Stage, verdict: Verdict, job_id: str = "9") -> Controlled:
    request = ControlRequest(Control.CANCEL, JobRef("tiles", job_id), NOW)
    return Controlled(stage, Outcome(request, verdict, True, NOW), NOW)


@pytest.mark.parametrize(
    ("stage", "verdict", "awaited"),
    [
        (Stage.SENDING, Verdict.UNKNOWN, "on its way"),
        (Stage.ANSWERED, Verdict.ACCEPTED, "accepted"),
        (Stage.ANSWERED, Verdict.UNKNOWN, "unknown"),
        (Stage.NOT_VISIBLE, Verdict.ACCEPTED, "accepted"),
        (Stage.ANSWERED, Verdict.REFUSED, None),
        (Stage.CONFIRMED, Verdict.CONFIRMED, None),
        (Stage.OTHERWISE, Verdict.ACCEPTED, None),
    ],
)
def test_what_is_awaited_is_what_was_asked_and_not_seen(
    stage: Stage, verdict: Verdict, awaited: str | None
) -> None:
    held = Awaited()
    held.note(an_event(Stage.SENDING, Verdict.UNKNOWN))
    held.note(an_event(stage, verdict))
    text = held.text(NOW + timedelta(seconds=70))
    if awaited is None:
        assert text is None
    else:
        assert text == (
            f"not seen yet: CANCEL tiles:9 ({awaited}, asked 1m ago); "
            "the next start follows it up. q again leaves"
        )


def test_several_are_counted() -> None:
    held = Awaited()
    for job_id in "123":
        held.note(an_event(Stage.SENDING, Verdict.UNKNOWN, job_id))
        held.note(an_event(Stage.ANSWERED, Verdict.ACCEPTED, job_id))
    assert "tiles:3" in str(held.text(NOW))
    assert "and 2 more;" in str(held.text(NOW))


def test_what_an_earlier_process_sent_keeps_nobody_from_leaving() -> None:
    held = Awaited()
    held.note(an_event(Stage.ANSWERED, Verdict.UNKNOWN))
    held.note(an_event(Stage.NOT_VISIBLE, Verdict.UNKNOWN))
    assert held.text(NOW) is None


async def cancelled(stage: Staged) -> None:
    await until(lambda: len(stage.main.view) == 1, what="the job")
    await stage.pilot.press("C")
    await until(lambda: len(stage.app.screen_stack) == 2, what="the question")
    await stage.pilot.pause(DEAF_S)
    await stage.pilot.press("y")
    await stage.pilot.pause(DEAF_S)
    await stage.pilot.press("enter")
    await until(lambda: "accepted" in stage.receipt, what="the answer")


async def test_q_says_what_is_awaited_and_leaves_at_the_second(tmp_path: Path) -> None:
    server = Server("tiles")
    server.has(a_job())
    async with staged(tmp_path, server) as stage:
        await cancelled(stage)
        await stage.pilot.press("q")
        await until(lambda: "not seen yet: CANCEL tiles:1 (accepted" in stage.receipt, what="the sentence")
        assert stage.app.is_running
        await stage.pilot.press("q")
        await until(lambda: not stage.app.is_running, what="the app has ended")


@pytest.mark.parametrize("key", ["Q", "ctrl+q"])
async def test_another_key_leaves_at_once_whatever_is_awaited(tmp_path: Path, key: str) -> None:
    server = Server("tiles")
    server.has(a_job())
    async with staged(tmp_path, server) as stage:
        await cancelled(stage)
        start = time.monotonic()
        await stage.pilot.press(key)
        await until(lambda: not stage.app.is_running, what="the app has ended")
        assert time.monotonic() - start < 20


async def test_a_q_long_ago_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobtui.tui.app.PART_S", 0.05)
    server = Server("tiles")
    server.has(a_job())
    async with staged(tmp_path, server) as stage:
        await cancelled(stage)
        await stage.pilot.press("q")
        await asyncio.sleep(0.1)
        await stage.pilot.press("q")
        await stage.pilot.pause()
        assert stage.app.is_running


def a_hold(stage: Stage, verdict: Verdict, *step_ids: str) -> Controlled:
    request = ControlRequest(Control.HOLD, JobRef("field", "9"), NOW, Parameters(step_ids))
    return Controlled(stage, Outcome(request, verdict, True, NOW), NOW)


@pytest.mark.parametrize(
    ("stage", "verdict", "said"),
    [
        (Stage.SENDING, Verdict.UNKNOWN, "the same hold is on its way, asked 30s ago; it is awaited"),
        (Stage.ANSWERED, Verdict.ACCEPTED, "the same hold was accepted, asked 30s ago; it is awaited"),
        (
            Stage.ANSWERED,
            Verdict.UNKNOWN,
            "the same hold was sent and not answered, asked 30s ago; it is awaited",
        ),
        (Stage.NOT_VISIBLE, Verdict.ACCEPTED, None),
        (Stage.ANSWERED, Verdict.REFUSED, None),
        (Stage.CONFIRMED, Verdict.CONFIRMED, None),
        (Stage.OTHERWISE, Verdict.ACCEPTED, None),
    ],
)
def test_the_same_key_is_locked_until_the_effect_is_seen_or_called_not_visible(
    stage: Stage, verdict: Verdict, said: str | None
) -> None:
    held = Awaited()
    held.note(a_hold(Stage.SENDING, Verdict.UNKNOWN, "s-1"))
    held.note(a_hold(stage, verdict, "s-1"))
    later = NOW + timedelta(seconds=30)
    assert held.lock(Control.HOLD, JobRef("field", "9"), ["s-1"], later) == said


@pytest.mark.parametrize(
    ("control", "job_id", "step_ids", "is_locked"),
    [
        (Control.HOLD, "9", ["s-2", "s-1"], True),
        (Control.HOLD, "9", [], True),
        (Control.HOLD, "9", ["s-2"], False),
        (Control.HOLD, "8", ["s-1"], False),
        (Control.RELEASE, "9", ["s-1"], False),
    ],
)
def test_only_the_same_control_of_the_same_step_is_locked(
    control: Control, job_id: str, step_ids: list[str], is_locked: bool
) -> None:
    held = Awaited()
    held.note(a_hold(Stage.SENDING, Verdict.UNKNOWN, "s-1"))
    assert (held.lock(control, JobRef("field", job_id), step_ids, NOW) is not None) is is_locked
