"""What was seen before is there again, whether its server is down or has forgotten it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from jobtui.errors import Unreachable
from jobtui.journal.journal import Journal
from jobtui.model import Flag, JobDetail, JobRef, State
from jobtui.tui.format.spans import text_of
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.tui.conftest import a_message, a_step
from tests.tui.staged import Server, Stage, staged


def remembered(path: Path) -> None:
    """Write a journal that knows one job, its step and its messages."""
    job = a_job("1", title="seen before", raw_state="IN_PROGRESS")
    with Journal(path / "journal.sqlite3") as journal:
        journal.save_detail(JobDetail(job, (a_step("s1", State.RUNNING, title="a step seen before"),)))
        journal.save_messages([a_message(n, at=NOW + timedelta(minutes=n)) for n in range(3)])
        journal.watch(job.ref, NOW)


def messages(stage: Stage) -> list[str]:
    log = stage.main.log_pane
    return [text_of(log.line(row)) for row in range(log.line_count())]


@pytest.mark.parametrize("is_down", [True, False])
async def test_messages_seen_before_are_shown_when_no_server_gives_them(
    tmp_path: Path, *, is_down: bool
) -> None:
    remembered(tmp_path)
    server = Server("tiles")
    if is_down:
        server.list_fault = Unreachable("tiles", "cannot connect")
        server.faults = {"1": server.list_fault}
    async with staged(tmp_path, server, size=(120, 40)) as stage:
        await until(lambda: len(messages(stage)) == 3, what="the messages")
        assert "message 2" in messages(stage)[-1]
        await until(lambda: len(stage.main.steps.rows) == 1, what="its step")
        assert stage.app.monitor.detail(JobRef("tiles", "1")) is None, "no control rests on it"


async def test_a_job_that_its_server_forgot_keeps_its_steps_and_can_be_found(tmp_path: Path) -> None:
    remembered(tmp_path)
    async with staged(tmp_path, Server("tiles"), size=(120, 40)) as stage:
        await until(
            lambda: (job := stage.main.job) is not None and Flag.FORGOTTEN in job.flags, what="forgotten"
        )
        await until(lambda: len(stage.main.steps.rows) == 1, what="its step")
        assert "a step seen before" in text_of(stage.main.steps.rows[0].line)
        await stage.pilot.press("slash", *"seen", "enter")
        assert len(stage.main.view) == 1
        await until(lambda: "forgotten by the server" in text_of(stage.main.strip.lines[0]), what="why")
