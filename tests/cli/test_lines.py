"""The watch as plain lines: each job once it was answered for, and a failure with its reason."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from jobtui.cli.lines import Printer, print_watch
from jobtui.cli.output import Output
from jobtui.config import load
from jobtui.model import Control, ControlRequest, Effect, Flag, Job, Outcome, State, Verdict
from jobtui.monitor.events import Change, Controlled, JobsChanged, Stage
from tests.cli.conftest import Cli
from tests.factory import NOW, a_job

STALE = frozenset({Flag.STALE})
BRIEF = frozenset({Flag.BRIEF})


@pytest.fixture
def printer() -> Printer:
    return Printer(Output())


def tell(printer: Printer, *jobs: Job | None, before: Job | None = None) -> None:
    """Announce one job as it changes."""
    for job in jobs:
        known = job or before
        assert known is not None
        printer.print(JobsChanged("tiles", (Change(known.ref, before, job),)))
        before = job


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def states(printed: Iterable[str]) -> list[str]:
    return [line.split()[2] for line in printed]


def test_what_the_journal_remembers_is_printed_once_it_was_answered_for(
    printer: Printer, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(printer, a_job(flags=STALE))
    assert lines(capsys) == []
    tell(printer, a_job(), before=a_job(flags=STALE))
    (line,) = lines(capsys)
    assert "running" in line
    assert "stale" not in line
    tell(printer, a_job(flags=STALE), a_job(), before=a_job())
    assert lines(capsys) == []


def test_a_failure_waits_for_its_reason(printer: Printer, capsys: pytest.CaptureFixture[str]) -> None:
    brief = a_job(state=State.FAILED, ended=True, flags=BRIEF)
    tell(printer, brief)
    assert lines(capsys) == []
    tell(printer, a_job(state=State.FAILED, ended=True, why="disk full"), before=brief)
    (line,) = lines(capsys)
    assert line.endswith("— disk full")
    printer.finish()
    assert lines(capsys) == []


def test_a_failure_whose_reason_never_comes_is_printed_at_the_end(
    printer: Printer, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(printer, a_job(), a_job(state=State.FAILED, ended=True, flags=BRIEF))
    printer.finish()
    printer.finish()
    assert states(lines(capsys)) == ["running", "failed"]


def test_a_job_that_is_gone_is_new_when_it_comes_back(
    printer: Printer, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(printer, a_job(), None, a_job(), before=None)
    assert states(lines(capsys)) == ["running", "running"]


def test_a_second_watch_prints_what_is_fresh_and_no_row_twice(
    cli: Cli, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli("ls").code == 0
    watch = print_watch(load(config), Output(), only=["field"], read_only=False, seconds=2.5)
    asyncio.run(watch)
    printed = [line for line in lines(capsys) if "  field:" in line]
    assert not [line for line in printed if "stale" in line]
    said = [line.split(maxsplit=1)[1] for line in printed]
    assert {"held", "failed"} <= set(states(printed))
    assert len(said) == len(set(said))
    # Every failure has its reason.
    assert all(" — " in line for line in printed if "  failed  " in line)


def test_what_an_earlier_process_sent_is_said_to_be_unknown_and_then_what_became_of_it(
    printer: Printer, capsys: pytest.CaptureFixture[str]
) -> None:
    request = ControlRequest(Control.CANCEL, a_job("9").ref, NOW)
    unknown = Outcome(request, Verdict.UNKNOWN, True, NOW, "no answer was ever written")
    printer.print(Controlled(Stage.ANSWERED, unknown, NOW))
    printer.print(Controlled(Stage.NOT_VISIBLE, unknown, NOW))
    confirmed = Outcome(request, Verdict.CONFIRMED, True, NOW, "cancelled")
    printer.print(Controlled(Stage.CONFIRMED, confirmed, NOW, Effect("cancelled")))
    assert [line.split("  ")[1] for line in lines(capsys)] == [
        "cancel tiles:9 unknown: no answer was ever written",
        "cancel tiles:9 confirmed: cancelled",
    ]
