"""The whole screen against the demo: what is seen, how it is moved in, and how it is left."""

from __future__ import annotations

import pytest
from textual.filter import NoColor

from jobtui.demo import DemoServer
from jobtui.insight.attention import needs_you
from jobtui.model import JobRef, Kind, State
from jobtui.monitor.events import Link
from jobtui.tui.theme_shelf import DEFAULT, PLAIN
from jobtui.tui.widgets.filter_input import FilterInput
from jobtui.tui.widgets.line_bar import LineBar
from jobtui.tui.widgets.message_log import MessageLog
from jobtui.tui.widgets.step_tree import StepTree
from tests.conftest import until
from tests.factory import NOW
from tests.tui.conftest import Drive, Driven, shown

EVERY_KIND = {"tiles", "desk", "field"}


def bar(driven: Driven, name: str) -> str:
    return "\n".join(shown(driven.main.query_one(f"#{name}", LineBar)))


async def filled(driven: Driven) -> None:
    await until(
        lambda: {job.ref.source for job in driven.monitor.store} == EVERY_KIND and driven.main.jobs.selected,
        what="jobs of every source",
    )
    await driven.pilot.pause()


async def test_jobs_of_all_kinds_are_listed_worst_first(drive: Drive) -> None:
    async with drive() as driven:
        await filled(driven)
        first = driven.main.job
        assert first is not None
        assert needs_you(first, NOW)
        await until(lambda: all(name in bar(driven, "sources") for name in EVERY_KIND), what="sources")
        await until(lambda: bar(driven, "sources").count("LIVE") == 3, what="all live")
        assert "need you" in bar(driven, "attention")


async def test_q_leaves_at_once_and_touches_no_job(drive: Drive) -> None:
    async with drive() as driven:
        await filled(driven)
        await driven.pilot.press("q")
        await until(lambda: not driven.app.is_running, what="the app has ended")
        assert driven.writes() == []


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_other_ways_out_leave_too_and_touch_no_job(drive: Drive, key: str) -> None:
    async with drive() as driven:
        await driven.pilot.press("slash", key)
        await until(lambda: not driven.app.is_running, what="the app has ended")
        assert driven.writes() == []


async def test_a_filter_narrows_the_list_and_escape_widens_it(drive: Drive) -> None:
    async with drive() as driven:
        await filled(driven)
        await driven.pilot.press("slash")
        await driven.type("kind:arcgis q")
        assert driven.app.is_running, "letters typed into the filter are no keys"
        await driven.pilot.press("backspace", "backspace", "enter")
        await driven.pilot.pause(0.3)
        table = driven.main.jobs
        assert {ref.source for ref in table.visible_refs()} == {"field"}
        await driven.pilot.press("escape")
        await driven.pilot.pause(0.3)
        assert table.line_count() == len(driven.monitor.store)
        assert not driven.main.query_one(FilterInput).has_class("-open")


async def test_an_empty_result_says_what_hides_the_jobs(drive: Drive) -> None:
    async with drive() as driven:
        await filled(driven)
        await driven.pilot.press("slash")
        await driven.type("zzzz")
        await driven.pilot.press("enter")
        await driven.pilot.pause(0.3)
        assert "matches “zzzz”" in "\n".join(shown(driven.main.jobs))


async def test_the_next_problem_is_one_key_away(drive: Drive) -> None:
    async with drive() as driven:
        await filled(driven)
        for _ in range(3):
            await driven.pilot.press("G", "exclamation_mark")
            job = driven.main.job
            assert job is not None
            assert needs_you(job, NOW)
        await driven.pilot.press("full_stop")
        await driven.pilot.pause(0.3)
        store = driven.monitor.store
        assert all(
            needs_you(job, NOW)
            for ref in driven.main.jobs.visible_refs()
            if (job := store.get(ref)) is not None
        )


async def test_a_partial_batch_shows_which_items_failed_and_why(drive: Drive) -> None:
    async with drive() as driven:
        await filled(driven)
        partial = next(
            job for job in driven.monitor.store if job.kind is Kind.ZENDESK and job.state is State.PARTIAL
        )
        driven.main.jobs.select(partial.ref)
        await driven.pilot.press("enter")
        await until(lambda: driven.main.steps.rows, what="the items")
        first, why = (shown(driven.main.query_one(StepTree))[n] for n in (0, 1))
        assert "FAIL" in first
        assert len(why.strip()) > 5
        assert str(partial.items_failed) in bar(driven, "why")


async def test_messages_are_followed_and_paused(demo: DemoServer, drive: Drive) -> None:
    action = demo.world.add_action(lasts=6_000)
    demo.world.advance(3_000)
    async with drive(JobRef("tiles", str(action.action_id)), size=(80, 24)) as driven:
        log = driven.main.query_one(MessageLog)
        await until(lambda: log.line_count() > 12, what="messages")
        await driven.pilot.press("3", "f")
        before = log.line_count()
        demo.world.advance(1_500)
        await until(lambda: log.unseen > 0, what="new messages below")
        assert log.line_count() > before
        pane = driven.main.query_one("#messages-pane")
        assert "PAUSED" in str(pane.border_title)
        await driven.pilot.press("G")
        assert log.follows


async def test_a_narrow_terminal_shows_one_thing_at_a_time(drive: Drive) -> None:
    async with drive(size=(80, 24)) as driven:
        await filled(driven)
        panes = {name: driven.main.query_one(f"#{name}") for name in ("left", "right", "strip")}
        assert (panes["left"].display, panes["right"].display, panes["strip"].display) == (
            True,
            False,
            True,
        )
        await until(lambda: "why" in bar(driven, "strip"), what="the strip")
        await driven.pilot.press("enter")
        await driven.pilot.pause()
        assert (panes["left"].display, panes["right"].display) == (False, True)
        await driven.pilot.press("escape")
        await driven.pilot.pause()
        assert (panes["left"].display, panes["right"].display) == (True, False)


async def test_another_size_keeps_the_selection(drive: Drive) -> None:
    async with drive() as driven:
        await filled(driven)
        await driven.pilot.press("j", "j", "j")
        chosen = driven.main.jobs.selected
        for size in ((80, 24), (60, 14), (140, 50)):
            await driven.pilot.resize_terminal(*size)
            await driven.pilot.pause(0.2)
            assert driven.main.jobs.selected == chosen
            assert any(line.startswith(">") for line in shown(driven.main.jobs)), "and it is visible"


async def test_panes_are_reached_by_number_and_by_turn_and_zoom(drive: Drive) -> None:
    async with drive() as driven:
        await filled(driven)
        main = driven.main
        seen = []
        for key in ("2", "3", "1", "tab", "tab", "shift+tab"):
            await driven.pilot.press(key)
            await driven.pilot.pause(0.05)
            seen.append(main.panes.focused)
        assert seen == ["steps", "messages", "jobs", "steps", "messages", "steps"]
        await driven.pilot.press("z")
        await driven.pilot.pause()
        assert not main.query_one("#jobs-pane").display
        await driven.pilot.press("escape")
        await driven.pilot.pause()
        assert main.query_one("#jobs-pane").display


async def test_a_source_that_goes_down_keeps_its_jobs_and_says_why(demo: DemoServer, drive: Drive) -> None:
    async with drive() as driven:
        await filled(driven)
        known = len(driven.monitor.store.of_source("desk"))
        demo.set_faults("zendesk/500")
        await until(lambda: driven.monitor.health("desk").link is Link.OFFLINE, timeout_s=30, what="offline")
        await until(lambda: "! desk ZD OFFLINE" in bar(driven, "attention"), what="the reason")
        assert "next try" in bar(driven, "attention") or "again now" in bar(driven, "attention")
        assert len(driven.monitor.store.of_source("desk")) >= known
        demo.set_faults("")
        await driven.pilot.press("r")
        await until(
            lambda: "! desk" not in bar(driven, "attention"), timeout_s=30, what="recovered by itself"
        )


async def test_the_last_known_jobs_are_there_before_any_server_answers(
    demo: DemoServer, drive: Drive
) -> None:
    async with drive() as driven:
        await filled(driven)
        known = len(driven.monitor.store)
    async with drive(faults="500") as driven:
        await until(lambda: len(driven.monitor.store) >= known // 2, what="jobs from the journal")
        await until(lambda: any("stale" in line for line in shown(driven.main.jobs)), what="said to be stale")


async def test_details_and_help_open_and_close_with_one_key(drive: Drive) -> None:
    async with drive() as driven:
        await filled(driven)
        for key in ("d", "question_mark"):
            await driven.pilot.press(key)
            await until(lambda: len(driven.app.screen_stack) == 2, what="it is open")
            await driven.pilot.press("escape")
            await until(lambda: len(driven.app.screen_stack) == 1, what="it is closed")


async def test_a_step_asked_for_at_the_start_is_selected(demo: DemoServer, drive: Drive) -> None:
    ref = JobRef("field", demo.world.add_workflow_job("held-manual").job_id)
    async with drive(ref) as driven:
        await until(lambda: driven.main.steps.step is not None, what="a step")
        assert driven.main.steps.step is not None
        assert driven.main.steps.step.current


async def test_no_color_means_no_colour_and_an_empty_one_means_nothing(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with drive(no_color=True) as driven:
        assert driven.app.theme == PLAIN
        assert [type(one) for one in driven.app.get_line_filters()] == [NoColor]
    monkeypatch.setenv("NO_COLOR", "")
    async with drive() as driven:
        assert driven.app.theme == DEFAULT
        assert all(not isinstance(one, NoColor) for one in driven.app.get_line_filters())


async def test_a_theme_that_does_not_exist_is_said(drive: Drive) -> None:
    async with drive(theme="midnight") as driven:
        await driven.pilot.pause()
        assert "midnight" in driven.receipt


async def test_ascii_terminals_get_ascii(drive: Drive) -> None:
    async with drive(ascii_only=True) as driven:
        await filled(driven)
        await driven.pilot.pause(0.5)
        drawn = [
            *shown(driven.main.jobs),
            bar(driven, "sources"),
            bar(driven, "keys"),
            bar(driven, "receipt"),
        ]
        assert all(line.isascii() for line in drawn), [line for line in drawn if not line.isascii()]
