"""After which job: picked by typing words of it, by keys alone, and never the held job itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.app import App
from textual.pilot import Pilot

from jobtui.errors import RefError, Unreachable
from jobtui.model import Job, JobRef, State, Step, StepRef, Target, parse_ref
from jobtui.monitor.events import JobsChanged
from jobtui.tui.format.picking import SHOWN, pick_lines, picks
from jobtui.tui.format.spans import text_of, width_of
from jobtui.tui.screens.hold import HoldChoice, HoldScreen
from jobtui.tui.themes import load_themes
from jobtui.tui.widgets.line_bar import LineBar
from tests.factory import NOW, a_job
from tests.tui.conftest import a_step

OWN = StepRef(JobRef("field", "own"), "s2")


def known() -> list[Job]:
    titles = {"own": "Parcel split 1", "88": "Parcel merge 2", "89": "Address audit", "90": "Parcel merge 3"}
    jobs = [
        a_job(job_id, source="field", title=title, created=NOW - timedelta(minutes=number))
        for number, (job_id, title) in enumerate(titles.items())
    ]
    return [*jobs, a_job("91", source="field", title="Parcel merge 4", ended=True)]


def target_of(text: str) -> Target:
    if ":" in text:
        return parse_ref(text)
    raise RefError(f"“{text}” is no job known here")


class Holding(App[None]):
    """An app with the question after which job open."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs = known()
        self.answers: list[HoldChoice | None] = []
        self.question = HoldScreen(
            "Hold it",
            [OWN],
            jobs=lambda: self.jobs,
            steps_of=self.steps_of,
            target_of=target_of,
            now=lambda: NOW,
            changed=lambda: self.changed,
        )
        self.changed: str | None = None

    async def steps_of(self, ref: JobRef) -> list[Step]:
        if ref.job_id == "90":
            raise Unreachable("field", "no answer")
        return [a_step("s1", State.SUCCEEDED), a_step("s2", State.RUNNING), a_step("s3")]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return load_themes()["harbour"].variables

    async def on_mount(self) -> None:
        self.push_screen(self.question, self.answers.append)

    def text(self) -> str:
        return "\n".join(text_of(line) for bar in self.question.query(LineBar) for line in bar.lines)


async def typed(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*(_NAMES.get(each, each) for each in text))


_NAMES = {" ": "space", ":": "colon", "#": "number_sign"}


def test_what_can_be_waited_for_is_open_and_another() -> None:
    assert [job.ref.job_id for job in picks("", known(), [OWN.job])] == ["88", "89", "90"]
    assert [job.ref.job_id for job in picks("parc MERG", known(), [OWN.job])] == ["88", "90"]
    assert [job.ref.job_id for job in picks("89", known(), [OWN.job])] == ["89"]


def test_the_chosen_one_is_always_among_those_shown() -> None:
    jobs = [a_job(str(number), title=f"title {number}\x1b[2J " + "long " * 30) for number in range(40)]
    for chosen in (None, 0, 20, 39):
        lines = pick_lines(jobs, chosen, 60)
        assert len(lines) == SHOWN + 1
        assert all(width_of(line) <= 60 for line in lines)
        assert "\x1b" not in "".join(map(text_of, lines))
        if chosen is not None:
            (marked,) = [text_of(line) for line in lines if text_of(line).startswith("> ")]
            assert f"title {chosen}" in marked
    assert text_of(pick_lines(jobs, None, 60)[-1]) == "  34 more"


async def test_words_and_arrows_pick_a_job() -> None:
    app = Holding()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        assert "Address audit" in app.text()
        await typed(pilot, "parcel m")
        assert "> ● RUN   88  Parcel merge 2" in app.text()
        assert "Address audit" not in app.text()
        await pilot.press("down")
        assert "> ● RUN   90  Parcel merge 3" in app.text()
        await pilot.press("enter")
        assert app.answers == [HoldChoice(after=JobRef("field", "90"))]


async def test_a_job_that_comes_meanwhile_is_not_picked_in_place_of_another() -> None:
    app = Holding()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "down")
        app.jobs.insert(0, a_job("new", source="field", title="brand new", created=NOW))
        await pilot.press("enter")
        assert app.answers == [HoldChoice(after=JobRef("field", "88"))]


async def test_enter_picks_nothing_before_anything_is_typed_or_chosen() -> None:
    app = Holding()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "enter")
        assert app.answers == []


@pytest.mark.parametrize("ref", ["field:own", "field:own#s2"])
async def test_a_job_cannot_wait_for_itself(ref: str) -> None:
    app = Holding()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        await typed(pilot, ref)
        await pilot.press("enter")
        assert app.answers == []
        assert "cannot wait for itself" in app.text()


async def test_another_step_of_the_same_job_can_be_waited_for_by_its_ref() -> None:
    app = Holding()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        await typed(pilot, "field:own#s1")
        await pilot.press("enter")
        assert app.answers == [HoldChoice(after=StepRef(OWN.job, "s1"))]


async def test_words_that_fit_no_job_are_said_to() -> None:
    app = Holding()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        await typed(pilot, "zebra")
        assert "“zebra” is no job known here" in app.text()


async def test_of_the_job_picked_one_step_can_be_waited_for() -> None:
    app = Holding()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "down", "tab")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "> the whole job" in app.text()
        assert "step s1" not in app.text(), "what is over cannot be waited for"
        await pilot.press("down", "down")
        assert "s3  step s3" in app.text()
        await pilot.press("enter")
        assert app.answers == [HoldChoice(after=StepRef(JobRef("field", "88"), "s3"))]


async def test_esc_goes_from_the_steps_back_to_the_job_picked() -> None:
    app = Holding()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "down", "down", "tab")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("escape")
        assert "> ● RUN   89" in app.text()
        await pilot.press("enter")
        assert app.answers == [HoldChoice(after=JobRef("field", "89"))]


async def test_a_job_whose_steps_cannot_be_read_says_so_and_can_be_waited_for_as_a_whole() -> None:
    app = Holding()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3")
        await typed(pilot, "90")
        await pilot.press("tab")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "cannot be read just now" in app.text()
        await pilot.press("enter")
        assert app.answers == [HoldChoice(after=JobRef("field", "90"))]


@pytest.mark.parametrize("keys", [[], ["2", "1", "8"], ["3", "down"]])
async def test_when_the_job_moves_nothing_is_left_but_to_leave(keys: list[str]) -> None:
    app = Holding()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        app.changed = "somebody finished it"
        app.question.receive(JobsChanged("field", ()))
        await pilot.press("1", "enter", "down", "tab", "enter")
        assert "! While this was open somebody finished it" in app.text()
        assert app.answers == []
        await pilot.press("escape")
        assert app.answers == [None]
