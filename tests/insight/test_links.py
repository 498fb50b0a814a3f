"""Addresses and commands that a job is reached by: nothing that could do more than that."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime

import pytest

from jobtui.cli.parse import parse
from jobtui.insight.links import (
    command_to_list,
    command_to_open,
    harmless_address,
    job_in_words,
    note_for_colleague,
)
from jobtui.model import JobRef, State, StepRef, parse_ref
from tests.factory import a_job

AT = datetime(2026, 11, 18, 13, 31, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "address",
    [
        "https://acme.zendesk.com/api/v2/job_statuses/8f2c",
        "http://127.0.0.1:8080/org/item/jobs/Zk%2019?a=b#c",
    ],
)
def test_a_web_address_is_given_back_as_it_is(address: str) -> None:
    assert harmless_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "//acme.example/x",
        "https:///x",
        "https://acme.example:port/x",
        "https://user:secret@acme.example/x",
        "https://acme.example/\x1b]8;;https://evil.example\x07",
        "https://acme.example/\x07",
        "https://acme.example/a b",
        "https://acme.example/'; rm -rf ~ #",
        'https://acme.example/"x',
        "https://acme.example/`id`",
        "https://acme.example/\u202egnp.exe",
        "https://аcme.example/",
        "https://acme.example/" + "x" * 2_000,
    ],
)
def test_what_could_be_anything_else_is_no_address(address: str | None) -> None:
    assert harmless_address(address) is None


@pytest.mark.parametrize(
    "job_id", ["88213", "a b", "it's", "$(id)", "`id`", "x;y", "zeile\nzwei", "#4", "-x", "ü"]
)
def test_a_command_is_one_line_that_a_shell_takes_for_words_and_leads_to_the_same_place(job_id: str) -> None:
    target = StepRef(JobRef("field", job_id), "s 4")
    command = command_to_open(target, AT)
    assert command is not None
    words = shlex.split(command)
    assert "\n" not in command
    assert words[:2] == ["jobtui", "open"]
    assert parse_ref(words[2]) == target
    assert words[3] == "--at"
    assert datetime.fromisoformat(words[4]) == AT


@pytest.mark.parametrize(
    ("search", "problems", "words"),
    [
        ("", False, ["jobtui", "ls"]),
        ("", True, ["jobtui", "ls", "--problems"]),
        ("state:failed !x", False, ["jobtui", "ls", "--search=state:failed !x"]),
        ("-x 'it''s' $(id)", True, ["jobtui", "ls", "--problems", "--search=-x 'it''s' $(id)"]),
    ],
)
def test_a_filter_can_be_written_as_a_command_that_lists_the_same(
    search: str, problems: bool, words: list[str]
) -> None:
    command = command_to_list(search, problems=problems)
    assert shlex.split(command) == words
    assert parse(shlex.split(command)[1:]).options.problems is problems


def test_a_command_that_would_have_to_be_cut_is_none() -> None:
    assert command_to_open(JobRef("field", "x " * 3_000), AT) is None


def test_a_job_in_words_is_one_harmless_line() -> None:
    job = a_job(title="Split\x1b[2J\nparcel", state=State.FAILED)
    assert job_in_words(job, "exit 1") == f"{job.ref}  Split·[2J parcel: failed, exit 1"


def test_a_note_for_a_colleague_has_the_address_for_who_has_no_jobtui() -> None:
    job = a_job(title="Split", state=State.FAILED)
    lines = note_for_colleague(job, "exit 1", job.ref, None, "https://acme.example/jobs/1")
    assert lines == [
        f"{job.ref}  Split: failed, exit 1",
        "https://acme.example/jobs/1",
        f"jobtui open {job.ref}",
    ]
    assert len(note_for_colleague(job, None, job.ref, None, None)) == 2
