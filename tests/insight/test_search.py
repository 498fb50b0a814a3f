"""What the filter lets through, on the screen and on the command line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobtui.insight.search import read
from jobtui.model import Flag, Hold, Job, Kind, State
from tests.factory import NOW, a_job

FAILED = a_job(
    "1",
    title="Import of Harbour",
    state=State.FAILED,
    ended=True,
    why="disk full",
    created=NOW - timedelta(hours=30),
    ended_at=NOW - timedelta(minutes=5),
)
STALLED = a_job(
    "2", title="Tiles", flags=frozenset({Flag.STALLED}), owner="Mia Lopez", started=NOW - timedelta(hours=3)
)
DONE = a_job(
    "3",
    source="desk",
    title='Merge "A" state:failed',
    kind=Kind.ZENDESK,
    state=State.SUCCEEDED,
    ended=True,
    application="Ticket Sharing",
)
HELD = a_job("k9", source="field", title="Parcel", state=State.HELD, holds=(Hold("h", "s", by="dortiz"),))
ALL = [FAILED, STALLED, DONE, HELD]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("harbour", [FAILED]),
        ("DISK", [FAILED]),
        ("mia tiles", [STALLED]),
        ("!tiles:", [DONE, HELD]),
        ("state:fail", [FAILED]),
        ("state:stall", [STALLED]),
        ("state:run", [STALLED]),
        ("state:DONE,held", [DONE, HELD]),
        ('"state:failed"', [DONE]),
        ("source:desk", [DONE]),
        ("source:desk,fie", [DONE, HELD]),
        ("kind:next", [FAILED, STALLED, HELD]),
        ("!state:failed source:tiles", [STALLED]),
        ("tiles:2", [STALLED]),
        ('"mia lopez"', [STALLED]),
        ('"lopez mia"', []),
        ('"mia lo', [STALLED]),
        ('owner:"mia lopez"', [STALLED]),
        ("owner:lop", [STALLED]),
        ("!owner:lop", [FAILED, DONE, HELD]),
        ("app:ticket", [DONE]),
        ("id:k", [HELD]),
        ("f:ihbr", [FAILED]),
        ("f:rbhi", []),
        ("!f:ihbr", [STALLED, DONE, HELD]),
        ("f:tiles2", [STALLED]),
        ("dortiz", [HELD]),
        ("age<10m", [FAILED]),
        ("age>2h", [STALLED]),
        ("!age>2h", [FAILED, DONE, HELD]),
        ("age<=5m", [FAILED]),
        ("age>1h30m age<1d", [STALLED]),
        ("nothing-like-it", []),
        ("none", []),
        ("!", []),
        ("!!", ALL),
        ("!!harbour", [FAILED]),
        ("!!!state:failed", [STALLED, DONE, HELD]),
        pytest.param("!" * 20_001 + "harbour", [STALLED, DONE, HELD], id="a key held down"),
    ],
)
def test_a_filter_finds(text: str, found: list[Job]) -> None:
    query = read(text)
    assert query.trouble == ""
    assert query
    assert [job for job in ALL if query.matches(job, NOW)] == found


@pytest.mark.parametrize("text", ["", "  ", "state:", "!owner:", "age>", "f:", 'source:""', '"', "kind:,"])
def test_what_is_not_finished_filters_nothing(text: str) -> None:
    query = read(text)
    assert not query
    assert query.trouble == ""
    assert all(query.matches(job, NOW) for job in ALL)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("age>x", "“x” is no age; write age>90s, 10m, 8h or 2d"),
        ("harbour age>2y", "“2y” is no age; write age>90s, 10m, 8h or 2d"),
        ("age:2h", "age takes < or >, as in age>2h"),
        ("state:failed,zz", "no state begins with “zz”"),
        ("!state:zz", "no state begins with “zz”"),
        ("kind:jira", "“jira” is none of the kinds nextspace, zendesk, arcgis"),
        ("state:\x1b[2Jzz", "no state begins with “·[2jzz”"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_clause(text: str, said: str) -> None:
    assert read(text).trouble == said


def test_mine_is_what_the_user_of_its_source_owns() -> None:
    users: dict[str, set[str]] = {}
    query = read("owner:me", users)
    assert query.asks_me
    assert not [job for job in ALL if query.matches(job, NOW)], "nobody has said yet who that is"
    users["tiles"] = {"u-7c1e", "mia LOPEZ"}
    assert [job for job in ALL if query.matches(job, NOW)] == [STALLED]
    turned = read("!owner:me", users)
    assert turned.asks_me
    assert [job for job in ALL if turned.matches(job, NOW)] == [FAILED, DONE, HELD]


def test_only_an_age_depends_on_the_time() -> None:
    assert read("age>2h").is_timed
    assert read("!age>2h").is_timed
    assert not read("harbour state:failed").is_timed
