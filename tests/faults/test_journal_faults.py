"""The journal cannot be opened or written: watching goes on and says so; no control goes unaccounted for."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobtui import paths
from jobtui.demo import DemoServer
from jobtui.journal import schema
from jobtui.journal.journal import Journal
from jobtui.monitor.events import JournalStands, Link
from tests.cli.conftest import ROOT, Ran, finished, process
from tests.conftest import until
from tests.factory import a_job
from tests.faults.conftest import Cli
from tests.monitor.conftest import make_watch

SAYS_SO = "watching goes on"


def writes(demo: DemoServer, since: int) -> list[str]:
    return [str(entry["path"]) for entry in demo.requests[since:] if entry["method"] == "DELETE"]


def a_ref(demo: DemoServer) -> str:
    ref = f"tiles:{demo.world.add_action(lasts=50_000).action_id}"
    demo.world.advance(30)
    return ref


def in_the_way(path: Path) -> None:
    """Put a folder where the journal would be."""
    path.mkdir(parents=True)


def no_folder(path: Path) -> None:
    """Put a file where the journal's folder would be: as where a home cannot be written."""
    path.parent.parent.mkdir(parents=True, exist_ok=True)
    path.parent.write_text("")


def newer(path: Path) -> None:
    """Have a newer jobtui write it."""
    Journal(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    connection.close()


UNUSABLE = {"in-the-way": in_the_way, "no-folder": no_folder, "newer": newer}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_journal_that_cannot_be_opened_stops_no_watching_and_every_control(
    demo: DemoServer, cli: Cli, config: Path, name: str
) -> None:
    UNUSABLE[name](paths.journal_file(config))
    ref, before = a_ref(demo), len(demo.requests)
    for command in (["ls", "--json"], ["show", ref], ["logs", ref], ["source", "test"]):
        ran = cli(*command)
        assert (command, ran.code, len(ran.sentences)) == (command, 0, 1), ran.err
        assert SAYS_SO in ran.err
    assert len(cli("ls", "--json").json) > 10
    ran = cli("cancel", ref, "--yes", "--json")
    assert (ran.code, ran.json["verdict"], ran.json["sent"]) == (6, "refused", False)
    assert "could not be written down first" in ran.json["reason"]
    assert writes(demo, before) == []
    for command in (["add", ref], ["audit"], ["journal", "info"]):
        ran = cli(*command)
        assert (command, ran.code) == (command, 2), ran
        assert ran.sentences, ran


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "header": lambda body: os.urandom(100) + body[100:],
    "middle": lambda body: body[:4096] + os.urandom(len(body) - 8192) + body[-4096:],
    "truncated": lambda body: body[: len(body) // 2 + 77],
    "text": lambda _body: b"not a database, and never was one",
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_journal_is_set_aside_and_that_is_said_once(cli: Cli, config: Path, name: str) -> None:
    path = paths.journal_file(config)
    assert cli("ls").code == 0
    damaged = DAMAGE[name](path.read_bytes())
    path.write_bytes(damaged)
    first, second = cli("ls", "--json"), cli("ls", "--json")
    assert (first.code, second.code) == (0, 0), (first.err, second.err)
    assert len(first.json) > 10
    (aside,) = path.parent.glob("*.corrupt-*")
    assert aside.read_bytes() == damaged
    assert [("damaged" in line, str(aside) in line) for line in first.sentences] == [(True, True)]
    assert second.sentences == []


def test_a_journal_of_zero_length_or_a_log_without_its_database_is_simply_begun(
    cli: Cli, config: Path
) -> None:
    path = paths.journal_file(config)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    assert (cli("ls").code, cli("ls").err) == (0, "")
    path.unlink()
    path.with_name(f"{path.name}-wal").write_bytes(os.urandom(5_000))
    ran = cli("ls")
    assert (ran.code, ran.err) == (0, "")


LIMIT = """
import resource, sys
from pathlib import Path
from jobtui.cli.main import main
journal = Path(sys.argv[1])
wal = journal.with_name(journal.name + "-wal")
limit = wal.stat().st_size
assert limit > 32768, "SQLite's own index has room"
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
sys.exit(main(sys.argv[2:]))
"""


def limited(config: Path, *argv: str) -> Ran:
    """Run a command line in a process whose files may not grow to what the journal is."""
    command = [sys.executable, "-c", LIMIT, str(paths.journal_file(config)), "--config", str(config), *argv]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def full(cli: Cli, config: Path) -> Iterator[None]:
    """A journal whose log cannot begin anew, since somebody reads it: every write makes it longer."""
    assert cli("ls").code == 0
    path = paths.journal_file(config)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM jobs").fetchone()
    with Journal(path) as journal:
        journal.save_jobs([a_job(f"9{number}", title="x" * 400, ended=True) for number in range(100)])
        yield
    reader.close()


@pytest.mark.usefixtures("full")
def test_on_a_full_disk_watching_goes_on_and_no_control_is_sent(demo: DemoServer, config: Path) -> None:
    ref, before = a_ref(demo), len(demo.requests)
    ran = limited(config, "ls", "--json")
    assert ran.code == 0, ran.err
    assert len(ran.json) > 10
    assert [SAYS_SO in line for line in ran.sentences] == [True], ran.err
    ran = limited(config, "cancel", ref, "--yes", "--json")
    assert ran.code == 6, ran
    assert ran.json["sent"] is False
    assert "could not be written down first" in ran.json["reason"]
    assert writes(demo, before) == []


@pytest.mark.parametrize("home", ["unset", "missing", "with ünicode, blanks & $quotes'\"", "file"])
def test_whatever_the_home_is_jobs_can_be_read(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name)
    place = tmp_path / "homes" / home
    if home == "file":
        place.parent.mkdir()
        place.write_text("")
    if home != "unset":
        monkeypatch.setenv("HOME", str(place))
    else:
        monkeypatch.delenv("HOME")
        (config.parent / paths.LOCAL_STATE).mkdir()  # else the journal would go to the real home
    ran = finished(process("--config", str(config), "ls", "--json"))
    assert ran.code == 0, ran.err
    assert len(json.loads(ran.out)) > 10
    assert [SAYS_SO in line for line in ran.sentences] == ([True] if home == "file" else []), ran.err


async def test_a_disk_that_fills_while_watching_is_said_once_and_so_is_that_there_is_room_again(
    demo: DemoServer, tmp_path: Path
) -> None:
    watch = make_watch(demo, tmp_path / "journal.db")
    pages = watch.journal._database
    pages.rows("PRAGMA max_page_count = 1")  # as many as there are: SQLite then finds no room for more
    await watch.monitor.start()
    await until(lambda: watch.of(JournalStands), what="it is said")
    await until(lambda: all(watch.monitor.health(name).link is Link.LIVE for name in watch.monitor.sources))
    assert [event.fault is not None for event in watch.of(JournalStands)] == [True]
    assert "no room" in str(watch.of(JournalStands)[0])
    pages.rows("PRAGMA max_page_count = 1000000")
    await until(lambda: len(watch.of(JournalStands)) > 1, what="it is said to be over", timeout_s=30)
    assert [event.fault for event in watch.of(JournalStands)][1:] == [None]
    assert watch.journal.jobs("tiles")
    await watch.monitor.stop()
    watch.journal.close()
