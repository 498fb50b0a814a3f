"""A dialog ends once, whatever a slow line delivers in one piece."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Key

from jobtui.demo import DemoServer
from jobtui.model import JobRef
from tests.conftest import until
from tests.tui.conftest import Drive


@pytest.mark.parametrize(
    ("key", "end"), [("y", "i"), ("e", "t"), ("v", "p"), ("F", "escape"), ("d", "escape"), ("x", "escape")]
)
async def test_ending_it_thrice_in_one_burst_ends_one_dialog_and_nothing_else(
    drive: Drive, demo: DemoServer, key: str, end: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    job = demo.world.add_workflow_job("failed")
    async with drive(JobRef("field", job.job_id)) as screen:
        await screen.pilot.press(key)
        await until(lambda: len(screen.app.screen_stack) == 2, what="the dialog")
        for _ in range(3):
            screen.app.post_message(Key(end, end if len(end) == 1 else None))
        await until(lambda: len(screen.app.screen_stack) == 1, what="its end")
        await screen.pilot.pause(0.2)
        assert screen.app.crash is None
        assert screen.app.is_running
