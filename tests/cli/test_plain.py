"""Columns that fit, lines that say what is known, and nothing that can do harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui import documents
from jobtui.cli import plain
from jobtui.cli.output import Output
from jobtui.cli.table import Column, cells, fit, pad, table
from jobtui.model import Flag, Job, Progress, State
from tests.factory import JOBS, NOW, a_job

OUT = Output()


def test_wide_characters_take_two_cells_and_marks_none() -> None:
    assert cells("a点b") == 4
    assert cells("e\u0301") == 1
    assert fit("点点点", 4) == "点…"
    assert pad("点", 4) == "点  "


@given(st.text(), st.integers(0, 40))
def test_what_is_fitted_fits(text: str, room: int) -> None:
    assert cells(fit(text, room)) <= room


def test_only_soft_columns_are_squeezed() -> None:
    columns = (Column("REF"), Column("TITLE", 4), Column("WHY", 4))
    rows = [["tiles:1234567", "a long title of a job", "a reason"]]
    (_, row) = table(columns, rows, 30)
    assert row[0] == "tiles:1234567"
    assert row[1].endswith("…")
    assert sum(map(cells, row)) + 4 <= 30


@given(st.lists(JOBS, max_size=5), st.integers(70, 200))
def test_no_line_of_the_table_is_wider_than_the_terminal(jobs: list[Job], width: int) -> None:
    described = [documents.job_document(job, NOW) for job in jobs]
    lines = plain.job_table(described, NOW, OUT, width)
    assert len(lines) == (len(jobs) + 1 if jobs else 0)
    assert all(cells(line) <= width for line in lines)


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (None, "—"),
        (Progress(), "—"),
        (Progress(0.354), "35%"),
        (Progress(done=3), "3"),
        (Progress(done=3, total=9), "3/9"),
        (Progress(0.0), "0%"),
    ],
)
def test_progress_that_is_not_known_is_never_nought(progress: Progress | None, said: str) -> None:
    assert plain.done(documents.job_document(a_job(progress=progress), NOW)) == said


def test_a_change_is_one_line_with_its_reason() -> None:
    job = replace(a_job(progress=Progress(0.5)), why="slow", flags=frozenset({Flag.STALLED, Flag.BRIEF}))
    line = plain.change_line(documents.job_document(job, NOW), NOW, OUT)
    assert line == "14:00:00  tiles:1  running  50%  job 1 — [stalled] slow"


def test_colour_only_where_it_is_wanted() -> None:
    document = documents.job_document(a_job(state=State.FAILED, ended=True), NOW)
    assert "\x1b[31mfailed\x1b[0m" in plain.change_line(document, NOW, Output(colour=True))
    assert "\x1b" not in plain.change_line(document, NOW, OUT)


def test_a_row_says_how_long_ago_it_changed() -> None:
    document = documents.job_document(a_job(updated=NOW - timedelta(minutes=5)), NOW)
    assert "5m ago" in plain.job_table([document], NOW, OUT, None)[1]


def test_a_long_result_is_cut_and_says_so() -> None:
    job = {**documents.job_document(a_job(result=list(range(500))), NOW), "controls": {}, "steps": []}
    lines = plain.show_lines(job, NOW, OUT)
    assert lines[-1] == "  … 302 lines more; --json gives all"


def test_a_result_in_text_is_shown_as_text() -> None:
    job = {**documents.job_document(a_job(result="all good"), NOW), "controls": {}, "steps": []}
    assert plain.show_lines(job, NOW, OUT)[-1] == "  all good"


def test_times_to_come_are_clamped_and_marked() -> None:
    job = documents.job_document(a_job(updated=NOW + timedelta(days=365_000)), NOW)
    assert "0s ago (clock ahead)" in plain.job_table([job], NOW, OUT, None)[1]
    shown = plain.show_lines({**job, "steps": [], "controls": {}}, NOW, OUT)
    assert next(line for line in shown if "updated" in line).endswith("(clock ahead)")
    job = documents.job_document(a_job(updated=NOW), NOW)
    assert "clock" not in plain.job_table([job], NOW, OUT, None)[1]


@pytest.mark.parametrize(
    ("verdict", "sent", "said"),
    [
        ("refused", True, "refused by the server"),
        ("refused", False, "refused here, not sent"),
        ("accepted", True, "accepted"),
    ],
)
def test_the_audit_says_who_refused(verdict: str, sent: bool, said: str) -> None:
    entry: documents.Document = {
        "at": NOW.isoformat(),
        "who": "me",
        "ref": "field:1",
        "control": "hold",
        "parameters": {},
        "reason": None,
        "verdict": verdict,
        "sent": sent,
        "detail": "because",
    }
    assert plain.audit_line(entry, OUT).endswith(f"  hold  field:1  {said}  — because")
