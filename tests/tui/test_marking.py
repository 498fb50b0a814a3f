"""Marks: they belong to jobs, not to rows, whatever the list does under them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.demo import DemoServer
from jobtui.insight.sorting import Column, Order, sort_key
from jobtui.model import JobRef, State
from jobtui.monitor.events import Change, JobsChanged
from jobtui.monitor.sieve import Sieve
from jobtui.monitor.store import Store
from jobtui.monitor.view import View
from jobtui.tui.marking import Marks
from jobtui.tui.widgets.job_table import JobTable
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.tui.conftest import Drive, Driven, shown
from tests.tui.staged import Server, Stage, staged


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    """A world that goes on sixty times as fast, so that jobs come, change and end under the keys."""
    with DemoServer(seed=11, speed=60) as server:
        yield server


def titled(*titles: str) -> tuple[Store, View]:
    store = Store()
    store.apply([a_job(title, title=title) for title in titles], NOW)
    return store, View(store, key=sort_key(Order(Column.TITLE)))


def ref(job_id: str) -> JobRef:
    return JobRef("tiles", job_id)


def test_a_range_goes_from_the_job_marked_last_wherever_it_is_now() -> None:
    store, view = titled(*"abcdef")
    marks = Marks()
    marks.toggle(ref("b"))
    view.apply(store.apply([a_job("b", title="e2")], NOW + timedelta(seconds=1)))
    marks.extend(list(view), ref("c"))
    assert [one.job_id for one in marks.listed(view)] == ["c", "d", "e", "b"]


def test_a_range_without_a_beginning_is_the_job_itself() -> None:
    _, view = titled(*"abc")
    marks = Marks()
    marks.extend(list(view), ref("b"))
    assert marks.refs == {ref("b")}
    marks.toggle(ref("b"))
    marks.extend(list(view), ref("c"))
    assert marks.refs == {ref("c")}, "the mark that was taken away begins nothing"


def test_all_shown_and_again_none_of_them_leaves_hidden_marks_alone() -> None:
    _, view = titled(*"abcd")
    marks = Marks()
    marks.toggle(ref("d"))
    view.set_filter(Sieve(lambda: NOW, lambda job, _: job.title < "c"))
    marks.all_or_none(view)
    assert marks.refs == {ref("a"), ref("b"), ref("d")}
    assert marks.hidden(view) == 1
    marks.all_or_none(view)
    assert marks.refs == {ref("d")}


def test_what_was_taken_from_the_marks_is_frozen() -> None:
    _, view = titled(*"abc")
    marks = Marks()
    marks.all_or_none(view)
    taken = marks.refs
    marks.clear()
    assert len(taken) == 3


@given(st.lists(st.tuples(st.sampled_from("mvargx"), st.integers(0, 9)), max_size=30))
def test_marks_are_always_of_jobs_that_are_known(steps: list[tuple[str, int]]) -> None:
    store, view = titled(*"0123456789")
    marks = Marks()
    for what, number in steps:
        job = ref(str(number))
        changes: tuple[Change, ...] = ()
        if what == "m" and store.get(job) is not None:
            marks.toggle(job)
        elif what == "v":
            marks.extend(list(view), job)
        elif what == "a":
            marks.all_or_none(view)
        elif what == "g":
            changes = store.remove(job)
        elif what == "r":
            changes = store.apply([a_job(str(number), title=f"z{number}")], NOW + timedelta(seconds=1))
        view.apply(changes)
        marks.apply(changes)
        assert all(store.get(one) is not None for one in marks.refs)
        assert set(marks.listed(view)) == marks.refs


# --- by key -------------------------------------------------------------------------------------------


def server_of(count: int) -> Server:
    server = Server("tiles")
    for number in range(count):
        server.has(a_job(f"{number:02}", title=f"zone {number:02}", started=NOW - timedelta(seconds=number)))
    return server


async def filled(stage: Stage, count: int) -> None:
    await until(lambda: len(stage.main.view) == count and stage.main.jobs.selected is not None, what="jobs")
    await stage.pilot.pause()


def title(stage: Stage) -> str:
    return str(stage.main.query_one("#jobs-pane").border_title)


def signs(table: JobTable) -> list[str]:
    return [line[:2].ljust(2) for line in shown(table) if line.strip()]


async def test_space_marks_and_goes_on_v_marks_up_to_here_and_the_row_shows_it_without_colour(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path, server_of(6)) as stage:
        await filled(stage, 6)
        await stage.pilot.press("space")
        assert signs(stage.main.jobs) == [" *", "> ", "  ", "  ", "  ", "  "]
        await stage.pilot.press("j", "V")
        assert signs(stage.main.jobs) == [" *", " *", ">*", "  ", "  ", "  "]
        assert "marked 3" in title(stage)
        await stage.pilot.press("space")
        assert signs(stage.main.jobs) == [" *", " *", "  ", "> ", "  ", "  "]
        await stage.pilot.press("asterisk")
        assert "marked 6" in title(stage)
        await stage.pilot.press("asterisk")
        assert "marked" not in title(stage)


async def test_space_on_the_last_job_stays_there(tmp_path: Path) -> None:
    async with staged(tmp_path, server_of(2)) as stage:
        await filled(stage, 2)
        await stage.pilot.press("G", "space")
        assert signs(stage.main.jobs) == ["  ", ">*"]
        await stage.pilot.press("space")
        assert signs(stage.main.jobs) == ["  ", "> "]


async def test_escape_takes_the_search_away_then_the_marks(tmp_path: Path) -> None:
    async with staged(tmp_path, server_of(4)) as stage:
        await filled(stage, 4)
        await stage.pilot.press("space", "j", "space", "slash", "0", "3", "enter")
        assert "marked 2 (2 not shown)" in title(stage)
        await stage.pilot.press("escape")
        assert "filter" not in title(stage)
        assert "marked 2" in title(stage)
        await stage.pilot.press("escape")
        assert "marked" not in title(stage)


async def test_marking_sends_nothing(tmp_path: Path) -> None:
    server = server_of(3)
    async with staged(tmp_path, server) as stage:
        await filled(stage, 3)
        await stage.pilot.press("asterisk", "space", "V", "asterisk", "escape")
        assert server.sent == 0


async def test_a_job_that_is_dropped_takes_its_mark_along(tmp_path: Path) -> None:
    server = server_of(3)
    async with staged(tmp_path, server) as stage:
        await filled(stage, 3)
        await stage.pilot.press("asterisk")
        gone = stage.main.view[0]
        job = stage.main.monitor.store.get(gone)
        assert job is not None
        stage.main.receive(JobsChanged("tiles", (Change(gone, job, None),)))
        await until(lambda: gone not in stage.main.marks, what="its mark is gone")
        assert len(stage.main.marks) == 2


async def test_cursor_place_and_marks_keep_to_their_jobs_while_the_world_goes_on(drive: Drive) -> None:
    dice = random.Random(5)
    async with drive(size=(100, 24)) as driven:
        await until(lambda: len(driven.main.view) > 25, what="the list")
        keys = ["j", "k", "space", "V", "G", "g", "pagedown", "j", "j", "space"]
        for _ in range(8):
            await driven.pilot.press(*dice.choices(keys, k=4))
            marked, selected = driven.main.marks.refs, driven.main.jobs.selected
            assert selected is not None
            await _world_goes_on(driven)
            known = {job.ref for job in driven.monitor.store}
            assert driven.main.marks.refs == marked & known
            if selected in driven.main.view:
                assert driven.main.jobs.selected == selected
            _rows_tell_the_truth(driven)


async def _world_goes_on(driven: Driven) -> None:
    """Wait until some job is another than it was, and until the screen has taken that over."""
    before = {job.ref: (job.state, job.progress) for job in driven.monitor.store}

    def is_another() -> bool:
        return {job.ref: (job.state, job.progress) for job in driven.monitor.store} != before

    await until(is_another, what="a change", timeout_s=30)
    await driven.pilot.press("1")
    await driven.pilot.pause()


def _rows_tell_the_truth(driven: Driven) -> None:
    table, main = driven.main.jobs, driven.main
    for line, one in zip(shown(table), table.visible_refs_in_order(), strict=False):
        assert (line[0] == ">") is (one == table.selected)
        assert (line[1] == "*") is (one in main.marks)


async def test_marks_of_failed_jobs_last_through_their_new_states(tmp_path: Path) -> None:
    server = server_of(12)
    async with staged(tmp_path, server) as stage:
        await filled(stage, 12)
        stage.main.jobs.select(ref("07"))
        await stage.pilot.press("space")
        ended: dict[str, Any] = {"ended": True, "ended_at": datetime.now(UTC), "why": "disk full"}
        server.has(a_job("07", title="zone 07", state=State.FAILED, raw_state="FAILED", **ended))
        await until(lambda: stage.main.view.index(ref("07")) == 0, what="it comes first")
        await stage.pilot.pause()
        await until(lambda: signs(stage.main.jobs)[0] == " *", what="its mark came along")
        assert stage.main.jobs.selected == ref("08")
