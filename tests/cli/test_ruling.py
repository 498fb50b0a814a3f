"""watch --rule: the same rules without a screen, as lines, JSON, commands and exit codes."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobtui.cli.lines import print_watch
from jobtui.cli.output import Output
from jobtui.config import load
from jobtui.demo import DemoServer
from tests.cli.conftest import Cli
from tests.cli.test_read import a_ref


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    """A quick world, so that jobs end while we look."""
    with DemoServer(seed=11, speed=60) as server:
        yield server


def test_a_watched_job_that_ends_is_told_as_a_document_beside_its_changes(cli: Cli) -> None:
    ref = a_ref(cli, "tiles", "running")
    ran = cli("watch", ref, "--rule", "ends -> bell", "--json", "--timeout", "60s")
    documents = [json.loads(line) for line in ran.out.splitlines()]
    [alert] = [document for document in documents if "alert" in document]
    assert (alert["alert"], alert["ref"], alert["refs"]) == ("ends", ref, [ref])
    assert alert["jobs"][0]["ended"]
    assert alert["do"] == ["bell"]
    assert ran.code == (0 if alert["jobs"][0]["state"] == "succeeded" else 1)
    assert "\a" not in ran.err, "nobody sits at a pipe"


def test_a_named_job_that_has_failed_already_is_told_and_the_code_says_so(cli: Cli) -> None:
    ref = a_ref(cli, "tiles", "failed")
    ran = cli("watch", ref, "--rule", "fails")
    assert ran.code == 1
    assert [line.split()[1:3] for line in ran.out.splitlines() if "alert" in line] == [["alert", ref]]
    again = cli("watch", ref, "--rule", "fails")
    assert "alert" not in again.out, "once each, also when asked again"
    assert again.code == 1


def test_other_jobs_are_not_spoken_of(cli: Cli) -> None:
    good = a_ref(cli, "tiles", "succeeded")
    ran = cli("watch", good, "--rule", "fails", "--rule", "state:succeeded -> bell", "--json")
    alerts = [json.loads(line) for line in ran.out.splitlines() if '"alert"' in line]
    assert [alert["refs"] for alert in alerts] == [[good]]


def test_without_a_job_every_source_is_watched_for_the_rules_alone(cli: Cli) -> None:
    ran = cli("watch", "--rule", "ends -> bell", "--json", "--timeout", "15s")
    assert ran.code == 124
    documents = [json.loads(line) for line in ran.out.splitlines()]
    assert documents, "in a quick world something ends"
    assert all("alert" in document for document in documents)
    assert ran.sentences[0] == "armed: any job ends: ring the bell"


def test_a_rule_of_the_configuration_is_called_by_its_name_and_runs_its_command(
    cli: Cli, config: Path, tmp_path: Path
) -> None:
    script = tmp_path / "page"
    script.write_text(f"#!/bin/sh\ncat > {tmp_path}/facts\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    more = f"""
[alerts.commands]
pager = ["{script}"]
[[rules]]
name = "bad"
when = "fails"
do = "run:pager"
"""
    config.write_text(config.read_text() + more)
    ref = a_ref(cli, "desk", "failed")
    ran = cli("watch", ref, "--rule", "bad")
    assert ran.code == 1
    assert json.loads((tmp_path / "facts").read_text())["ref"] == ref


def test_the_watch_as_plain_lines_tells_the_rules_of_the_configuration(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(config.read_text() + '[[rules]]\nwhen = "ends"\ndo = "bell"\n')
    watch = print_watch(load(config), Output(), only=["tiles"], read_only=False, seconds=12.0)
    asyncio.run(watch)
    alerts = [line for line in capsys.readouterr().out.splitlines() if line[8:17] == "  alert  "]
    assert alerts, "in a quick world something ends"
    assert all("tiles:" in line for line in alerts)


@pytest.mark.parametrize(
    ("argv", "clause"),
    [
        (["watch"], "name a job to watch, or a --rule"),
        (["watch", "tiles:1", "--rule", "fails ends"], "are two rules"),
        (["watch", "tiles:1", "--rule", "says:(a"], "never closed"),
        (["watch", "--rule", "fails -> run:pager"], "there is no command “pager”"),
    ],
)
def test_a_bad_rule_is_one_sentence_and_a_usage_error(cli: Cli, argv: list[str], clause: str) -> None:
    ran = cli(*argv)
    assert (ran.code, ran.out, len(ran.sentences)) == (2, "", 1)
    assert clause in ran.err


def test_the_help_says_what_a_rule_may_say(cli: Cli) -> None:
    ran = cli("watch", "--help")
    assert 'step:"QA review" fails' in ran.out
    assert "-> bell,notify,run:NAME" in ran.out
