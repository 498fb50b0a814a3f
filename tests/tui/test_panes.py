"""Panes at every size: each has its place or opens by its number; a change of size loses nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual import events
from textual.geometry import Size

from jobtui.model import Hold, JobDetail, JobRef, Kind, State, Step
from jobtui.tui.panes import EXTRA, NAMES, Fit, fit_of
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.tui.conftest import shown
from tests.tui.staged import Server, Stage, staged

SIZES = ((120, 40), (50, 12), (200, 60), (80, 24), (165, 30), (59, 14), (100, 15), (80, 24))


def a_server(jobs: int = 30) -> Server:
    server = Server("tiles")
    for number in range(jobs):
        server.has(a_job(f"{number:02}", title=f"title {number:02}", created=NOW - timedelta(hours=number)))
    return server


async def filled(stage: Stage, jobs: int = 30) -> None:
    await until(lambda: len(stage.main.view) == jobs, what="the jobs")
    await stage.pilot.pause()


def on_screen(stage: Stage) -> list[str]:
    """The panes that can be seen."""
    return [name for name in NAMES if stage.main.query_one(f"#{name}-pane").size.height > 1]


@pytest.mark.parametrize(
    ("size", "fit"),
    [
        ((59, 40), Fit.TINY),
        ((80, 14), Fit.TINY),
        ((60, 15), Fit.NARROW),
        ((99, 50), Fit.NARROW),
        ((100, 24), Fit.TWO),
        ((159, 60), Fit.TWO),
        ((160, 24), Fit.THREE),
        ((200, 49), Fit.THREE),
        ((200, 60), Fit.WALL),
    ],
)
def test_the_breakpoints_are_those_of_the_design(size: tuple[int, int], fit: Fit) -> None:
    assert fit_of(Size(*size)) is fit


@pytest.mark.parametrize(
    ("size", "panes"),
    [
        ((50, 12), ["jobs"]),
        ((80, 24), ["jobs"]),
        ((120, 40), ["jobs", "steps", "messages"]),
        ((165, 45), ["jobs", "steps", "messages"]),
        ((200, 60), [*NAMES]),
    ],
)
async def test_each_size_shows_its_panes_and_every_other_opens_by_its_number(
    tmp_path: Path, size: tuple[int, int], panes: list[str]
) -> None:
    async with staged(tmp_path, a_server(), size=size) as stage:
        await filled(stage)
        assert on_screen(stage) == panes
        for number, name in enumerate(NAMES, 1):
            await stage.pilot.press(str(number))
            await stage.pilot.pause()
            assert stage.main.panes.focused == name
            if name not in panes:
                assert name in on_screen(stage)
                assert not set(on_screen(stage)) & (set(EXTRA) - {name})
        await stage.pilot.press("escape")
        await stage.pilot.pause()
        assert stage.main.panes.focused == "jobs"
        assert on_screen(stage) == panes


async def test_three_columns_stand_side_by_side(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server(), size=(165, 45)) as stage:
        await filled(stage)
        boxes = [stage.main.query_one(f"#{name}-pane").region for name in NAMES[:3]]
        assert [box.y for box in boxes] == [boxes[0].y] * 3
        assert boxes[0].right <= boxes[1].x < boxes[1].right <= boxes[2].x


async def test_through_every_size_and_back_cursor_scroll_marks_and_focus_stay(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server(), size=(80, 24)) as stage:
        await filled(stage)
        jobs = stage.main.jobs
        await stage.pilot.press(*["j"] * 20, "space", "k")
        chosen, marked, top = jobs.selected, stage.main.marks.refs, jobs.scroll_offset.y
        assert marked
        assert top > 0
        for size in SIZES:
            await stage.pilot.resize_terminal(*size)
            await stage.pilot.pause()
            assert (jobs.selected, stage.main.marks.refs) == (chosen, marked)
            assert jobs.cursor in jobs.visible_rows()
            assert stage.main.panes.focused == "jobs"
        assert jobs.scroll_offset.y == top


@pytest.mark.parametrize("name", ["steps", "messages", "holds", "polling"])
async def test_the_pane_that_is_looked_at_is_there_at_every_size(tmp_path: Path, name: str) -> None:
    async with staged(tmp_path, a_server(), size=(200, 60)) as stage:
        await filled(stage)
        stage.main.query_one(f"#{name}").focus()  # as a click does it
        await stage.pilot.pause()
        for size in SIZES:
            await stage.pilot.resize_terminal(*size)
            await stage.pilot.pause()
            assert stage.main.panes.focused == name
            assert name in on_screen(stage)


async def test_a_dialog_and_what_is_typed_in_it_stay_and_what_is_below_fits(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server(), size=(120, 40)) as stage:
        await filled(stage)
        await stage.pilot.press("slash", *"titl")
        for size in SIZES:
            await stage.pilot.resize_terminal(*size)
            await stage.pilot.pause()
        await stage.pilot.press("e", "enter")
        assert stage.main.finding.text == "title"
        await stage.pilot.press("question_mark")
        await until(lambda: len(stage.app.screen_stack) == 2, what="the help")
        for size in ((50, 12), (200, 60)):
            await stage.pilot.resize_terminal(*size)
            await stage.pilot.pause()
            assert len(stage.app.screen_stack) == 2
        await stage.pilot.press("escape")
        await stage.pilot.pause()
        assert stage.main.panes.fit is Fit.WALL
        assert on_screen(stage) == [*NAMES]


async def test_a_click_chooses_a_row_and_the_wheel_scrolls(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server(), size=(120, 20)) as stage:
        await filled(stage)
        jobs = stage.main.jobs
        await stage.pilot.click("#jobs", offset=(5, 4))
        assert jobs.cursor == 4
        await stage.pilot.click("#steps")
        assert stage.main.panes.focused == "steps"
        x, y = jobs.region.x + 3, jobs.region.y + 3
        for _ in range(3):
            event = events.MouseScrollDown(
                jobs,
                x=x,
                y=y,
                delta_x=0,
                delta_y=1,
                button=0,
                shift=False,
                meta=False,
                ctrl=False,
                screen_x=x,
                screen_y=y,
            )
            stage.app.screen._forward_event(event)
            await stage.pilot.pause()
        assert jobs.scroll_offset.y > 0
        assert jobs.cursor == 4, "what is selected is chosen by a click, not by a wheel"


async def test_the_holds_pane_lists_what_is_marked_else_all_that_is_held(tmp_path: Path) -> None:
    server = Server("field", Kind.ARCGIS)
    for number in range(3):
        hold = Hold(f"h{number}", "s1", by=f"who{number}", since=NOW)
        server.has(a_job(str(number), source="field", kind=Kind.ARCGIS, state=State.HELD, holds=(hold,)))
    server.has(a_job("9", source="field", kind=Kind.ARCGIS, created=NOW))
    async with staged(tmp_path, server, size=(200, 60)) as stage:
        await filled(stage, 4)
        assert stage.main.jobs.select(JobRef("field", "9"))
        await stage.pilot.pause(0.5)
        text = "\n".join(shown(stage.main.wall.holds))
        assert all(f"held by who{number}" in text for number in range(3))
        assert "all that are held: 3 jobs, 3 holds" in " ".join(text.split())
        stage.main.marks.toggle(JobRef("field", "1"))
        stage.main._show()
        text = "\n".join(shown(stage.main.wall.holds))
        assert "marked: 1 job, 1 hold" in text
        assert "who2" not in text


async def test_enter_in_the_holds_goes_to_the_job_whose_hold_the_cursor_is_on(tmp_path: Path) -> None:
    server = Server("field", Kind.ARCGIS)
    for number in range(3):
        hold = Hold(f"h{number}", "s1", by=f"who{number}", since=NOW)
        server.has(a_job(str(number), source="field", kind=Kind.ARCGIS, state=State.HELD, holds=(hold,)))
    server.has(a_job("9", source="field", kind=Kind.ARCGIS, created=NOW))
    async with staged(tmp_path, server) as stage:
        await filled(stage, 4)
        assert stage.main.jobs.select(JobRef("field", "9"))
        await stage.pilot.press("4")
        holds = stage.main.wall.holds
        await until(lambda: holds.chosen == JobRef("field", "0"), what="the first held job")
        for _ in range(40):
            if holds.chosen == JobRef("field", "1"):
                break
            await stage.pilot.press("j")
        server.has(a_job("5", source="field", kind=Kind.ARCGIS))
        stage.app.monitor.refresh()
        await until(lambda: len(stage.main.view) == 5, what="a change of the list")
        assert holds.chosen == JobRef("field", "1"), "the cursor stays on its job"
        assert stage.main.jobs.selected == JobRef("field", "9")
        assert stage.main.target == JobRef("field", "1"), "keys mean the job whose hold the cursor is on"
        await stage.pilot.press("enter")
        assert stage.main.panes.focused == "jobs"
        assert stage.main.jobs.selected == JobRef("field", "1")


class HeldAhead(Server):
    """A source whose jobs stand at a free step and are held at the next."""

    async def get(self, job_id: str) -> JobDetail:
        job = (await super().get(job_id)).job
        hold = Hold("h1", "s2", by="lead", since=NOW)
        ahead = Step("s2", "Check", State.QUEUED, holds=(hold,))
        return JobDetail(job, (Step("s1", "Draw", State.WAITING, current=True), ahead))


async def test_the_holds_pane_names_the_holds_of_the_selected_job_that_it_has_yet_to_come_to(
    tmp_path: Path,
) -> None:
    server = HeldAhead("field", Kind.ARCGIS)
    server.has(a_job("1", source="field", kind=Kind.ARCGIS, state=State.WAITING))
    async with staged(tmp_path, server, size=(200, 60)) as stage:
        await filled(stage, 1)
        text, said = stage.main.wall.holds, "selected: 1 job, 1 hold"
        await until(lambda: said in " ".join(shown(text)), what="the hold ahead")
        assert "Check (not current): held by lead" in "\n".join(shown(text))


async def test_enter_says_so_where_nothing_opens(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server(), size=(80, 24)) as stage:
        await filled(stage)
        for number in "3467":
            stage.main.receipt.say("")
            await stage.pilot.press(number, "enter")
            assert stage.receipt == "nothing opens here; 1 goes to the jobs"


async def test_a_list_that_was_away_while_jobs_came_and_went_stands_where_it_stood(tmp_path: Path) -> None:
    server = a_server()
    async with staged(tmp_path, server, size=(80, 24)) as stage:
        await filled(stage)
        await stage.pilot.press("j", "j", "j", "2")
        await stage.pilot.pause()
        chosen, top = stage.main.jobs.selected, stage.main.jobs.scroll_offset.y
        assert (stage.main.jobs.cursor, top) == (3, 0)
        server.has(a_job("new", title="new", state=State.HELD))
        stage.app.monitor.refresh()
        await until(lambda: len(stage.main.view) == 31, what="the new job")
        await stage.pilot.pause()
        await stage.pilot.press("1")
        await stage.pilot.pause()
        assert stage.main.jobs.selected == chosen
        assert stage.main.jobs.cursor == 4
        assert stage.main.jobs.scroll_offset.y == top, "what is worst is seen to come"
