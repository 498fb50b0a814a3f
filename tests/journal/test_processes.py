"""Several processes share a journal, and one that is killed leaves what it wrote."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import jobtui
from jobtui.journal.journal import Journal
from jobtui.journal.told import told_of
from jobtui.model import Control, JobRef, Verdict
from tests.conftest import until
from tests.journal import sharing
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


def test_two_processes_share_a_thousand_controls_and_ten_thousand_messages(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [sys.executable, "-m", "tests.journal.sharing", str(path)]
    both = [
        subprocess.Popen(
            [*command, name, str(share), "2"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for share, name in enumerate(("one", "two"))
    ]
    ran = [(process.communicate(timeout=300), process.returncode) for process in both]
    assert [(err, code) for (_, err), code in ran] == [("", 0), ("", 0)]
    one, two = (json.loads(out) for (out, _), _ in ran)
    assert one["sent"] == one["accepted"] == two["sent"] == two["accepted"] == sharing.CONTROLS // 2
    assert one["messages"] == two["messages"] == sharing.TALKING * sharing.MESSAGES

    with Journal(path) as journal:
        entries = journal.audit()
        assert sorted(entry.who for entry in entries) == ["one"] * 500 + ["two"] * 500
        assert len({entry.request.ref for entry in entries}) == sharing.CONTROLS
        assert {entry.outcome.verdict if entry.outcome else None for entry in entries} == {Verdict.ACCEPTED}
        assert all(entry.effect is not None and entry.effect.as_asked for entry in entries)
        assert journal.unsettled() == []
        messages = states = 0
        for number in range(sharing.TALKING):
            ref = JobRef("tiles", f"t{number}")
            said = [message.id for message in journal.messages(ref)]
            assert said == [str(n) for n in range(sharing.MESSAGES)]
            told = journal.past.told(ref)
            assert told == [told_of(job) for job in sharing.expected(ref.job_id)]
            messages, states = messages + len(said), states + len(told)
        rows = journal.upkeep.summary().rows
        assert rows["messages"] == messages == 10_000
        assert rows["controls"] == 1_000
        assert journal._database.rows("PRAGMA integrity_check") == [("ok",)]
    figures = (
        f"two processes, one journal: {len(entries):,} controls, each with one outcome and one effect; "
        f"{messages:,} messages, told {one['messages'] + two['messages']:,} times; {states:,} states, told "
        f"{one['told'] + two['told']:,} times; none lost, none doubled"
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{figures}\n")


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
