"""keys.toml: read, listed, checked; what is wrong in it has file, line and a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobtui.tui.keymap import KEYS
from tests.cli.conftest import Cli

WRONG = """"control.cancel" = "X"
details = "y"
control.hold = "ctrl+d"
nonsense = "b"
filter = "fnord"
refresh = 3
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration whose keys are looked at, without sources."""
    path = tmp_path / "config.toml"
    path.write_text("version = 1\n")
    return path


def test_without_a_file_the_keys_are_the_usual_ones(run: Cli, config: Path) -> None:
    ran = run("--config", str(config), "config", "keys", "--json")
    assert ran.code == 0
    assert [row["id"] for row in ran.json] == [key.id for key in KEYS]
    assert not any(row["changed"] for row in ran.json)


def test_changed_keys_are_listed_as_yours(run: Cli, config: Path) -> None:
    config.with_name("keys.toml").write_text('"control.cancel" = "X"\ncopy = ["Y", "ctrl+y"]\n')
    listed = {row["id"]: row for row in run("--config", str(config), "config", "keys", "--json").json}
    assert (listed["control.cancel"]["keys"], listed["control.cancel"]["changed"]) == (["X"], True)
    assert listed["copy"]["keys"] == ["Y", "ctrl+y"]
    (line,) = [
        line
        for line in run("--config", str(config), "config", "keys").out.splitlines()
        if line.startswith("control.cancel ")
    ]
    assert line.split()[1] == "X"
    assert line.endswith("yours")


def test_each_mistake_is_one_sentence_with_file_and_line(run: Cli, config: Path) -> None:
    file = config.with_name("keys.toml")
    file.write_text(WRONG)
    for action in ("keys", "check"):
        ran = run("--config", str(config), "config", action)
        assert ran.code == 2
        places = sorted(line.removeprefix(f"{file}:").split(": ")[:2] for line in ran.sentences)
        assert places == [
            ["2", "details"],
            ["3", "control.hold"],
            ["4", "nonsense"],
            ["5", "filter"],
            ["6", "refresh"],
        ]


def test_a_file_that_is_no_toml_changes_nothing_and_says_so(run: Cli, config: Path) -> None:
    file = config.with_name("keys.toml")
    file.write_text('copy = "Y\n')
    ran = run("--config", str(config), "config", "keys")
    assert ran.code == 2
    assert ran.sentences[0].startswith(f"{file}:1: is not TOML")
    assert "copy" in ran.out


def test_doctor_names_what_is_wrong_with_the_keys(run: Cli, config: Path) -> None:
    config.with_name("keys.toml").write_text('copy = "fnord"\n')
    assert any(
        "“fnord” is no key" in text
        for text in run("--config", str(config), "doctor", "--json").json["problems"]
    )
