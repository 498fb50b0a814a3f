"""completion: what a shell offers is what the parsers take."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from jobtui.cli.completion import specs
from jobtui.cli.options import COMMANDS
from jobtui.cli.parse import parse
from tests.cli.conftest import Cli

SHELLS = ("bash", "zsh", "fish")
BASH = shutil.which("bash") or "/bin/bash"


def completed(script: str, *words: str) -> list[str]:
    """Give what bash offers for a command line whose last word is being typed."""
    line = " ".join(f"'{word}'" for word in words)
    given = f"COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}"
    asked = f"{script}\n{given}; _jobtui; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    ran = subprocess.run(
        [BASH, "--norc", "-c", asked],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert ran.stderr == ""
    return ran.stdout.split()


@pytest.fixture
def script(run: Cli) -> str:
    return run("completion", "bash").out


def test_bash_offers_commands_then_their_words_then_their_options(script: str) -> None:
    assert completed(script, "jobtui", "c") == ["cancel", "config", "completion"]
    assert set(completed(script, "jobtui", "")) == set(COMMANDS) - {"screen"}
    assert {"ls", "preview"} <= set(completed(script, "jobtui", "theme", ""))
    assert completed(script, "jobtui", "theme", "p") == ["preview"]
    assert completed(script, "jobtui", "ls", "--st") == ["--state"]
    assert completed(script, "jobtui", "ls", "--state", "fa") == ["failed"]
    assert completed(script, "jobtui", "--read") == ["--read-only"]
    assert completed(script, "jobtui", "--config", "x.toml", "wa") == ["watch", "wait"]


def test_bash_offers_files_where_a_file_is_wanted(script: str, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").touch()
    assert completed(script, "jobtui", "--config", f"{tmp_path}/mi") == [f"{tmp_path}/mine.toml"]


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_and_option_is_in_every_script(run: Cli, shell: str) -> None:
    ran = run("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    asked = [line for line in ran.out.splitlines() if "2>/dev/null" in line]
    assert asked
    assert not [line for line in asked if "’" in line], "a quote in a quoted command would be changed"
    for spec in specs():
        assert spec.name == "screen" or spec.name in ran.out
        for flag in spec.flags:
            name = flag.name.lstrip("-") if shell == "fish" else flag.name
            assert name in ran.out, (spec.name, flag.name)


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_itself_can_read_its_script(run: Cli, shell: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not on this machine")
    file = tmp_path / "script"
    file.write_text(run("completion", shell).out)
    ran = subprocess.run([shell, "-n", str(file)], capture_output=True, text=True, timeout=30, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_what_is_offered_can_be_parsed() -> None:
    for spec in specs():
        for word in spec.words:
            assert parse([spec.name, word]).name == spec.name


def test_an_unknown_shell_is_refused_with_those_known(run: Cli) -> None:
    ran = run("completion", "csh")
    assert (ran.code, ran.out) == (2, "")
    assert "bash, zsh, fish" in ran.err
