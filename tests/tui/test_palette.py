"""The palette: everything can be reached by name, and is done just as by its key."""

from __future__ import annotations

from collections.abc import Callable

from jobtui.insight.layout import BUILT_IN, Layout
from jobtui.model import Job, JobRef, State
from jobtui.tui.commands import Command, command_line, found
from jobtui.tui.format.spans import text_of, width_of
from jobtui.tui.keymap import KEYS
from jobtui.tui.screens.commanding import commands
from jobtui.tui.screens.palette import PaletteScreen
from jobtui.tui.themes import load_themes
from tests.conftest import until
from tests.tui.conftest import Drive, Driven, shown

COPY = Command("key", "copy", "send the ref to the clipboard", "y")
CANCEL = Command("key", "control.cancel", "cancel the job", "C", "it is closed", sends=True)
WRAP = Command("key", "messages.wrap", "wrap long messages", "w")


def test_words_in_any_order_find_and_the_beginning_of_a_name_comes_first() -> None:
    assert found([WRAP, COPY, CANCEL], "clip ref") == [COPY]
    assert found([WRAP, CANCEL, COPY], "c")[0] in (CANCEL, COPY)
    assert found([CANCEL, COPY, WRAP], "wrap")[0] == WRAP
    assert found([WRAP, COPY], "zzz") == []
    assert found([WRAP, COPY, CANCEL], "") == [WRAP, COPY, CANCEL]


def test_a_key_itself_finds_what_it_does() -> None:
    assert found([WRAP, COPY, CANCEL], "C")[0] == CANCEL


def test_each_line_shows_its_key_and_why_not() -> None:
    line = command_line(CANCEL, 60)
    assert width_of(line) == 60
    assert text_of(line).endswith(" C")
    assert "cancel the job: it is closed" in text_of(line)
    assert line[0].look == "off"


async def _opened(driven: Driven, key: str = "ctrl+p") -> PaletteScreen:
    await until(lambda: len(driven.main.view), what="jobs")
    await driven.pilot.press(key)
    await until(lambda: isinstance(driven.app.screen, PaletteScreen), what="the palette")
    screen = driven.app.screen
    assert isinstance(screen, PaletteScreen)
    return screen


async def _a_job(driven: Driven, fits: Callable[[Job], bool]) -> JobRef:
    def fitting() -> list[JobRef]:
        return [job.ref for job in driven.monitor.store if fits(job)]

    await until(fitting, what="such a job")
    return fitting()[0]


async def test_every_action_view_theme_and_source_is_in_it(drive: Drive) -> None:
    async with drive() as driven:
        await until(lambda: len(driven.main.view), what="jobs")
        names = {(each.kind, each.name) for each in commands(driven.main)}
        assert {("key", key.id) for key in KEYS if key.id != "palette"} <= names
        assert {("view", view.name) for view in BUILT_IN} <= names
        assert {("theme", name) for name in load_themes()} <= names
        assert {("source", name) for name in driven.monitor.sources} <= names


async def test_both_keys_open_it_and_what_is_chosen_is_done(drive: Drive) -> None:
    async with drive(size=(80, 24)) as driven:
        for key in ("ctrl+p", "colon"):
            await _opened(driven, key)
            await driven.pilot.press("escape")
            await until(lambda: len(driven.app.screen_stack) == 1, what="closed")
        screen = await _opened(driven)
        await driven.type("wrap")
        await until(lambda: "wrap long messages" in shown(screen._list)[0], what="found")
        assert shown(screen._list)[0].endswith("w")
        before = driven.main.log_pane.wraps
        await driven.pilot.press("enter")
        await until(lambda: driven.main.log_pane.wraps != before, what="done")


async def test_a_view_and_a_job_by_its_ref(drive: Drive) -> None:
    async with drive() as driven:
        await _opened(driven)
        await driven.type("view problems")
        await driven.pilot.press("enter")
        await until(lambda: driven.main.finding.problems, what="the view")
        ref = await _a_job(driven, lambda job: job.state is State.SUCCEEDED)
        await _opened(driven)
        await driven.paste(str(ref))
        await driven.pilot.press("enter")
        await until(lambda: driven.main.jobs.selected == ref, what="the job, though a view had hidden it")


async def test_an_unlisted_ref_is_asked_for(drive: Drive) -> None:
    async with drive() as driven:
        await _opened(driven)
        await driven.paste("desk:V3-not-in-any-list")
        await driven.pilot.press("enter")
        await until(lambda: driven.main.jobs.selected == JobRef("desk", "V3-not-in-any-list"), what="found")


async def test_a_control_asks_first_and_one_that_cannot_be_says_why(drive: Drive) -> None:
    async with drive() as driven:
        ref = await _a_job(driven, lambda job: job.ref.source == "desk")
        await until(lambda: driven.main.jobs.select(ref), what="it is listed")
        await _opened(driven)
        await driven.type("control.cancel")
        await driven.pilot.press("enter")
        await until(lambda: "not sent" in driven.receipt, what="the reason")
        assert driven.writes() == []


async def test_a_theme_is_shown_at_once_and_kept_for_the_next_start(drive: Drive) -> None:
    kept: list[Layout] = []
    async with drive(keep=kept.append) as driven:
        await _opened(driven)
        await driven.type("theme paper")
        await driven.pilot.press("enter")
        await until(lambda: driven.app.theme == "paper", what="the theme")
        await until(lambda: kept and kept[-1].theme == "paper", what="kept")
