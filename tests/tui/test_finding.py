"""Finding a job: the filter as it is typed, the order by any column, all with keys alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from jobtui.model import JobRef, Kind, State
from jobtui.tui.format.spans import text_of
from tests.conftest import until
from tests.factory import a_job
from tests.tui.conftest import shown
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
        assert "is no age" in stage.receipt
        assert "filter: age<25m rebuild age>" in title(stage)
        await stage.pilot.press("slash", "backspace", "backspace")
        await stage.pilot.pause()
        assert trouble(stage) == ""
        await stage.pilot.press("escape")
        assert "6" in title(stage)


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
