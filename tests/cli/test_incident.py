"""Somebody is paged: the scripted incident at a terminal, every key counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobtui.demo import DemoServer, incident
from jobtui.demo.arcgis_job import Job
from jobtui.demo.arcgis_world import USER
from tests.cli.emulated import Emulated

MOST_KEYS = 12
_DEAF_S = 0.6
"""Longer than a dialog does not hear after it opens."""


@pytest.fixture
def world() -> Iterator[DemoServer]:
    """The incident."""
    with DemoServer(seed=7, scenario="incident") as demo:
        yield demo


def test_twelve_keys_lead_from_the_start_to_the_cause_the_hold_and_the_note(
    world: DemoServer, tmp_path: Path
) -> None:
    config = world.write_config(tmp_path / "config.toml")
    held = _maintenance(world)
    with Emulated("--config", str(config), folder=tmp_path, columns=80, lines=24) as terminal:
        terminal.until_true(lambda: terminal.text.count("+5 alike") >= 4, "four that failed alike")
        terminal.press("j")
        terminal.until_true(lambda: re.search(r"^> \S+ FAIL .*\+5 alike", terminal.text, re.M), "the cursor")
        terminal.press("c")
        # Knows the cause: in whose words, of how many, over which services.
        terminal.until_true(lambda: "6 jobs of desk, field, tiles" in terminal.flat, "the group")
        assert incident.CAUSE in terminal.flat
        terminal.press("\x1b")
        terminal.until("1 Jobs")
        terminal.press("g")
        terminal.until_true(lambda: re.search(r"^> \S+ FAIL .*Maintenance", terminal.text, re.M), "its row")
        terminal.press("\r")
        terminal.until_true(lambda: re.search(rf"^ ?> +\S+ FAIL +{incident.STEP}", terminal.text, re.M), "it")
        terminal.press("H")
        terminal.until("until it is released")
        terminal.rest(_DEAF_S)
        terminal.press("\r")
        terminal.until("Yes, hold")
        terminal.rest(_DEAF_S)
        terminal.press("y")
        terminal.until("confirmed")
        # Held the right step: what the server says, not what the screen does.
        with world.world.at_now() as now:
            (hold,) = held.active_holds(incident.STEP_ID, now)
        assert hold.set_by == USER
        terminal.press("h")
        terminal.until("written to")
        (note,) = tmp_path.glob("jobtui-handoff-*.md")
        _check_note(note.read_text(), held)
        assert note.stat().st_mode & 0o777 == 0o600
        assert len(terminal.pressed) <= MOST_KEYS, terminal.pressed
        terminal.press("Q")
        assert terminal.ended() == 0


def _check_note(text: str, held: Job) -> None:
    parts = dict(re.findall(r"^## (.+)\n\n((?:(?!## ).*\n)*)", text, re.M))
    assert incident.CAUSE in parts["Failed, or ended in part"]
    step = f"`field:{held.job_id}#{incident.STEP_ID}`"
    assert re.search(rf"hold {step} {incident.JOB} → confirmed", parts["Done, and why"])
    assert re.search(rf"`field:{held.job_id}` {incident.JOB} – 1 hold: {USER}", parts["Still held"])


def _maintenance(demo: DemoServer) -> Job:
    return next(job for job in demo.world.item.jobs.values() if job.name == incident.JOB)


def test_the_demo_has_the_incident_under_its_name(tmp_path: Path) -> None:
    with Emulated("demo", "--scenario", "incident", "--seed", "7", folder=tmp_path) as terminal:
        terminal.until("Maintenance of gdb-p")
        terminal.until_true(lambda: terminal.text.count("+5 alike") >= 4, "four that failed alike")
        terminal.press("Q")
        assert terminal.ended() == 0
