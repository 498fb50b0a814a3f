"""Lists as files: what is read back is what was known, and a spreadsheet does nothing that a cell says."""

from __future__ import annotations

import csv
import io

import pytest

from jobtui.documents import job_document
from jobtui.insight.export import JOB_COLUMNS, csv_of, table_of
from tests.factory import NOW, a_job


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_csv_is_read_back_as_it_was_whatever_stands_in_a_title() -> None:
    titles = ['say "no"', "a,b;c", "two\nlines", "ünïcode", "tab\there", ""]
    heading, *rows = cells(csv_of(JOB_COLUMNS, (job_document(a_job(title=title), NOW) for title in titles)))
    assert heading == list(JOB_COLUMNS)
    assert {len(row) for row in rows} == {len(JOB_COLUMNS)}
    read = [row[JOB_COLUMNS.index("title")] for row in rows]
    assert read == ['say "no"', "a,b;c", "two lines", "ünïcode", "tab    here", ""]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("https://evil.example")',
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1+1",
        "  =1+1",
        "'=1+1",
        "\u200b=1+1",
    ],
)
def test_a_text_of_a_server_is_never_a_formula(text: str) -> None:
    (_, row) = cells(csv_of(("title",), [{"title": text}]))
    assert row[0].startswith("'")


def test_a_number_of_ours_stays_a_number_and_what_is_unknown_is_empty() -> None:
    document = {"items_failed": -1, "why": None, "progress": {"fraction": 0.35, "done": None, "total": None}}
    assert cells(csv_of(("items_failed", "why", "progress"), [document]))[1] == ["-1", "", "35%"]
    assert cells(csv_of(("progress",), [{"progress": {"done": 3, "total": 9}}]))[1] == ["3/9"]


def test_a_table_leaves_out_columns_of_nothing_and_keeps_the_last_whole() -> None:
    long = "x" * 200
    text = table_of(("ref", "why", "text"), [{"ref": "a:1", "text": long}, {"ref": "a:22", "text": "y"}])
    assert text.splitlines() == ["REF   TEXT", f"a:1   {long}", "a:22  y"]


def test_neither_file_has_anything_that_moves_a_cursor() -> None:
    document = {"ref": "a:1", "title": "x\x1b]0;evil\x07\u202ey"}
    for text in (csv_of(("ref", "title"), [document]), table_of(("ref", "title"), [document])):
        assert all(character.isprintable() or character in "\r\n" for character in text)
