"""Secrets are had from where the configuration says, and never shown."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
import types
from pathlib import Path

import pytest

from jobtui import credentials
from jobtui.credentials import SecretPlace, Way, secret_source
from jobtui.errors import CredentialError
from jobtui.model import Secret
from tests.conftest import until

VALUE = "tok-83hf-very-secret"


async def fetch(way: Way, where: str) -> str:
    return (await secret_source("desk", "token", SecretPlace(way, where))()).reveal()


async def failure(way: Way, where: str) -> str:
    with pytest.raises(CredentialError) as caught:
        await fetch(way, where)
    text = str(caught.value)
    assert text.startswith("sources.desk.token: ")
    assert VALUE not in text
    assert "\n" not in text
    return text


def python(code: str) -> str:
    return shlex.join([sys.executable, "-c", code])


# --- environment --------------------------------------------------------------------------------------------
async def test_a_variable_gives_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_TOKEN", VALUE)
    assert await fetch(Way.ENV, "DESK_TOKEN") == VALUE


async def test_a_missing_and_an_empty_variable_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESK_TOKEN", raising=False)
    assert "variable DESK_TOKEN is not set" in await failure(Way.ENV, "DESK_TOKEN")
    monkeypatch.setenv("DESK_TOKEN", "")
    assert "variable DESK_TOKEN is empty" in await failure(Way.ENV, "DESK_TOKEN")


async def test_a_rotated_secret_is_seen_at_the_next_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    source = secret_source("desk", "token", SecretPlace(Way.ENV, "DESK_TOKEN"))
    monkeypatch.setenv("DESK_TOKEN", "old")
    assert (await source()) == Secret("old")
    monkeypatch.setenv("DESK_TOKEN", "new")
    assert (await source()) == Secret("new")


# --- file ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
async def test_a_file_gives_its_text_without_the_last_line_end(tmp_path: Path, ending: str) -> None:
    file = tmp_path / "token"
    file.write_bytes((VALUE + ending).encode())
    file.chmod(0o600)
    assert await fetch(Way.FILE, str(file)) == VALUE


async def test_a_file_that_everybody_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(VALUE)
    file.chmod(0o644)
    assert f"run: chmod 600 {file}" in await failure(Way.FILE, str(file))


async def test_a_missing_file_is_named(tmp_path: Path) -> None:
    text = await failure(Way.FILE, str(tmp_path / "none"))
    assert f"cannot read {tmp_path / 'none'}: No such file or directory" in text


async def test_a_folder_and_a_pipe_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert "is not a regular file" in await failure(Way.FILE, str(tmp_path / "pipe"))
    assert "is not a regular file" in await failure(Way.FILE, str(tmp_path))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (VALUE.encode() + b"\nmore", "line breaks"),
        (b"\xff" + VALUE.encode(), "is not text"),
        (VALUE.encode() * 9_000, "too long"),
    ],
)
async def test_a_file_that_holds_no_usable_secret_says_why(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    file.chmod(0o600)
    assert reason in await failure(Way.FILE, str(file))


async def test_a_path_that_is_none_fails_in_one_sentence() -> None:
    assert "not a path" in await failure(Way.FILE, "/nowhere/\0")


# --- command ------------------------------------------------------------------------------------------------
async def test_a_command_gives_the_first_line_it_prints() -> None:
    assert await fetch(Way.COMMAND, python(f"print('{VALUE}'); print('login: me')")) == VALUE


async def test_a_command_runs_without_a_shell_and_without_input() -> None:
    assert await fetch(Way.COMMAND, "echo $HOME;ls") == "$HOME;ls"
    assert await fetch(Way.COMMAND, python("import sys; print(repr(sys.stdin.read()))")) == "''"


async def test_a_failing_command_shows_its_last_error_line_and_not_its_output() -> None:
    code = f"import sys; print('{VALUE}'); print('a', file=sys.stderr); sys.exit('vault is locked\\n')"
    text = await failure(Way.COMMAND, python(code))
    assert text.endswith("ended with code 1: vault is locked")


async def test_a_command_that_complains_of_what_it_printed_is_not_quoted() -> None:
    command = python(f"import sys; print('{VALUE}'); sys.exit('rejected: {VALUE}!')")
    assert await failure(Way.COMMAND, command) == f"sources.desk.token: {sys.executable} ended with code 1"


async def test_a_command_is_not_shown_variables_that_hold_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILES_TOKEN", VALUE)
    monkeypatch.setenv("SIGNED_IN_AS", "dana")
    code = "import os; print(os.environ.get('TILES_TOKEN'), os.environ['SIGNED_IN_AS'])"
    place = SecretPlace(Way.COMMAND, python(code))
    given = secret_source("desk", "token", place, kept_back=["TILES_TOKEN"])
    assert (await given()).reveal() == "None dana"
    assert await fetch(Way.COMMAND, python(code)) == f"{VALUE} dana"


async def test_a_commands_error_line_is_made_harmless() -> None:
    text = await failure(Way.COMMAND, python("import sys; sys.exit('\\x1b[31mred')"))
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("/nowhere/no-such-program --x", "cannot run /nowhere/no-such-program: No such file or directory"),
        ("'unclosed", "the command cannot be read: no closing quotation"),
        ("", "the command is empty"),
        (python("pass"), "is empty"),
        (python("import sys; sys.stdout.buffer.write(bytes([255]))"), "is not text"),
    ],
)
async def test_a_command_that_gives_nothing_says_why(command: str, reason: str) -> None:
    assert reason in await failure(Way.COMMAND, command)


async def test_a_command_that_never_ends_is_ended_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "COMMAND_TIMEOUT_S", 1.0)
    script = tmp_path / "hang"
    script.write_text(f"#!/bin/sh\nsleep 600 & echo $! > {tmp_path}/child\nwait\n")
    script.chmod(0o700)
    assert "did not end within 1 s" in await failure(Way.COMMAND, str(script))
    child = int((tmp_path / "child").read_text())
    await until(lambda: not _runs(child), what="the command's child has ended")


async def test_leaving_while_a_command_runs_ends_the_command(tmp_path: Path) -> None:
    script = tmp_path / "hang"
    note = f"echo $$ > {tmp_path}/pid.part; mv {tmp_path}/pid.part {tmp_path}/pid"
    script.write_text(f"#!/bin/sh\n{note}\nexec sleep 600\n")
    script.chmod(0o700)
    asking = asyncio.create_task(fetch(Way.COMMAND, str(script)))
    await until((tmp_path / "pid").exists)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert not _runs(int((tmp_path / "pid").read_text()))


def _runs(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be forgotten by its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


# --- keyring, literal ---------------------------------------------------------------------------------------
async def test_a_missing_keyring_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "pip install keyring" in await failure(Way.KEYRING, "desk")


async def test_a_keyring_is_asked_for_the_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    # The package is optional and its back end is the desktop's: a stand-in, since neither is at hand.
    class KeyringError(Exception):
        pass

    def get_password(service: str, entry: str) -> str | None:
        if entry == "locked":
            raise KeyringError(VALUE)
        return {("jobtui", "desk"): VALUE}.get((service, entry))

    keyring = types.ModuleType("keyring")
    monkeypatch.setattr(keyring, "get_password", get_password, raising=False)
    monkeypatch.setattr(keyring, "errors", types.SimpleNamespace(KeyringError=KeyringError), raising=False)
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    assert await fetch(Way.KEYRING, "desk") == VALUE
    assert "run: keyring set jobtui other" in await failure(Way.KEYRING, "other")
    assert "cannot be read (KeyringError)" in await failure(Way.KEYRING, "locked")


async def test_a_literal_secret_is_given_and_never_shown() -> None:
    place = SecretPlace(Way.LITERAL, literal=Secret(VALUE))
    assert await secret_source("desk", "token", place)() == Secret(VALUE)
    assert VALUE not in repr(place)
