"""A permalink to a step: gone to once it is shown, given up for good when somebody goes elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from jobtui.errors import Unreachable
from jobtui.journal.batch import Batch
from jobtui.journal.journal import Journal
from jobtui.model import Job, JobDetail, JobRef, Source, StepRef
from jobtui.monitor.monitor import Monitor
from jobtui.tui.app import JobtuiApp
from tests.conftest import until
from tests.factory import a_job
from tests.tui.conftest import a_step
from tests.tui.staged import Server, Stage

REF = JobRef("tiles", "1")


class Answering(Server):
    """A server that answers for one job when it is let, or not at all."""

    def __init__(self) -> None:
        super().__init__("tiles")
        self.may_answer = asyncio.Event()
        self.fault: Unreachable | None = None
        self.asked_for = 0

    async def get(self, job_id: str) -> JobDetail:
        self.asked_for += 1
        if self.fault is not None:
            raise self.fault
        await self.may_answer.wait()
        detail = await super().get(job_id)
        return JobDetail(replace(detail.job, as_of=datetime.now(UTC)), (a_step("a"), a_step("b")))


@asynccontextmanager
async def opened(path: Path, server: Server, remembered: Job, step_id: str) -> AsyncIterator[Stage]:
    """Open a step of a job of which the journal knows one step."""
    journal = Journal(path / "journal.sqlite3")
    journal.keep(Batch(jobs=[remembered], details=[JobDetail(remembered, (a_step("a"),))]))
    sources = [Source("tiles", server.kind, poll_s=0.3, budget=6_000)]
    app = JobtuiApp(
        lambda publish: Monitor(sources, {"tiles": server}, journal, publish=publish, who="tester"),
        select=StepRef(REF, step_id),
    )
    async with app.run_test(size=(120, 40)) as pilot:
        yield Stage(app, pilot)
    journal.close()


async def test_a_step_that_only_the_server_knows_is_waited_for(tmp_path: Path) -> None:
    server, job = Answering(), a_job("1", as_of=datetime.now(UTC))
    server.has(job)
    async with opened(tmp_path, server, job, "b") as stage:
        steps = stage.main.steps
        await until(lambda: steps.step is not None and steps.step.id == "a", what="what is remembered")
        await stage.pilot.pause(0.2)
        assert "no step" not in stage.receipt
        server.may_answer.set()
        await until(lambda: steps.step is not None and steps.step.id == "b", what="the cursor on the step")


async def test_a_step_that_the_server_does_not_know_is_said_to_be_none(tmp_path: Path) -> None:
    server, job = Answering(), a_job("1", as_of=datetime.now(UTC))
    server.has(job)
    server.may_answer.set()
    async with opened(tmp_path, server, job, "c") as stage:
        await until(lambda: "no step c" in stage.receipt, what="that it is none")


async def test_who_goes_elsewhere_meanwhile_stays_there(tmp_path: Path) -> None:
    """Every answer of the list took the cursor back to the job, as long as it could not be read whole."""
    server, job = Answering(), a_job("1", as_of=datetime.now(UTC))
    for each in (job, a_job("2"), a_job("3")):
        server.has(each)
    server.fault = Unreachable("tiles", "no answer")
    async with opened(tmp_path, server, job, "b") as stage:
        main = stage.main
        await until(lambda: main.panes.focused == "steps" and len(main.view) == 3, what="the job is found")
        await stage.pilot.press("1", "j")
        gone_to = main.jobs.selected
        assert gone_to != REF
        server.has(a_job("2", title="another title", as_of=datetime.now(UTC)))
        await until(
            lambda: "another title" in {one.title for one in main.monitor.store}, what="another answer"
        )
        await stage.pilot.pause(0.4)
        assert (main.jobs.selected, main.panes.focused) == (gone_to, "jobs")
