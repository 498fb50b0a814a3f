"""The step tree: cursor, scroll and folding belong to steps, and survive every refresh."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs
from textual.pilot import Pilot

from jobtui.model import JobDetail, Kind, State
from jobtui.tui.format.spans import text_of
from jobtui.tui.widgets.step_tree import StepTree
from tests.factory import NOW
from tests.tui.conftest import Tiny, a_detail, a_step, shown


def a_tree() -> StepTree:
    return StepTree(now=lambda: NOW)


def a_flow(current: int, count: int = 40) -> JobDetail:
    steps = [
        a_step(
            f"s{n}",
            State.SUCCEEDED if n < current else State.RUNNING if n == current else State.QUEUED,
            current=n == current,
            type="manual",
            children=tuple(a_step(f"s{n}.{m}", type="manual") for m in range(5)) if n == 3 else (),
        )
        for n in range(count)
    ]
    return a_detail(*steps, kind=Kind.ARCGIS)


async def show(pilot: Pilot[None], tree: StepTree, detail: JobDetail) -> None:
    tree.show(detail.job, detail)
    await pilot.pause()


def under_cursor(tree: StepTree) -> str | None:
    return tree.step.id if tree.step is not None else None


async def test_the_cursor_starts_on_the_current_step() -> None:
    tree = a_tree()
    async with Tiny(tree).run_test(size=(60, 12)) as pilot:
        await show(pilot, tree, a_flow(current=25))
        assert under_cursor(tree) == "s25"
        assert any("← now" in line for line in shown(tree))


async def test_cursor_scroll_and_folding_survive_a_refresh() -> None:
    tree = a_tree()
    async with Tiny(tree).run_test(size=(60, 12)) as pilot:
        await show(pilot, tree, a_flow(current=20))
        tree.focus()
        assert tree.select("s3")
        assert not any("s3.0" in text_of(row.line) for row in tree.rows)
        assert tree.toggle()
        assert any("s3.0" in text_of(row.line) for row in tree.rows)
        tree.select("s10")
        await pilot.pause()
        top = tree.scroll_offset.y
        await show(pilot, tree, a_flow(current=21))
        assert under_cursor(tree) == "s10"
        assert tree.scroll_offset.y == top
        assert any("s3.0" in text_of(row.line) for row in tree.rows), "still unfolded"


async def test_rows_that_come_above_do_not_move_the_cursors_line() -> None:
    tree = a_tree()
    async with Tiny(tree).run_test(size=(60, 12)) as pilot:
        detail = a_flow(current=20)
        await show(pilot, tree, detail)
        tree.select("s18")
        await pilot.pause()
        line = tree.cursor - tree.scroll_offset.y
        failed = structs.replace(detail.steps[2], state=State.FAILED, message="one\ntwo\nthree")
        await show(pilot, tree, replace(detail, steps=(*detail.steps[:2], failed, *detail.steps[3:])))
        assert under_cursor(tree) == "s18"
        assert tree.cursor - tree.scroll_offset.y == line


async def test_each_job_keeps_its_own_folding() -> None:
    tree = a_tree()
    async with Tiny(tree).run_test(size=(60, 30)) as pilot:
        first, other = a_flow(current=1), a_detail(a_step("x"), job_id="2", kind=Kind.ARCGIS)
        await show(pilot, tree, first)
        tree.select("s3")
        tree.toggle()
        await show(pilot, tree, other)
        assert under_cursor(tree) == "x"
        await show(pilot, tree, first)
        assert any("s3.0" in text_of(row.line) for row in tree.rows)


async def test_a_job_without_steps_says_so_and_one_not_read_says_that() -> None:
    tree = a_tree()
    async with Tiny(tree).run_test(size=(60, 5)) as pilot:
        empty = a_detail(ended=True)
        tree.show(empty.job, None)
        await pilot.pause()
        assert "reading" in shown(tree)[0]
        await show(pilot, tree, empty)
        assert "no steps" in shown(tree)[0]


async def test_trouble_with_reading_is_said_and_known_steps_stay() -> None:
    tree = a_tree()
    async with Tiny(tree).run_test(size=(60, 5)) as pilot:
        detail = a_detail(a_step("x"))
        tree.show(detail.job, None)
        tree.trouble("desk: time-out")
        tree.show(detail.job, None)
        await pilot.pause()
        assert "time-out" in shown(tree)[0]
        await show(pilot, tree, detail)
        tree.trouble("desk: time-out")
        await pilot.pause()
        assert "step x" in shown(tree)[0]


async def test_an_unmoved_cursor_goes_on_with_the_flow_and_a_moved_one_stays() -> None:
    tree = StepTree(now=lambda: NOW)
    async with Tiny(tree).run_test(size=(60, 12)) as pilot:
        before = a_detail(a_step("a", current=True), a_step("b"), a_step("c"))
        after = a_detail(a_step("a", State.SUCCEEDED), a_step("b", current=True), a_step("c"))
        tree.show(before.job, before)
        tree.show(after.job, after)
        assert tree.step is not None
        assert tree.step.id == "b"
        tree.focus()
        await pilot.press("down")
        tree.show(before.job, before)
        assert tree.step is not None
        assert tree.step.id == "c"


async def test_a_failed_step_far_down_comes_with_what_it_says() -> None:
    tree = a_tree()
    async with Tiny(tree).run_test(size=(60, 12)) as pilot:
        flow = a_flow(current=-1)
        bad = a_step("bad", State.FAILED, type="manual", message="one\ntwo\nthree")
        await show(pilot, tree, replace(flow, steps=(*flow.steps[:30], bad, *flow.steps[30:])))
        assert under_cursor(tree) == "bad", "no step is current: the failed one is the news"
        assert [line.strip() for line in shown(tree)[-3:]] == ["one", "two", "three"]
