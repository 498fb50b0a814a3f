"""What was told over time is kept, all of it, each thing once, in its order."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobtui.journal.batch import Batch
from jobtui.journal.journal import Journal
from jobtui.journal.told import Told, told_of
from jobtui.model import Flag, Hold, Job, JobDetail, JobRef, Kind, Progress, State, Step
from tests.journal.samples import NOW, REF, job, later


def at(seconds: float, state: State = State.RUNNING, **fields: object) -> Job:
    """The sample job as told some seconds after NOW."""
    made = dataclasses.replace(job(as_of=later(seconds)), state=state, raw_state=state.value)
    return dataclasses.replace(made, **fields)  # type: ignore[arg-type]


def states(journal: Journal, ref: JobRef = REF) -> list[tuple[float, str]]:
    return [((told.at - NOW).total_seconds(), told.state.value) for told in journal.past.told(ref)]


def read(*steps: Step, seconds: float = 0, kind: Kind = Kind.ARCGIS) -> JobDetail:
    return JobDetail(dataclasses.replace(at(seconds), kind=kind), steps)


# --- states -------------------------------------------------------------------------------------------------
def test_every_state_told_is_kept_though_only_the_latest_job_is(journal: Journal) -> None:
    told = [at(0, State.QUEUED), at(1), at(2, State.HELD), at(3), at(4, State.SUCCEEDED, ended=True)]
    journal.keep(Batch(jobs=told[-1:], told=[told_of(each) for each in told]))
    assert journal.past.told(REF) == [told_of(each) for each in told]
    transitions = journal.past.transitions(REF)
    assert [None if t.before is None else t.before.state.value for t in transitions] == [
        None,
        "queued",
        "running",
        "held",
        "running",
    ]


def test_what_is_told_again_is_kept_once(journal: Journal) -> None:
    journal.save_jobs([at(0), at(5), at(9)])
    journal.save_jobs([at(7)])
    assert states(journal) == [(0, "running")]


def test_mere_progress_is_kept_and_is_no_transition(journal: Journal) -> None:
    told = [at(n, progress=Progress(n / 10, n, 10)) for n in range(1, 6)]
    journal.save_jobs(told)
    assert [each.progress for each in journal.past.told(REF)] == [each.progress for each in told]
    assert len(journal.past.transitions(REF)) == 1


def test_who_has_a_job_and_that_it_was_forgotten_are_part_of_its_history(journal: Journal) -> None:
    forgotten = frozenset({Flag.FORGOTTEN})
    journal.save_jobs([at(0, owner="a"), at(1, owner="b"), at(2, owner="b", ended=True, flags=forgotten)])
    told = journal.past.told(REF)
    assert [(each.owner, each.forgotten) for each in told] == [("a", False), ("b", False), ("b", True)]


def test_what_another_process_was_told_in_between_goes_to_its_place(journal: Journal, path: Path) -> None:
    with Journal(path, clock=lambda: later(60)) as other:
        journal.save_jobs([at(0, State.QUEUED), at(6, State.HELD)])
        other.save_jobs([at(0.5, State.QUEUED), at(3), at(5, State.HELD), at(8, State.SUCCEEDED)])
    assert states(journal) == [(0, "queued"), (3, "running"), (5, "held"), (8, "succeeded")]


def test_a_run_that_turns_out_to_have_been_interrupted_is_parted(journal: Journal) -> None:
    journal.save_jobs([at(0), at(10)])
    journal.save_jobs([at(5, State.HELD)])
    assert states(journal) == [(0, "running"), (5, "held"), (10, "running")]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_however_two_processes_take_turns_in_writing_the_history_is_that_of_the_asking(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    words = data.draw(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=12))
    asked = [(at(second, raw_state=word), who) for second, (word, who) in enumerate(words)]
    # Each writes what is news to itself, in its own order.
    news = [_changes([told for told, who in asked if who is process]) for process in (False, True)]
    with Journal(tmp_path_factory.mktemp("journal") / "j.db", clock=lambda: later(60)) as journal:
        while any(news):
            turn = data.draw(st.booleans()) if all(news) else bool(news[1])
            journal.save_jobs([news[turn].pop(0)])
        found = [each.raw_state for each in journal.past.told(REF)]
    everything = [_changes([told for told, who in asked if who is process]) for process in (False, True)]
    merged = sorted(everything[0] + everything[1], key=lambda told: told.as_of)
    assert found == [word for word, _ in groupby(told.raw_state for told in merged)]


def _changes(told: Sequence[Job]) -> list[Job]:
    return [next(same) for _, same in groupby(told, key=lambda each: each.raw_state)]


def test_a_moment_in_the_future_was_a_wrong_clocks(journal: Journal) -> None:
    journal.save_jobs([at(86_400, State.QUEUED)])
    journal.save_jobs([at(120)])
    assert states(journal) == [(60, "queued"), (120, "running")]


@pytest.mark.parametrize("number", [2**63, -(2**70), 10**400, 0, 2**63 - 1])
def test_a_number_of_any_size_comes_back(journal: Journal, number: int) -> None:
    journal.save_jobs([at(0, progress=Progress(None, number, number))])
    assert journal.past.told(REF)[0].progress == Progress(None, number, number)


@pytest.mark.parametrize("fraction", [float("nan"), float("inf"), -float("inf")])
def test_a_measure_that_is_no_number_is_none(journal: Journal, fraction: float) -> None:
    journal.save_jobs([at(0, progress=Progress(fraction))])
    journal.save_jobs([at(1, progress=Progress(fraction))])
    assert [told.progress for told in journal.past.told(REF)] == [None]


def test_half_a_character_costs_itself_and_not_the_history(journal: Journal) -> None:
    journal.save_jobs([at(0, raw_state="a\ud800", owner="\udfff"), dataclasses.replace(at(0), ref=BAD)])
    (told,) = journal.past.told(REF)
    assert (told.raw_state, told.owner) == ("a?", "?")


BAD = JobRef("field", "\ud800")


# --- steps, holds, errors -----------------------------------------------------------------------------------
def test_the_steps_of_a_diagram_have_a_history(journal: Journal) -> None:
    journal.save_detail(read(Step("a", "Check", State.QUEUED), Step("b", "Then", State.QUEUED)))
    journal.save_detail(
        read(
            Step("a", "Check", State.RUNNING, current=True, assigned_to="dortiz"),
            Step("b", "Then", State.QUEUED),
            seconds=5,
        )
    )
    found = [(told.step_id, told.state.value, told.assigned_to) for told in journal.past.steps(REF)]
    assert found == [("a", "queued", None), ("b", "queued", None), ("a", "running", "dortiz")]


def test_the_parts_of_a_result_have_none(journal: Journal) -> None:
    journal.save_detail(read(Step("a", "Check", State.SUCCEEDED), kind=Kind.ZENDESK))
    assert journal.past.steps(REF) == []


def hold(released: datetime | None = None) -> Hold:
    return Hold("h1", "a", "dortiz", NOW, None, None, released)


def holding(seconds: float, *holds: Hold) -> JobDetail:
    return read(Step("a", "Check", State.HELD, current=True, holds=holds), seconds=seconds)


@pytest.mark.parametrize("last", [(), (hold(later(7)),)], ids=["no longer shown", "shown as released"])
def test_a_hold_is_kept_from_first_to_last_sight(journal: Journal, last: Sequence[Hold]) -> None:
    journal.save_detail(holding(1, hold()))
    journal.save_detail(holding(5, hold()))
    journal.save_detail(holding(8, *last))
    journal.save_detail(holding(9, *last))
    (seen,) = journal.past.holds(REF)
    assert (seen.hold.by, seen.seen_at, seen.gone_at) == ("dortiz", later(1), later(8))


def test_an_answer_that_does_not_show_the_step_says_nothing_of_its_holds(journal: Journal) -> None:
    journal.save_detail(holding(1, hold()))
    journal.save_detail(read(Step("b", "Else", State.RUNNING), seconds=5))
    journal.save_jobs([at(6)])
    assert journal.past.holds(REF)[0].gone_at is None


def test_holds_of_a_job_in_a_list_are_seen_too(journal: Journal) -> None:
    journal.save_jobs([at(3, holds=(hold(),))])
    assert journal.past.holds(REF)[0].seen_at == later(3)


def test_an_older_answer_does_not_bring_a_hold_back(journal: Journal) -> None:
    journal.save_detail(holding(8, hold(later(7))))
    journal.save_detail(holding(2, hold()))
    (seen,) = journal.past.holds(REF)
    assert (seen.seen_at, seen.gone_at, seen.hold.released) == (later(2), later(8), later(7))


def test_the_items_that_failed_are_kept_with_their_words(journal: Journal) -> None:
    items = (
        Step("0", "Item 1", State.FAILED, message="RecordInvalid"),
        Step("1", "Item 2", State.SUCCEEDED),
        Step("2", "Item 3", State.FAILED, children=(Step("2.1", "deep", State.FAILED, message="x"),)),
    )
    journal.save_detail(read(*items, kind=Kind.ZENDESK))
    journal.save_detail(read(*items, kind=Kind.ZENDESK, seconds=9))
    found = [(error.item_id, error.text) for error in journal.past.item_errors(REF)]
    assert found == [("0", "RecordInvalid"), ("2", ""), ("2.1", "x")]


# --- all or nothing -----------------------------------------------------------------------------------------
def test_what_had_to_be_given_up_is_written_down(journal: Journal) -> None:
    journal.keep(Batch(lost_states=3, lost_messages=4))
    journal.keep(Batch(lost_states=1))
    summary = journal.upkeep.summary()
    assert (summary.lost_states, summary.lost_messages) == (4, 4)


def test_told_is_what_a_job_says_and_when(journal: Journal) -> None:
    journal.save_jobs([at(3)])
    assert journal.past.told(REF) == [Told(REF, later(3), State.RUNNING, "running", False)]
