"""Lessons of watches that ended, jumped, forgot, or asked too much."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from jobtui.demo import DemoServer
from jobtui.errors import Unreachable
from jobtui.model import JobRef, Kind, State
from jobtui.monitor.events import Link, SourceHealth
from jobtui.tui.format.spans import Line, text_of
from tests.conftest import until
from tests.factory import a_job
from tests.lessons.person import bar, listed, rows, title
from tests.lessons.service import Service, failed, running
from tests.tui.conftest import Drive, Driven, a_step, shown
from tests.tui.staged import Stage, staged

GONE = Unreachable("tiles", "cannot connect: connection refused")


async def test_06_a_watch_outlives_a_failed_poll_keeps_what_it_knows_and_asks_more_seldom(
    tmp_path: Path,
) -> None:
    """One bad gateway ended the watch."""
    server = Service()
    running(server, 5)
    async with staged(tmp_path, server) as stage:
        await listed(stage, 5)
        before = rows(stage)
        server.list_fault = GONE
        waits: list[float] = []
        for _ in range(4):
            asked_at = health(stage).next_at
            stage.app.monitor.refresh()
            await until(lambda: health(stage).link is Link.OFFLINE and health(stage).next_at != asked_at)  # noqa: B023
            next_at = health(stage).next_at
            assert next_at is not None
            waits.append((next_at - datetime.now(UTC)).total_seconds())
        assert waits[-1] > waits[0]
        await until(lambda: "OFFLINE" in stage.header[1], what="what ails it")
        assert "cannot connect" in stage.header[1]
        assert "next try" in stage.header[1]
        assert len(stage.main.view) == 5
        assert [row[:30] for row in rows(stage)] == [row[:30] for row in before]
        server.list_fault = None
        stage.app.monitor.refresh()
        await until(lambda: "OFFLINE" not in stage.header[1], what="it is well again")


def health(stage: Stage) -> SourceHealth:
    return stage.app.monitor.health("tiles")


async def test_10_why_it_failed_is_in_the_row_and_the_next_key_beside_it(tmp_path: Path) -> None:
    """The reason was three clicks away."""
    server = Service()
    running(server, 3)
    server.has(failed("bad", "exit 1: disk full"))
    async with staged(tmp_path, server) as stage:
        await listed(stage, 4)
        await stage.pilot.press("exclamation_mark")
        assert "exit 1: disk full" in rows(stage)[0]
        await until(lambda: "exit 1: disk full" in bar(stage, "strip"), what="the strip")
        keys = bar(stage, "keys")
        assert "Enter open" in keys
        assert "x actions" in keys


async def test_11_the_newest_words_of_a_job_are_there_unasked_also_where_there_is_little_room(
    tmp_path: Path,
) -> None:
    """Whoever wanted to read along had to wait for the end, or to scroll past what was of no use."""
    server = Service()
    server.has(a_job())
    server.say("reading the tiles")
    async with staged(tmp_path, server) as stage:
        await listed(stage, 1)
        await until(lambda: "reading the tiles" in bar(stage, "strip"), what="its words, at no key")
        server.say("writing the index")
        await until(lambda: "writing the index" in bar(stage, "strip"), what="its newest words")
        assert len(rows(stage)) == 1, "a job takes one line"
        assert not stage.main.log_pane.is_on_screen or not stage.main.log_pane.size.height


async def test_12_it_says_whether_it_follows_and_end_follows_again_and_nothing_moves_the_cursor(
    tmp_path: Path,
) -> None:
    """Following broke and never came back, and the list jumped while somebody looked for a failure."""
    server = Service()
    chosen = running(server, 12)[4]
    server.say(*(f"tile {number}" for number in range(60)), job_id=chosen.job_id)
    async with staged(tmp_path, server, size=(120, 30)) as stage:
        await listed(stage, 12)
        stage.main.jobs.select(chosen)
        await until(lambda: stage.main.log_pane.line_count() >= 60, what="the messages")
        await until(lambda: "following" in title(stage, "messages"), what="the word")
        await stage.pilot.press("3", "pageup")
        top = shown(stage.main.log_pane)[0]
        server.say("tile 60", "tile 61", job_id=chosen.job_id)
        await until(lambda: "PAUSED, 2 new below" in title(stage, "messages"), what="the count")
        assert shown(stage.main.log_pane)[0] == top
        await stage.pilot.press("end")
        await until(lambda: "tile 61" in shown(stage.main.log_pane)[-1], what="the end")
        assert "following" in title(stage, "messages")
        server.has(failed("new"))
        await until(lambda: stage.main.view[0].job_id == "new", what="a new row on top")
        assert stage.main.jobs.selected == chosen


async def test_13_a_refresh_moves_neither_cursor_nor_scroll_and_a_key_freezes_the_list(
    tmp_path: Path,
) -> None:
    """Each refresh threw the reader back to the top."""
    server = Service()
    refs = running(server, 60)
    async with staged(tmp_path, server) as stage:
        await listed(stage, 60)
        await stage.pilot.press(*["pagedown"] * 3)
        chosen, top = stage.main.jobs.selected, stage.main.jobs.scroll_offset.y
        assert top > 0
        for ref in refs[-9:]:
            server.has(a_job(ref.job_id, title="another name"))
        await until(lambda: all(_named(stage, ref, "another name") for ref in refs[-9:]), what="news")
        await stage.pilot.pause(0.3)
        assert (stage.main.jobs.selected, stage.main.jobs.scroll_offset.y) == (chosen, top)
        await stage.pilot.press("u")
        order = list(stage.main.view)
        server.has(failed("new"))
        await until(lambda: "1 new" in bar(stage, "heading"), what="what waits behind the freeze")
        assert list(stage.main.view) == order
        await stage.pilot.press("u")
        await until(lambda: stage.main.view[0].job_id == "new", what="it comes")
        assert stage.main.jobs.selected == chosen


def _named(stage: Stage, ref: JobRef, name: str) -> bool:
    job = stage.app.monitor.store.get(ref)
    return job is not None and job.title == name


async def test_14_what_was_seen_outlives_a_restart_and_the_servers_own_memory(tmp_path: Path) -> None:
    """A restart forgot every task there had been."""
    server = Service()
    ref = server.has(failed("bad", "exit 1: disk full"))
    server.say("no space left", job_id="bad")
    async with staged(tmp_path, server) as stage:
        await listed(stage, 1)
        await until(lambda: stage.main.log_pane.line_count() == 1, what="its message")
    forgetful = Service()
    forgetful.list_fault = GONE
    async with staged(tmp_path, forgetful) as stage:
        await listed(stage, 1)
        await until(lambda: "exit 1: disk full" in rows(stage)[0], what="why it failed")
        assert stage.main.jobs.selected == ref
        await until(lambda: "no space left" in bar(stage, "strip"), what="what it said")


async def test_17_of_two_thousand_steps_the_failed_one_is_on_the_screen_and_the_good_are_folded(
    tmp_path: Path,
) -> None:
    """Two thousand nodes, and the one that mattered somewhere among them."""
    server = Service("field", Kind.ARCGIS)
    good = [a_step(f"g{number}", State.SUCCEEDED, type="x") for number in range(1_000)]
    hidden = [a_step(f"s{number}", State.SKIPPED, type="x") for number in range(999)]
    bad = a_step("bad", State.FAILED, type="x", message="3 features overlap", current=True)
    branch = a_step("branch", State.FAILED, type="x", children=(*good, *hidden, bad))
    server.has(failed("big", source="field"))
    server.steps["big"] = (branch,)
    async with staged(tmp_path, server, size=(120, 40)) as stage:
        await listed(stage, 1)
        await until(lambda: stage.main.steps.rows, what="the steps")
        await until(lambda: "overlap" in "\n".join(shown(stage.main.steps)), what="the failed one")


async def test_17_a_view_is_one_key_and_can_be_written_as_a_command(tmp_path: Path) -> None:
    """The same filter was typed every morning, and could not be sent to anybody."""
    server = Service()
    running(server, 3)
    server.has(failed("bad"))
    async with staged(tmp_path, server) as stage:
        await listed(stage, 4)
        await stage.pilot.press("v", "p")
        await until(lambda: [ref.job_id for ref in stage.main.view] == ["bad"], what="the view of problems")
        await stage.pilot.press("v", "a", "slash", *"disk", "enter", "y", "s")
        await until(lambda: stage.app.clipboard != "", what="the command")
        assert stage.app.clipboard == "jobtui ls --search=disk"


async def test_19_a_job_that_ends_between_list_and_look_is_no_error(tmp_path: Path) -> None:
    """ "Cannot watch, it has already ended.\""""
    server = Service()
    ref = server.has(a_job())
    async with staged(tmp_path, server, poll_s=5.0) as stage:
        await listed(stage, 1)
        done = replace(server.jobs["1"], state=State.SUCCEEDED, raw_state="DONE", ended=True)
        server.jobs["1"] = replace(done, as_of=datetime.now(UTC))  # its list still says that it runs
        await stage.pilot.press("enter")
        await until(lambda: stage.main.monitor.store.get(ref).ended, what="its end")  # type: ignore[union-attr]
        await stage.pilot.press("escape")
        await until(lambda: "DONE" in rows(stage)[0], what="it in the row")
        assert stage.receipt == "no control asked in this session", "and no complaint"
        assert "OFFLINE" not in " ".join(stage.header)


async def test_20_thousands_of_jobs_are_drawn_as_far_as_they_are_seen_and_no_network_ends_it(
    tmp_path: Path,
) -> None:
    """Slow with thirteen thousand rows; gone at a failed check; and no sign that the line was dead."""
    server = Service()
    running(server, 3_000)
    async with staged(tmp_path, server, poll_s=60.0) as stage:
        await listed(stage, 3_000)
        drawn, line = set[int](), stage.main.jobs.line

        def counted(row: int) -> Line:
            drawn.add(row)
            return line(row)

        stage.main.jobs.line = counted  # type: ignore[method-assign]
        await stage.pilot.press("G")
        await stage.pilot.pause(0.2)
        assert stage.main.jobs.cursor == 2_999
        assert 0 < len(drawn) <= 2 * stage.main.jobs.size.height
        server.list_fault = GONE
        stage.app.monitor.refresh()
        await until(lambda: "OFFLINE" in stage.header[1], what="the loss")
        assert stage.app.is_running


async def test_25_many_jobs_cost_one_request_a_round_at_a_pace_and_a_budget_that_are_shown(
    demo: DemoServer, drive: Drive
) -> None:
    """Polling loaded the very scheduler that it watched."""
    demo.set_faults("")
    async with drive() as driven:
        await until(lambda: len(driven.main.view) > 25, what="the list")
        for _ in range(60):
            demo.world.add_action(lasts=6_000.0)
        begun = len(driven.main.view)
        asked = len(demo.requests)
        await until(lambda: len(driven.main.view) >= begun + 60, what="many more jobs", timeout_s=20)
        await driven.pilot.pause(1.0)
        since = [str(entry["path"]) for entry in list(demo.requests)[asked:]]
        assert since.count("/nextspace/pendingActions") >= 1
        of_one_job = [path for path in since if path.startswith("/nextspace/pendingAction/")]
        assert len(of_one_job) < 60, "only what is looked at is read one by one"
        await driven.pilot.press("7")
        await until(lambda: any("/MIN" in line for line in polling(driven)), what="the pane")
        for name in ("tiles", "desk", "field"):
            (line,) = [line.split() for line in polling(driven) if line.strip().startswith(name)]
            per_minute, budget = line[2:4]
            assert int(per_minute) <= int(budget)


def polling(driven: Driven) -> list[str]:
    pane = driven.main.wall.polling
    return [text_of(pane.line(row)) for row in range(pane.line_count())]
