"""A crash is one clear sentence, a report without secrets, and 70."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from jobtui import paths
from jobtui.cli import crash
from tests.cli.conftest import ROOT, Cli

SECRET = "hunter2-very-secret"


def _raise() -> None:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise ValueError(f"token {SECRET}") from error


def test_a_bug_is_one_sentence_and_70_and_its_report_has_no_secret(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobtui.cli.read.needs_you", lambda *_: _raise())
    ran = cli("ls", "--problems")
    assert (ran.code, ran.out, len(ran.sentences)) == (70, "", 1)
    assert "this is a bug" in ran.err
    assert SECRET not in ran.err
    (report,) = paths.log_folder().glob("crash-*.txt")
    assert str(report) in ran.err
    text = report.read_text()
    assert report.stat().st_mode & 0o077 == 0
    assert SECRET not in text
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "test_crash.py" in text
    assert "command ls" in text


def test_a_report_that_cannot_be_written_is_not_promised(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("jobtui.cli.read.needs_you", lambda *_: _raise())
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setattr("jobtui.paths.log_folder", lambda: blocked / "logs")
    ran = cli("ls", "--problems")
    assert (ran.code, len(ran.sentences)) == (70, 1)
    assert "known of it" not in ran.err


def test_warnings_go_to_a_private_file_without_the_texts_of_errors() -> None:
    log_file = crash.keep_log()
    try:
        logging.getLogger("jobtui.somewhere").warning("poll of %s\x1b[31m", "tiles")
        try:
            _raise()
        except ValueError:
            logging.getLogger("jobtui.somewhere").exception("poll failed")
    finally:
        crash.drop_log(log_file)
    path = paths.log_folder() / "jobtui.log"
    text = path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    assert "poll of tiles" in text
    assert "\x1b" not in text
    assert "builtins.ValueError" in text
    assert SECRET not in text


def test_a_log_that_has_grown_is_put_aside() -> None:
    path = paths.log_folder() / "jobtui.log"
    path.parent.mkdir(parents=True)
    path.write_text("x" * 1_000_001)
    log_file = crash.keep_log()
    logging.getLogger("jobtui").warning("new")
    crash.drop_log(log_file)
    assert path.stat().st_size < 1_000
    assert path.with_suffix(".old.log").stat().st_size == 1_000_001


def test_nothing_to_log_makes_no_file(cli: Cli) -> None:
    assert cli("config", "path").code == 0
    assert not paths.log_folder().exists()


@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["hold", "--help"], ["cancle"]])
def test_what_needs_nothing_heavy_loads_nothing_heavy(argv: list[str]) -> None:
    code = (
        "import sys\nfrom jobtui.cli.main import main\n"
        f"main({argv!r})\n"
        "heavy = {'textual', 'httpx', 'msgspec', 'sqlite3', 'asyncio', 'rich', 'platformdirs'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr


def test_texts_of_asyncio_are_cut_before_they_show_what_tasks_held() -> None:
    async def fails() -> None:
        raise ValueError(SECRET)

    async def leave() -> None:
        failing = asyncio.create_task(fails())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        loop = asyncio.get_running_loop()
        loop.call_exception_handler(
            {"message": "Task failed", "future": failing, "exception": ValueError(SECRET)}
        )
        loop.call_exception_handler({"message": f"Exception in callback f('{SECRET}')", "handle": SECRET})
        failing.exception()

    log_file = crash.keep_log()
    try:
        asyncio.run(leave())
    finally:
        crash.drop_log(log_file)
    text = (paths.log_folder() / "jobtui.log").read_text()
    assert SECRET not in text
    assert "Task failed" in text
    assert "builtins.ValueError" in text
    assert "Exception in callback f" in text


def test_errors_in_a_group_are_all_in_the_report() -> None:
    try:
        raise ExceptionGroup("several", [KeyError(SECRET), OSError(SECRET)])
    except ExceptionGroup as group:
        lines = crash.trace_of(group)
    assert [line for line in lines if not line.startswith(" ")] == [
        "builtins.ExceptionGroup",
        "builtins.KeyError",
        "builtins.OSError",
    ]


def test_the_log_is_kept_in_a_folder_of_its_own_and_follows_no_link(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("kept")
    folder = paths.log_folder()
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    (folder / "jobtui.log").symlink_to(target)
    log_file = crash.keep_log()
    logging.getLogger("jobtui").warning("new")
    crash.drop_log(log_file)
    assert target.read_text() == "kept"
    assert folder.stat().st_mode & 0o077 == 0


def test_what_fails_in_a_thread_or_while_clearing_away_is_logged_without_its_text() -> None:
    code = (
        "import sys, threading, gc\n"
        "from jobtui.cli import audit as auditing, main\n"
        "class Odd:\n"
        f"    def __del__(self): raise ValueError('{SECRET}')\n"
        "def fails():\n"
        f"    raise KeyError('{SECRET}')\n"
        "def audit(command, out):\n"
        "    thread = threading.Thread(target=fails)\n"
        "    thread.start()\n"
        "    thread.join()\n"
        "    Odd()\n"
        "    return 0\n"
        "auditing.audit = audit\n"
        "sys.argv = ['jobtui', 'audit']\n"
        "main.run()\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    text = (paths.log_folder() / "jobtui.log").read_text()
    assert text.count("failed unseen") == 2
    assert "builtins.KeyError" in text
    assert SECRET not in text


@pytest.mark.parametrize("error", ["ValueError", "asyncio.CancelledError", "GeneratorExit"])
def test_a_bug_before_the_command_begins_is_one_sentence_too(error: str) -> None:
    code = (
        "import sys, asyncio\n"
        "from jobtui.cli import main, parse as parsing\n"
        "def parse(argv):\n"
        f"    raise {error}('{SECRET}')\n"
        "parsing.parse = parse\n"
        "sys.argv = ['jobtui', 'ls']\n"
        "main.run()\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (70, "", 1)
    assert "this is a bug" in ran.stderr
    (report,) = paths.log_folder().glob("crash-*.txt")
    assert SECRET not in ran.stderr + report.read_text()
