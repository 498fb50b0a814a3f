"""check and doctor look whether secrets are where the file says, and say it as asking would."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

VALUE = "tok-5f1c-very-secret"
HEAD = '[sources.tiles]\nkind = "nextspace"\nurl = "http://127.0.0.1:9"\ntoken = '


def written(folder: Path, token: str) -> Path:
    """Write a configuration with a token that is somewhere else."""
    config = folder / "config.toml"
    config.write_text(f"{HEAD}{token}\n")
    config.chmod(0o600)
    return config


def make(file: Path, sort: str) -> None:
    """Make a token file with a fault of this sort."""
    if sort == "a pipe":
        os.mkfifo(file, 0o600)
    elif sort != "missing":
        file.write_text("" if sort == "empty" else VALUE)
        file.chmod({"open": 0o644, "writable": 0o602}.get(sort, 0o600))


@pytest.mark.parametrize(
    ("sort", "said"),
    [
        ("open", "anyone on this machine can read {file}; run: chmod 600 {file}"),
        ("writable", "anyone on this machine can read {file}; run: chmod 600 {file}"),
        ("missing", "cannot read {file}: No such file or directory"),
        ("a pipe", "{file} is not a regular file"),
        ("empty", "what was found is empty"),
    ],
)
def test_trouble_with_a_token_file_is_found_before_a_source_is_asked(
    run: Cli, tmp_path: Path, sort: str, said: str
) -> None:
    config, file = written(tmp_path, '{ file = "tok" }'), tmp_path / "tok"
    make(file, sort)
    _are_told(run, config, "sources.tiles.token: " + said.format(file=file))


@pytest.mark.parametrize(("value", "said"), [(None, "is not set"), ("", "is empty")])
def test_a_variable_that_is_named_and_not_set_is_found_too(
    run: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None, said: str
) -> None:
    monkeypatch.delenv("TILES_TOKEN", raising=False)
    if value is not None:
        monkeypatch.setenv("TILES_TOKEN", value)
    config = written(tmp_path, '{ env = "TILES_TOKEN" }')
    _are_told(run, config, f"sources.tiles.token: the environment variable TILES_TOKEN {said}")


def _are_told(run: Cli, config: Path, sentence: str) -> None:
    """The three who may say it, in the same words; the code is that of a wrong configuration."""
    placed = f"{config}:4: {sentence}"
    checked = run("--config", str(config), "config", "check")
    assert (checked.code, checked.out, checked.sentences) == (2, "", [placed])
    document = run("--config", str(config), "config", "check", "--json").json
    assert (document["ok"], document["errors"]) == (False, [placed])
    examined = run("--config", str(config), "doctor")
    assert examined.code == 2
    assert f"PROBLEM: {placed}" in examined.out.splitlines()
    assert "nothing is wrong" not in examined.out
    refused = run("--config", str(config), "ls")
    assert refused.code == 4
    assert sentence in refused.err
    assert VALUE not in checked.err + examined.out + examined.err


def test_secrets_that_are_there_are_good_and_not_shown(
    run: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILES_TOKEN", VALUE)
    make(tmp_path / "tok", "good")
    for token in ('{ file = "tok" }', '{ env = "TILES_TOKEN" }'):
        config = written(tmp_path, token)
        for command in (["config", "check"], ["doctor"], ["doctor", "--json"]):
            ran = run("--config", str(config), *command)
            assert (ran.code, ran.err) == (0, "")
            assert VALUE not in ran.out


def test_a_command_is_not_run_to_find_out(run: Cli, tmp_path: Path) -> None:
    config = written(tmp_path, f'{{ command = "touch {tmp_path}/ran" }}')
    for command in (["config", "check"], ["doctor"]):
        assert run("--config", str(config), *command).code == 0
    assert not (tmp_path / "ran").exists()
