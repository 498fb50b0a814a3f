"""What the screen makes of jobs: stalled, usual times, the same cause. By real keys."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs
from textual import events

from jobtui.journal.journal import Journal
from jobtui.model import Cursor, Job, JobDetail, JobMessage, JobRef, Kind, MessagePage, Progress, State, Step
from jobtui.tui.format.spans import text_of
from jobtui.tui.screens.reading import ReadingScreen
from jobtui.tui.widgets.line_view import LineView, TextLines
from tests.conftest import until
from tests.factory import a_job
from tests.tui.conftest import a_message, a_step
from tests.tui.staged import Server, Stage, staged

NOW = datetime.now(UTC)
"""When the test began."""
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _begun_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "NOW", datetime.now(UTC))


def lines(view: LineView) -> list[str]:
    return [text_of(view.line(row)) for row in range(view.line_count())]


def rows(stage: Stage) -> list[str]:
    return lines(stage.main.jobs)


def strip(stage: Stage) -> str:
    return "\n".join(text_of(line) for line in stage.main.strip.lines)


def reading(stage: Stage) -> list[str]:
    assert isinstance(stage.app.screen, ReadingScreen)
    return lines(stage.app.screen.query_one(TextLines))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_job_that_stands_still_comes_up_as_a_problem_and_goes_when_it_moves(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    server = Server("tiles")
    still = a_job("1", title="hangs", as_of=NOW, updated=NOW - 25 * MINUTE, progress=Progress(0.61))
    server.has(still)
    server.has(a_job("2", title="goes on", as_of=NOW, updated=NOW, progress=Progress(0.2)))
    async with staged(tmp_path, server, size=size) as stage:
        await until(lambda: any("STALL" in row for row in rows(stage)[:1]), what="that it has stalled")
        assert "hangs" in rows(stage)[0]
        assert "nothing new for 2" in rows(stage)[0]
        await stage.pilot.press("full_stop")
        assert len(rows(stage)) == 1
        server.has(a_job("1", title="hangs", as_of=NOW, updated=datetime.now(UTC), progress=Progress(0.62)))
        await stage.pilot.press("full_stop")
        await until(lambda: not any("STALL" in row for row in rows(stage)), what="that it goes on")
        await until(
            lambda: "nothing needs you" in text_of(stage.main.attention.lines[0]), what="that all is well"
        )


async def test_a_running_job_is_set_beside_those_that_ended_before(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite3") as journal:
        journal.save_jobs(
            a_job(
                f"old{number}",
                title=f"Tileset build {number}",
                state=State.SUCCEEDED,
                raw_state="COMPLETE",
                ended=True,
                as_of=NOW - 60 * MINUTE,
                started=NOW - 70 * MINUTE - 8 * MINUTE,
                ended_at=NOW - 70 * MINUTE,
            )
            for number in range(34)
        )
    server = Server("tiles")
    server.has(a_job("1", title="Tileset build 9", as_of=NOW, started=datetime.now(UTC) - 4.5 * MINUTE))
    async with staged(tmp_path, server) as stage:
        await until(lambda: "usually 8m (p90 8m, of 34)" in strip(stage), what="what is usual")
        assert "running 4m, usually 8m (p90 8m, of 34), about 3m left" in strip(stage)
        assert "~3m" in rows(stage)[0]
        await stage.pilot.press("d")
        await until(lambda: any("about 3m left" in line for line in reading(stage)), what="the details")


async def test_jobs_that_failed_for_the_same_cause_are_counted_in_the_row_and_listed_at_a_key(
    tmp_path: Path,
) -> None:
    tiles, desk = Server("tiles"), Server("desk", Kind.ZENDESK)
    for server, ids in ((tiles, "12"), (desk, "34")):
        for number in ids:
            ended = NOW - int(number) * MINUTE
            why = f"cannot reach gdb at 10.0.0.{number}"
            job = a_job(number, source=server.source, title=f"job {number}", as_of=NOW, state=State.FAILED)
            server.has(_ended(job, why, ended))
    tiles.has(_ended(a_job("9", as_of=NOW, state=State.FAILED), "disk full", NOW - 9 * MINUTE))
    tiles.has(a_job("8", as_of=NOW))
    async with staged(tmp_path, tiles, desk) as stage:
        await until(lambda: sum("+3 alike" in row for row in rows(stage)) == 4, what="the group")
        assert not any("alike" in row for row in rows(stage)[4:])
        await stage.pilot.press("c")
        await until(lambda: isinstance(stage.app.screen, ReadingScreen), what="the group's screen")
        await until(lambda: any("4 jobs of desk, tiles" in line for line in reading(stage)), what="its lines")
        text = "\n".join(reading(stage))
        assert "cannot reach gdb at #" in text
        assert all(ref in text for ref in ("tiles:1", "tiles:2", "desk:3", "desk:4"))
        assert "cannot reach gdb at 10.0.0.1" in text
        await stage.pilot.press("escape")
        await stage.pilot.press("G", "c")
        assert not isinstance(stage.app.screen, ReadingScreen)
        assert "has not failed for a cause" in stage.receipt


def _ended(job: Job, why: str, ended_at: datetime) -> Job:
    return replace(job, ended=True, why=why, ended_at=ended_at, raw_state="FAILED")


class Flow(Server):
    """A source of one workflow job with steps."""

    def __init__(self, *steps: Step) -> None:
        super().__init__("field", Kind.ARCGIS)
        self.steps = steps

    async def get(self, job_id: str) -> JobDetail:
        return replace(await super().get(job_id), steps=self.steps)


async def test_steps_stand_beside_what_is_usual_and_skipped_branches_unfold_at_enter(tmp_path: Path) -> None:
    def review(minutes: float) -> Step:
        began = NOW - 60 * MINUTE
        ended = began + minutes * MINUTE
        return a_step("s1", State.SUCCEEDED, title="Review", started=began, ended_at=ended)

    with Journal(tmp_path / "journal.sqlite3") as journal:
        for number in range(5):
            old = a_job(f"old{number}", source="field", kind=Kind.ARCGIS, as_of=NOW - 9 * MINUTE)
            old = replace(old, state=State.SUCCEEDED, ended=True, ended_at=NOW - 9 * MINUTE)
            journal.save_detail(JobDetail(old, (review(number + 1),)))
    skipped = [a_step(f"s{n}", State.SKIPPED, title=f"Other way {n}") for n in (2, 3)]
    server = Flow(review(9), *skipped, a_step("s4", State.RUNNING, current=True, message="layer 7 of 9"))
    server.has(a_job("1", source="field", as_of=NOW, title="Parcel split"))
    async with staged(tmp_path, server, size=(120, 40)) as stage:
        await until(lambda: any("Parcel split" in row for row in rows(stage)[:1]), what="the job")
        await stage.pilot.press("g", "2")

        def tree() -> list[str]:
            return [text_of(row.line) for row in stage.main.steps.rows]

        await until(lambda: any("9:00  usual 3:00" in line for line in tree()), what="what is usual")
        assert any("layer 7 of 9" in line for line in tree())
        assert "2 skipped" in tree()[1]
        await stage.pilot.press("g", "j", "enter")
        await until(lambda: any("Other way 3" in line for line in tree()), what="the skipped steps")
        await stage.pilot.press("enter")
        await until(lambda: not any("Other way" in line for line in tree()), what="them folded again")


class Talking(Flow):
    """A workflow job that says what a test lets it say."""

    def __init__(self, *steps: Step) -> None:
        super().__init__(*steps)
        self.said: list[JobMessage] = []

    def say(self, number: int, step: str | None = None, text: str = "") -> None:
        message = a_message(number, at=NOW + timedelta(seconds=number), step=step)
        ref = JobRef("field", "1")
        self.said.append(structs.replace(message, ref=ref, text=text or message.text))

    async def messages(self, job_id: str, cursor: Cursor) -> MessagePage:
        return MessagePage(tuple(self.said), cursor)


def log(stage: Stage) -> list[str]:
    return lines(stage.main.log_pane)


async def test_where_somebody_looked_away_is_marked_once_more_has_come(tmp_path: Path) -> None:
    server = Talking(a_step("s1", State.RUNNING, current=True))
    server.has(a_job("1", source="field", as_of=NOW))
    server.say(1)
    server.say(2)
    async with staged(tmp_path, server, size=(120, 40)) as stage:
        await until(lambda: len(log(stage)) == 2, what="the messages")
        stage.app.post_message(events.AppBlur())
        await stage.pilot.pause()
        assert len(log(stage)) == 2, "nothing has come yet"
        server.say(3)
        stage.app.monitor.refresh()
        await until(lambda: len(log(stage)) == 4, what="what came meanwhile")
        assert "you looked away here (" in log(stage)[2]
        assert "message 3" in log(stage)[3]
        stage.app.post_message(events.AppFocus())
        await stage.pilot.press("3", "t", "w", "w")
        assert "you looked away here (" in log(stage)[2], "it stays through switches"
        stage.app.post_message(events.AppBlur())
        server.say(4)
        stage.app.monitor.refresh()
        await until(lambda: "message 4" in log(stage)[-1], what="what came then")
        assert ["looked away" in line for line in log(stage)] == [False, False, False, True, False]


async def test_a_key_leads_from_a_step_to_its_messages(tmp_path: Path) -> None:
    server = Talking(a_step("s1", State.SUCCEEDED), a_step("s2", State.RUNNING, current=True), a_step("s3"))
    server.has(a_job("1", source="field", as_of=NOW))
    for number in range(200):
        server.say(number, "s1" if number < 100 else "s2")
    async with staged(tmp_path, server, size=(120, 40)) as stage:
        await until(lambda: len(log(stage)) == 200, what="the messages")
        await until(lambda: len(stage.main.steps.rows) == 3, what="the steps")
        await stage.pilot.press("2", "g", "j", "m")
        pane = stage.main.log_pane
        assert pane.has_focus
        assert not pane.follows
        assert "message 100" in text_of(pane.line(pane.scroll_offset.y))
        await stage.pilot.press("2", "G", "m")
        assert "no message shown is of the step" in stage.receipt
        assert ("on disk" in stage.receipt) is pane.may_have_older
