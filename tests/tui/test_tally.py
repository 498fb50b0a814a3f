"""The counts in the header: who needs somebody first, then every state, the worst first, in any width."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobtui.insight.muting import Mutes
from jobtui.model import Flag, Job, State
from jobtui.monitor.events import Change
from jobtui.tui.format.spans import text_of, width_of
from jobtui.tui.tally import Tally
from tests.factory import NOW, a_job

COUNTS = {
    State.FAILED: 14,
    State.PARTIAL: 11,
    State.HELD: 7,
    State.STOPPED: 2,
    State.WAITING: 3,
    State.RUNNING: 19,
    State.QUEUED: 11,
    State.SUCCEEDED: 46,
    State.CANCELLED: 2,
}


def everything() -> list[Job]:
    jobs = [
        a_job(f"{state.value}{number}", state=state, ended=state in (State.FAILED, State.PARTIAL))
        for state, count in COUNTS.items()
        for number in range(count)
    ]
    return [*jobs, a_job("stalled", flags=frozenset({Flag.STALLED}), unchanged_since=NOW)]


def a_tally(jobs: list[Job], mutes: Mutes | None = None) -> Tally:
    tally = Tally((mutes or Mutes()).needs_me)
    for job in jobs:
        tally.count(job, NOW)
    return tally


def test_the_worst_is_counted_first() -> None:
    line = text_of(a_tally(everything()).line(140))
    assert line.startswith("! 26 need you, ! goes to the next  14 fail  11 part  1 stall  7 held  2 stop")
    assert line.endswith("46 done")


@pytest.mark.parametrize("width", [20, 40, 58, 78, 98, 118])
def test_whatever_the_width_it_fits_and_no_job_is_left_out(width: int) -> None:
    tally = a_tally(everything())
    line = tally.line(width)
    assert width_of(line) <= width
    counts = [int(word.strip("+:")) for word in text_of(line).split()[2:] if word.strip("+:").isdigit()]
    assert sum(counts) == 116 or not counts


def test_in_eighty_columns_a_usual_shift_is_counted_whole() -> None:
    tally = a_tally([job for job in everything() if job.state not in (State.CANCELLED, State.STOPPED)])
    assert text_of(tally.line(78)).endswith("11 queue 46 done")


def test_what_is_muted_is_counted_apart() -> None:
    mutes, jobs = Mutes(), everything()
    mutes.toggle(jobs[:4])
    line = text_of(a_tally(jobs, mutes).line(140))
    assert line.startswith("! 22 need you")
    assert line.endswith("4 muted")


def test_it_says_since_when_nothing_needs_anybody() -> None:
    failed = a_job(state=State.FAILED)
    tally = a_tally([failed, a_job("2")])
    later = NOW + timedelta(minutes=58)
    tally.apply([Change(failed.ref, failed, a_job())], later)
    tally.apply([Change(failed.ref, failed, a_job(title="renamed"))], later + timedelta(hours=1))
    assert text_of(tally.line(80)).startswith("nothing needs you since 14:58  2 run")


def test_while_not_all_is_counted_nobody_is_told_that_nothing_is_the_matter() -> None:
    assert text_of(a_tally([a_job("1")]).line(80, is_whole=False)) == "counting …  1 run"
    assert text_of(a_tally([a_job("1")]).line(80)) == "nothing needs you  1 run"
    failed = [a_job("1"), a_job("2", state=State.FAILED, ended=True)]
    assert text_of(a_tally(failed).line(80, is_whole=False)).startswith("! 1 needs you so far")


def test_an_id_that_no_server_knows_is_no_job() -> None:
    unheard_of = a_job("2", state=State.UNKNOWN, raw_state="", flags=frozenset({Flag.FORGOTTEN}))
    assert text_of(a_tally([a_job("1"), unheard_of]).line(80)) == "nothing needs you  1 run"
