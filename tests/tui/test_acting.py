"""The action menu, and one control of several marked jobs: frozen, counted, sent one at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from jobtui.journal.journal import Journal
from jobtui.model import Control, JobRef, State
from jobtui.tui.format.spans import text_of
from jobtui.tui.screens.confirm import ConfirmScreen, TypedConfirmScreen
from jobtui.tui.screens.hold import HoldScreen
from jobtui.tui.screens.menu import MenuScreen
from jobtui.tui.screens.sending import SendingScreen
from jobtui.tui.widgets.choice_list import ChoiceList
from jobtui.tui.widgets.line_bar import LineBar
from tests.conftest import until
from tests.factory import a_job
from tests.tui.conftest import DEAF_S, Drive, Driven
from tests.tui.staged import Server, Stage, staged
from tests.tui.test_steering import a_question, an_action, confirmed


def text(driven: Driven | Stage) -> str:
    """What the dialog says, in one line."""
    screen = driven.app.screen
    lines = [text_of(line) for bar in screen.query(LineBar) for line in bar.lines]
    for rows in screen.query(ChoiceList):
        lines += [text_of(rows.line(row)) for row in range(rows.line_count())]
    return " ".join(" ".join(lines).split())


async def opened(driven: Driven | Stage, key: str, kind: type[object]) -> None:
    await driven.pilot.press(key)
    await until(lambda: isinstance(driven.app.screen, kind), what=f"{key} opens the dialog")
    await driven.pilot.pause(DEAF_S)


def mark(driven: Driven | Stage, *refs: JobRef) -> None:
    driven.main.marks.keep(refs)


# --- the menu --------------------------------------------------------------------------------------------


async def test_the_menu_shows_every_control_and_opens_the_same_question_as_its_key(
    demo: DemoServer, drive: Drive
) -> None:
    ref = a_question(demo)
    async with drive(ref, size=(80, 24)) as driven:
        await opened(driven, "x", MenuScreen)
        said = text(driven)
        for control in ("refresh", "run", "finish", "hold", "release", "set-current", "stop", "cancel"):
            assert control in said
        assert "L release no nothing is held there" in said
        await driven.pilot.press("L")
        assert isinstance(driven.app.screen, MenuScreen), "what cannot be asked stays in the menu"
        assert "not now: nothing is held there, so there is nothing to release" in text(driven)
        await driven.pilot.press("R")
        await until(lambda: isinstance(driven.app.screen, ConfirmScreen), what="the question")
        assert "Run this step?" in text(driven)
        await driven.answer("y")
        await confirmed(driven, "RUN")
        (write,) = driven.writes()
        assert write["body"] == {"type": "Run", "stepIds": ["s-1"]}


async def test_on_a_low_terminal_the_menu_shows_most_controls_and_counts_the_others(
    demo: DemoServer, drive: Drive
) -> None:
    async with drive(a_question(demo), size=(60, 15)) as driven:
        await opened(driven, "x", MenuScreen)
        choices, frame = driven.app.screen.query_one(ChoiceList), driven.app.screen.query_one("#dialog")
        assert len(choices.visible_rows()) >= 6
        for keys, said in (("g", "below"), ("G", "above")):
            await driven.pilot.press(keys)
            await until(lambda said=said: str(frame.border_subtitle).endswith(f" more {said}"), what=said)  # type: ignore[misc]
            hidden = int(str(frame.border_subtitle).split()[0])
            assert hidden + len(choices.visible_rows()) == choices.line_count()
        await driven.pilot.resize_terminal(80, 40)
        await until(lambda: not frame.border_subtitle, what="all of them are on the screen")


async def test_the_menu_reaches_what_has_no_key_of_its_own(demo: DemoServer, drive: Drive) -> None:
    ref = JobRef("field", demo.world.add_workflow_job("running").job_id)
    async with drive(ref) as driven:
        await opened(driven, "x", MenuScreen)
        await driven.pilot.press("g")
        assert "has the server look again" in text(driven)
        await driven.pilot.press("enter")
        await until(lambda: isinstance(driven.app.screen, ConfirmScreen), what="the question")
        await driven.answer("y")
        await confirmed(driven, "REFRESH")
        assert driven.writes()[0]["body"]["type"] == "RefreshStatus"


async def test_the_menu_says_why_nothing_can_be_asked_of_a_zendesk_job(
    drive: Drive, demo: DemoServer
) -> None:
    async with drive(None) as driven:
        await until(lambda: driven.monitor.store.of_source("desk"), what="a job of the desk")
        ref = driven.monitor.store.of_source("desk")[0].ref
        await until(lambda: driven.main.jobs.select(ref), what="the cursor is on it")
        await opened(driven, "x", MenuScreen)
        assert "Zendesk jobs cannot be controlled: the API only tells how they are" in text(driven)
        assert "C cancel no zendesk jobs have no cancel" in text(driven)
        await driven.pilot.press("enter", "C")
        assert isinstance(driven.app.screen, MenuScreen)
        await driven.pilot.press("escape")
        assert len(driven.app.screen_stack) == 1


async def test_a_menu_that_stays_open_follows_its_job(demo: DemoServer, drive: Drive) -> None:
    ref = an_action(demo)
    async with drive(ref) as driven:
        await opened(driven, "x", MenuScreen)
        assert "C cancel can" in text(driven)
        demo.world.advance(7_000)
        await until(lambda: "C cancel no it has already ended" in text(driven), what="cancel is gone")


# --- several jobs ----------------------------------------------------------------------------------------


async def test_marked_jobs_are_cancelled_together_from_a_list_frozen_with_its_count(
    demo: DemoServer, drive: Drive, tmp_path: Path
) -> None:
    refs = [an_action(demo) for _ in range(3)]
    other = an_action(demo)
    async with drive(refs[0]) as driven:
        await until(lambda: all(driven.state(ref) for ref in (*refs, other)))
        mark(driven, *refs)
        await opened(driven, "x", MenuScreen)
        assert "C cancel can 3 of 3" in text(driven)
        await driven.pilot.press("C")
        await until(lambda: isinstance(driven.app.screen, TypedConfirmScreen), what="the question")
        assert "can take it: 3 of 3" in text(driven)
        assert "To cancel 3 jobs, type 3 (how many they are)" in text(driven)
        mark(driven, *refs, other)  # comes too late: the list is frozen
        await driven.answer("3", "enter")
        await until(lambda: "Why?" in text(driven), what="the reason is asked for")
        await driven.pilot.press(*"disk", "enter")
        await until(lambda: "3 accepted" in driven.receipt, what=driven.receipt)
        await until(lambda: driven.app.screen is driven.main, what="the dialog closes by itself")
        demo.world.advance(15)
        await until(lambda: "3 accepted (3 confirmed)" in driven.receipt, what=driven.receipt)
        assert driven.main.marks.refs == {other}
        assert driven.state(other) is State.RUNNING
        assert len(driven.writes()) == 3
    journal = Journal(tmp_path / "journal.sqlite3")
    assert [entry.request.reason for entry in journal.audit()] == ["disk"] * 3
    journal.close()


async def test_what_cannot_take_it_is_named_with_its_reason_and_keeps_its_mark(
    demo: DemoServer, drive: Drive
) -> None:
    free, held = a_question(demo), JobRef("field", demo.world.add_workflow_job("held-manual").job_id)
    also, action = a_question(demo), an_action(demo)
    async with drive(free) as driven:
        for ref in (held, also, action):
            await driven.monitor.read(ref)
        mark(driven, free, held, also, action)
        await driven.pilot.press("R")
        await until(lambda: isinstance(driven.app.screen, TypedConfirmScreen), what="the question")
        said = text(driven)
        assert "Run the current steps of 2 jobs?" in said
        assert "cannot, and is not asked: 2 of 4" in said
        assert "is held by lead until it is released; release it first" in said
        assert "nextspace jobs have no run" in said
        await driven.answer("2", "enter")
        await until(lambda: "2 accepted (2 confirmed)" in driven.receipt, what=driven.receipt)
        assert driven.main.marks.refs == {held, action}
        assert {write["path"].split("/")[-2] for write in driven.writes()} == {free.job_id, also.job_id}


async def test_the_first_question_of_a_hold_says_of_how_many_and_esc_leaves_no_word_of_reading(
    demo: DemoServer, drive: Drive
) -> None:
    free, action = a_question(demo), an_action(demo)
    async with drive(action) as driven:
        await until(lambda: driven.monitor.store.get(free) is not None, what="the job in the list")
        mark(driven, free, action)
        await driven.pilot.press("H")
        await until(lambda: isinstance(driven.app.screen, HoldScreen), what="what ends it")
        assert "Hold 1 of 2 jobs" in text(driven)
        await driven.pilot.press("escape")
        await until(lambda: len(driven.app.screen_stack) == 1, what="the list again")
        assert "reading" not in driven.receipt


async def test_a_job_that_moves_while_the_question_is_open_is_left_out_and_stays_marked(
    demo: DemoServer, drive: Drive
) -> None:
    refs = [a_question(demo) for _ in range(3)]
    async with drive(refs[0]) as driven:
        for ref in refs:
            await driven.monitor.read(ref)
        mark(driven, *refs)
        await driven.pilot.press("H")
        await until(lambda: isinstance(driven.app.screen, HoldScreen), what="what ends it")
        assert "Hold 3 jobs" in text(driven)
        await driven.pilot.press("1")
        await until(lambda: isinstance(driven.app.screen, TypedConfirmScreen), what="the question")
        run = driven.monitor.propose(Control.RUN, refs[1]).request
        await driven.monitor.carry_out(run)
        await until(lambda: "! not sent: " in text(driven), what="the one that moved is said")
        await driven.answer("3", "enter")
        await until(lambda: "2 accepted" in driven.receipt, what=driven.receipt)
        assert "1 refused or not sent" in driven.receipt
        await until(lambda: driven.app.screen is driven.main, what="the dialog closes by itself")
        assert driven.main.marks.refs == {refs[1]}
        assert sorted(write["body"]["type"] for write in driven.writes()) == ["Hold", "Hold", "Run"]


async def test_a_count_that_is_not_right_sends_nothing(demo: DemoServer, drive: Drive) -> None:
    refs = [an_action(demo), an_action(demo)]
    async with drive(refs[0]) as driven:
        await until(lambda: all(driven.state(ref) for ref in refs))
        mark(driven, *refs)
        driven.main.filter_jobs(f"id:{refs[0].job_id}", problems=False)
        await opened(driven, "C", TypedConfirmScreen)
        assert "1 of the 2 marked jobs are hidden by the filter." in text(driven)
        await driven.pilot.press("y", "enter")
        assert isinstance(driven.app.screen, TypedConfirmScreen)
        await driven.pilot.press("escape")
        assert driven.writes() == []
        assert driven.main.marks.refs == set(refs)


async def test_with_the_steps_in_focus_a_key_means_the_step_and_not_the_marks(
    demo: DemoServer, drive: Drive
) -> None:
    ref, other = a_question(demo), a_question(demo)
    async with drive(ref) as driven:
        mark(driven, other)
        await driven.pilot.press("2")
        await opened(driven, "R", ConfirmScreen)
        assert ref.job_id in text(driven)
        assert other.job_id not in text(driven)


async def test_one_marked_job_is_what_a_key_means_wherever_the_cursor_is(
    demo: DemoServer, drive: Drive
) -> None:
    ref, other = a_question(demo), a_question(demo)
    async with drive(ref) as driven:
        mark(driven, other)
        await opened(driven, "R", ConfirmScreen)
        assert other.job_id in text(driven)
        assert "This is the marked job, not the one under the cursor." in text(driven)
        await driven.answer("y")
        await confirmed(driven, "RUN")
        assert driven.main.marks.refs == frozenset()


# --- many, over a server that does as it is told -----------------------------------------------------------


async def test_esc_between_two_sends_stops_the_rest_and_says_how_many(tmp_path: Path) -> None:
    server = Server("tiles")
    refs = [server.has(a_job(str(number))) for number in range(12)]
    async with staged(tmp_path, server) as stage:
        await until(lambda: len(stage.main.view) == 12, what="the jobs")

        async def stop() -> None:
            if server.sent == 5:
                await until(lambda: isinstance(stage.app.screen, SendingScreen))
                stage.app.screen.action_stop()  # type: ignore[attr-defined]

        server.sending = stop
        mark(stage, *refs)
        await opened(stage, "C", TypedConfirmScreen)
        await stage.pilot.press("1", "2", "enter")
        await until(lambda: "Why?" in text(stage), what="the reason is asked for")
        await stage.pilot.pause(0.1)
        await stage.pilot.press("enter")
        await until(lambda: "7 not sent" in stage.receipt, what=stage.receipt)
        assert "CANCEL 12 jobs → 5 accepted (5 awaited), 7 not sent" in stage.receipt
        assert server.sent == 5
        assert len(stage.main.marks) == 7


async def test_the_same_key_is_locked_while_its_effect_is_awaited(tmp_path: Path) -> None:
    server = Server("tiles")
    server.has(a_job())
    async with staged(tmp_path, server) as stage:
        await until(lambda: len(stage.main.view) == 1, what="the job")
        await opened(stage, "C", ConfirmScreen)
        await stage.pilot.press("y")
        await until(lambda: "Why?" in text(stage), what="the reason is asked for")
        await stage.pilot.pause(0.1)
        await stage.pilot.press("enter")
        await until(lambda: "accepted" in stage.receipt, what="accepted")
        await stage.pilot.press("C")
        await until(lambda: "not sent" in stage.receipt, what="the second press is refused")
        assert "accepted" in stage.receipt
        assert stage.app.screen is stage.main
        assert server.sent == 1


@pytest.mark.parametrize("read_only", [True, False])
async def test_production_and_read_only_hold_for_many_too(tmp_path: Path, read_only: bool) -> None:
    server = Server("tiles")
    refs = [server.has(a_job(str(number))) for number in range(2)]
    async with staged(tmp_path, server, production=True, read_only=read_only) as stage:
        await until(lambda: len(stage.main.view) == 2, what="the jobs")
        mark(stage, *refs)
        await stage.pilot.press("C")
        if read_only:
            await until(lambda: "none of 2 jobs can take it" in stage.receipt, what=stage.receipt)
            assert "source tiles is read-only by configuration" in stage.receipt
            assert stage.app.screen is stage.main
        else:
            await until(lambda: isinstance(stage.app.screen, TypedConfirmScreen), what="the question")
            assert "PROD Cancel 2 jobs?" in text(stage)
            assert "This is production. To cancel 2 jobs, type 2" in text(stage)
