"""An id that its server does not know: said in every place, and never taken for a job that ended."""

from __future__ import annotations

from pathlib import Path

from jobtui.cli.spoken.sentences import counts
from jobtui.model import Control, JobRef
from jobtui.tui.format.spans import text_of
from tests.conftest import until
from tests.factory import a_job
from tests.tui.staged import Server, Stage, staged
from tests.tui.test_away import listed

REF = JobRef("tiles", "999999")


def strip(stage: Stage) -> str:
    return " ".join(text_of(line) for line in stage.main.strip.lines)


async def test_an_unknown_id_is_said_to_be_none_in_the_strip_the_details_and_by_every_key(
    tmp_path: Path,
) -> None:
    server = Server("tiles")
    server.has(a_job("0"))
    async with staged(tmp_path, server, size=(80, 30)) as stage:
        monitor = stage.app.monitor
        monitor.expect(REF)
        await until(lambda: monitor.store.get(REF), what="the server has answered")
        await until(lambda: stage.main.jobs.select(REF), what="the cursor is on it")
        await until(lambda: "says  the server knows no such job, asked " in strip(stage), what=strip(stage))
        assert "nothing: the server knows no such job" in strip(stage)
        assert "has ended" not in strip(stage)
        why = monitor.why_not(Control.CANCEL, REF)
        assert why is not None
        assert (why.text, why.hard) == ("the server knows no such job", True)
        await stage.pilot.press("d")
        await until(lambda: len(stage.app.screen_stack) == 2, what="the details")
        await until(lambda: "server says   it knows no such job" in listed(stage), what="the details say so")
        assert "not now: the server knows no such job" in listed(stage)
        assert counts(monitor.store) == "1 job: 1 running.", "and no job is counted for it"
