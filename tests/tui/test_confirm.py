"""The question before a control: on No, deaf at first, and only for the job it was asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot

from jobtui.model import Control, ControlRequest, Kind, Parameters, Reason, Source, State
from jobtui.monitor.events import JobsChanged
from jobtui.monitor.monitor import Proposal
from jobtui.tui.format.asking import Facts, facts_of
from jobtui.tui.format.spans import text_of
from jobtui.tui.screens.confirm import SETTLE_S, TypedConfirmScreen, confirm_screen
from jobtui.tui.screens.guard import BURST_S, OPENING_S, Guard
from jobtui.tui.themes import load_themes
from jobtui.tui.widgets.line_bar import LineBar
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.tui.conftest import a_detail, a_step

DETAIL = a_detail(a_step("s1", State.WAITING, title="Review"), kind=Kind.ARCGIS, source="field")


class ByHand:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


class Asking(App[None]):
    """An app with a question open."""

    def __init__(self, *, production: bool = False, control: Control = Control.HOLD) -> None:
        super().__init__()
        self.clock = ByHand()
        self.answers: list[bool | None] = []
        self.facts = self.known()
        request = ControlRequest(control, DETAIL.job.ref, NOW, Parameters(("s1",)))
        self.question = confirm_screen(
            Proposal(request, DETAIL.job, "holds step “Review”", None, (Reason("not yours", hard=False),)),
            Source("field", Kind.ARCGIS, production=production),
            DETAIL,
            facts=lambda: self.facts,
            now=lambda: NOW,
            clock=self.clock,
        )

    def known(self) -> Facts:
        request = ControlRequest(Control.HOLD, DETAIL.job.ref, NOW, Parameters(("s1",)))
        return facts_of(request, DETAIL.job, DETAIL, None, NOW)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return load_themes()["harbour"].variables

    def on_mount(self) -> None:
        self.push_screen(self.question, self.answers.append)

    def wait(self, seconds: float = OPENING_S + 0.01) -> None:
        self.clock.time += seconds

    def text(self) -> str:
        return "\n".join(text_of(line) for bar in self.question.query(LineBar) for line in bar.lines)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["y"], True),
        (["enter"], False),
        (["n"], False),
        (["escape"], False),
        (["right", "enter"], True),
        (["tab", "enter"], True),
        (["right", "left", "enter"], False),
        (["x", "space", "Y", "escape"], False),
    ],
)
async def test_only_a_yes_is_a_yes(keys: list[str], answer: bool) -> None:
    app = Asking()
    async with app.run_test() as pilot:
        for key in keys:
            app.wait()
            await pilot.press(key)
        await until(lambda: app.answers == [answer], what="the answer")


async def test_it_opens_on_no_and_names_what_it_is_about() -> None:
    app = Asking(production=True)
    async with app.run_test():
        text = app.text()
        for part in (
            "PROD",
            "Hold this step?",
            "field (arcgis)",
            "Review",
            "s1",
            "RUN",
            "holds step",
            "! not yours",
        ):
            assert part in text
        assert "> No" in text


async def test_a_key_within_the_first_400_ms_does_nothing() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.wait(0.39)
        await pilot.press("y")
        assert app.answers == []


async def test_a_key_that_is_held_down_never_confirms() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        for _ in range(60):
            app.wait(0.05)
            await pilot.press("y")
        assert app.answers == []
        app.wait()
        await pilot.press("y")
        await until(lambda: app.answers == [True], what="the yes")


async def test_pasted_keys_do_not_confirm() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.wait()
        await pilot.press("o")
        app.wait(BURST_S / 2)
        await pilot.press("y")
        await pilot.pause(2 * SETTLE_S)
        assert app.answers == []


@pytest.mark.parametrize("keys", [["y", "y", "y"], ["y", "enter", "y"], ["right", "enter", "y"]])
async def test_a_yes_at_the_head_of_pasted_keys_does_not_confirm(keys: list[str]) -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.wait()
        for key in keys:
            app.question.post_message(events.Key(key, None))
        await pilot.pause(2 * SETTLE_S)
        assert True not in app.answers


async def test_a_marked_paste_is_no_answer() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.wait()
        app.post_message(events.Paste("y"))
        app.post_message(events.Paste("Cyyyy\n"))
        await pilot.pause(2 * SETTLE_S)
        assert app.answers == []


async def typed(app: Asking, pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        app.wait(0.1)
        await pilot.press(key)


@pytest.mark.parametrize("control", [Control.CANCEL, Control.STOP, Control.FINISH])
async def test_in_production_what_cannot_be_taken_back_wants_the_end_of_the_id(control: Control) -> None:
    app = Asking(production=True, control=control)
    async with app.run_test() as pilot:
        assert isinstance(app.question, TypedConfirmScreen)
        assert f"To {control.value}, type 1 (the end" in app.text()
        app.wait()
        await typed(app, pilot, "y", "enter", "right", "enter")
        assert app.answers == []
        assert "not the same" in app.text()
        await typed(app, pilot, "backspace", "1", "enter")
        await until(lambda: app.answers == [True], what="the yes")


async def test_in_production_enter_alone_is_a_no() -> None:
    app = Asking(production=True, control=Control.STOP)
    async with app.run_test() as pilot:
        app.wait()
        await pilot.press("enter")
        assert app.answers == [False]


async def test_an_id_typed_by_a_paste_is_no_answer() -> None:
    app = Asking(production=True, control=Control.STOP)
    async with app.run_test() as pilot:
        app.wait()
        app.post_message(events.Paste("1\n"))
        for key in ("1", "enter"):
            app.question.post_message(events.Key(key, key if key == "1" else None))
        await pilot.pause(2 * SETTLE_S)
        assert app.answers == []


async def test_in_production_a_job_that_moves_takes_the_typing_away() -> None:
    app = Asking(production=True, control=Control.STOP)
    async with app.run_test() as pilot:
        app.wait()
        await pilot.press("1")
        app.facts = replace(app.facts, state="DONE", raw_state="Closed")
        app.question.receive(JobsChanged("field", ()))
        await typed(app, pilot, "enter")
        assert "the job went from RUN to DONE" in app.text()
        await typed(app, pilot, "escape")
        assert app.answers == [False]


def test_a_hold_is_asked_about_by_key_even_in_production() -> None:
    assert not isinstance(Asking(production=True).question, TypedConfirmScreen)


async def test_a_job_that_moves_takes_the_yes_away() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.facts = replace(app.facts, state="DONE", raw_state="Closed")
        app.question.receive(JobsChanged("field", ()))
        await pilot.pause()
        assert "the job went from RUN to DONE" in app.text()
        assert "Nothing was" in app.text()
        for key in ("y", "right", "enter"):
            app.wait()
            await pilot.press(key)
        assert app.answers == [False]


def test_what_does_not_matter_to_the_question_does_not_stop_it() -> None:
    request = ControlRequest(Control.HOLD, DETAIL.job.ref, NOW, Parameters(("s1",)))
    later = replace(DETAIL.job, as_of=NOW.replace(hour=23), title="renamed")
    before = facts_of(request, DETAIL.job, DETAIL, None, NOW)
    assert before.difference(facts_of(request, later, DETAIL, None, NOW)) is None
    moved = replace(DETAIL, steps=(replace(DETAIL.steps[0], state=State.RUNNING),))
    assert before.difference(facts_of(request, later, moved, None, NOW)) == "the step went from WAIT to RUN"
    refused = facts_of(request, later, DETAIL, Reason("held"), NOW)
    assert before.difference(refused) == "held"


def test_a_guard_opens_after_quiet_and_not_before() -> None:
    clock = ByHand()
    guard = Guard(clock)
    assert not guard.accepts()
    clock.time += OPENING_S / 2
    assert not guard.accepts(), "a key that came too early starts the wait anew"
    clock.time += OPENING_S / 2 + 0.01
    assert not guard.accepts()
    clock.time += OPENING_S + 0.01
    assert guard.accepts()


def test_a_job_that_was_never_read_can_still_be_asked_about() -> None:
    request = ControlRequest(Control.CANCEL, a_job().ref, NOW)
    assert facts_of(request, None, None, None, NOW).state == "unread"
