"""The session ends while a command waits: the terminal closed, SIGTERM, SIGINT, in each such command."""

from __future__ import annotations

import os
import pty
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from jobtui import paths
from jobtui.demo import DemoServer
from tests.cli.conftest import ROOT

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WAITING = {
    "watch": "watch {ref} --json",
    "wait": "wait {ref}",
    "logs": "logs {ref} --follow",
    "lines": "--accessible",
    "control": "cancel {ref} --yes --wait 60",
}


def a_job(demo: DemoServer) -> str:
    """Add a pending action that goes on for long and does not look whether it is to end."""
    while (action := demo.world.add_action(lasts=50_000)).obeys_cancel:
        pass
    demo.world.advance(30)
    return f"tiles:{action.action_id}"


def asked_for(demo: DemoServer, ref: str, since: int) -> bool:
    """Whether the server was asked for the job: the command has begun to wait."""
    return any(ref.partition(":")[2] in str(entry["path"]) for entry in demo.requests[since:])


def integrity(config: Path) -> str:
    connection = sqlite3.connect(paths.journal_file(config))
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


def begin(config: Path, command: str, **streams: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "jobtui", "--config", str(config), *command.split()],
        cwd=ROOT,
        stdin=streams.get("stdin", subprocess.DEVNULL),
        stdout=streams.get("stdout", subprocess.PIPE),
        stderr=streams.get("stderr", subprocess.PIPE),
        start_new_session=True,
    )


def wait_until_it_waits(running: subprocess.Popen[bytes], demo: DemoServer, name: str, ref: str) -> None:
    since, deadline = len(demo.requests), 150
    wanted = {"control": "DELETE", "logs": "progressMessages"}.get(name, "")
    for _ in range(deadline):
        asked = demo.requests[since:]
        if any(wanted in f"{entry['method']} {entry['path']}" for entry in asked) and (
            name == "lines" or asked_for(demo, ref, since)
        ):
            return
        assert running.poll() is None, running.communicate()
        signal.sigtimedwait([], 0.1)
    raise AssertionError("the command never asked")


@pytest.mark.parametrize("name", WAITING)
@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_each_signal_ends_each_waiting_command_in_its_documented_way(
    demo: DemoServer, tmp_path: Path, name: str, number: signal.Signals
) -> None:
    ref, config = a_job(demo), demo.write_config(tmp_path / "config.toml")
    running = begin(config, WAITING[name].format(ref=ref))
    try:
        wait_until_it_waits(running, demo, name, ref)
        running.send_signal(number)
        _, err = running.communicate(timeout=15)
    finally:
        running.kill()
    assert running.returncode == 130, err
    assert b"Traceback" not in err
    assert integrity(config) == "ok"


@pytest.mark.parametrize("name", ["watch", "control"])
def test_a_terminal_that_is_closed_ends_a_waiting_command_and_leaves_the_journal_whole(
    demo: DemoServer, tmp_path: Path, name: str
) -> None:
    ref, config = a_job(demo), demo.write_config(tmp_path / "config.toml")
    keyboard, terminal = pty.openpty()
    running = begin(config, WAITING[name].format(ref=ref), stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    try:
        wait_until_it_waits(running, demo, name, ref)
        os.close(keyboard)
        running.send_signal(signal.SIGHUP)  # as the kernel does to whoever has the terminal as its own
        # What the control printed could not be: 2 says so, should anybody ask.
        assert running.wait(timeout=15) in (130, 2)
    finally:
        running.kill()
    assert integrity(config) == "ok"
    assert not list(paths.log_folder().glob("crash-*"))


def test_a_command_that_is_to_outlive_the_terminal_does(demo: DemoServer, tmp_path: Path) -> None:
    ref, config = a_job(demo), demo.write_config(tmp_path / "config.toml")
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        running = begin(config, f"wait {ref} --timeout 4s")
    finally:
        signal.signal(signal.SIGHUP, before)
    wait_until_it_waits(running, demo, "wait", ref)
    running.send_signal(signal.SIGHUP)
    assert running.wait(timeout=20) == 124
    running.communicate()
