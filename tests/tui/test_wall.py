"""What stands in the panes of a wall screen: only what somebody told, and harmless."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from msgspec import structs

from jobtui.insight.cause import group_of
from jobtui.model import (
    Control,
    ControlRequest,
    Hold,
    Job,
    JobDetail,
    JobRef,
    Kind,
    Outcome,
    Parameters,
    Source,
    State,
    Step,
    Verdict,
)
from jobtui.monitor.events import Change, Controlled, Link, SourceHealth, Stage
from jobtui.monitor.traffic import Traffic
from jobtui.tui.format.actions import action_lines
from jobtui.tui.format.groups import by_size, group_row
from jobtui.tui.format.header import second_line
from jobtui.tui.format.holds import HeldJob, hold_rows
from jobtui.tui.format.polling import polling_lines
from jobtui.tui.format.spans import Line, Span, text_of, width_of
from jobtui.tui.seen import Seen, SeenOfOthers
from tests.factory import NOW, a_job

HOLD = Hold("h1", "s1", by="lead\x1b[31m", since=NOW - timedelta(days=3))


def words(lines: list[Line]) -> str:
    return " ".join(" ".join(text_of(line) for line in lines).split())


def lines_of(jobs: Sequence[HeldJob], which: str, width: int) -> list[Line]:
    return [line for line, _ in hold_rows(jobs, which, NOW, width)]


def held(*holds: Hold) -> Job:
    return a_job("7", source="field", kind=Kind.ARCGIS, state=State.HELD, holds=holds, title="Parcel\x1b[2J")


def test_holds_are_listed_by_step_with_owner_and_what_a_release_does() -> None:
    later = structs.replace(HOLD, id="h2", by="gis", until=NOW + timedelta(hours=2))
    over = structs.replace(HOLD, id="h3", by="nobody", released=NOW)
    one = HeldJob(held(HOLD, later, over), release="releases 1 of 2 holds; the step stays blocked")
    lines = lines_of([one], "selected", 60)
    text = words(lines)
    assert "selected: 1 job, 2 holds" in text
    assert "step s1: held by lead·[31m since" in text
    assert "until 16:00" in text
    assert "release: releases 1 of 2 holds; the step stays blocked" in text
    assert "nobody" not in text
    assert "\x1b" not in text
    assert max(map(width_of, lines)) <= 60


def test_holds_of_steps_ahead_are_listed_once_the_job_was_read_whole() -> None:
    ahead = [
        Step(f"s{n}", f"Check {n}", State.QUEUED, holds=(Hold(f"a{n}", f"s{n}", by="gis", since=NOW),))
        for n in range(2, 452)
    ]
    now_held = Step("s1", "Draw", State.HELD, current=True, holds=(HOLD,))
    job = held(HOLD)
    assert "selected: 1 job, 1 hold" in words(lines_of([HeldJob(job)], "selected", 80))
    lines = lines_of([HeldJob(job, JobDetail(job, (now_held, *ahead)))], "selected", 80)
    text = words(lines)
    assert "selected: 1 job, 451 holds" in text
    assert "Draw: held by lead" in text
    assert "Check 2 (not current): held by gis" in text
    assert "and 401 held steps more" in text, "what is not listed is counted"
    free = replace(job, state=State.WAITING, holds=())
    whole = HeldJob(free, JobDetail(free, tuple(ahead)))
    assert "selected: 1 job, 450 holds" in words(lines_of([whole], "selected", 80))


def asked(stage: Stage, verdict: Verdict, **fields: object) -> Controlled:
    request = ControlRequest(
        Control.HOLD, JobRef("field", "9"), NOW, Parameters(step_ids=("s-1",)), reason="fee not paid"
    )
    return Controlled(stage, Outcome(request, verdict, True, NOW, **fields), NOW + timedelta(seconds=2))  # type: ignore[arg-type]


def test_actions_say_how_far_each_came_and_what_others_were_seen_to_do() -> None:
    seen = [Seen(JobRef("field", "8"), NOW + timedelta(minutes=1), "gis\x1b HOLD field:8")]
    text = words(
        action_lines([asked(Stage.ANSWERED, Verdict.REFUSED, reason="not a member")], seen, NOW, NOW, 80)
    )
    assert text.index("gis· HOLD field:8 (seen)") < text.index("you HOLD field:9#s-1"), "newest first"
    assert "refused: not a member" in text
    assert "“fee not paid”" in text
    empty = words(action_lines([], [], NOW, NOW, 80))
    assert "no control asked in this session" in empty
    assert "nothing seen of others since" in empty


def test_an_id_too_long_for_a_line_of_the_actions_goes_on_without_spaces_that_are_not_in_it() -> None:
    ref = JobRef("field", "0123456789abcdef" * 12)
    lines = action_lines([], [Seen(ref, NOW, f"gis HOLD {ref}")], NOW, NOW, 40)
    rows = [text_of(line) for line in lines]
    assert all(row.startswith(" " * 9) for row in rows[1:6]), "what goes on stands below what it goes on of"
    assert str(ref) in "".join(row[9:] for row in rows)
    assert max(map(width_of, lines)) <= 40


def test_others_are_seen_by_what_differs_and_we_are_not_taken_for_them() -> None:
    ours: set[Control] = set()
    others = SeenOfOthers(lambda _, control: control in ours)
    before, after = held(), held(HOLD)
    others.apply([Change(before.ref, before, after)], NOW)
    released = held(structs.replace(HOLD, released=NOW))
    others.apply([Change(before.ref, after, released)], NOW)
    cancelled = replace(released, state=State.CANCELLED, ended=True, ended_at=NOW)
    others.apply([Change(before.ref, released, cancelled)], NOW)
    assert [one.text for one in others] == [
        "lead\x1b[31m HOLD field:7",
        "somebody RELEASE field:7",
        "somebody CANCEL field:7",
    ]
    ours.update({Control.HOLD, Control.RELEASE, Control.CANCEL})
    count = len(list(others))
    others.apply([Change(before.ref, before, after), Change(before.ref, after, cancelled)], NOW)
    assert len(list(others)) == count
    others.apply([Change(before.ref, None, after)], NOW)
    assert len(list(others)) == count, "of a job that was not known nothing can be told"


def test_polling_says_what_asking_costs_and_what_is_wrong() -> None:
    source = Source("tiles", Kind.NEXTSPACE)
    health = SourceHealth(
        "tiles", Link.OFFLINE, NOW - timedelta(minutes=4), "refused\x1b", NOW + timedelta(seconds=12)
    )
    traffic = {"tiles": Traffic("tiles", 22, 60.0, 3)}
    lines = polling_lines([(source, health)], traffic, ["any FAIL: bell"], ["screen: over SSH"], NOW, 58)
    text = words(lines)
    assert "tiles OFFLINE 22 60 4m - 3" in text
    assert "refused·; next try in 10s" in text
    assert "rules (armed 1) any FAIL: bell" in text
    assert "screen: over SSH" in text
    assert max(map(width_of, lines)) <= 58
    broken = words(polling_lines([(None, structs.replace(health, source="oops"))], {}, [], [], NOW, 58))
    assert "oops BROKEN - -" in broken
    assert "no rule is armed" in broken


def test_causes_are_ordered_by_how_many_failed_and_count_items_only_where_told() -> None:
    def failed(number: int, **fields: object) -> Job:
        return a_job(str(number), state=State.FAILED, ended=True, ended_at=NOW, **fields)

    big = group_of("disk full", [failed(1), failed(2)])
    small = group_of("no route\x1b", [failed(3, items_failed=4)])
    assert by_size([small, big]) == [big, small]
    assert text_of(group_row(big, NOW, 60)).split()[:2] == ["2", "-"]
    row = text_of(group_row(small, NOW, 60))
    assert row.split()[:2] == ["1", "4"]
    assert "tiles: no route·" in row
    assert len(row) <= 60


def test_the_second_line_says_what_ails_a_source_before_all_and_keeps_the_count() -> None:
    attention, brief = (Span("! 3 need you"),), (Span("! 3"),)
    news, away = (Span("tiles OFFLINE"),), (Span("while you were away"),)
    assert text_of(second_line(attention, brief, (), ())) == "! 3 need you"
    assert text_of(second_line(attention, brief, (), away)) == "! 3  while you were away"
    assert text_of(second_line(attention, brief, news, away)) == "! 3  tiles OFFLINE"
    assert text_of(second_line(attention, (), news, ())) == "tiles OFFLINE"
