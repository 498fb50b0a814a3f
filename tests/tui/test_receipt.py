"""The receipt line: answers are whole, keep their keys together, fade with age, and can be taken away."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from jobtui.model import Control, ControlRequest, JobRef, Outcome, State, Verdict
from jobtui.monitor.events import Controlled, Stage
from jobtui.tui.format.answers import LINES, aged, answer_lines
from jobtui.tui.format.spans import Span, text_of, width_of
from jobtui.tui.widgets.receipt_bar import ReceiptBar
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.tui.conftest import Tiny, shown
from tests.tui.staged import Server, staged

KEYS = "y n copies it"


@pytest.mark.parametrize("width", range(24, 100))
@pytest.mark.parametrize("path", ["/srv/n.md", "/home/me/" + "a-long-folder/" * 9 + "note.md"])
def test_what_can_be_pressed_next_is_never_broken_over_two_lines(width: int, path: str) -> None:
    said = f"written to {path}: the hand-off note;"
    lines = answer_lines((Span(said, "key"),), KEYS, width)
    rows = [text_of(line) for line in lines]
    assert sum(KEYS in row for row in rows) == 1
    assert rows[-1].endswith(KEYS)
    assert len(rows) <= LINES
    assert max(map(width_of, lines)) <= width
    whole = "".join(rows).replace(" ", "")
    assert whole == f"{said} {KEYS}".replace(" ", "") or "…" in whole, "what is left out is seen to be"


def test_on_one_line_the_text_gives_way_to_what_can_be_pressed_next() -> None:
    said = (Span("written to /srv/jobtui-handoff-20261120-143200.md: the hand-off note;", "key"),)
    (line,) = answer_lines(said, KEYS, 40, single=True)
    assert text_of(line).startswith("written to /srv/")
    assert text_of(line).endswith(f"… {KEYS}")
    assert width_of(line) <= 40


async def test_on_a_tiny_screen_a_cut_answer_is_seen_to_be_cut(tmp_path: Path) -> None:
    server = Server("tiles")
    server.has(a_job("1"))
    async with staged(tmp_path, server, size=(30, 10)) as stage:
        await until(lambda: len(stage.main.view) == 1, what="the job")
        assert [row.strip() for row in shown(stage.main.receipt)] == ["no control asked in this se…"]
        await stage.pilot.resize_terminal(80, 24)
        await until(lambda: stage.receipt == "no control asked in this session", what="all of it")


def test_an_old_answer_is_dim_and_says_its_age_where_there_is_room() -> None:
    line = (Span("sent to the terminal: tiles:1", "key"),)
    assert aged(line, "", 80, 59) == [line]
    assert aged(line, "", 80, 61) == [(Span("1m ago: sent to the terminal: tiles:1", "dim"),)]
    assert aged(line, "", 30, 61) == [(Span("sent to the terminal: tiles:1", "dim"),)], "no line more"


async def test_answers_fade_after_a_minute_and_a_new_one_is_as_bright_as_ever() -> None:
    time = [NOW]
    bar = ReceiptBar(now=lambda: time[0])

    def pass_on(**spans: int) -> list[str]:
        time[0] += timedelta(**spans)
        bar.settle()
        return shown(bar)

    async with Tiny(bar).run_test(size=(80, 4)) as pilot:
        bar.say("“soon” is not a time; no filter is set")
        await pilot.pause()
        assert pass_on(seconds=50) == ["“soon” is not a time; no filter is set"]
        assert pass_on(seconds=20) == ["1m ago: “soon” is not a time; no filter is set"]
        assert pass_on(hours=3)[0].startswith("3h ago: ")
        assert {span.look for line in bar.lines for span in line} == {"dim"}
        bar.control(accepted())
        fresh, looks = shown(bar), [span.look for span in bar.lines[0]]
        assert looks[-1] != "dim"
        assert pass_on(minutes=5) == fresh, "a receipt has told its time already"
        assert {span.look for line in bar.lines for span in line} == {"dim"}


def accepted() -> Controlled:
    request = ControlRequest(Control.CANCEL, JobRef("tiles", "1"), NOW)
    return Controlled(Stage.ANSWERED, Outcome(request, Verdict.ACCEPTED, True, NOW), NOW)


async def test_esc_clears_the_receipt_after_all_else(tmp_path: Path) -> None:
    server = Server("tiles")
    for number in range(3):
        server.has(a_job(str(number), state=State.RUNNING))
    async with staged(tmp_path, server) as stage:
        await until(lambda: len(stage.main.view) == 3, what="the jobs")
        nothing = stage.receipt
        await stage.pilot.press("space", "z", "n")
        assert "no filter is set" in stage.receipt
        await stage.pilot.press("escape")
        assert not stage.main.marks
        await stage.pilot.press("escape")
        assert not stage.main.panes.is_zoomed
        assert "no filter is set" in stage.receipt, "one thing at a time"
        await stage.pilot.press("escape")
        assert stage.receipt == nothing
        stage.main.receive(accepted())
        assert "CANCEL tiles:1" in stage.receipt
        await stage.pilot.press("escape")
        assert stage.receipt == "6 lists what was asked of servers in this session"


async def test_the_tick_of_the_ages_lets_the_receipt_fade(tmp_path: Path) -> None:
    ahead = timedelta()

    def later() -> datetime:
        return datetime.now(NOW.tzinfo) + ahead

    server = Server("tiles")
    server.has(a_job("1"))
    async with staged(tmp_path, server) as stage:
        await until(lambda: len(stage.main.view) == 1, what="the job")
        stage.main.receipt._now = later
        await stage.pilot.press("n")
        ahead = timedelta(minutes=2)
        await until(lambda: stage.receipt.startswith("2m ago: no filter is set"), what="the tick")
