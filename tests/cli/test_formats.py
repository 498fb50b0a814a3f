"""ls in the formats that spreadsheets and documents want."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest

from jobtui.demo import DemoServer
from tests.cli.conftest import Cli


def test_csv_and_json_are_the_same_jobs_and_no_title_is_a_formula(cli: Cli, demo: DemoServer) -> None:
    demo.world.add_action(title='=HYPERLINK("http://evil.example","pay"),x')
    listed = json.loads(cli("--source", "tiles", "ls", "--output", "json").out)
    ran = cli("--source", "tiles", "ls", "--output", "csv")
    assert ran.code == 0
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [row["ref"] for row in rows] == [job["ref"] for job in listed]
    (title,) = (row["title"] for row in rows if "HYPERLINK" in row["title"])
    assert title == '\'=HYPERLINK("http://evil.example","pay"),x'
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_text_is_what_ls_prints_anyway_and_a_picture_fetches_nothing(cli: Cli) -> None:
    listed = cli("--source", "field", "ls", "--output", "text").out
    assert [line.split()[0] for line in listed.splitlines()[:1]] == [
        line.split()[0] for line in cli("--source", "field", "ls").out.splitlines()[:1]
    ]
    ran = cli("--source", "field", "ls", "--output", "svg", "--limit", "3")
    assert ran.code == 0
    ET.fromstring(ran.out)  # noqa: S314 - our own
    assert "@font-face" not in ran.out


@pytest.mark.parametrize("words", [["--output", "xls"], ["--output", "csv", "--json"]])
def test_an_unknown_format_or_two_of_them_are_usage_errors(cli: Cli, words: list[str]) -> None:
    ran = cli("ls", *words)
    assert ran.code == 2
    assert len(ran.sentences) == 1
