"""What is known of a job shows where it is looked for: in its row, over its steps, below, and in full."""

from __future__ import annotations

from datetime import timedelta

from jobtui.insight.cause import group_of
from jobtui.insight.usual import Usual
from jobtui.model import (
    Cause,
    Control,
    ControlRequest,
    Hold,
    JobRef,
    Kind,
    Outcome,
    Parameters,
    State,
    StepOutcome,
    Verdict,
)
from jobtui.tui.format.columns import Columns
from jobtui.tui.format.compared import Compared, group_lines
from jobtui.tui.format.details import detail_lines, head_lines, strip_lines
from jobtui.tui.format.footer import Standing
from jobtui.tui.format.jobs import job_row
from jobtui.tui.format.spans import Line, text_of, width_of
from jobtui.tui.format.steps import TreeView, tree_rows
from jobtui.tui.keymap import control_keys
from tests.factory import NOW, a_job
from tests.tui.conftest import a_detail, a_step


def said(lines: list[Line]) -> str:
    return "\n".join(text_of(line) for line in lines)


def test_where_a_job_runs_is_said_over_the_steps_below_the_list_and_in_the_details() -> None:
    job = a_job(dispatch="a container of its own, import-77")
    for lines in (
        head_lines(job, NOW, 80),
        strip_lines(job, [], NOW, 80),
        detail_lines(job, None, [], NOW, 80),
    ):
        assert "a container of its own, import-77" in said(lines)


def test_a_job_that_waits_to_start_says_for_how_long_everywhere() -> None:
    job = a_job(state=State.QUEUED, created=NOW - timedelta(seconds=130))
    row = text_of(job_row(job, NOW, Columns.of(80, 8)))
    for text in (
        row,
        said(head_lines(job, NOW, 80)),
        said(strip_lines(job, [], NOW, 80)),
        said(detail_lines(job, None, [], NOW, 80)),
    ):
        assert "waiting to start for 2m" in text


def test_what_a_server_warned_of_stands_over_the_steps_and_in_the_details() -> None:
    job = a_job(warnings=("quota nearly used\x1b[2J", "old api version"), why="because " * 40)
    head = head_lines(job, NOW, 40)
    assert text_of(head[1]).startswith("! warns: quota nearly used")
    assert "\x1b" not in said(head)
    assert len(head) <= 5
    assert max(width_of(line) for line in head) <= 40
    assert "old api version" in said(detail_lines(job, None, [], NOW, 80))


def test_the_servers_refusal_of_each_step_stands_beside_our_own_reasons() -> None:
    job = a_job(source="field")
    request = ControlRequest(Control.FINISH, job.ref, NOW, Parameters(("s1", "s2")))
    steps = (
        StepOutcome("s1", "Success", "done", Verdict.ACCEPTED),
        StepOutcome("s2", "NotAllowed", "you may not\x1b[31m", Verdict.REFUSED),
    )
    refused = Outcome(request, Verdict.REFUSED, True, NOW, "1 of 2 steps refused", Cause.SERVER, steps)
    other = Outcome(
        ControlRequest(Control.CANCEL, JobRef("tiles", "other"), NOW), Verdict.ACCEPTED, True, NOW
    )
    standing = Standing(control_keys()[1], "the step runs")
    text = said(detail_lines(job, None, [standing], NOW, 80, asked=[other, refused]))
    assert text.index("not now: the step runs") < text.index("Asked in this session")
    assert "finish: refused: 1 of 2 steps refused" in text
    assert "step s1: accepted, done [Success]" in text
    assert "step s2: refused, you may not·[31m [NotAllowed]" in text
    assert "cancel" not in text
    assert "\x1b" not in text
    assert "not sent, refused: rule" in said(
        detail_lines(job, None, [], NOW, 80, asked=[Outcome(request, Verdict.REFUSED, False, NOW, "rule")])
    )


def test_eight_equal_holds_are_one_line_in_the_tree_and_in_the_details() -> None:
    holds = tuple(
        Hold(str(number), "s1", by="dortiz", since=NOW - timedelta(days=number)) for number in range(8)
    )
    over = Hold("over", "s1", by="dortiz", since=NOW, released=NOW)
    detail = a_detail(a_step("s1", State.HELD, title="Review", holds=(*holds, over), current=True))
    tree = [text_of(row.line) for row in tree_rows(detail.steps, Kind.ARCGIS, TreeView(100, NOW))]
    lines = [
        line for line in said(detail_lines(detail.job, detail, [], NOW, 100)).split("\n") if "held" in line
    ]
    assert len(tree) == 2
    assert "8 holds: held by dortiz since 2026-11-13 14:00 (7d) until released" in tree[1]
    assert lines == [
        f"Review: {tree[1].strip()}",
        "Review: held by dortiz since 14:00 (<10s) until released (over)",
    ]


def test_a_job_is_set_beside_what_is_usual_and_gives_the_time_left_only_when_it_is_known() -> None:
    job = a_job(started=NOW - timedelta(minutes=5))
    usual = Usual(34, 480.0, 660.0)
    known = Compared(usual, left_s=180.0)
    said_of = [
        said(strip_lines(job, [], NOW, 80, known)),
        said(detail_lines(job, None, [], NOW, 80, compared=known)),
    ]
    for text in said_of:
        assert "running 5m, usually 8m (p90 11m, of 34), about 3m left" in text
    assert "left" not in said(strip_lines(job, [], NOW, 80, Compared(usual)))
    assert "usual" not in said(strip_lines(job, [], NOW, 80, Compared(Usual(4, 480.0, 660.0))))
    ended = a_job(started=NOW - timedelta(minutes=15), ended=True, ended_at=NOW - timedelta(minutes=3))
    text = said(strip_lines(ended, [], NOW, 80, Compared(usual)))
    assert "3m ago, took 12m, usually 8m (p90 11m, of 34)" in text


def test_a_steady_progress_of_its_own_tells_the_time_left_of_a_job_that_has_none_alike() -> None:
    job = a_job(started=NOW - timedelta(minutes=5))
    assert "running 5m, less than 1m left" in said(strip_lines(job, [], NOW, 80, Compared(left_s=40.0)))


def test_the_row_of_a_failed_job_says_how_many_others_failed_for_the_same() -> None:
    job = a_job(state=State.FAILED, ended=True, why="cannot reach the datastore at gdb-prod-02 " * 3)
    columns = Columns.of(80, 6)
    row = text_of(job_row(job, NOW, columns, beside="+7 alike"))
    assert " +7 alike " in row
    assert len(row) == len(text_of(job_row(job, NOW, columns)))
    assert "alike" not in text_of(job_row(job, NOW, columns))
    assert "+7 alike; c lists them" in said(detail_lines(job, None, [], NOW, 80, compared=Compared(alike=7)))


def test_a_group_says_its_cause_its_jobs_since_when_and_the_whole_text() -> None:
    jobs = [
        a_job(
            str(n),
            source=source,
            state=State.FAILED,
            ended=True,
            why=f"disk {n} of \x1b[31mgdb full",
            ended_at=NOW - timedelta(hours=n),
        )
        for n, source in ((1, "tiles"), (2, "desk"), (3, "tiles"))
    ]
    text = said(group_lines(group_of("disk # of gdb full", jobs), NOW, 80))
    assert text.startswith("disk # of gdb full")
    assert "3 jobs of desk, tiles; first " in text
    assert next(line for line in text.splitlines() if "FAIL" in line).split()[-3:] == ["tiles:1", "job", "1"]
    assert text.index("tiles:1") < text.index("desk:2") < text.index("tiles:3")
    assert "\x1b" not in text
    assert text.splitlines()[-1].startswith("disk 1 of ")
