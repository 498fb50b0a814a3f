"""Peace on the board: the list stands still while somebody reads, known problems are out of the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key

from jobtui.insight.layout import Layout
from jobtui.insight.muting import MOST_MUTED, Mutes
from jobtui.layout_file import LayoutFile
from jobtui.model import Flag, Job, JobRef, State
from jobtui.monitor.store import Store
from jobtui.tui.format.spans import text_of
from jobtui.tui.frozen import Shown
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.tui.conftest import Drive, shown
from tests.tui.staged import Server, Stage, staged

LATER = NOW + timedelta(seconds=1)


def a_failed(job_id: str = "1", **fields: Any) -> Job:
    given = {"state": State.FAILED, "raw_state": "FAILED", "ended": True, "why": "disk full", "ended_at": NOW}
    return a_job(job_id, **(given | fields))


def test_what_is_frozen_is_given_as_it_was_and_all_of_it_comes_at_once() -> None:
    store = Store()
    store.apply([a_job("1"), a_job("2")], NOW)
    jobs = Shown(store)
    jobs.freeze(NOW)
    for title in ("renamed", "renamed again"):
        jobs.take(store.apply([a_job("1", title=title), a_job("3")], LATER))
    jobs.take(store.remove(JobRef("tiles", "2")))
    assert sorted(job.title for job in jobs) == ["job 1", "job 2"]
    assert len(jobs) == 2
    line = text_of(jobs.line(NOW + timedelta(minutes=3), lambda _: False))
    assert "3m: 1 changed, 1 new, 1 gone" in line
    waited = jobs.resume()
    assert sorted(change.ref.job_id for change in waited) == ["1", "2", "3"]
    assert sorted(job.title for job in jobs) == ["job 3", "renamed again"]
    assert jobs.line(NOW, lambda _: True) == ()


def test_the_line_counts_how_many_more_need_somebody() -> None:
    store = Store()
    store.apply([a_job("1"), a_failed("2")], NOW)
    jobs = Shown(store)
    jobs.freeze(NOW)
    jobs.take(store.apply([a_failed("1"), a_failed("2", title="x")], LATER))
    mutes = Mutes()
    assert "1 more needs you" in text_of(jobs.line(NOW, lambda job: mutes.needs_me(job, NOW)))


@pytest.mark.parametrize(
    "changed",
    [
        a_failed(why="another reason"),
        a_failed(ended_at=LATER),
        a_failed(state=State.PARTIAL),
        a_job(flags=frozenset({Flag.STALLED}), unchanged_since=NOW),
    ],
)
def test_a_mute_lasts_until_something_about_the_job_changes(changed: Job) -> None:
    mutes = Mutes()
    assert mutes.toggle([a_failed()])
    assert not mutes.needs_me(a_failed(title="renamed", as_of=LATER), NOW)
    assert mutes.needs_me(changed, NOW)


def test_a_job_that_ran_again_and_failed_the_same_way_is_back() -> None:
    mutes, job = Mutes(), a_failed(ended=False, ended_at=None)
    mutes.toggle([job])
    assert mutes.notice(job.ref, a_job())
    assert mutes.needs_me(job, NOW)
    assert mutes.conditions == {}


def test_what_is_read_only_in_part_at_the_start_ends_no_mute() -> None:
    before = Mutes()
    before.toggle([a_failed()])
    mutes = Mutes(before.conditions)
    assert not mutes.notice(a_failed().ref, a_job(state=State.WAITING, flags=frozenset({Flag.BRIEF})))
    assert not mutes.notice(a_failed().ref, a_job()), "it has not been met in its muted condition yet"
    assert mutes.is_muted(a_failed())


def test_all_are_muted_before_any_is_brought_back() -> None:
    mutes = Mutes()
    mutes.toggle([a_failed("1")])
    assert mutes.toggle([a_failed("1"), a_failed("2")])
    assert not mutes.toggle([a_failed("1"), a_failed("2")])
    assert len(mutes) == 0


def test_the_oldest_mutes_come_back_when_there_are_too_many() -> None:
    mutes = Mutes()
    mutes.toggle([a_failed(str(number)) for number in range(MOST_MUTED + 1)])
    assert len(mutes) == MOST_MUTED
    assert mutes.needs_me(a_failed("0"), NOW)


def test_two_screens_keep_each_others_mutes(tmp_path: Path) -> None:
    first, second = LayoutFile(tmp_path / "l.json"), LayoutFile(tmp_path / "l.json")
    first.read()
    second.read()
    first.keep(Layout(muted={"tiles:1": "x"}))
    second.keep(Layout(muted={"tiles:2": "y"}))
    assert first.read().muted == {"tiles:1": "x", "tiles:2": "y"}
    first.keep(Layout(muted={"tiles:2": "y"}))
    assert second.read().muted == {"tiles:2": "y"}, "what was taken back stays so"


# --- by key -------------------------------------------------------------------------------------------


def a_server() -> Server:
    server, now = Server("tiles"), datetime.now(UTC)
    for number in range(3):
        server.has(
            a_failed(f"f{number}", title=f"bad {number}", ended_at=now - timedelta(minutes=number + 1))
        )
    for number in range(4):
        server.has(a_job(f"r{number}", title=f"zone {number}", started=now - timedelta(minutes=number)))
    return server


async def filled(stage: Stage) -> None:
    await until(lambda: len(stage.main.view) == 7 and stage.main.jobs.selected is not None, what="seven jobs")
    await stage.pilot.pause()


def title(stage: Stage) -> str:
    return str(stage.main.query_one("#jobs-pane").border_title)


def heading(stage: Stage) -> list[str]:
    return [text_of(line) for line in stage.main.heading.lines]


def ids(stage: Stage) -> list[str]:
    return [ref.job_id for ref in stage.main.view]


def _has_ended(stage: Stage, ref: JobRef) -> bool:
    job = stage.main.monitor.store.get(ref)
    return job is not None and job.ended


async def test_a_frozen_list_says_so_counts_what_waits_and_shows_it_all_at_once(tmp_path: Path) -> None:
    server = a_server()
    async with staged(tmp_path, server) as stage:
        await filled(stage)
        await until(lambda: "stale" not in "".join(shown(stage.main.jobs)), what="they are fresh")
        before = [line for line in shown(stage.main.jobs) if line.strip()]
        await stage.pilot.press("u")
        assert "FROZEN" in title(stage)
        server.has(a_failed("new", why="another cause", ended_at=datetime.now(UTC)))
        server.has(a_job("r1", title="renamed", started=NOW))
        await until(lambda: "changed, 1 new, 1 more needs you" in heading(stage)[0], what="they wait")
        assert stage.main.heading.size.height == 2, "the line of the columns has not given way"
        assert [line for line in shown(stage.main.jobs) if line.strip()] == before
        assert "4 need you" in text_of(stage.main.attention.lines[0]), "the counts are live"
        await stage.pilot.press("u")
        await stage.pilot.pause()
        assert "FROZEN" not in title(stage)
        assert any("renamed" in line for line in shown(stage.main.jobs))
        assert ids(stage)[0] == "new"
        assert len(heading(stage)) == 1


async def test_a_frozen_list_can_be_sorted_and_filtered_without_letting_anything_in(tmp_path: Path) -> None:
    server = a_server()
    async with staged(tmp_path, server) as stage:
        await filled(stage)
        await stage.pilot.press("u")
        server.has(a_job("new", title="zone new"))
        await until(lambda: "1 new" in heading(stage)[0], what="it waits")
        await stage.pilot.press("slash", *"zone", "enter", "less_than_sign")
        assert sorted(ids(stage)) == ["r0", "r1", "r2", "r3"]


async def test_what_was_known_before_it_was_frozen_is_shown_when_it_is_live_again(tmp_path: Path) -> None:
    """The key may come before what the monitor has announced already, and that was lost then."""
    async with staged(tmp_path, a_server(), poll_s=60.0) as stage:
        await filled(stage)
        now = datetime.now(UTC)
        stage.app.post_message(Key("u", "u"))
        stage.app.monitor._known.take_jobs("tiles", [a_job("new", as_of=now), a_failed("r1", as_of=now)], now)
        await until(lambda: stage.main.shown.is_frozen, what="it is frozen")
        await stage.pilot.press("u")
        await until(lambda: "new" in ids(stage) and "r1" in ids(stage)[:4], what="all that is known")


async def test_an_older_change_that_waits_ends_no_mute(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server(), poll_s=60.0) as stage:
        await filled(stage)
        job = stage.main.job
        assert job is not None
        known, now = stage.app.monitor._known, datetime.now(UTC)
        for number, why in enumerate(("disk full; tried again", "quota exceeded"), 1):
            at = now + timedelta(milliseconds=number)
            known.take_jobs("tiles", [replace(job, why=why, as_of=at)], at)
        stage.main.action_mute()
        await until(lambda: ids(stage)[-1] == job.ref.job_id, what="it is at the end")
        await stage.pilot.pause(0.4)
        now_known = stage.main.monitor.store.get(job.ref)
        assert now_known is not None
        assert now_known.why == "quota exceeded"
        assert stage.main.muting.is_muted(now_known)


async def test_keys_act_on_what_a_frozen_job_is_now(tmp_path: Path) -> None:
    server, ref = a_server(), JobRef("tiles", "r0")
    async with staged(tmp_path, server) as stage:
        await filled(stage)
        stage.main.jobs.select(ref)
        await stage.pilot.press("u")
        server.has(a_failed("r0", title="zone 0", ended_at=datetime.now(UTC)))
        await until(lambda: _has_ended(stage, ref), what="the store knows")
        await until(lambda: "changed" in heading(stage)[0], what="it waits")
        assert any("RUN" in line and "zone 0" in line for line in shown(stage.main.jobs)), "it is frozen"
        assert stage.main.target == ref
        assert stage.main.job == stage.main.monitor.store.get(ref), "keys and strip know it as it is"


async def test_a_muted_job_says_so_needs_nobody_and_goes_to_the_end(tmp_path: Path) -> None:
    kept: list[Layout] = []
    server = a_server()
    async with staged(tmp_path, server, keep=kept.append) as stage:
        await filled(stage)
        assert "3 need you" in text_of(stage.main.attention.lines[0])
        await stage.pilot.press("j", "k", "a")
        await stage.pilot.pause()
        assert ids(stage)[-1] == "f0"
        assert stage.main.jobs.selected == JobRef("tiles", "f1"), "the cursor goes on to the next"
        assert "muted: disk full" in shown(stage.main.jobs)[6]
        assert stage.main.jobs.scroll_offset.y == 0, "the list has not gone along"
        assert "2 need you" in text_of(stage.main.attention.lines[0])
        await stage.pilot.press("full_stop")
        assert ids(stage) == ["f1", "f2"], "only those that need me"
        await stage.pilot.press("full_stop")
        await until(lambda: bool(kept), what="it is kept")
    async with staged(tmp_path, server, layout=kept[-1], keep=kept.append) as stage:
        await filled(stage)
        assert ids(stage)[-1] == "f0", "the next start knows"
        await stage.pilot.press("exclamation_mark", "exclamation_mark", "exclamation_mark")
        assert stage.main.jobs.selected != JobRef("tiles", "f0")
        await stage.pilot.press("G", "a")
        await until(lambda: ids(stage)[0] == "f0", what="it is back")
        await until(lambda: kept[-1].muted == {}, what="and kept so")


async def test_a_muted_job_comes_back_when_its_state_changes(tmp_path: Path) -> None:
    kept: list[Layout] = []
    server = a_server()
    async with staged(tmp_path, server, keep=kept.append) as stage:
        await filled(stage)
        await stage.pilot.press("j", "k", "a")
        await until(lambda: ids(stage)[-1] == "f0", what="it is muted")
        server.has(a_failed("f0", state=State.PARTIAL, why="4 of 9", ended_at=datetime.now(UTC)))
        await until(lambda: "f0" in ids(stage)[:3], what="it is back")
        await until(lambda: bool(kept) and kept[-1].muted == {}, what="for the next start too")


async def test_all_marked_jobs_are_muted_at_once_and_what_needs_nobody_is_not(tmp_path: Path) -> None:
    async with staged(tmp_path, a_server()) as stage:
        await filled(stage)
        await stage.pilot.press("asterisk", "a")
        await stage.pilot.pause()
        assert "3 jobs muted" in stage.receipt
        assert "nothing needs you" in text_of(stage.main.attention.lines[0])
        await stage.pilot.press("escape", "g", "a")
        assert "nothing to mute" in stage.receipt


async def test_the_demo_stands_still_while_it_is_frozen(drive: Drive) -> None:
    async with drive(size=(80, 24)) as driven:
        await until(lambda: len(driven.main.view) > 25, what="the list")
        await driven.pilot.press("u")
        order = [*driven.main.view]
        moved = {job.ref: job.state for job in driven.monitor.store}
        await until(
            lambda: {job.ref: job.state for job in driven.monitor.store} != moved, what="news", timeout_s=60
        )
        await driven.pilot.pause(0.4)
        assert [*driven.main.view] == order
        await driven.pilot.press("u")
        await until(
            lambda: {*driven.main.view} == {job.ref for job in driven.monitor.store},
            what="all of it is shown",
        )
