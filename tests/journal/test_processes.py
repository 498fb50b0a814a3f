"""Several processes share a journal, and one that is killed leaves what it wrote."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import jobtui
from jobtui.journal.journal import Journal
from jobtui.model import Control
from tests.conftest import until
from tests.journal.samples import job

ROOT = Path(jobtui.__file__).parent.parent

WRITER = """
import sys
from pathlib import Path
from jobtui.journal.journal import Journal
from tests.journal.samples import job, later, request
path, name = Path(sys.argv[1]), sys.argv[2]
with Journal(path) as journal:
    for number in range(30):
        journal.save_jobs([job(f"{name}-{number}"), job("shared", title=name, as_of=later(number))])
        journal.asked(request(), name)
"""

ASKER = """
import sys, time
from pathlib import Path
from jobtui.journal.journal import Journal
from tests.journal.samples import request
journal = Journal(Path(sys.argv[1]))
print(journal.asked(request(), "killed"), flush=True)
time.sleep(600)
"""


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    searched = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(searched)}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def test_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    writers = [start(WRITER, str(path), name) for name in ("one", "two", "three")]
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    with Journal(path) as journal:
        assert len(journal.jobs("field")) == 3 * 30 + 1
        assert sorted(entry.who for entry in journal.audit()) == ["one"] * 30 + ["three"] * 30 + ["two"] * 30
        assert journal.notice is None


async def test_what_one_process_writes_another_that_is_open_reads(journal: Journal, path: Path) -> None:
    writer = start(WRITER, str(path), "one")
    await until(lambda: job("one-29") in journal.jobs("field"), timeout_s=60)
    assert writer.communicate(timeout=60)[0] == ""


def test_a_process_killed_between_asking_and_answer_leaves_its_intent(path: Path) -> None:
    asker = start(ASKER, str(path))
    assert asker.stdout is not None
    entry_id = int(asker.stdout.readline())
    os.kill(asker.pid, signal.SIGKILL)
    asker.communicate(timeout=60)
    assert asker.returncode == -signal.SIGKILL
    with Journal(path) as journal:
        (entry,) = journal.audit()
        assert (entry.id, entry.who, entry.request.control) == (entry_id, "killed", Control.HOLD)
        assert entry.outcome is None
        assert journal.notice is None
