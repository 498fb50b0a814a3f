"""The footer and the help: what can be pressed here and now, the most wanted first, never nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui.tui.format.footer import Standing, footer_lines
from jobtui.tui.format.spans import text_of, width_of
from jobtui.tui.format.states import UNICODE
from jobtui.tui.hints import FIRST, On, Place, hinted
from jobtui.tui.keymap import KEYS, control_keys
from jobtui.tui.panes import NAMES
from jobtui.tui.screens.help import HelpScreen, help_lines
from jobtui.tui.screens.palette import PaletteScreen
from jobtui.tui.widgets.line_bar import LineBar
from tests.conftest import until
from tests.factory import a_job
from tests.tui.conftest import Drive, shown
from tests.tui.staged import Server, staged


def standings() -> list[Standing]:
    """Cancel works, hold does not."""
    return [Standing(control_keys()[0], None), Standing(control_keys()[1], "it is closed")]


def test_every_pane_says_which_keys_come_first_and_all_of_them_exist() -> None:
    known = {key.id for key in KEYS}
    assert set(FIRST) == set(NAMES)
    assert {action for actions in FIRST.values() for action in actions} <= known


@pytest.mark.parametrize("pane", NAMES)
@pytest.mark.parametrize("width", [24, 40, 60, 80, 120, 200])
def test_hints_go_by_priority_and_never_all(pane: str, width: int) -> None:
    works = footer_lines(standings(), width, Place(pane))[0]
    assert width_of(works) <= width
    text = text_of(works)
    assert "? help" in text
    assert "q quit" in text
    if width >= 40 and pane in ("jobs", "steps", "holds"):
        assert text.startswith("C cancel"), "what can be asked of the row comes before all else"
    if width >= 80:
        first = [label for _, label in hinted(Place(pane))][:3]
        assert all(f" {label}  " in text for label in first)


def test_however_much_a_row_can_be_asked_filter_and_next_problem_stay_on_80_columns() -> None:
    all_work = [Standing(key, None) for key in control_keys()]
    text = text_of(footer_lines(all_work, 78)[0])
    assert "/ filter  ! problem  " in text
    assert text.startswith("C cancel  H hold  L release  R run  ")
    unheld = [Standing(key, None) for key in control_keys() if key.label != "release"]
    assert text_of(footer_lines(unheld, 78)[0]).startswith(
        "C cancel  H hold  R run  F finish  S stop  / filter"
    )


def test_keys_of_the_messages_come_before_what_the_job_can_be_asked() -> None:
    text = text_of(footer_lines(standings(), 60, Place("messages"))[0])
    assert text.startswith("/ find  n next  ")
    assert "C cancel" in text_of(footer_lines(standings(), 200, Place("messages"))[0])


@pytest.mark.parametrize("pane", ["groups", "actions", "polling"])
def test_panes_that_are_about_no_job_offer_no_control_of_the_one_behind_them(pane: str) -> None:
    works, refused = footer_lines(standings(), 200, Place(pane))
    assert "cancel" not in text_of(works)
    assert text_of(refused) == ""


@pytest.mark.parametrize("pane", ["messages", "holds", "actions", "polling"])
def test_the_footer_names_no_key_that_does_nothing_in_its_pane(pane: str) -> None:
    nothing = {"mark", "mute"} if pane == "holds" else {"open", "mark", "mute"}
    assert not nothing & {key.id for key, _ in hinted(Place(pane))}


@pytest.mark.parametrize(
    ("on", "first"),
    [
        (On.HEAD, "Enter fold  Space mark  / filter  ! problem"),
        (On.FOLDED, "Enter unfold  Space mark  / filter  ! problem"),
        (On.HIDDEN, "Esc all jobs  / filter"),
        (On.NOTHING, "/ filter"),
    ],
)
def test_where_no_job_is_the_footer_names_what_works_there_and_no_more(on: On, first: str) -> None:
    text = text_of(footer_lines([], 200, Place("jobs", on))[0])
    assert text.startswith(first)
    offered = {key.id for key, _ in hinted(Place("jobs", on))}
    assert not {"actions", "details", "copy"} & offered
    assert ("open" in offered) is (on in (On.HEAD, On.FOLDED))
    assert "actions" in {key.id for key, _ in hinted(Place("jobs", on, has_marks=True))}, "they act on marks"
    assert not {"open", "actions", "details"} & {key.id for key, _ in hinted(Place("steps", on))}


async def test_on_a_head_and_on_an_empty_list_the_footer_says_what_keys_do_there(tmp_path: Path) -> None:
    server = Server("tiles")
    for number in range(3):
        server.has(a_job(str(number)))
    async with staged(tmp_path, server) as stage:
        await until(lambda: len(stage.main.view) == 3, what="the jobs")

        def works() -> str:
            return text_of(stage.main.footer.lines[0])

        await until(lambda: "C cancel" in works() and "Enter open" in works(), what="the keys of a job")
        await stage.pilot.press("b", "t", "g")
        await until(lambda: works().startswith("Enter fold  "), what="the keys of a head")
        await stage.pilot.press("enter")
        await until(lambda: works().startswith("Enter unfold  "), what="the keys of a folded head")
        assert "x actions" not in works()
        await stage.pilot.press("space")
        await until(lambda: "x actions" in works(), what="what acts on marks")
        await stage.pilot.press("escape", "slash", *"zzz", "enter")
        await until(lambda: works().startswith("Esc all jobs  "), what="the keys of an empty list")
        await stage.pilot.press("escape")
        await until(lambda: "unfold" in works(), what="the head again")


def test_each_pane_has_its_own_hints() -> None:
    assert "find" in text_of(footer_lines([], 80, Place("messages"))[0])
    assert "follow" in text_of(footer_lines([], 80, Place("messages"))[0])
    assert "fold" in text_of(footer_lines([], 80, Place("steps"))[0])
    assert "problem" in text_of(footer_lines([], 80, Place("jobs"))[0])


def test_a_footer_of_one_line_still_greys_what_cannot_be_asked() -> None:
    line = footer_lines(standings(), 60, single=True)[0]
    assert any(span.text == "(H) " and span.look == "off" for span in line)


@pytest.mark.parametrize("pane", NAMES)
def test_the_help_begins_with_the_keys_of_the_pane_and_has_every_key_once(pane: str) -> None:
    lines = [text_of(line) for line in help_lines(100, UNICODE, pane)]
    assert lines[0] == f"Here, in the {pane}"
    for key in KEYS:
        assert sum(1 for line in lines if line.startswith(f"{key.faces} ") and key.help[:40] in line) == 1, (
            key.id
        )


def test_what_is_searched_in_the_help_leaves_only_what_has_every_word() -> None:
    lines = [text_of(line) for line in help_lines(100, UNICODE, "jobs", "messages FOLLOW")]
    assert any("follow the messages" in line for line in lines)
    assert not any("cancel" in line for line in lines)
    assert [text_of(line) for line in help_lines(100, UNICODE, "jobs", "zzz")] == [
        "nothing here has “zzz” in it"
    ]


async def test_the_help_is_of_the_focused_pane_and_can_be_searched(drive: Drive) -> None:
    async with drive(size=(80, 24)) as driven:
        await until(lambda: len(driven.main.view), what="jobs")
        await driven.pilot.press("3", "f1")
        await until(lambda: isinstance(driven.app.screen, HelpScreen), what="the help")
        screen = driven.app.screen
        assert isinstance(screen, HelpScreen)
        await until(lambda: shown(screen._text)[0] == "Here, in the messages", what="the pane's keys first")
        await driven.pilot.press("slash")
        await driven.type("wrap")
        await until(lambda: sum(bool(line) for line in shown(screen._text)) == 2, what="one key found")
        await driven.pilot.press("escape")
        await until(lambda: sum(bool(line) for line in shown(screen._text)) > 5, what="all again")
        await driven.pilot.press("question_mark")
        await until(lambda: len(driven.app.screen_stack) == 1, what="closed by what opened it")


async def test_in_ascii_the_help_and_the_palette_have_no_other_character(drive: Drive) -> None:
    async with drive(size=(80, 24), ascii_only=True) as driven:
        await until(lambda: len(driven.main.view), what="jobs")
        await driven.pilot.press("question_mark")
        await until(lambda: isinstance(driven.app.screen, HelpScreen), what="the help")
        screen = driven.app.screen
        assert isinstance(screen, HelpScreen)
        await until(lambda: any(shown(screen._text)), what="its lines")
        for _ in range(6):
            assert "\n".join(shown(screen._text)).isascii()
            await driven.pilot.press("pagedown")
        await driven.pilot.press("escape", "colon")
        await until(lambda: isinstance(driven.app.screen, PaletteScreen), what="the palette")
        palette = driven.app.screen
        assert isinstance(palette, PaletteScreen)
        await until(lambda: any(shown(palette._list)), what="its lines")
        assert "\n".join([*shown(palette._list), *shown(palette.query_one(LineBar))]).isascii()
