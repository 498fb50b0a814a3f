"""Sources at the top of the screen: which fails, how old it is, and what it offers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from jobtui.errors import TooManyJobs, Unreachable
from jobtui.model import JobRef, Kind, Source, State
from jobtui.monitor.events import Link, SourceHealth
from jobtui.tui.format.sources import Known, news_line, summary_line
from jobtui.tui.format.spans import text_of, width_of
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.tui.staged import Server, Stage, staged


def failing(name: str, error: str = "source tiles: cannot connect: connection refused by the host") -> Known:
    health = SourceHealth(name, Link.OFFLINE, NOW - timedelta(minutes=4), error, NOW + timedelta(seconds=12))
    return Source(name, Kind.ARCGIS, production=True), health


def test_of_failing_sources_the_second_line_says_why_and_how_many_more() -> None:
    line = news_line([failing(name) for name in ("tiles", "desk", "field")], NOW, 78)
    text = text_of(line)
    assert text.startswith("! PROD tiles AW OFFLINE 4m old: ")
    assert "cannot connect" in text
    assert text.endswith("+2 more: 7")
    assert width_of(line) <= 78


def test_a_refused_sign_in_comes_before_what_passes_by_itself() -> None:
    source, health = failing("desk")
    refused = (source, replace(health, link=Link.REFUSED, error="the token is not accepted"))
    assert "the token is not accepted" in text_of(news_line([failing("tiles"), refused], NOW, 90))


def test_of_many_failing_sources_the_first_line_names_as_many_as_fit() -> None:
    known = [failing(f"s{number}") for number in range(3)]
    line = summary_line(known, NOW, 78)
    assert all(f"s{number} OFFLINE 4m" in text_of(line) for number in range(3))
    assert width_of(summary_line([failing(f"s{number}") for number in range(9)], NOW, 78)) == 78


def test_sources_that_are_well_are_counted_where_they_do_not_fit() -> None:
    well = [
        (Source(f"s{number}", Kind.ARCGIS), SourceHealth(f"s{number}", Link.LIVE, NOW)) for number in range(9)
    ]
    line = text_of(summary_line([*well, failing("tiles")], NOW, 78))
    assert line == "PROD CONTROL 9 sources LIVE <10s · tiles OFFLINE 4m"


def test_the_first_word_is_the_risk() -> None:
    well = SourceHealth("desk", Link.LIVE, NOW)
    for source, head in (
        (Source("desk", Kind.ZENDESK), "CONTROL desk"),
        (Source("desk", Kind.ZENDESK, production=True), "PROD CONTROL desk"),
        (Source("desk", Kind.ZENDESK, production=True, read_only=True), "PROD READ-ONLY desk"),
    ):
        assert text_of(summary_line([(source, well)], NOW, 78)).startswith(head)


def test_a_source_that_is_well_has_no_news() -> None:
    well = (Source("desk", Kind.ZENDESK), SourceHealth("desk", Link.LIVE, NOW))
    assert news_line([well], NOW, 78) == ()
    assert text_of(summary_line([well], NOW, 78)).startswith("CONTROL desk zendesk LIVE <10s old")


def test_what_a_server_warns_of_is_said_and_leaves_room_for_its_offer() -> None:
    health = SourceHealth("tiles", Link.LIVE, NOW, warnings=("read-only\x1b[31m tonight", "w2"))
    known = (Source("tiles", Kind.NEXTSPACE), health)
    line = news_line([known], NOW, 100)
    assert text_of(line).endswith(": the server warns: read-only·[31m tonight; w2")
    offered = replace(health, offered=(JobRef("tiles", "1"), JobRef("tiles", "2")))
    line = news_line([(known[0], offered)], NOW, 100)
    assert "the server warns: rea" in text_of(line)
    assert text_of(line).endswith("2 jobs the server named can be watched: press W")
    assert width_of(line) <= 100


def test_in_very_little_room_the_name_and_the_age_stay() -> None:
    line = news_line([failing("tiles")], NOW, 34)
    assert text_of(line).startswith("! PROD tiles AW OFFLINE 4m old: ")
    assert width_of(line) <= 34


async def test_with_three_failing_sources_the_list_keeps_eight_rows(tmp_path: Path) -> None:
    servers = [Server("tiles"), Server("desk", Kind.ZENDESK), Server("field", Kind.ARCGIS)]
    for number in range(20):
        servers[0].has(a_job(f"job-{number}"))
    async with staged(tmp_path, *servers) as stage:
        await until(lambda: len(stage.main.view) == 20, what="jobs")
        for server in servers:
            server.list_fault = Unreachable(server.source, "cannot connect: connection refused")
        stage.app.monitor.refresh()
        await until(lambda: "+2 more: 7" in stage.header[1], what="three failing sources")
        stage.main.receipt.say("a sentence that does not fit one line " * 5)
        stage.main._show()
        await stage.pilot.pause()
        assert stage.main.jobs.size.height >= 8
        assert len(stage.header) == 2


async def test_the_jobs_that_a_full_server_names_are_watched_at_a_key(tmp_path: Path) -> None:
    server = Server("desk", Kind.ZENDESK)
    server.has(a_job("known", source="desk"))
    async with staged(tmp_path, server) as stage:
        await until(lambda: len(stage.main.view) == 1, what="the job of the list")
        await stage.pilot.press("W")
        assert "no server has named a job" in stage.receipt
        server.list_fault = TooManyJobs(
            "desk", "desk: TooManyJobs: full", retry_after_s=0.1, current_job_ids=("known", "V3-a", "V3-b")
        )
        for job_id in ("V3-a", "V3-b"):
            server.has(a_job(job_id, source="desk"), listed=False)
        stage.app.monitor.refresh()
        await until(lambda: "press W to watch the 2 it names" in stage.header[1], what="the offer")
        server.list_fault = None
        await until(
            lambda: "2 jobs the server named can be watched: press W" in stage.header[-1], what="offer alone"
        )
        await stage.pilot.press("W")
        await until(lambda: "watching 2 more jobs, now and later: desk:V3-a, desk:V3-b" in stage.receipt)
        await until(lambda: len(stage.main.view) == 3, what="the named jobs on the screen")
        await until(lambda: "press W" not in " ".join(stage.header), what="nothing is offered twice")
        job = stage.app.monitor.store.get(JobRef("desk", "V3-a"))
        assert job is not None
        await until(lambda: stage.app.monitor.store.get(JobRef("desk", "V3-a")).state is State.RUNNING)  # type: ignore[union-attr]


def test_a_read_only_start_is_said_at_the_head_whatever_the_sources_do() -> None:
    well = (Source("desk", Kind.ZENDESK), SourceHealth("desk", Link.LIVE, NOW))
    for known in ([well], [failing("tiles")], [well, failing("tiles")], []):
        line = summary_line(known, NOW, 78, read_only=True)
        assert text_of(line).removeprefix("PROD ").startswith("READ-ONLY ")
        assert width_of(line) <= 78
        assert "READ-ONLY" not in text_of(summary_line(known, NOW, 78))


async def test_a_read_only_source_says_so_and_its_keys_say_why(tmp_path: Path) -> None:
    server = Server("tiles")
    server.has(a_job())
    async with staged(tmp_path, server, read_only=True) as stage:
        await until(lambda: len(stage.main.view) == 1, what="the job")
        await until(lambda: "READ-ONLY" in stage.header[0], what="the word")
        await stage.pilot.press("C")
        await until(lambda: "source tiles is read-only by configuration" in stage.receipt, what="the reason")
        await until(
            lambda: "can   nothing: source tiles is read-only" in strip_of(stage), what="the reason below"
        )
        assert server.sent == 0


def strip_of(stage: Stage) -> str:
    return "\n".join(text_of(line) for line in stage.main.strip.lines)
