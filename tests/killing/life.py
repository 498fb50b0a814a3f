"""The life of a child: the real monitor, or the real command line, sending one control after another.

It says on a pipe how far it has come, a letter at a time, so that whoever kills it can choose the moment.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from jobtui import wiring
from jobtui.cli import control as _control  # noqa: F401 - loaded before the fork
from jobtui.cli import journal as _journal  # noqa: F401
from jobtui.cli import screen as _at_screen  # noqa: F401
from jobtui.cli.main import main
from jobtui.errors import BackendError
from jobtui.model import Control, Target, Verdict, parse_ref
from jobtui.monitor.events import Controlled, Event, Stage
from jobtui.monitor.monitor import Monitor
from jobtui.tui import app as _app  # noqa: F401

BORN, STARTED, SAID = "b", "l", "a"
OPENING, MIGRATING, INTENT, OUTCOME, EFFECT, BATCH, PRUNING = "o", "m", "i", "u", "s", "j", "d"
STATEMENTS = (
    ("PRAGMA application_id", OPENING),
    ("CREATE TABLE", MIGRATING),
    ("CREATE INDEX", MIGRATING),
    ("ALTER TABLE", MIGRATING),
    ("VACUUM INTO", MIGRATING),
    ("INSERT INTO told (source, job_id, at, until, state, raw_state, ended, forgotten, owner", MIGRATING),
    ("INSERT INTO controls", INTENT),
    ("UPDATE controls SET sent", OUTCOME),
    ("UPDATE controls SET effect", EFFECT),
    ("INSERT INTO messages", BATCH),
    ("INSERT INTO jobs", BATCH),
    ("DELETE FROM", PRUNING),
    ("PRAGMA incremental_vacuum", PRUNING),
    ("PRAGMA wal_checkpoint", PRUNING),
)
"""How statements of SQL begin, and the letter of what is about to be done with them."""

Say = Callable[[str], None]


def live(order: dict[str, Any]) -> int:
    """Live as ordered; gives the exit code of who is not killed."""
    say = _voice(order["pipe"])
    say(BORN)
    _listen_to_sqlite(say)
    if order["kind"] == "screen":
        return _screen(order)
    if order["kind"] == "commands":
        return _command(order)
    return asyncio.run(_watch(order, say))


def take_standard_files() -> None:
    """Take what the first three numbers stand for now: Python's own files stand for what was there before."""
    own = [open(number, mode, buffering=1, closefd=False) for number, mode in enumerate("rww")]  # noqa: SIM115
    sys.stdin, sys.stdout, sys.stderr = own
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = own  # type: ignore[assignment, misc]


def _voice(path: str) -> Say:
    pipe = os.open(path, os.O_WRONLY)
    return lambda letter: _write(pipe, letter)


def _write(pipe: int, letter: str) -> None:
    os.write(pipe, letter.encode())


def _listen_to_sqlite(say: Say) -> None:
    connect = sqlite3.connect

    def listening(*args: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **options)
        connection.set_trace_callback(trace)
        return connection

    def trace(statement: str) -> None:
        begun = " ".join(statement[:200].split())
        letter = next((letter for start, letter in STATEMENTS if begun.startswith(start)), None)
        if letter is not None:
            say(letter)

    sqlite3.connect = listening  # type: ignore[assignment]


# --- the command line ------------------------------------------------------------------------------------
def _command(order: dict[str, Any]) -> int:
    """Type one command after another; the last exit code is ours."""
    code = 0
    for number, asked in enumerate(order["orders"]):
        code = main(["--config", order["config"], *_typed(asked)])
        if number % 3 == 2:
            main(["--config", order["config"], "journal", "prune", "--larger", "200kB"])
    return code


def _typed(asked: dict[str, Any]) -> list[str]:
    steps = ["--step", asked["step"]] if asked["step"] else []
    until = ["--until", asked["until"]] if asked["until"] else []
    return [asked["control"], asked["ref"], *steps, *until, "--yes", "--json"]


# --- the screen ------------------------------------------------------------------------------------------
def _screen(order: dict[str, Any]) -> int:
    """Sit down at a terminal; whoever has the other end presses the keys."""
    os.setsid()
    terminal = os.open(order["terminal"], os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(terminal, standard)
    take_standard_files()
    os.environ["TERM"] = "xterm-256color"
    return main(["--config", order["config"], "open", order["orders"][0]["ref"]])


# --- the monitor -----------------------------------------------------------------------------------------
async def _watch(order: dict[str, Any], say: Say) -> int:
    def hear(event: Event) -> None:
        # What an earlier process sent and never heard of again is said without being asked for.
        if not sending and isinstance(event, Controlled) and event.stage is Stage.ANSWERED:
            assert event.outcome.verdict is Verdict.UNKNOWN
            say(SAID)

    sending: set[str] = set()
    config = wiring.load_config(order["config"])
    async with wiring.open_monitor(config, publish=hear) as monitor:
        await monitor.start()
        say(STARTED)
        reading = asyncio.create_task(_read(monitor, order))
        sending.add("now")
        for first in range(0, len(order["orders"]), order["at_once"]):
            some = order["orders"][first : first + order["at_once"]]
            await asyncio.gather(*(_send(monitor, asked) for asked in some))
        if order["ends"]:
            await reading
            await _settled(monitor, order)
            return 0
        await asyncio.Event().wait()
    return 0


async def _send(monitor: Monitor, asked: dict[str, Any]) -> None:
    target: Target = parse_ref(asked["ref"])
    proposal = monitor.propose(
        Control(asked["control"]),
        target,
        step_ids=[asked["step"]] if asked["step"] else [],
        until=datetime.fromisoformat(asked["until"]) if asked["until"] else None,
    )
    await monitor.carry_out(proposal.request)


async def _read(monitor: Monitor, order: dict[str, Any]) -> None:
    """Follow one job and read the messages of others: for ever, or until all have been read."""
    jobs = [parse_ref(ref).job for ref in order["read"]]
    monitor.follow(jobs[0])
    failed = True
    while failed or not order["ends"]:
        failed = False
        for ref in jobs:
            try:
                await monitor.read_messages(ref)
            except BackendError:
                failed = True
            await asyncio.sleep(0.02)


async def _settled(monitor: Monitor, order: dict[str, Any]) -> None:
    """Look at every job of which something is awaited until nothing is, within the seconds given."""
    async with asyncio.timeout(order["ends"]):
        while awaited := set(monitor._effects.awaited()):
            for ref in awaited:
                await monitor.read(ref)
            await asyncio.sleep(0.1)
