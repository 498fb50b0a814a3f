"""The sentences of lists, groups and controls of several, without a terminal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from jobtui.cli.output import Output
from jobtui.cli.spoken.desk import Choice, Desk
from jobtui.cli.spoken.groups import group_sentence
from jobtui.cli.spoken.keyboard import Keyboard
from jobtui.cli.spoken.lists import places_of
from jobtui.cli.spoken.many_sentences import why_none
from jobtui.cli.spoken.muting import Muting
from jobtui.cli.spoken.news import News
from jobtui.insight.cause import group_of
from jobtui.layout_file import LayoutFile
from jobtui.model import Control, JobRef, State
from jobtui.monitor.monitor import Monitor
from jobtui.outlet import Outlet
from jobtui.tui.format.many import Many, Unable
from tests.factory import a_job

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "places"),
    [("1", [0]), ("1 3 5-7", [0, 2, 4, 5, 6]), ("2,2 1-2", [1, 0]), ("8", [7]), ("", [])],
)
def test_numbers_are_read_as_places(text: str, places: list[int]) -> None:
    assert places_of(text, 8) == places


@pytest.mark.parametrize("text", ["0", "9", "3-2", "1-9", "x", "1-", "-1", "²", "1" * 7])
def test_what_is_no_number_of_the_list_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is no number from 1 to 8"):
        places_of(text, 8)


def test_a_group_says_how_many_where_since_when_and_why() -> None:
    jobs = [
        a_job(
            str(number),
            state=State.PARTIAL,
            items_failed=number,
            ended_at=NOW.replace(minute=number),
            why="RecordNotFound\x1b[31m",
        )
        for number in (2, 9)
    ]
    source = jobs[0].ref.source
    assert group_sentence(group_of("RecordNotFound\x1b[31m", jobs), NOW) == (
        f"2 jobs of {source}, 11 failed items, from 12:02 to 12:09; because: RecordNotFound·[31m."
    )


def test_of_jobs_that_cannot_take_a_control_reasons_are_counted_not_names() -> None:
    unable = tuple(Unable(JobRef("field", str(number)), "", "it has ended") for number in range(30))
    assert why_none(Many(Control.HOLD, (), unable)) == "it has ended"
    mixed = (*unable, Unable(JobRef("tiles", "1"), "", "there is no hold"))
    assert why_none(Many(Control.HOLD, (), mixed)) == "30 because it has ended; 1 because there is no hold"


class _Scripted(Keyboard):
    """Answers by a script."""

    def __init__(self, *answers: str) -> None:
        super().__init__(lambda _: None)
        self._answers = list(answers)

    async def ask(
        self, question: str, *, is_idle: bool = False, drop_earlier: bool = False, is_secret: bool = False
    ) -> str:
        return self._answers.pop(0)


async def test_of_choices_only_what_has_changed_is_said_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keyboard = _Scripted("1", "2", "9", "", "0")
    desk = Desk(
        cast("Monitor", None),
        News(keyboard.tell, lambda: NOW),
        keyboard,
        Output(),
        Outlet(),
        Muting(LayoutFile(tmp_path / "layout.json")),
        lambda: NOW,
    )
    pressed: list[str] = []

    async def mark() -> None:
        pressed.append("mark")

    async def nothing() -> None:
        pressed.append("nothing")

    def choices() -> list[Choice]:
        return [("mark", mark), ("look", nothing), (f"marked, {len(pressed)}", nothing)]

    await desk.choose(choices)
    assert capsys.readouterr().out.splitlines() == [
        *("1, mark.", "2, look.", "3, marked, 0.", "0, back."),
        "3, marked, 1.",
        "3, marked, 2.",
        "9 is none of the choices; Enter alone repeats them.",
        *("1, mark.", "2, look.", "3, marked, 2.", "0, back."),
    ]
