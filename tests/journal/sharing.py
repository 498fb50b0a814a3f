"""One of several processes that share a journal: a real monitor that is told much and sends many controls.

Run as ``python -m tests.journal.sharing JOURNAL NAME SHARE OF``; prints what it was told and sent as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from jobtui.journal.journal import Journal
from jobtui.model import (
    Control,
    ControlRequest,
    Cursor,
    Job,
    JobMessage,
    JobRef,
    Level,
    MessagePage,
    Outcome,
    Progress,
    Source,
    State,
    Verdict,
)
from jobtui.monitor.monitor import Monitor
from tests.conftest import until
from tests.factory import NOW, a_job
from tests.monitor.scripted import Scripted

CONTROLS = 1_000
TALKING = 100
"""Jobs with messages and changing states; every process watches them all."""
MESSAGES = 100
STATES = 20
_AT_ONCE = 10


class Sharing(Scripted):
    """A server that cancels what it is asked to, and whose jobs say much."""

    async def messages(self, job_id: str, cursor: Cursor) -> MessagePage:
        begin = int(cursor.mark or 0)
        ref = JobRef(self.source, job_id)
        said = [
            JobMessage(ref, str(n), NOW + timedelta(seconds=n), Level.INFO, "INFO", f"{job_id} says {n}")
            for n in range(begin, min(MESSAGES, begin + 25))
        ]
        return MessagePage(tuple(said), Cursor(str(begin + len(said))), more=begin + 25 < MESSAGES)

    async def control(self, request: ControlRequest) -> Outcome:
        self.sent += 1
        self.has(a_job(request.ref.job_id, state=State.CANCELLED, raw_state="CANCELLED", ended=True))
        await asyncio.sleep(0)
        return Outcome(request, Verdict.ACCEPTED, True, datetime.now(NOW.tzinfo))


def state_at(job_id: str, second: int) -> Job:
    """How a talking job stands at a second."""
    as_of = NOW + timedelta(seconds=second)
    return a_job(job_id, as_of=as_of, progress=Progress(second / STATES, second, STATES))


async def work(monitor: Monitor, backend: Sharing, share: int, of: int) -> dict[str, int]:
    """Be told, ask and send, all at once; gives how much of each."""
    told, sent = await asyncio.gather(_be_told(monitor, share), _send(monitor, backend, share, of))
    return {"told": told[0], "messages": told[1], "sent": backend.sent, "accepted": sent}


async def _be_told(monitor: Monitor, share: int) -> tuple[int, int]:
    """Be told of most states of every talking job, and of all messages."""
    told = messages = 0
    for second in range(STATES):
        if second % 3 != share:  # else told to the other only
            jobs = [state_at(f"t{number}", second) for number in range(TALKING)]
            monitor._known.take_jobs("tiles", jobs, NOW + timedelta(seconds=second))
            told += len(jobs)
        for number in range(second, TALKING, STATES):
            messages += len(await monitor.read_messages(JobRef("tiles", f"t{number}")))
    return told, messages


async def _send(monitor: Monitor, backend: Sharing, share: int, of: int) -> int:
    mine = range(share, CONTROLS, of)
    accepted = 0
    for start in range(0, len(mine), _AT_ONCE):
        outcomes = await asyncio.gather(
            *(_cancel(monitor, backend, f"c{n}") for n in mine[start : start + _AT_ONCE])
        )
        accepted += sum(outcome.verdict is Verdict.ACCEPTED for outcome in outcomes)
    return accepted


async def _cancel(monitor: Monitor, backend: Sharing, job_id: str) -> Outcome:
    ref = backend.has(a_job(job_id), listed=False)
    return await monitor.carry_out(monitor.propose(Control.CANCEL, ref).request)


async def run(path: Path, name: str, share: int, of: int) -> dict[str, int]:
    """Work on a journal until all that was sent has been seen to have happened."""
    backend = Sharing()
    with Journal(path) as journal:
        source = Source("tiles", backend.kind, poll_s=60, budget=600_000)
        monitor = Monitor([source], {"tiles": backend}, journal, who=name)
        done = await work(monitor, backend, share, of)
        # Whoever sees an effect, this process or the other, writes it down.
        await until(lambda: not journal.unsettled(), timeout_s=120, what="every effect seen")
        await monitor._known.recorder.close(patience_s=60)
        assert monitor.journal_fault is None
        await monitor.stop()
    return done


def main(argv: Sequence[str]) -> None:
    """Run one process."""
    path, name, share, of = argv
    sys.stdout.write(json.dumps(asyncio.run(run(Path(path), name, int(share), int(of)))))


def expected(job_id: str) -> list[Job]:
    """Every state of a talking job, in order."""
    return [state_at(job_id, second) for second in range(STATES)]


if __name__ == "__main__":
    main(sys.argv[1:])
