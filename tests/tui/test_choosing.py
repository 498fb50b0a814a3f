"""Going to a job from a screen of lines: those that failed alike, those that only the journal remembers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jobtui.journal.journal import Journal
from jobtui.model import JobRef, State
from jobtui.tui.format.spans import text_of
from jobtui.tui.screens.choosing import ChoosingScreen
from jobtui.tui.widgets.line_view import LineView
from tests.conftest import until
from tests.factory import a_job
from tests.tui.conftest import Drive, shown
from tests.tui.staged import Server, Stage, staged

FAILED: dict[str, Any] = {"state": State.FAILED, "raw_state": "FAILED", "ended": True}


def a_server() -> Server:
    server, now = Server("tiles"), datetime.now(UTC)
    for number in range(3):
        ended_at = now - timedelta(minutes=number + 1)
        server.has(a_job(str(number), title=f"zone {number}", why="disk full", ended_at=ended_at, **FAILED))
    server.has(a_job("9", title="other"))
    return server


async def filled(stage: Stage, count: int = 4) -> None:
    await until(lambda: len(stage.main.view) == count and stage.main.jobs.selected is not None, what="jobs")
    await stage.pilot.pause()


def lines(stage: Stage) -> list[str]:
    assert isinstance(stage.app.screen, ChoosingScreen)
    return shown(stage.app.screen.query_one("#reading", LineView))


async def test_enter_on_a_line_of_the_same_cause_goes_to_that_job(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server()) as stage:
        await filled(stage)
        await stage.pilot.press("c")
        await until(lambda: any(line.startswith(">") for line in lines(stage)), what="the cursor")
        assert "zone 0" in next(line for line in lines(stage) if line.startswith(">"))
        await stage.pilot.press("j", "j", "enter")
        assert stage.main.jobs.selected == JobRef("tiles", "2")
        assert len(stage.app.screen_stack) == 1


async def test_a_job_that_the_filter_hides_is_gone_to_without_it(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server()) as stage:
        await filled(stage)
        await stage.pilot.press("slash", "0", "enter", "c")
        await until(lambda: any(line.startswith(">") for line in lines(stage)), what="the cursor")
        await stage.pilot.press("j", "enter")
        assert stage.main.jobs.selected == JobRef("tiles", "1")
        assert stage.main.finding.text == ""
        assert "all are shown again" in stage.receipt


async def test_enter_on_a_line_that_is_no_job_stays(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server()) as stage:
        await filled(stage)
        await stage.pilot.press("c")
        await until(lambda: any(line.startswith(">") for line in lines(stage)), what="the cursor")
        await stage.pilot.press("g", "enter")
        await stage.pilot.pause()
        assert isinstance(stage.app.screen, ChoosingScreen)
        await stage.pilot.press("c")
        assert len(stage.app.screen_stack) == 1, "the key that opened it closes it"


def remember(path: Path) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=9)
    with Journal(path / "journal.sqlite3") as journal:
        for number in (3, 5):
            job = a_job(f"old{number}", title=f"Friday's export {number}", ended_at=long_ago, **FAILED)
            journal.save_jobs([job])
        journal.save_jobs(
            [a_job("old7", source="gone", title="Friday's export 7", ended_at=long_ago, **FAILED)]
        )


async def test_a_job_older_than_the_history_is_found_in_the_journal_and_listed_again(tmp_path: Path) -> None:
    remember(tmp_path)
    async with staged(tmp_path, a_server()) as stage:
        await filled(stage)
        stage.main.filter_jobs("friday state:failed", problems=False)
        await stage.pilot.pause()
        assert any("M looks among all jobs ever seen" in text_of(line) for line in stage.main.jobs.why_empty)
        await stage.pilot.press("M")
        await until(lambda: isinstance(stage.app.screen, ChoosingScreen), what="what is remembered")
        await until(lambda: any("export 3" in line for line in lines(stage)), what="the jobs")
        assert not any("export 7" in line for line in lines(stage)), "its source is not configured"
        wanted = next(line for line in lines(stage) if line.startswith(">"))
        number = "3" if "export 3" in wanted else "5"
        await stage.pilot.press("enter")
        ref = JobRef("tiles", f"old{number}")
        await until(lambda: stage.main.jobs.selected == ref, what="it is in the list, under the cursor")
        job = stage.main.monitor.store.get(ref)
        assert job is not None
        assert job.title == f"Friday's export {number}"


async def test_what_nobody_ever_saw_is_said_to_be_unknown(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server()) as stage:
        await filled(stage)
        await stage.pilot.press("M")
        assert "/ first says what to look for" in stage.receipt
        stage.main.filter_jobs("zebra", problems=False)
        await stage.pilot.press("M")
        await until(lambda: "no other job ever seen here matches “zebra”" in stage.receipt, what="the answer")


async def test_the_demos_shared_causes_lead_to_their_jobs(drive: Drive) -> None:
    async with drive(size=(80, 24)) as driven:
        await until(lambda: len(driven.main.view) > 25, what="the list")
        alike = next(ref for ref in driven.main.view if driven.main.comparing.alike(ref) > 1)
        driven.main.jobs.select(alike)
        await driven.pilot.press("c")
        await until(lambda: isinstance(driven.app.screen, ChoosingScreen), what="the group")
        await driven.pilot.pause()
        await driven.pilot.press("j", "enter")
        chosen = driven.main.jobs.selected
        assert chosen is not None
        assert driven.main.comparing.alike(chosen) > 1
