"""Groups in the list: heads with counts, folded or open; cursor, marks and folds keep to what they are of."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jobtui.insight.grouping import Grouping, biggest_first, group_of
from jobtui.insight.layout import Layout
from jobtui.insight.sorting import Order, sort_key
from jobtui.model import Job, JobRef, Kind, State
from jobtui.monitor.store import Store
from jobtui.monitor.view import View
from jobtui.tui.format.heads import head_line
from jobtui.tui.format.spans import text_of, width_of
from jobtui.tui.format.states import ASCII
from jobtui.tui.sections import Section, Sections
from tests.conftest import until
from tests.factory import JOBS, NOW, a_job
from tests.tui.conftest import Drive, shown
from tests.tui.staged import Server, Stage, staged

LATER = NOW + timedelta(seconds=1)


def sections_of(jobs: list[Job], grouping: Grouping = Grouping.STATE) -> tuple[Store, Sections]:
    store = Store()
    store.apply(jobs, NOW)
    view = View(store, key=sort_key(Order()))
    sections = Sections(view, store.get, lambda job: job.state is State.FAILED)
    sections.group(group_of(grouping, lambda _: None))
    return store, sections


def drawn(sections: Sections) -> list[str]:
    """Give each row: a job's id, or the name of a group and how many it has."""
    rows = []
    for row in range(len(sections)):
        head, ref = sections.head(row), sections.ref(row)
        rows.append(f"{head.name} {len(head.refs)}" if head else ref.job_id if ref else "")
    return rows


def test_groups_come_in_the_order_of_their_first_jobs() -> None:
    _, sections = sections_of([a_job("1"), a_job("2", state=State.FAILED, ended=True), a_job("3")])
    assert drawn(sections) == ["failed 1", "2", "running 2", "1", "3"]


def test_a_folded_group_keeps_its_head_and_counts_what_comes() -> None:
    store, sections = sections_of([a_job("1"), a_job("2", state=State.FAILED, ended=True)])
    sections.fold("running")
    assert drawn(sections) == ["failed 1", "2", "running 1"]
    sections.apply(store.apply([a_job("3")], LATER))
    assert drawn(sections) == ["failed 1", "2", "running 2"]
    assert sections.row_of(JobRef("tiles", "3")) == 2, "a job folded away is at its head"
    assert sections.shown() == [JobRef("tiles", "2")]
    sections.reveal(JobRef("tiles", "3"))
    assert drawn(sections) == ["failed 1", "2", "running 2", "1", "3"]


def test_all_are_folded_by_one_key_and_unfolded_by_the_next() -> None:
    _, sections = sections_of([a_job("1"), a_job("2", state=State.FAILED, ended=True)])
    sections.fold_all()
    assert drawn(sections) == ["failed 1", "running 1"]
    sections.fold_all()
    assert len(drawn(sections)) == 4


def test_by_cause_the_biggest_comes_first_and_what_has_not_failed_last() -> None:
    failed: dict[str, Any] = {"state": State.FAILED, "ended": True}
    jobs = [
        a_job("1"),
        a_job("2", **failed),
        a_job("3", **failed),
        a_job("4", **failed),
        a_job("5", **failed),
    ]
    store = Store()
    store.apply(jobs, NOW)
    sections = Sections(View(store, key=sort_key(Order())), store.get, lambda _: False)
    causes = {"3": "disk full", "4": "no such ticket", "5": "no such ticket"}
    sections.group(group_of(Grouping.CAUSE, lambda ref: causes.get(ref.job_id)), biggest_first)
    heads = [row for row in drawn(sections) if " " in row]
    assert heads == ["shared no such ticket 2", "shared disk full 1", "alone 1", "fine 1"]


def test_the_next_job_is_found_round_the_end_and_within_folds() -> None:
    _, sections = sections_of([a_job("1"), a_job("2", state=State.FAILED, ended=True), a_job("3")])
    sections.fold("running")
    assert [ref.job_id for ref in sections.after(1)] == ["1", "3", "2"]
    assert [ref.job_id for ref in sections.after(2)] == ["1", "3", "2"]
    assert [ref.job_id for ref in sections.after(0)] == ["2", "1", "3"]


@given(st.lists(JOBS, max_size=25), st.lists(JOBS, max_size=10), st.sampled_from(list(Grouping)))
def test_every_job_of_the_view_has_one_row_or_is_folded_into_one(
    first: list[Job], then: list[Job], grouping: Grouping
) -> None:
    store, sections = sections_of(first, grouping)
    len(sections)
    sections.apply(store.apply(then, LATER))
    shown_refs = sections.shown()
    assert sorted(shown_refs) == sorted(job.ref for job in store)
    assert [sections.row_of(ref) for ref in shown_refs] == [
        row for row in range(len(sections)) if sections.head(row) is None
    ]
    group = group_of(grouping, lambda _: None)
    for row in range(len(sections)):
        head = sections.head(row)
        jobs = map(store.get, head.refs if head else ())
        assert all(job and head and group and group(job) == head.name for job in jobs)


def test_ten_thousand_jobs_are_grouped_within_a_blink() -> None:
    states = list(State)
    store, sections = sections_of([a_job(str(n), state=states[n % len(states)]) for n in range(10_000)])
    start = time.perf_counter()
    sections.apply(store.apply([a_job("5", state=State.HELD)], LATER))
    assert len(sections) == 10_000 + len({one.state for one in store})
    assert time.perf_counter() - start < 2, "generous: it takes some hundredths of a second"


def test_what_only_moves_on_groups_nothing_anew() -> None:
    store, sections = sections_of([a_job("1"), a_job("2")])
    len(sections)
    before = sections.head(0)
    sections.apply(store.apply([a_job("1", raw_state="IN_PROGRESS ")], LATER))
    assert sections.head(0) is before


def test_a_head_keeps_its_counts_when_its_title_has_no_room_and_shows_no_control_codes() -> None:
    refs = [JobRef("tiles", str(number)) for number in range(28)]
    section = Section("shared \x1b[31mCoordinate system # is not known" + " at all" * 30, refs, needy=28)
    for glyphs in (None, ASCII):
        line = head_line(section, Grouping.CAUSE, 60, *([glyphs] if glyphs else []))
        assert width_of(line) <= 60
        assert text_of(line).endswith("  28 jobs  28 need you")
        assert "\x1b" not in text_of(line)


# --- by key -------------------------------------------------------------------------------------------


def two_servers() -> list[Server]:
    now = datetime.now(UTC)
    tiles, field = Server("tiles"), Server("field", Kind.ARCGIS)
    for number in range(3):
        tiles.has(a_job(str(number), title=f"zone {number}", started=now - timedelta(minutes=number)))
    failed: dict[str, Any] = {"state": State.FAILED, "raw_state": "FAILED", "ended": True}
    for number in (7, 8):
        ended_at = now - timedelta(minutes=number)
        why = f"Coordinate system EPSG:{number} is not known"
        tiles.has(a_job(str(number), title=f"build {number}", why=why, ended_at=ended_at, **failed))
    field.has(a_job("Zk19", source="field", kind=Kind.ARCGIS, title="Parcel split", owner="dortiz"))
    return [tiles, field]


async def filled(stage: Stage) -> None:
    await until(lambda: len(stage.main.view) == 6 and stage.main.jobs.selected is not None, what="six jobs")
    await stage.pilot.pause()


def rows(stage: Stage) -> list[str]:
    return [line for line in shown(stage.main.jobs) if line.strip()]


async def test_the_list_is_grouped_by_two_keys_and_says_so(tmp_path: Path) -> None:
    kept: list[Layout] = []
    async with staged(tmp_path, *two_servers(), keep=kept.append) as stage:
        await filled(stage)
        before = stage.main.jobs.selected
        await stage.pilot.press("b", "t")
        await stage.pilot.pause()
        assert rows(stage)[0].strip() == "▾ ✖ FAIL  2 jobs  2 need you"
        assert stage.main.jobs.selected == before
        assert "grouped by state" in str(stage.main.query_one("#jobs-pane").border_title)
        await stage.pilot.press("b", "s")
        await stage.pilot.pause()
        assert [line.strip() for line in rows(stage) if "job" in line.split()[-1] or "need" in line] == [
            "▾ tiles  5 jobs  2 need you",
            "▾ field  1 job",
        ]
        await until(lambda: len(kept) == 2, what="both are kept")
        assert kept[-1].grouping is Grouping.SOURCE
    async with staged(tmp_path, *two_servers(), layout=kept[-1]) as stage:
        await filled(stage)
        assert "▾ tiles" in rows(stage)[0], "the next start has them"
        assert stage.main.jobs.selected == JobRef("tiles", "7"), "the cursor starts on a job, not on a head"


async def test_enter_on_a_head_folds_and_sends_nothing(tmp_path: Path) -> None:
    servers = two_servers()
    async with staged(tmp_path, *servers) as stage:
        await filled(stage)
        await stage.pilot.press("b", "t", "g", "enter")
        assert rows(stage)[0].startswith("> ▸ ✖ FAIL  2 jobs")
        assert "unfolds the group" in "\n".join(shown(stage.main.strip))
        assert stage.main.target is None, "a control has no target on a head"
        await stage.pilot.press("H")
        await stage.pilot.pause()
        assert "no job is selected" in stage.receipt
        await stage.pilot.press("exclamation_mark")
        assert stage.main.jobs.selected == JobRef("tiles", "7"), "the next problem unfolds its group"
        assert all(server.sent == 0 for server in servers)


async def test_space_on_a_head_marks_its_jobs_and_a_range_leaves_folded_ones_out(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        await stage.pilot.press("b", "t", "g", "space")
        assert {ref.job_id for ref in stage.main.marks} == {"7", "8"}
        await stage.pilot.press("escape", "g", "enter", "asterisk")
        assert {ref.job_id for ref in stage.main.marks} == {"0", "1", "2", "Zk19"}


async def test_causes_are_groups_over_all_jobs_that_share_them(tmp_path: Path) -> None:
    async with staged(tmp_path, *two_servers()) as stage:
        await filled(stage)
        await stage.pilot.press("v", "c")
        await stage.pilot.pause()
        assert rows(stage)[0].strip() == "▾ Coordinate system EPSG:# is not known  2 jobs  2 need you"
        assert [line.strip() for line in rows(stage) if "▾" in line] == [rows(stage)[0].strip()]
        await stage.pilot.press("v", "a")
        await stage.pilot.pause()
        assert len(rows(stage)) == 6


async def test_a_job_that_changes_its_group_takes_the_cursor_along(tmp_path: Path) -> None:
    servers = two_servers()
    async with staged(tmp_path, *servers) as stage:
        await filled(stage)
        await stage.pilot.press("b", "t")
        stage.main.jobs.select(JobRef("tiles", "1"))
        ended: dict[str, Any] = {"ended": True, "ended_at": datetime.now(UTC), "why": "disk full"}
        servers[0].has(a_job("1", title="zone 1", state=State.FAILED, raw_state="FAILED", **ended))
        await until(
            lambda: any("FAIL  3 jobs" in line for line in rows(stage)), what="it is in another group"
        )
        assert stage.main.jobs.selected == JobRef("tiles", "1")
        assert any(line.startswith(">") and "disk full" in line for line in rows(stage))


async def test_the_demo_is_grouped_by_every_grouping(drive: Drive) -> None:
    async with drive(size=(80, 24)) as driven:
        await until(lambda: len(driven.main.view) > 25, what="the list")
        for letter in "stcn":
            await driven.pilot.press("b", letter)
            await driven.pilot.pause()
            assert len(driven.main.jobs.sections.shown()) == len(driven.main.view)
            assert driven.main.jobs.selected is not None


async def test_a_job_that_is_gone_to_in_a_folded_group_is_drawn_with_all_around_it(tmp_path: Path) -> None:
    servers = [Server("tiles"), Server("desk")]
    for server in servers:
        for number in range(4):
            name = f"{server.source}{number}"
            server.has(a_job(name, ref=JobRef(server.source, name)))
    async with staged(tmp_path, *servers, poll_s=60.0, size=(120, 40)) as stage:
        main, jobs = stage.main, stage.main.jobs
        await until(lambda: len(main.view) == 8, what="jobs")
        jobs.group(Grouping.SOURCE)
        jobs.fold_all()
        await stage.pilot.pause(0.3)
        main.go_to_job(JobRef("tiles", "tiles2"))
        await stage.pilot.pause()
        assert [jobs._drawn.get(y) for y in range(jobs.size.height)] == [
            jobs._draw(y, jobs._stands()) for y in range(jobs.size.height)
        ]
