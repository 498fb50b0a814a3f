"""A control whose process died between sending and answer is followed up by the next start, at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from jobtui.model import State, Verdict
from tests.conftest import until
from tests.factory import a_job
from tests.journal.test_processes import start
from tests.monitor.scripted import Scripted, monitor_of

SENDER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from jobtui.journal.journal import Journal
from jobtui.model import Control, ControlRequest, JobRef
journal = Journal(Path(sys.argv[1]))
journal.asked(ControlRequest(Control.CANCEL, JobRef("tiles", "1"), datetime.now(UTC)), "killed")
print("sending", flush=True)
time.sleep(600)
"""


async def test_what_a_killed_process_was_sending_is_followed_up_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    sender = start(SENDER, str(path))
    assert sender.stdout is not None
    assert sender.stdout.readline() == "sending\n"
    backend = Scripted()
    backend.has(a_job("1", state=State.CANCELLED, ended=True, as_of=datetime.now(UTC)))

    while_it_lives = monitor_of(backend, path)
    await while_it_lives.load()
    assert while_it_lives._effects.awaited() == []
    await while_it_lives.stop()
    while_it_lives._journal.close()

    sender.kill()
    sender.communicate(timeout=60)
    monitor = monitor_of(backend, path)
    journal = monitor._journal
    await monitor.start()
    await until(lambda: journal.audit()[0].effect, what="what became of it, in the journal")
    (entry,) = journal.audit()
    assert (entry.who, entry.outcome, backend.sent) == ("killed", None, 0), "followed, never sent again"
    assert entry.effect is not None
    assert entry.effect.text == "cancelled"
    assert {outcome.verdict for outcome in monitor.receipts()} == {Verdict.CONFIRMED}
    await monitor.stop()
    journal.close()
