"""Controls by key: what the server received, what the screen said, and what was never sent."""

from __future__ import annotations

from functools import partial

from jobtui.demo import DemoServer
from jobtui.demo.nextspace_action import PendingAction
from jobtui.model import JobRef, State
from jobtui.tui.format.spans import text_of
from jobtui.tui.screens.confirm import ConfirmScreen
from jobtui.tui.screens.hold import HoldScreen
from tests.conftest import until
from tests.tui.conftest import DEAF_S, Drive, Driven


def an_action(demo: DemoServer) -> JobRef:
    """Add a running action that obeys a cancel."""
    while not (action := demo.world.add_action(lasts=6_000)).obeys_cancel:
        pass
    assert isinstance(action, PendingAction)
    return JobRef("tiles", str(action.action_id))


def a_question(demo: DemoServer) -> JobRef:
    return JobRef("field", demo.world.add_workflow_job("free-question").job_id)


async def confirmed(driven: Driven, control: str) -> None:
    await until(
        lambda: control in driven.receipt and "confirmed" in driven.receipt,
        what=f"{control} confirmed; the receipt says: {driven.receipt}",
    )


async def test_a_question_step_is_held_until_a_time_released_run_and_finished(
    demo: DemoServer, drive: Drive
) -> None:
    ref = a_question(demo)
    async with drive(ref) as driven:
        await driven.pilot.press("H")
        await until(lambda: isinstance(driven.app.screen, HoldScreen), what="the hold dialog")
        await driven.pilot.press("2")
        await driven.type("+2h")
        await driven.pilot.press("enter")
        await until(lambda: isinstance(driven.app.screen, ConfirmScreen), what="the question")
        await driven.answer("y")
        await confirmed(driven, "HOLD")
        await until(lambda: driven.state(ref) is State.HELD)
        await driven.pilot.press("2")
        await until(lambda: any("held by dortiz" in row for row in tree(driven)), what="the hold in the tree")
        assert any("until" in row for row in tree(driven))

        sent = len(driven.writes())
        await driven.pilot.press("R")
        await until(lambda: "not sent" in driven.receipt, what="the refusal")
        assert "held" in driven.receipt
        assert len(driven.app.screen_stack) == 1, "a refused key opens no dialog"
        assert len(driven.writes()) == sent

        for key, control in (("L", "RELEASE"), ("R", "RUN"), ("F", "FINISH")):
            await until(partial(can, driven, key), what=f"{key} can be asked")
            await driven.pilot.press(key)
            await driven.answer("y")
            if control == "FINISH":
                await driven.answer("enter")
            await confirmed(driven, control)
        await until(lambda: driven.step(ref, "s-1").state is State.SUCCEEDED, what="the tree moves on")

        bodies = [entry["body"] for entry in driven.writes()]
        assert [body["type"] for body in bodies] == ["Hold", "ReleaseHold", "Run", "Finish"]
        assert all(body["stepIds"] == ["s-1"] for body in bodies)
        assert bodies[0]["holdScheduledRelease"]


def tree(driven: Driven) -> list[str]:
    return ["".join(span.text for span in row.line) for row in driven.main.steps.rows]


def can(driven: Driven, letter: str) -> bool:
    standings = driven.main.steering.standings(driven.main.target)
    return any(one.key.keys == letter and one.reason is None for one in standings)


async def test_a_hold_may_wait_for_another_job_of_the_same_source(demo: DemoServer, drive: Drive) -> None:
    ref, other = a_question(demo), a_question(demo)
    async with drive(ref) as driven:
        await driven.pilot.press("H")
        await until(lambda: isinstance(driven.app.screen, HoldScreen))
        await driven.pilot.press("3")
        await driven.type("tiles:1")
        await driven.pilot.press("enter")
        screen = driven.app.screen
        assert isinstance(screen, HoldScreen)
        assert "own source" in screen.fault
        await driven.pilot.press(*["backspace"] * 7)
        await driven.paste(str(other))
        await driven.pilot.press("enter")
        await until(lambda: isinstance(driven.app.screen, ConfirmScreen))
        await driven.answer("y")
        await confirmed(driven, "HOLD")
        (hold,) = driven.writes()
        assert hold["body"]["dependentJobId"] == other.job_id
        await until(lambda: can(driven, "L"))
        await driven.pilot.press("L")
        await driven.answer("y")
        await confirmed(driven, "RELEASE")
        assert driven.writes()[1]["body"]["dependentJobId"] == other.job_id


async def test_a_cancel_is_asked_and_shown_as_cancelled_only_when_the_server_says_so(
    demo: DemoServer, drive: Drive
) -> None:
    ref = an_action(demo)
    async with drive(ref) as driven:
        await driven.pilot.press("C")
        await driven.answer("y")
        await driven.answer("enter")
        await until(lambda: "accepted" in driven.receipt, what="accepted")
        assert driven.state(ref) is State.RUNNING
        await until(lambda: any("cancel asked" in line for line in rows(driven)), what="the row says asked")
        demo.world.advance(15)
        await until(lambda: driven.state(ref) is State.CANCELLED, what="cancelled by the server")
        await confirmed(driven, "CANCEL")
        (write,) = driven.writes()
        assert (write["method"], write["path"]) == ("DELETE", f"/nextspace/pendingAction/{ref.job_id}")


def rows(driven: Driven) -> list[str]:
    jobs = driven.main.jobs
    return [jobs.render_line(y).text for y in range(jobs.size.height)]


async def test_nothing_is_sent_unless_a_yes_is_pressed(demo: DemoServer, drive: Drive) -> None:
    ref = an_action(demo)
    async with drive(ref) as driven:
        for keys in (["enter"], ["escape"], ["n"], ["right", "left", "enter"], ["q"]):
            await driven.pilot.press("C")
            await driven.answer(*keys)
            await until(lambda: len(driven.app.screen_stack) == 1, what=f"{keys} closes the dialog")
        assert driven.writes() == []


async def test_moving_to_yes_and_enter_sends_once(demo: DemoServer, drive: Drive) -> None:
    ref = an_action(demo)
    async with drive(ref) as driven:
        await driven.pilot.press("C")
        await driven.answer("right", "enter")
        await driven.answer("enter")
        await until(lambda: len(driven.writes()) == 1, what="moving to Yes and Enter sends")


async def test_a_job_that_moves_while_the_dialog_is_open_stops_it(demo: DemoServer, drive: Drive) -> None:
    ref = an_action(demo)
    async with drive(ref) as driven:
        await driven.pilot.press("C")
        await until(lambda: isinstance(driven.app.screen, ConfirmScreen))
        dialog = driven.app.screen
        assert isinstance(dialog, ConfirmScreen)
        demo.world.advance(7_000)
        await until(lambda: dialog.changed is not None, what="the dialog says so")
        await driven.pilot.pause(DEAF_S)
        await driven.pilot.press("y")
        assert driven.app.screen is dialog
        await driven.pilot.press("escape")
        assert driven.writes() == []


async def test_a_key_that_a_kind_does_not_know_says_so(drive: Drive, demo: DemoServer) -> None:
    async with drive(an_action(demo)) as driven:
        await driven.pilot.press("H")
        await until(lambda: "nextspace jobs have no hold" in driven.receipt, what=driven.receipt)
        assert driven.writes() == []


async def test_a_read_only_start_refuses_every_control(demo: DemoServer, drive: Drive) -> None:
    async with drive(an_action(demo), read_only=True) as driven:
        await driven.pilot.press("C")
        await until(lambda: "read-only" in driven.receipt, what="the reason")
        assert text_of(driven.main.sources.lines[0]).startswith("READ-ONLY ")
        assert len(driven.app.screen_stack) == 1
        assert driven.writes() == []


async def test_controls_in_the_steps_act_on_the_step_under_the_cursor(demo: DemoServer, drive: Drive) -> None:
    ref = JobRef("field", demo.world.add_workflow_job("parallel").job_id)
    async with drive(ref) as driven:
        detail = driven.monitor.detail(ref)
        assert detail is not None
        current = [step.id for step in detail.current_steps()]
        assert len(current) > 1
        await driven.pilot.press("2")
        await driven.pilot.pause()
        assert driven.main.steps.select(current[1])
        moves = "its automatic step runs: before that it may move while somebody is asked"
        await until(lambda: driven.state(ref) is State.RUNNING, what=moves, timeout_s=60.0)
        await driven.pilot.press("H")
        await until(lambda: isinstance(driven.app.screen, HoldScreen))
        await driven.pilot.press("1")
        await until(lambda: isinstance(driven.app.screen, ConfirmScreen), what="the question")
        await driven.answer("y")
        await confirmed(driven, "HOLD")
        (hold,) = driven.writes()
        assert hold["body"]["stepIds"] == [current[1]]


async def test_a_cursor_that_somebody_has_used_stays_on_its_job_whatever_comes(
    demo: DemoServer, drive: Drive
) -> None:
    async with drive(None) as driven:
        await until(lambda: len(driven.main.jobs.visible_refs()) > 3)
        await driven.pilot.press("2", "1")
        kept = driven.main.jobs.selected
        other = next(ref for ref in driven.main.jobs.visible_refs() if ref not in (kept, None))
        await driven.pilot.press("slash")
        await driven.type(other.job_id)
        await driven.pilot.press("enter")
        await until(lambda: driven.main.jobs.selected == other, what="the only job that is found")
        chosen = driven.main.jobs.selected
        await driven.pilot.press("escape")
        await driven.pilot.pause(0.3)
        assert chosen != kept
        assert driven.main.jobs.selected == chosen
