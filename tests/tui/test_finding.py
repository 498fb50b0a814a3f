"""Finding a job: the filter as it is typed, the order by any column, all with keys alone."""

from __future__ import annotations

import errno
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.events import Key, Paste

from jobtui.insight.layout import USUAL, Layout, SavedView
from jobtui.insight.sorting import Column, Order
from jobtui.model import JobRef, Kind, State
from jobtui.monitor import sieve as sieve_module
from jobtui.tui import pace as pace_module
from jobtui.tui.format.spans import text_of
from jobtui.tui.screens import finding as finding_module
from jobtui.tui.widgets.line_bar import LineBar
from jobtui.tui.widgets.typing import Typing
from tests.conftest import until
from tests.factory import a_job
from tests.tui.conftest import Drive, shown
from tests.tui.staged import Server, Stage, staged

_NAMES = {
    " ": "space",
    ":": "colon",
    "!": "exclamation_mark",
    ">": "greater_than_sign",
    "<": "less_than_sign",
    '"': "quotation_mark",
}


def two_servers() -> tuple[Server, Server]:
    """Some jobs of every sort, over two sources."""
    now = datetime.now(UTC)
    tiles, field = Server("tiles"), Server("field", Kind.ARCGIS)
    for number, name in enumerate(("north", "south", "east", "west")):
        started = now - timedelta(hours=number)
        tiles.has(a_job(str(number), title=f"Rebuild {name}", started=started))
    tiles.has(
        a_job(
            "9",
            title="Publish",
            state=State.FAILED,
            raw_state="FAILED",
            ended=True,
            ended_at=now - timedelta(minutes=20),
            why="disk full",
            owner="Mia Lopez",
        )
    )
    field.has(a_job("Zk19", source="field", kind=Kind.ARCGIS, title="Parcel split", owner="dortiz"))
    return tiles, field


async def typed(stage: Stage, text: str) -> None:
    await stage.pilot.press(*(_NAMES.get(each, each) for each in text))


async def filled(stage: Stage) -> None:
    await until(lambda: len(stage.main.view) == 6 and stage.main.jobs.selected is not None, what="six jobs")
    await stage.pilot.pause()


def title(stage: Stage) -> str:
    return str(stage.main.query_one("#jobs-pane").border_title)


def trouble(stage: Stage) -> str:
    return " ".join(text_of(line) for line in stage.main.trouble.lines).strip()


def ids(stage: Stage) -> list[str]:
    return [stage.main.view[row].job_id for row in range(len(stage.main.view))]


async def test_the_title_says_how_many_of_how_many_pass(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        await stage.pilot.press("slash")
        await typed(stage, "source:tiles !state:failed f:rbld")
        await stage.pilot.press("enter")
        assert "4 of 6" in title(stage)
        assert "filter: source:tiles !state:failed f:rbld" in title(stage)


async def test_what_cannot_be_read_is_said_beside_it_and_the_last_good_filter_stays(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers(), size=(80, 24)) as stage:
        await filled(stage)
        await stage.pilot.press("slash")
        await typed(stage, "age<25m rebuild age>")
        assert ids(stage) == ["0"]
        await typed(stage, "x")
        await stage.pilot.pause()
        assert trouble(stage) == "“x” is no age; write age>90s, 10m, 8h or 2d"
        assert ids(stage) == ["0"]
        assert stage.main.trouble.region.right == 80, "beside what is typed, wholly on the screen"
        assert stage.main.search.size.width > 20
        await stage.pilot.press("enter")
        assert stage.receipt.endswith("8h or 2d; the filter is “age<25m rebuild age>”")
        assert "filter: age<25m rebuild age>" in title(stage)
        await stage.pilot.press("slash", "backspace", "backspace")
        await stage.pilot.pause()
        assert trouble(stage) == ""
        await stage.pilot.press("escape")
        assert "6" in title(stage)


async def test_what_is_typed_in_one_burst_is_all_filter_and_no_keys(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        for key in ["slash", *"state:failed/", "backspace", "enter"]:
            stage.app.post_message(Key(_NAMES.get(key, key), key if len(key) == 1 else None))
        await until(
            lambda: not stage.main.search.has_class("-open") and stage.main.finding.text, what="typed"
        )
        assert stage.main.finding.text == "state:failed"
        assert ids(stage) == ["9"]
        assert stage.main.order == Order()
        assert len(stage.app.screen_stack) == 1


async def test_keys_that_come_together_with_the_end_of_a_filter_are_no_text_of_it(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        for key in ["slash", *"e", "enter", "n", "n", "space"]:
            stage.app.post_message(Key(_NAMES.get(key, key), key if len(key) == 1 else None))
        await until(lambda: stage.main.marks.refs, what="the mark")
        assert stage.main.finding.text == "e"
        assert len(stage.main.view) > 2
        assert [stage.main.view[2]] == list(stage.main.marks.refs)


async def test_the_help_tells_the_language_of_the_filter(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers(), size=(80, 24)) as stage:
        await filled(stage)
        await stage.pilot.press("question_mark", "G")
        await until(lambda: "age>2h" in "\n".join(shown(stage.app.screen.query_one("#reading"))))  # type: ignore[arg-type]


async def test_the_cursor_stays_on_its_job_while_a_filter_comes_and_goes(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        stage.main.jobs.select(JobRef("field", "Zk19"))
        await stage.pilot.press("slash")
        await typed(stage, "parcel")
        await stage.pilot.press("enter", "escape")
        assert stage.main.jobs.selected == JobRef("field", "Zk19")
        assert len(stage.main.view) == 6


async def test_a_filter_that_hides_the_selected_job_shows_the_worst_that_passes(
    tmp_path: Path,
) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        main = stage.main
        before = next(ref for ref in main.view if ref.source == "tiles")
        main.jobs.select(before)
        await stage.pilot.press("slash")
        await typed(stage, "source:field")
        await until(lambda: {ref.source for ref in main.view} == {"field"}, what="only those of the field")
        assert main.jobs.cursor == 0, "wherever half a word had left it"
        await stage.pilot.press("escape")
        assert main.jobs.selected == before


def heading(stage: Stage) -> str:
    return text_of(stage.main.heading.lines[0])


async def test_keys_sort_by_the_next_column_and_the_heading_says_which_way(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        assert "STATE▼" in heading(stage)
        await stage.pilot.press("less_than_sign")
        assert "AGE▲" in heading(stage)
        assert "by age" in title(stage)
        assert ids(stage) == ["0", "9", "1", "2", "3", "Zk19"]
        await stage.pilot.press("less_than_sign", "less_than_sign")
        assert "JOB▲" in heading(stage)
        assert ids(stage) == ["Zk19", "9", "2", "0", "1", "3"]
        await stage.pilot.press("greater_than_sign", "greater_than_sign", "greater_than_sign")
        assert "STATE▼" in heading(stage)
        assert ids(stage)[0] == "9"


async def test_the_cursor_stays_on_its_job_when_the_order_changes(tmp_path: Path) -> None:
    server, _ = two_servers()
    for number in range(200):
        server.has(a_job(f"more{number:03}", title=f"zone {number:03}"))
    async with staged(tmp_path, server, size=(80, 24)) as stage:
        await until(lambda: len(stage.main.view) == 205, what="all jobs")
        stage.main.jobs.select(JobRef("tiles", "more100"))
        await stage.pilot.press("s", "j", "j", "j", "j", "enter")
        assert "by title" in title(stage)
        assert stage.main.jobs.selected == JobRef("tiles", "more100")
        assert any(line.startswith(">") and "zone 100" in line for line in shown(stage.main.jobs))
        before = stage.main.jobs.cursor
        await stage.pilot.press("s", "enter")
        assert "turned round" in title(stage)
        assert stage.main.jobs.cursor == 204 - before
        assert stage.main.jobs.selected == JobRef("tiles", "more100")


async def test_columns_are_chosen_by_key_and_kept(tmp_path: Path) -> None:
    kept: list[Layout] = []
    async with staged(tmp_path, *two_servers(), size=(120, 40), keep=kept.append) as stage:
        await filled(stage)
        await stage.pilot.press("s", "g", "j", "j", "j", "space", "j", "j", "j", "space", "escape")
        await stage.pilot.pause()
        named = ["STATE▼", "IN", "ID", "JOB", "PROGRESS", "OWNER", "AGE"]
        assert [word for word in heading(stage).split() if word in named] == named
        assert any("Zk19" in line and "dortiz" in line for line in shown(stage.main.jobs))
        await until(lambda: len(kept) == 2, what="both are kept")
        assert kept[-1].columns == USUAL | {Column.ID, Column.OWNER}
    async with staged(tmp_path, *two_servers(), size=(120, 40), layout=kept[-1]) as stage:
        await filled(stage)
        assert "OWNER" in heading(stage), "the next start has them"


async def test_columns_that_cannot_be_kept_are_said(tmp_path: Path) -> None:
    def full(layout: Layout) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with staged(tmp_path, *two_servers(), keep=full) as stage:
        await filled(stage)
        await stage.pilot.press("s", "g", "space", "escape")
        await until(lambda: "not kept for the next start: No space left" in stage.receipt, what="the reason")
        assert "STATE" not in heading(stage)


async def test_one_key_calls_a_view_that_is_always_there(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        everything = ["9", *ids(stage)[1:]]
        for key, found in [("p", ["9"]), ("l", ["0", "9"]), ("h", []), ("a", everything)]:
            await stage.pilot.press("v", key)
            await until(lambda: len(stage.app.screen_stack) == 1, what="back at the jobs")
            assert ids(stage) == found
        assert "by" not in title(stage)


async def test_what_is_shown_is_kept_as_a_view_with_a_name_and_a_key(tmp_path: Path) -> None:
    kept: list[Layout] = []
    async with staged(tmp_path, *two_servers(), keep=kept.append) as stage:
        await filled(stage)
        await stage.pilot.press("slash")
        await typed(stage, "source:tiles rebuild")
        await stage.pilot.press("enter", "less_than_sign", "v", "plus")
        await typed(stage, "night")
        await stage.pilot.press("enter")
        assert stage.app.screen.query_one(Typing).value == "n"
        await stage.pilot.press("backspace", "h", "enter")
        assert "h calls “held”" in answer(stage)
        await stage.pilot.press("backspace", "9", "enter", "escape")
        night = SavedView("night", "9", "source:tiles rebuild", order=Order(Column.AGE))
        await until(lambda: bool(kept), what="it is kept")
        assert kept[-1].views == (night,)
    async with staged(tmp_path, *two_servers(), layout=kept[-1], keep=kept.append) as stage:
        await filled(stage)
        await stage.pilot.press("v", "9")
        assert ids(stage) == ["0", "1", "2", "3"]
        assert "by age" in title(stage)
        await stage.pilot.press("v", "G", "minus", "escape")
        await until(lambda: kept[-1].views == (), what="it is dropped")


async def test_views_that_are_always_there_stay_and_keep_their_names(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        await stage.pilot.press("v", "minus")
        assert "“everything” is always there" in answer(stage)
        await stage.pilot.press("plus")
        await typed(stage, "held")
        await stage.pilot.press("enter")
        assert "“held” is always there; another name is needed" in answer(stage)
        await stage.pilot.press("escape", "escape")
        assert len(stage.app.screen_stack) == 1
        assert stage.main.chosen.views == ()


async def test_my_jobs_are_those_of_whom_the_source_takes_me_for(tmp_path: Path) -> None:
    tiles, field = two_servers()
    tiles.user = "Mia Lopez"
    async with staged(tmp_path, tiles, field) as stage:
        await filled(stage)
        await stage.pilot.press("v", "m")
        await until(lambda: ids(stage) == ["9"], what="the job of Mia Lopez")


def answer(stage: Stage) -> str:
    lines = stage.app.screen.query_one("#answer", LineBar).lines
    return " ".join(text_of(line) for line in lines)


async def test_my_jobs_are_found_by_whatever_the_source_calls_me_in_them(drive: Drive) -> None:
    async with drive() as driven:
        await until(lambda: len(driven.main.view) > 25, what="the list")
        await driven.pilot.press("v", "m")
        await until(lambda: len(driven.main.finding.users) >= 2, what="the sources that tell")
        await driven.pilot.pause()
        calls = driven.main.finding.users
        for ref in driven.main.view:
            job = driven.monitor.store.get(ref)
            assert job is not None
            assert job.owner in calls[ref.source]


@pytest.fixture
def in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let even few jobs be looked through one at a time, with a pause after each."""
    monkeypatch.setattr(finding_module, "_MANY", 0)
    monkeypatch.setattr(pace_module, "STRETCH_S", 0.0)
    monkeypatch.setattr(sieve_module, "AT_ONCE", 1)


def send(stage: Stage, *keys: str) -> None:
    """Let keys come in one burst."""
    for key in keys:
        stage.app.post_message(Key(_NAMES.get(key, key), key if len(key) == 1 else None))


@pytest.mark.usefixtures("in_turns")
async def test_letters_that_come_while_jobs_are_looked_through_are_all_looked_for(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        send(stage, "slash", *"rebuil", "backspace", "backspace", *"ildwe", "backspace", "backspace")
        await until(lambda: stage.main.finding.text == "rebuild", what="the last letter is looked for")
        assert sorted(ids(stage)) == ["0", "1", "2", "3"]
        assert stage.main._sifting is None
        assert stage.main.search.has_class("-open")


@pytest.mark.usefixtures("in_turns")
async def test_keys_behind_the_end_of_a_filter_find_what_passes_it(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        send(stage, "slash", *"rebuild", "enter", "n", "space")
        await until(lambda: stage.main.marks.refs, what="the mark")
        assert sorted(ids(stage)) == ["0", "1", "2", "3"]
        assert [stage.main.view[1]] == list(stage.main.marks.refs)


async def test_a_key_on_the_heels_of_the_end_of_a_filter_does_not_overtake_it(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        send(stage, "slash", *"rebuild")
        await until(lambda: stage.main.finding.text == "rebuild", what="typed")
        stage.main.search.close(kept=True)
        send(stage, "3")
        stage.app.post_message(Paste("x"))
        await until(lambda: not stage.main.search.has_class("-open"), what="the end")
        await until(lambda: stage.main.panes.focused == "messages", what="the pane that was asked for")
        await stage.pilot.pause(0.1)
        assert stage.main.panes.focused == "messages"
        assert stage.main.search.value == "rebuild"


@pytest.mark.usefixtures("in_turns")
async def test_a_filter_that_is_left_while_jobs_are_looked_through_changes_nothing(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        send(stage, "slash", *"publish", "escape", "n", "space")
        await until(lambda: stage.main.marks.refs, what="the mark")
        assert stage.main.finding.text == ""
        assert len(ids(stage)) == 6


@pytest.mark.usefixtures("in_turns")
async def test_what_needs_somebody_is_asked_for_with_the_letters_that_are_not_through(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        stage.main._sifting = stage.main.finding.filtering("publish", problems=False)
        stage.main.filter_jobs(stage.main.finding.text, problems=True)
        assert (stage.main.finding.text, ids(stage)) == ("publish", ["9"])
        assert stage.main.finding.problems
