"""What the journal answers as a memory: what happened since, what is usual, where was it."""

from __future__ import annotations

import dataclasses

import pytest

from jobtui.journal.journal import Batch, Journal
from jobtui.journal.memory import What
from jobtui.journal.recall import pattern_of
from jobtui.model import Flag, Hold, Job, JobDetail, JobRef, Kind, State, Step, Verdict
from tests.journal.samples import NOW, REF, job, later, outcome, request


def told(job_id: str, second: float, state: State, **fields: object) -> Job:
    """A job as told at a second; ended when its state is one of an end."""
    ended = state in (State.SUCCEEDED, State.FAILED, State.CANCELLED, State.PARTIAL)
    made = dataclasses.replace(job(job_id, as_of=later(second)), state=state, raw_state=state.value)
    made = dataclasses.replace(made, ended=ended, ended_at=later(second) if ended else None)
    return dataclasses.replace(made, **fields)  # type: ignore[arg-type]


def since(journal: Journal, second: float = 20) -> list[tuple[str, str]]:
    return [(each.ref.job_id, each.what.value) for each in journal.past.since(later(second))]


# --- while you were away ------------------------------------------------------------------------------------
def test_what_ended_since_is_told_with_how_and_from_what(journal: Journal) -> None:
    journal.save_jobs([told("early", 0, State.RUNNING), told("early", 10, State.FAILED)])
    journal.save_jobs([told("good", 0, State.RUNNING), told("good", 30, State.SUCCEEDED)])
    journal.save_jobs(
        [told("bad", 0, State.QUEUED), told("bad", 25, State.FAILED), told("same", 1, State.HELD)]
    )
    found = journal.past.since(later(20))
    assert [(each.ref.job_id, each.what) for each in found] == [("bad", What.ENDED), ("good", What.ENDED)]
    states = [(each.before.state, each.told.state) for each in found if each.before and each.told]
    assert states == [(State.QUEUED, State.FAILED), (State.RUNNING, State.SUCCEEDED)]
    assert journal.past.since(later(20), "desk") == []


def test_a_job_first_told_of_when_it_had_ended_counts_only_if_it_ended_since(journal: Journal) -> None:
    journal.save_jobs([told("new", 30, State.FAILED, ended_at=later(25))])
    journal.save_jobs([told("long ago", 31, State.FAILED, ended_at=later(-900))])
    assert since(journal) == [("new", "ended")]


def test_a_job_that_stands_failed_is_said_though_it_has_not_ended(journal: Journal) -> None:
    def standing(job_id: str, second: float, state: State, **fields: object) -> Job:
        return told(job_id, second, state, ended=False, ended_at=None, **fields)

    journal.save_jobs([standing("a", 0, State.RUNNING), standing("a", 30, State.FAILED)])
    journal.save_jobs([standing("b", 31, State.FAILED, created=later(25))])
    journal.save_jobs([standing("c", 32, State.FAILED, created=later(-900))])
    assert since(journal) == [("a", "failed"), ("b", "failed")]


def test_what_a_list_row_guesses_of_a_workflow_job_is_no_state_it_ever_had(journal: Journal) -> None:
    row = told("a", 25, State.WAITING, flags=frozenset({Flag.BRIEF}), kind=Kind.ARCGIS)
    whole = told("a", 26, State.FAILED, kind=Kind.ARCGIS, ended=False, ended_at=None)
    journal.save_jobs([row])
    journal.save_jobs([whole])
    assert [each.state for each in journal.past.told(row.ref)] == [State.UNKNOWN, State.FAILED]
    assert since(journal) == []


def test_mere_progress_and_new_open_jobs_are_no_news(journal: Journal) -> None:
    journal.save_jobs([told("a", 25, State.RUNNING), told("a", 26, State.RUNNING, owner=None)])
    assert since(journal) == []


def test_reopened_forgotten_and_assigned_are_said(journal: Journal) -> None:
    forgotten = frozenset({Flag.FORGOTTEN})
    journal.save_jobs([told("a", 0, State.CANCELLED), told("a", 30, State.RUNNING)])
    journal.save_jobs(
        [told("b", 0, State.RUNNING), told("b", 31, State.RUNNING, flags=forgotten, ended=True)]
    )
    journal.save_jobs([told("c", 0, State.WAITING, owner="x"), told("c", 32, State.WAITING, owner="dortiz")])
    assert since(journal) == [("a", "reopened"), ("b", "forgotten"), ("c", "assigned")]
    assert journal.past.since(later(32))[0].assigned_to == "dortiz"


def test_holds_and_assigned_steps_are_said_and_old_holds_seen_first_are_not(journal: Journal) -> None:
    def read(second: float, assigned: str, *holds: Hold) -> JobDetail:
        step = Step("s1", "Check", State.WAITING, current=True, assigned_to=assigned, holds=holds)
        return JobDetail(told("a", second, State.WAITING, kind=Kind.ARCGIS), (step,))

    old = Hold("old", "s1", "ops", later(-500))
    new = Hold("new", "s1", "ops", later(24))
    journal.save_detail(read(5, "me"))
    journal.save_detail(read(25, "me", old, new))
    journal.save_detail(read(35, "dortiz", old))
    assert since(journal) == [("a", "held"), ("a", "assigned"), ("a", "released")]
    held, assigned, released = journal.past.since(later(20))
    assert held.hold == released.hold == new
    assert (assigned.step_id, assigned.assigned_to) == ("s1", "dortiz")


@pytest.mark.parametrize(
    ("verdict", "before_s", "ours"),
    [
        (Verdict.ACCEPTED, 5, True),
        (None, 5, True),
        (Verdict.REFUSED, 5, False),
        (Verdict.ACCEPTED, 9_000, False),
    ],
)
def test_what_we_asked_for_is_told_from_what_others_did(
    journal: Journal, verdict: Verdict | None, before_s: float, ours: bool
) -> None:
    journal.save_jobs([told("Zk19", 0, State.RUNNING), told("Zk19", 30, State.CANCELLED)])
    journal.save_jobs([told("else", 0, State.RUNNING), told("else", 31, State.CANCELLED)])
    asked = request(at=later(30 - before_s))
    entry_id = journal.asked(asked, "me")
    if verdict is not None:
        journal.answered(entry_id, outcome(asked, verdict))
    assert [each.ours for each in journal.past.since(later(20))] == [ours, False]


# --- what is usual ------------------------------------------------------------------------------------------
def test_usual_times_are_by_source_application_kind_and_pattern_of_the_title(journal: Journal) -> None:
    def took(number: int, seconds: float, state: State = State.SUCCEEDED, **fields: object) -> Job:
        given = {"started": NOW, "ended_at": later(seconds), "title": f"Import {number} of 2026-11-0{number}"}
        return told(f"{number}", seconds, state, **(given | fields))

    journal.save_jobs([took(n, n * 10) for n in range(1, 10)])
    journal.save_jobs([dataclasses.replace(took(1, 7_000, State.FAILED), ref=JobRef("field", "failed"))])
    journal.save_jobs([dataclasses.replace(took(2, 500, application="tiler"), ref=JobRef("field", "other"))])
    most, other = journal.past.usual("field")
    assert (most.pattern, most.application, most.kind) == ("Import # of #", None, Kind.ARCGIS)
    assert (most.count, most.median_s, most.p90_s) == (9, 50.0, 80.0)
    assert (other.application, other.count, other.median_s) == ("tiler", 1, 500.0)
    assert journal.past.usual("desk") == []
    assert [each.count for each in journal.past.usual(since=later(85))] == [1, 1]


def test_a_time_that_is_not_known_or_negative_is_not_counted(journal: Journal) -> None:
    journal.save_jobs([told("a", 5, State.SUCCEEDED), told("b", 5, State.SUCCEEDED, started=later(50))])
    assert journal.past.usual() == []


@pytest.mark.parametrize(
    ("title", "pattern"),
    [
        ("Build tiles 17/42", "Build tiles #"),
        ("job 123e4567-e89b-12d3-a456-426614174000 done", "job # done"),
        ("v1.2.3 at 0xFF", "v# at #"),
        ("no number", "no number"),
        ("", ""),
    ],
)
def test_every_number_of_a_title_is_the_same(title: str, pattern: str) -> None:
    assert pattern_of(title) == pattern


# --- where was it -------------------------------------------------------------------------------------------
def test_a_forgotten_job_is_found_by_id_and_by_what_is_remembered_of_it(journal: Journal) -> None:
    gone = told("Zk19", 5, State.FAILED, title="Straße “prüfen”", flags=frozenset({Flag.FORGOTTEN}))
    gone = dataclasses.replace(gone, owner="dortiz", why='no "disk" left')
    journal.save_jobs([gone, told("other", 9, State.RUNNING)])
    for text in ("zk1", "STRASSE", "prüfen", "DORTIZ", 'no "disk"'):
        assert journal.past.find(text) == [gone], text
    assert journal.past.find("nowhere") == []
    assert journal.past.find("zk19", source="desk") == []


def test_the_latest_are_found_first_and_no_more_than_asked_for(journal: Journal) -> None:
    journal.save_jobs([told(str(n), n, State.RUNNING) for n in range(30)])
    found = journal.past.find("inspect", limit=3)
    assert [each.ref.job_id for each in found] == ["29", "28", "27"]


def test_a_job_that_cannot_be_read_does_not_hide_the_others(journal: Journal) -> None:
    journal.save_jobs([told("a", 1, State.SUCCEEDED), told("b", 2, State.SUCCEEDED, started=NOW)])
    with journal._database.writing() as connection:
        connection.execute("UPDATE jobs SET body = '{' WHERE job_id = 'a'")
    assert [each.ref.job_id for each in journal.past.find("inspect")] == ["b"]
    assert len(journal.past.usual()) == 1


# --- looks and alerts ---------------------------------------------------------------------------------------
def test_the_last_looks_are_kept_by_source(journal: Journal) -> None:
    journal.keep(Batch(looks={REF: later(5), JobRef("field", "2"): later(9), JobRef("desk", "3"): later(1)}))
    journal.keep(Batch(looks={REF: later(2)}))
    assert journal.looks.last("field") == [(JobRef("field", "2"), later(9)), (REF, later(5))]
    assert journal.looks.last("field", 1) == [(JobRef("field", "2"), later(9))]


def test_when_the_screen_was_last_looked_at_only_goes_forward(journal: Journal) -> None:
    assert journal.looks.screen_looked_at() is None
    journal.looks.note_screen(later(9))
    journal.looks.note_screen(later(5))
    assert journal.looks.screen_looked_at() == later(9)


def test_usual_times_of_steps_are_by_source_template_and_pattern_of_the_title(journal: Journal) -> None:
    def step(step_id: str, title: str, seconds: float, state: State = State.SUCCEEDED, *below: Step) -> Step:
        return Step(step_id, title, state, started=NOW, ended_at=later(seconds), children=below)

    for number in range(1, 6):
        inner = step("s2", f"Edit sheet {number}", 600)
        steps = (
            step("s1", "Review", number * 10, State.SUCCEEDED, inner),
            step("s3", "Review", 9_000, State.FAILED),
            Step("s4", "Publish", State.SUCCEEDED, started=NOW),
        )
        journal.save_detail(JobDetail(told(f"{number}", 5, State.RUNNING, application="survey"), steps))
    batch = told("b", 5, State.SUCCEEDED, kind=Kind.ZENDESK)
    journal.save_detail(JobDetail(batch, (step("i1", "Review", 1),)))
    found = {each.pattern: each for each in journal.past.usual_steps()}
    assert set(found) == {"Review", "Edit sheet #"}
    review = found["Review"]
    assert (review.source, review.application) == ("field", "survey")
    assert (review.count, review.median_s, review.p90_s) == (5, 30.0, 50.0)
    assert journal.past.usual_steps(since=later(6)) == []


def test_an_alert_of_a_sort_is_claimed_once_by_whomever_until_it_happens_again(journal: Journal) -> None:
    with Journal(journal.path) as other:
        assert journal.looks.claim("fails", REF, "fails", NOW)
        assert not other.looks.claim("fails", REF, "fails", later(1))
        assert not other.looks.claim("fails", REF, "fails", later(1), unless_since=NOW)
        assert other.looks.claim("fails", REF, "fails", later(3), unless_since=later(2))
        assert journal.looks.claim("fails", REF, "fails x", NOW), "another sort, though it begins alike"
        assert journal.looks.claim("ends", REF, "fails", NOW), "another rule"
        assert [alert.rule for alert in journal.looks.alerts(later(1))] == ["fails"]


def test_what_quiet_hours_held_back_is_told_once_by_whomever(journal: Journal) -> None:
    assert journal.looks.quiet_told() is None
    journal.looks.note_quiet_told(later(1))
    journal.looks.note_quiet_told(NOW)
    assert journal.looks.quiet_told() == later(1)
