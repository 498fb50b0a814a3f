"""The question before a control: on No, deaf at first, and only for the job it was asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs
from textual import events
from textual.app import App
from textual.message import Message
from textual.pilot import Pilot

from jobtui.model import Control, ControlRequest, Hold, Kind, Parameters, Reason, Source, State, Step
from jobtui.monitor.events import JobsChanged, MessagesArrived
from jobtui.monitor.monitor import Proposal
from jobtui.tui.format.asking import question_lines
from jobtui.tui.format.facts import Facts, facts_of
from jobtui.tui.format.spans import Span, text_of
from jobtui.tui.question import Question, Toll, Yes, toll_of_many, toll_of_one
from jobtui.tui.screens.confirm import SETTLE_S, TypedConfirmScreen, confirm_screen
from jobtui.tui.screens.guard import BURST_S, OPENING_S, Guard
from jobtui.tui.themes import load_themes
from jobtui.tui.widgets.line_bar import LineBar
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.tui.conftest import a_detail, a_message, a_step

DETAIL = a_detail(a_step("s1", State.WAITING, title="Review"), kind=Kind.ARCGIS, source="field")
OWN = DETAIL.job.ref


class ByHand:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self, _: Message | None = None) -> float:
        return self.time


class Asking(App[None]):
    """An app with a question open."""

    def __init__(self, *, production: bool = False, control: Control = Control.HOLD) -> None:
        super().__init__()
        self.clock = ByHand()
        self.answers: list[Yes | None] = []
        self.facts = self.known()
        frozen = self.facts
        request = ControlRequest(control, DETAIL.job.ref, NOW, Parameters(("s1",)))
        proposal = Proposal(
            request, DETAIL.job, "holds step “Review”", None, (Reason("not yours", hard=False),)
        )
        source = Source("field", Kind.ARCGIS, production=production)
        self.question = confirm_screen(
            Question(
                "Ask the server?",
                control.value,
                lambda width: question_lines(proposal, source, DETAIL, NOW, width),
                lambda: frozen.difference(self.facts),
                toll_of_one(control, source, DETAIL.job.ref),
                production,
                DETAIL.job.ref,
            ),
            when=self.clock,
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

    @property
    def said_yes(self) -> list[bool]:
        return [answer is not None for answer in self.answers]

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
        await until(lambda: app.said_yes == [answer], what="the answer")


async def test_it_opens_on_no_and_names_what_it_is_about() -> None:
    app = Asking(production=True, control=Control.REFRESH)
    async with app.run_test():
        text = app.text()
        for part in (
            "PROD",
            "Read this step anew?",
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
        await until(lambda: app.answers == [Yes()], what="the yes")


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
        assert True not in app.said_yes


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
        await until(lambda: "Why?" in app.text(), what="the reason is asked for")
        await typed(app, pilot, *"fee", "enter")
        await until(lambda: app.answers == [Yes("fee")], what="the yes")


async def test_in_production_enter_alone_is_a_no() -> None:
    app = Asking(production=True, control=Control.STOP)
    async with app.run_test() as pilot:
        app.wait()
        await pilot.press("enter")
        assert app.answers == [None]


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
        app.facts = structs.replace(app.facts, state="DONE", raw_state="Closed")
        app.question.receive(JobsChanged("field", ()))
        await typed(app, pilot, "enter")
        assert "the job went from RUN to DONE" in app.text()
        await typed(app, pilot, "escape")
        assert app.answers == [None]


@pytest.mark.parametrize("control", [Control.HOLD, Control.RELEASE, Control.RUN, Control.SET_CURRENT])
def test_what_a_key_is_enough_for_elsewhere_is_typed_in_production(control: Control) -> None:
    ref = DETAIL.job.ref
    assert toll_of_one(control, Source("field", Kind.ARCGIS), ref) == Toll()
    assert toll_of_one(control, Source("field", Kind.ARCGIS, production=True), ref).typed == "1"
    assert isinstance(Asking(production=True, control=control).question, TypedConfirmScreen)


def test_reading_anew_is_asked_for_by_key_everywhere() -> None:
    for production in (False, True):
        assert toll_of_one(Control.REFRESH, Source("f", Kind.ARCGIS, production=production), OWN) == Toll()


@pytest.mark.parametrize("control", list(Control))
def test_a_reason_is_asked_for_what_cannot_be_taken_back(control: Control) -> None:
    harsh = control in (Control.CANCEL, Control.STOP, Control.FINISH)
    assert toll_of_one(control, Source("f", Kind.ARCGIS), OWN).asks_reason is harsh
    assert toll_of_many(control, 12, production=False).asks_reason is harsh


def test_of_several_jobs_their_number_is_typed() -> None:
    toll = toll_of_many(Control.RUN, 12, production=True)
    assert toll.typed == "12"
    assert toll.typed_why == "This is production. To run 12 jobs, type 12 (how many they are), then Enter."


async def test_the_reason_is_typed_after_the_yes_and_kept() -> None:
    app = Asking(control=Control.STOP)
    async with app.run_test() as pilot:
        app.wait()
        await pilot.press("y")
        await until(lambda: "Why?" in app.text(), what="the reason is asked for")
        await typed(app, pilot, *"yes", "space", *"q", "enter")
        await until(lambda: app.answers == [Yes("yes q")], what="the yes")


async def test_the_reason_may_stay_empty() -> None:
    app = Asking(control=Control.CANCEL)
    async with app.run_test() as pilot:
        app.wait()
        await pilot.press("y")
        await until(lambda: "Why?" in app.text(), what="the reason is asked for")
        app.wait(0.1)
        await pilot.press("enter")
        await until(lambda: app.answers == [Yes(None)], what="the yes")


async def test_esc_goes_back_from_the_reason_to_no() -> None:
    app = Asking(control=Control.CANCEL)
    async with app.run_test() as pilot:
        app.wait()
        await pilot.press("y")
        await until(lambda: "Why?" in app.text(), what="the reason is asked for")
        await typed(app, pilot, "escape")
        assert "> No" in app.text()
        await typed(app, pilot, "enter")
        assert app.answers == [None]


async def test_a_reason_pasted_with_its_enter_sends_nothing() -> None:
    app = Asking(control=Control.CANCEL)
    async with app.run_test() as pilot:
        app.wait()
        await pilot.press("y")
        await until(lambda: "Why?" in app.text(), what="the reason is asked for")
        app.wait(0.1)
        await pilot.press("o", "k", "enter")  # the clock stands still: no finger is that quick
        await pilot.pause(2 * SETTLE_S)
        assert app.answers == []
        app.wait(0.1)
        await pilot.press("enter")
        await until(lambda: app.answers == [Yes("ok")], what="the yes")


async def test_a_job_that_moves_takes_the_reason_away_and_who_spoke_of_it_is_said() -> None:
    app = Asking(control=Control.STOP)
    async with app.run_test() as pilot:
        app.wait()
        await pilot.press("y")
        await until(lambda: "Why?" in app.text(), what="the reason is asked for")
        app.facts = structs.replace(app.facts, steps=(("s1", "DONE"),))
        app.question.receive(JobsChanged("field", ()))
        said = a_message(7, "step “Review” finished", ref=DETAIL.job.ref, sender="rpatel")
        app.question.receive(MessagesArrived(DETAIL.job.ref, (said,)))
        await pilot.pause()
        text = " ".join(app.text().split())
        assert "the step went from WAIT to DONE. The newest message is of rpatel: step “Review”" in text
        await typed(app, pilot, "enter", "y", "enter")
        assert True not in app.said_yes


async def test_a_job_that_moves_takes_the_yes_away() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.facts = structs.replace(app.facts, state="DONE", raw_state="Closed")
        app.question.receive(JobsChanged("field", ()))
        await pilot.pause()
        assert "the job went from RUN to DONE" in app.text()
        assert "Nothing was" in app.text()
        for key in ("y", "right", "enter"):
            app.wait()
            await pilot.press(key)
        assert app.answers == [None]


def test_what_does_not_matter_to_the_question_does_not_stop_it() -> None:
    request = ControlRequest(Control.HOLD, DETAIL.job.ref, NOW, Parameters(("s1",)))
    later = replace(DETAIL.job, as_of=NOW.replace(hour=23), title="renamed")
    before = facts_of(request, DETAIL.job, DETAIL, None, NOW)
    assert before.difference(facts_of(request, later, DETAIL, None, NOW)) is None
    moved = replace(DETAIL, steps=(structs.replace(DETAIL.steps[0], state=State.RUNNING),))
    assert before.difference(facts_of(request, later, moved, None, NOW)) == "the step went from WAIT to RUN"
    refused = facts_of(request, later, DETAIL, Reason("held"), NOW)
    assert before.difference(refused) == "held"


class Long(App[None]):
    """An app with a question of a hundred lines."""

    def __init__(self) -> None:
        super().__init__()
        self.question = confirm_screen(
            Question("Ask?", "run", lambda _: [(Span(f"line {number}"),) for number in range(100)])
        )

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return load_themes()["harbour"].variables

    def on_mount(self) -> None:
        self.push_screen(self.question)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)])
async def test_a_long_question_scrolls_and_its_answer_stays_on_the_screen(size: tuple[int, int]) -> None:
    app = Long()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        answer, asked = app.question.query_one("#answer"), app.question.query_one("#asked")
        assert answer.region.bottom <= size[1] - 2
        assert asked.region.height >= 4
        assert asked.region.bottom <= answer.region.y
        assert "PgDn and PgUp show the rest" in text_of(app.question.query_one("#answer", LineBar).lines[0])
        await pilot.press("pagedown")
        await pilot.pause()
        assert asked.scroll_offset.y > 0
        await pilot.press(*["pageup"] * 2)
        await pilot.pause()
        assert asked.scroll_offset.y == 0


@pytest.mark.parametrize("size", [(20, 5), (39, 24), (60, 8)])
@pytest.mark.parametrize("control", [Control.RUN, Control.CANCEL])
async def test_what_a_terminal_cannot_show_nobody_says_yes_to(
    size: tuple[int, int], control: Control
) -> None:
    app = Asking(control=control)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        said = " ".join(app.text().split())
        assert said.startswith(f"too small to ask: needs at least {max(40, size[0])}x")
        assert app.question.query_one("#question").region.bottom < size[1], "all of it is on the screen"
        for keys in (["y"], ["enter"], ["right", "enter"]):
            for key in keys:
                app.wait()
                await pilot.press(key)
            await pilot.pause(SETTLE_S * 2)
        assert app.answers == []
        assert app.question.query_one("#typed").display is False
        width, height = said.split()[-1].split("x")
        await pilot.resize_terminal(int(width), int(height))
        await pilot.pause()
        assert "Review" in app.text()
        app.wait()
        await pilot.press("y")
        await until(lambda: app.said_yes == [True] or "Why?" in app.text(), what="now it can be answered")


async def test_what_becomes_too_small_while_a_reason_is_typed_is_not_sent() -> None:
    app = Asking(control=Control.CANCEL)
    async with app.run_test(size=(80, 24)) as pilot:
        app.wait()
        await pilot.press("y")
        await until(lambda: "Why?" in app.text(), what="the reason is asked for")
        await pilot.resize_terminal(20, 5)
        await pilot.pause()
        app.wait()
        await pilot.press("enter")
        await pilot.pause()
        assert app.answers == []
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        app.wait()
        await pilot.press("enter")
        await until(lambda: app.said_yes == [True], what="now it is answered")


STEP = DETAIL.steps[0]
HELD = Hold("h1", "s1", by="rpatel", since=NOW)
MINE = ControlRequest(Control.RUN, OWN, NOW, Parameters(("s1",)))


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (
            structs.replace(STEP, holds=(HELD,)),
            "a hold was put on it: held by rpatel since 14:00 (<10s) until released",
        ),
        (
            structs.replace(STEP, assigned_to="rpatel"),
            "the step is assigned to rpatel now, no longer to nobody",
        ),
        (structs.replace(STEP, current=True), "the job stands at “Review” now, no longer at no step"),
        (structs.replace(STEP, state=State.FAILED), "the step went from WAIT to FAIL"),
    ],
)
def test_what_changed_and_who_did_it_is_said(after: Step, said: str) -> None:
    before = facts_of(MINE, DETAIL.job, DETAIL, None, NOW)
    assert before.difference(facts_of(MINE, DETAIL.job, replace(DETAIL, steps=(after,)), None, NOW)) == said


def test_a_hold_that_is_gone_and_a_new_owner_are_said() -> None:
    held = replace(DETAIL, steps=(structs.replace(STEP, holds=(HELD,)),))
    before = facts_of(MINE, DETAIL.job, held, None, NOW)
    after = facts_of(MINE, replace(DETAIL.job, owner="lead"), DETAIL, None, NOW)
    assert before.difference(after) == (
        "this hold on it is gone: held by rpatel since 14:00 (<10s) until released; "
        "the job belongs to lead now, no longer to nobody"
    )


def test_a_guard_opens_after_quiet_and_not_before() -> None:
    clock = ByHand()
    guard, key = Guard(clock), Message()
    assert not guard.accepts(key)
    clock.time += OPENING_S / 2
    assert not guard.accepts(key), "a key that came too early starts the wait anew"
    clock.time += OPENING_S / 2 + 0.01
    assert not guard.accepts(key)
    clock.time += OPENING_S + 0.01
    assert guard.accepts(key)


def test_keys_are_told_apart_by_when_they_came_not_by_when_the_program_got_round_to_them() -> None:
    clock = ByHand()
    held = [Message() for _ in range(3)]
    times = dict(zip(map(id, held), (100.1, 100.12, 100.14), strict=True))
    guard = Guard(lambda message: clock.time if message is None else times[id(message)])
    for key in held:
        clock.time += 2 * OPENING_S  # the program stood still
        assert not guard.accepts(key)


async def test_a_key_pressed_before_the_question_could_be_seen_is_none() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        opened = app.clock.time
        app.clock.time += 10
        app.question._guard.seen()
        app.clock.time = opened + OPENING_S + 0.01
        await pilot.press("y")
        app.wait(10)
        await pilot.press("n")
        await until(lambda: app.said_yes == [False], what="the answer")


def test_a_job_that_was_never_read_can_still_be_asked_about() -> None:
    request = ControlRequest(Control.CANCEL, a_job().ref, NOW)
    assert facts_of(request, None, None, None, NOW).state == "unread"
