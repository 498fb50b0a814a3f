"""At rest: a source that answers as before is drawn by its age alone; for anything else all is drawn."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from jobtui.model import State
from jobtui.monitor.events import HealthChanged
from jobtui.tui.screens import resting
from tests.conftest import until
from tests.factory import a_job
from tests.tui.staged import Server, staged

_NEVER_S = 3_600.0


async def test_an_answer_with_nothing_new_draws_the_ages_and_not_the_list(tmp_path: Path) -> None:
    server = Server("tiles")
    server.has(a_job("1", state=State.RUNNING))
    async with staged(tmp_path, server, poll_s=_NEVER_S) as stage:
        await until(lambda: len(stage.main.view) == 1, what="the job is listed")
        await until(lambda: stage.app.monitor.health("tiles").fresh_at is not None, what="an answer")
        await stage.pilot.pause(0.5)
        health, drawn = stage.app.monitor.health("tiles"), 0
        usual = stage.main.jobs.redraw

        def redraw() -> None:
            nonlocal drawn
            drawn += 1
            usual()

        stage.main.jobs.redraw = redraw  # type: ignore[method-assign]
        stage.main.receive(HealthChanged(health))
        await stage.pilot.pause(0.5)
        before = drawn
        assert health.fresh_at is not None
        for number in range(3):
            later = health.fresh_at + timedelta(seconds=number)
            stage.main.receive(HealthChanged(replace(health, fresh_at=later, next_at=later)))
            await stage.pilot.pause(0.3)
        assert drawn == before
        assert "tiles" in stage.header[0]
        stage.main.receive(HealthChanged(replace(health, warnings=("it says something",))))
        await until(lambda: drawn > before, what="all is drawn for a warning")


async def test_rows_age_at_once_after_news_or_a_key_and_only_at_times_when_all_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server("tiles")
    server.has(a_job("1", state=State.RUNNING))
    async with staged(tmp_path, server, poll_s=_NEVER_S) as stage:
        await until(lambda: len(stage.main.view) == 1, what="the job is listed")
        await stage.pilot.pause(0.5)
        redrawn: list[str] = []
        monkeypatch.setattr(stage.main.jobs, "redraw", lambda: redrawn.append("rows"))
        stage.main._age()
        assert redrawn == ["rows"], "there was news"
        now = time.monotonic() + resting.YOUNG_S
        monkeypatch.setattr(resting, "time", SimpleNamespace(monotonic=lambda: now))
        monkeypatch.setattr(type(stage.main.pace), "quiet_s", resting.YOUNG_S)
        stage.main._age()
        assert redrawn == ["rows"] * 2, "it was long ago that rows were drawn"
        stage.main._age()
        assert redrawn == ["rows"] * 2
        monkeypatch.setattr(type(stage.main.pace), "quiet_s", 1.0)
        stage.main._age()
        assert redrawn == ["rows"] * 3, "somebody has pressed a key"
