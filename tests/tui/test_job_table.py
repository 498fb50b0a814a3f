"""The job list: the cursor belongs to a job; only what differs is drawn."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

import pytest
from textual.pilot import Pilot

from jobtui.insight.sorting import Sorting
from jobtui.model import Job, JobRef, State
from jobtui.monitor.store import Store
from jobtui.monitor.view import View
from jobtui.tui.format.spans import Line, text_of
from jobtui.tui.widgets.job_table import JobTable
from tests.factory import NOW, a_job
from tests.tui.conftest import Tiny, shown


def a_table(jobs: Sequence[Job]) -> tuple[Store, JobTable]:
    store = Store()
    store.apply(jobs, NOW)
    table = JobTable(store, View(store, key=Sorting()), now=lambda: NOW)
    return store, table


def many(count: int) -> list[Job]:
    return [a_job(f"{n:06}", created=NOW - timedelta(seconds=n)) for n in range(count)]


def change(store: Store, table: JobTable, *jobs: Job, after_s: float = 1) -> None:
    table.apply(store.apply(jobs, NOW + timedelta(seconds=after_s)))


def ref(number: int) -> JobRef:
    return JobRef("tiles", f"{number:06}")


def on_screen(table: JobTable, job: JobRef) -> int:
    return table.visible_refs_in_order().index(job)


async def settled(pilot: Pilot[None], table: JobTable) -> None:
    table.focus()
    table.settle()
    await pilot.pause()


async def test_the_worst_job_comes_first_and_the_cursor_starts_there() -> None:
    failed = a_job("bad", state=State.FAILED, ended=True, why="disk full")
    _, table = a_table([*many(50), failed])
    async with Tiny(table).run_test(size=(100, 20)) as pilot:
        await settled(pilot, table)
        assert table.selected == failed.ref
        assert shown(table)[0].startswith("> ✖ FAIL")
        assert "disk full" in shown(table)[0]


async def test_the_cursor_and_its_line_stay_when_rows_come_above() -> None:
    store, table = a_table(many(200))
    async with Tiny(table).run_test(size=(100, 20)) as pilot:
        await settled(pilot, table)
        table.go_to(60)
        await pilot.pause()
        chosen, line = table.selected, on_screen(table, ref(60))
        assert chosen == ref(60)
        change(store, table, *(a_job(f"new{n}", state=State.FAILED, ended=True) for n in range(7)))
        await pilot.pause()
        assert table.selected == chosen
        assert on_screen(table, ref(60)) == line
        assert table.cursor == 67


async def test_until_what_was_taken_over_is_drawn_there_is_one_cursor_and_it_is_on_its_job() -> None:
    store, table = a_table(many(200))
    async with Tiny(table).run_test(size=(100, 20)) as pilot:
        await settled(pilot, table)
        await pilot.press("j", "j", "j")
        await pilot.pause()
        worse = [a_job(f"new{n}", state=State.FAILED, ended=True) for n in range(5)]
        table.take(store.apply(worse, NOW + timedelta(seconds=1)))
        await pilot.pause()
        lines = [text_of(table._drawn[y][0]) for y in range(table.size.height)]
        assert [y for y, line in enumerate(lines) if line.startswith(">")] == [8]
        assert ref(3).job_id in lines[8]
        assert "FAIL" not in lines[0], "nothing else is drawn yet"
        table.redraw()
        await pilot.pause()
        assert all("FAIL" in line for line in shown(table)[:5])


async def test_a_list_at_the_top_shows_what_is_worse_as_it_comes() -> None:
    store, table = a_table(many(200))
    async with Tiny(table).run_test(size=(100, 20)) as pilot:
        await settled(pilot, table)
        await pilot.press("j")
        chosen = table.selected
        change(store, table, a_job("bad", state=State.FAILED, ended=True))
        await pilot.pause()
        assert table.selected == chosen
        assert "FAIL" in shown(table)[0]


async def test_a_job_that_leaves_hands_the_cursor_to_its_row() -> None:
    store, table = a_table(many(30))
    async with Tiny(table).run_test(size=(100, 20)) as pilot:
        await settled(pilot, table)
        table.go_to(5)
        table.apply(store.remove(ref(5)))
        await pilot.pause()
        assert table.selected == ref(6)


async def test_a_changed_job_draws_its_line_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    store, table = a_table(many(30))
    async with Tiny(table).run_test(size=(100, 20)) as pilot:
        await settled(pilot, table)
        refreshed: list[int] = []
        refresh = table.refresh

        def note(*regions: object, **options: object) -> JobTable:
            refreshed.append(len(regions))
            return refresh(*regions, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(table, "refresh", note)
        change(store, table, a_job("000003", created=NOW - timedelta(seconds=3), title="renamed"))
        await pilot.pause()
        assert refreshed == [1]
        assert "renamed" in shown(table)[3]


async def test_moving_keys_move_and_pages_page() -> None:
    _, table = a_table(many(100))
    async with Tiny(table).run_test(size=(100, 20)) as pilot:
        await settled(pilot, table)
        await pilot.press("j", "down", "k")
        assert table.cursor == 1
        await pilot.press("pagedown")
        assert table.cursor == 20
        await pilot.press("G")
        assert (table.cursor, table.visible_rows()[-1]) == (99, 99)
        await pilot.press("g")
        assert (table.cursor, table.scroll_offset.y) == (0, 0)


async def test_a_hundred_thousand_jobs_are_drawn_as_quickly_as_a_screenful(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, table = a_table(many(100_000))
    async with Tiny(table).run_test(size=(120, 40)) as pilot:
        await settled(pilot, table)
        drawn: list[int] = []
        draw = table.line

        def note(row: int) -> Line:
            drawn.append(row)
            return draw(row)

        monkeypatch.setattr(table, "line", note)
        start = time.perf_counter()
        table.action_page(1)
        change(store, table, a_job("050000", created=NOW - timedelta(seconds=50_000), title="renamed"))
        assert time.perf_counter() - start < 1.0
        await pilot.pause()
        assert len(drawn) < 1_000, "only what is visible is ever formatted"
        assert table.line_count() == 100_000


async def test_an_empty_list_says_why() -> None:
    _, table = a_table([])
    table.why_empty = [()]
    async with Tiny(table).run_test(size=(100, 5)) as pilot:
        await settled(pilot, table)
        assert table.selected is None
        await pilot.press("j", "k", "G", "g", "pagedown")
