"""The README says what the code does."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from jobtui.cli.parse import parse
from jobtui.config import load
from tests.readme import README, filled

TEXT = README.read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)


def test_the_tables_of_keys_and_commands_are_those_of_the_code() -> None:
    assert filled(TEXT) == TEXT, "run: python -m tests.readme"


def test_every_command_line_shown_can_be_parsed() -> None:
    lines = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
    shown = [line for line in lines if line.startswith("jobtui ")]
    assert len(shown) >= 8
    for line in shown:
        words = shlex.split(line.partition("&&")[0], comments=True)
        assert parse(words[1:]).name == words[1]


def test_the_configuration_shown_is_a_good_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = [block for kind, block in BLOCKS if kind == "toml"]
    path = tmp_path / "config.toml"
    path.write_text(block, "utf-8")
    path.chmod(0o600)
    config = load(path)
    assert [entry.name for entry in config.good] == ["prod-tiles", "desk", "field"]
    assert config.broken == ()


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((README.parent / "pyproject.toml").read_text("utf-8"))["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    for name in (re.split(r"[<>=~! \[]", each)[0] for each in named):
        assert f"`{name}`" in TEXT, name


def test_every_file_shown_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (README.parent / target).exists(), target


def test_one_line_of_the_readme_runs_the_tests() -> None:
    lines = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
    assert len([line for line in lines if line.startswith("python3 -m venv") and "pytest" in line]) == 1
