"""The note for who comes next, made from the journal alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from tests.cli.conftest import Cli
from tests.cli.test_links import DOWN


def test_the_note_says_what_failed_what_was_done_and_why_and_what_is_held(cli: Cli, demo: DemoServer) -> None:
    action = demo.world.add_action(lasts=600.0, title="Import [urgent](http://evil.example) `x` <b>")
    job = demo.world.add_workflow_job("free-question")
    assert cli("ls").code == 0
    assert cli("cancel", f"tiles:{action.action_id}", "--yes", "--reason", "wrong *file*").code == 0
    step = next(iter(job.current))
    assert cli("hold", f"field:{job.job_id}", "--step", step, "--yes", "--wait").code == 0
    assert cli("ls").code == 0
    ran = cli("handoff")
    assert ran.code == 0
    sections = [line for line in ran.out.splitlines() if line.startswith("## ")]
    assert sections == [
        "## Needs somebody now",
        "## Failed, or ended in part",
        "## Done, and why",
        "## Still held",
        "## Also happened",
    ]
    part = dict(zip(sections, ran.out.split("\n## ")[1:], strict=True))
    done = part["## Done, and why"]
    assert f"cancel `tiles:{action.action_id}` Import" in done
    assert ", because “wrong \\*file\\*”" in done
    assert f"hold `field:{job.job_id}` {job.name}" in done
    assert done.index("cancel `") < done.index("hold `"), "in the order of asking"
    assert f"`field:{job.job_id}`" in part["## Still held"]
    assert demo.sources["arcgis"]["user"] in part["## Still held"]
    assert "[urgent](" not in ran.out
    assert "<b>" not in ran.out


def test_a_note_of_nothing_says_so_and_a_wrong_time_is_said(cli: Cli) -> None:
    assert "The journal knows no job" in cli("handoff").out
    ran = cli("handoff", "--since", "yesterdayish")
    assert ran.code == 2
    assert len(ran.sentences) == 1


def test_the_age_is_said_of_each_source_and_one_never_heard_is_named(cli: Cli, config: Path) -> None:
    assert cli("ls").code == 0
    config.write_text(config.read_text() + DOWN)
    head = next(line for line in cli("handoff").out.splitlines() if line.startswith("Since "))
    assert re.search(r"Last heard: tiles \S+ ago, desk \S+ ago, field \S+ ago; no job of down was", head)
    alone = cli("--source", "down", "handoff").out
    assert "\nNothing that is known needs anybody; no job of down was ever heard of.\n" in alone
    assert "ago" not in alone
    assert "ever heard of" not in cli("--source", "tiles", "handoff").out


@pytest.mark.parametrize("name", ["tiles", "desk"])
def test_a_note_of_one_source_names_no_other(cli: Cli, name: str) -> None:
    assert cli("ls").code == 0
    ran = cli("--source", name, "handoff")
    assert ran.code == 0
    others = {"tiles", "desk", "field"} - {name}
    assert not any(f"`{other}:" in ran.out for other in others)
