"""The store and its views."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from jobtui.model import Flag, Job, JobRef, State
from jobtui.monitor.store import Store
from tests.factory import JOBS, NOW, a_job

LATER = NOW + timedelta(seconds=5)


def test_an_older_poll_cannot_undo_a_newer_answer() -> None:
    store = Store()
    store.apply([a_job(state=State.CANCELLED, ended=True)], LATER)
    assert store.apply([a_job(state=State.RUNNING)], NOW) == ()
    assert store.get(JobRef("tiles", "1")) == a_job(state=State.CANCELLED, ended=True)


def test_after_a_control_answers_to_earlier_questions_are_refused() -> None:
    store = Store()
    store.apply([a_job()], NOW)
    store.distrust(JobRef("tiles", "1"), LATER)
    assert store.apply([a_job(state=State.FAILED)], NOW + timedelta(seconds=1)) == ()
    assert len(store.apply([a_job(state=State.FAILED)], LATER)) == 1


def test_the_same_answer_again_is_no_change_but_is_younger() -> None:
    store = Store()
    store.apply([a_job()], NOW)
    assert store.apply([a_job(as_of=LATER)], LATER) == ()
    job = store.get(JobRef("tiles", "1"))
    assert job is not None
    assert job.as_of == LATER


def test_a_brief_row_erases_no_details() -> None:
    store = Store()
    full = a_job(state=State.HELD, why="held by lead", owner="dortiz", result={"a": 1})
    store.apply([full], NOW)
    brief = a_job(state=State.WAITING, flags=frozenset({Flag.BRIEF}), as_of=LATER)
    assert store.apply([brief], LATER) == ()
    kept = store.get(full.ref)
    assert kept == full
    assert kept is not None
    assert kept.as_of == NOW, "the details are no younger than when they were read"


def test_a_brief_row_that_says_otherwise_wins_and_stays_brief() -> None:
    store = Store()
    store.apply([a_job(state=State.RUNNING, owner="dortiz")], NOW)
    brief = a_job(state=State.SUCCEEDED, raw_state="Done", ended=True, flags=frozenset({Flag.BRIEF}))
    (change,) = store.apply([brief], LATER)
    assert change.after is not None
    assert (change.after.state, change.after.owner, change.after.is_brief) == (
        State.SUCCEEDED,
        "dortiz",
        True,
    )


def test_a_job_seen_at_work_does_not_go_back_to_waiting_for_its_start() -> None:
    store = Store()
    store.apply([a_job(state=State.RUNNING)], NOW)
    assert store.apply([a_job(state=State.QUEUED, as_of=LATER)], LATER) == ()
    job = store.get(JobRef("tiles", "1"))
    assert job is not None
    assert (job.state, job.as_of) == (State.RUNNING, LATER)


def test_a_mark_of_ours_stays_through_answers_until_the_job_ends() -> None:
    store = Store()
    store.apply([a_job()], NOW)
    store.mark(a_job().ref, Flag.CANCELLING, on=True)
    store.apply([a_job(title="renamed")], LATER)
    running = store.get(a_job().ref)
    assert running is not None
    assert Flag.CANCELLING in running.flags
    store.apply([a_job(state=State.CANCELLED, ended=True)], LATER)
    ended = store.get(a_job().ref)
    assert ended is not None
    assert Flag.CANCELLING not in ended.flags


def test_an_aged_source_is_stale_until_answered() -> None:
    store = Store()
    store.apply([a_job()], NOW)
    (change,) = store.age(store.of_source("tiles"))
    assert change.after is not None
    assert Flag.STALE in change.after.flags
    assert store.age(store.of_source("tiles")) == ()
    (fresh,) = store.apply([a_job()], LATER)
    assert fresh.after is not None
    assert Flag.STALE not in fresh.after.flags


@given(st.lists(JOBS, max_size=20))
def test_applying_the_same_jobs_twice_changes_nothing(jobs: list[Job]) -> None:
    store = Store()
    store.apply(jobs, NOW)
    before = list(store)
    last = {job.ref: job for job in jobs}
    assert store.apply(last.values(), LATER) == ()
    assert list(store) == before


def test_it_is_known_which_list_had_a_job_last_and_each_counts_once() -> None:
    store = Store()
    jobs = [a_job(str(number)) for number in range(3)]
    store.apply(jobs, NOW)
    assert [store.note_listed(jobs[:2], 1), store.note_listed(jobs[1:2], 1)] == [2, 0]
    assert store.note_listed([jobs[1], a_job("nobody knows it")], 2) == 1
    assert [store.listed_in(job.ref) for job in jobs] == [1, 2, 0]
    store.apply([a_job("1", title="new")], LATER)
    assert store.listed_in(jobs[1].ref) == 2, "however often it changes"
    store.remove(jobs[1].ref)
    assert store.listed_in(jobs[1].ref) == 0


def test_all_jobs_come_in_parts_whatever_goes_meanwhile() -> None:
    store = Store()
    store.apply(
        [a_job(str(number), source=source) for source in ("tiles", "desk") for number in range(5)], NOW
    )
    parts = []
    for part in store.parts(2):
        parts.append([job.ref for job in part])
        store.remove(JobRef("desk", "4"))
    assert [len(part) for part in parts] == [2, 2, 1, 2, 2]
    assert len({ref for part in parts for ref in part}) == 9


def test_parts_have_the_jobs_that_are_held_whatever_came_and_went() -> None:
    store = Store()
    numbers = [str(number) for number in range(2_500)]
    store.apply([a_job(one) for one in numbers], NOW)
    under_way = store.parts_of("tiles", 1_000)
    next(under_way)
    for one in numbers[:2_400]:
        store.remove(JobRef("tiles", one))
    assert [job.ref.job_id for part in under_way for job in part] == numbers[2_400:]
    store.apply([a_job("5"), a_job("new")], LATER)
    store.remove(JobRef("tiles", "2499"))
    held = [job.ref.job_id for part in store.parts_of("tiles", 40) for job in part]
    assert held == [*numbers[2_400:2_499], "5", "new"]


def test_a_job_that_changes_is_known_by_the_same_object_for_good() -> None:
    store = Store()
    first = a_job("1")
    store.apply([first], NOW)
    (change,) = store.apply([a_job("1", title="new")], LATER)
    assert change.after is not None
    assert change.after.ref is first.ref
    assert change.after.title == "new"
