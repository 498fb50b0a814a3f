"""A view kept up to date equals one made anew, whatever changes, is filtered and sorted."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobtui.insight.muting import Mutes
from jobtui.insight.search import is_steady, text_of
from jobtui.insight.sorting import Column, Order, Sorting, sort_key
from jobtui.model import Flag, Hold, Job, JobRef, Progress, State
from jobtui.monitor import sieve as sieve_module
from jobtui.monitor import view as view_module
from jobtui.monitor.events import Change
from jobtui.monitor.store import Store
from jobtui.monitor.view import View
from jobtui.tui.finding import Finding
from tests.factory import NOW, a_job

TEXTS = (
    "",
    "a",
    "ab",
    "ba c",
    "held",
    "!a",
    "!a !b",
    "state:f",
    "state:held a",
    "a b",
    "age>2h",
    "f:a",
    "run",
)
MOMENTS = st.sampled_from([None, *(NOW - timedelta(hours=hours) for hours in (0, 1, 3, 90))])


@st.composite
def any_job(draw: st.DrawFn) -> Job:
    """Draw one of few jobs, in any condition."""
    number = draw(st.integers(0, 14))
    flags = draw(st.sampled_from([frozenset[Flag](), frozenset({Flag.STALLED}), frozenset({Flag.BRIEF})]))
    return a_job(
        ("7", "07", "x", "X", "10")[number % 5],
        source=("tiles", "desk", "field")[number // 5],
        state=draw(st.sampled_from(list(State))),
        title=draw(st.sampled_from(["", "a", "A", "ab", "b c", "\x00"])),
        owner=draw(st.sampled_from([None, "ann", "Bob"])),
        ended=draw(st.booleans()),
        created=draw(MOMENTS),
        updated=draw(MOMENTS),
        unchanged_since=NOW - timedelta(minutes=5) if flags == {Flag.STALLED} else None,
        progress=draw(st.sampled_from([None, Progress(0.5), Progress(None, 3), Progress(0.5, 1, 2)])),
        flags=flags,
    )


ORDERS = st.builds(Order, st.sampled_from(list(Column)), st.booleans())
STEPS = st.one_of(
    st.tuples(st.just("jobs"), st.lists(any_job(), max_size=6)),
    st.tuples(st.just("gone"), any_job()),
    st.tuples(st.just("filter"), st.sampled_from(TEXTS)),
    st.tuples(st.just("problems"), st.booleans()),
    st.tuples(st.just("order"), ORDERS),
    st.tuples(st.just("mute"), any_job()),
    st.tuples(st.just("keep"), any_job()),
    st.tuples(st.just("warm"), st.booleans()),
    st.tuples(st.just("letters"), st.sampled_from(TEXTS)),
    st.tuples(st.just("slices"), st.integers(1, 5)),
)


class Session:
    """A finding that is kept up to date, and all that was done to it."""

    def __init__(self) -> None:
        self.store, self.mutes, self.moment = Store(), Mutes(), NOW
        self.finding = Finding(self.store, lambda: NOW, self.mutes)
        self.pending: Iterator[None] = iter(())
        """A filter that is put through a slice at a time, and what happens in between."""

    def do(self, what: str, value: Any) -> None:
        """Do one thing, as the board does it."""
        finding, view = self.finding, self.finding.view
        self.moment += timedelta(seconds=1)
        if what == "jobs":
            view.apply(self.store.apply(value, self.moment))
        elif what == "gone":
            view.apply(self.store.remove(value.ref))
        elif what == "filter":
            finding.filter(value, problems=finding.problems)
        elif what == "problems":
            finding.filter(finding.text, problems=value)
        elif what == "order":
            finding.sort(value)
        elif what == "mute" and (job := self.store.get(value.ref)) is not None:
            self.mutes.toggle([job])
            view.apply([Change(job.ref, job, job)])
        elif what == "keep":
            self.keep(value.ref)
        elif what == "warm":
            list(finding.begin())
            if value:
                finding.end()
        elif what == "letters":
            self.pending = finding.filtering(value, problems=finding.problems)
            next(self.pending, None)
        elif what == "slices":
            for _ in range(value):
                next(self.pending, None)

    def keep(self, ref: JobRef) -> None:
        """Put the cursor on another job."""
        before, self.finding.kept = self.finding.kept, ref if ref in self.finding.view else None
        if before is not None and (job := self.store.get(before)) is not None:
            self.finding.view.apply([Change(before, job, job)])

    def wanted(self) -> list[JobRef]:
        """Give what a list made anew would show."""
        finding, store = self.finding, self.store
        jobs = [job for job in store if self.passes(job)]
        key = self.mutes.key(finding.order)
        return [job.ref for job in sorted(jobs, key=lambda job: (key(job), job.ref.source, job.ref.job_id))]

    def passes(self, job: Job) -> bool:
        finding = self.finding
        needs = not finding.problems or self.mutes.needs_me(job, NOW)
        return job.ref == finding.kept or (needs and finding.query.matches(job, NOW))


def holds(session: Session) -> None:
    view = session.finding.view
    rows = list(view)
    assert rows == session.wanted()
    assert [view[row] for row in range(len(view))] == rows
    assert [view.index(ref) for ref in rows] == list(range(len(rows)))
    hidden = {job.ref for job in session.store} - set(rows)
    assert all(ref not in view and view.index(ref) is None for ref in hidden)
    assert all(ref in view for ref in rows)


@settings(deadline=None)
@given(st.lists(STEPS, max_size=30), st.sampled_from([0, 2, 1_000]))
def test_what_is_kept_up_to_date_equals_what_is_made_anew(steps: list[tuple[str, Any]], many: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view_module, "_MANY", many)
        patch.setattr(sieve_module, "AT_ONCE", 2)
        session = Session()
        for what, value in steps:
            session.do(what, value)
            holds(session)
        for _ in session.pending:
            holds(session)
        holds(session)


def test_what_changes_while_a_filter_is_put_through_is_put_through_too() -> None:
    session = Session()
    session.do("jobs", [a_job(str(number), title="coast") for number in range(9)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sieve_module, "AT_ONCE", 2)
        session.do("letters", "coast")
        assert len(session.finding.view) == 9, "as before, until it is through"
        session.do("jobs", [a_job("0", title="lake"), a_job("x", title="coast"), a_job("y", title="lake")])
        session.do("gone", a_job("1"))
        list(session.pending)
    holds(session)
    assert {ref.job_id for ref in session.finding.view} == {*"2345678", "x"}


def test_of_two_filters_the_newer_is_in_force_and_the_older_is_given_up() -> None:
    session = Session()
    session.do("jobs", [a_job(str(number), title="coast" if number % 2 else "lake") for number in range(9)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sieve_module, "AT_ONCE", 2)
        session.do("letters", "lake")
        older = session.finding.filtering("nothing", problems=False)
        assert isinstance(older, Generator)
        next(older)
        older.close()
        session.do("letters", "coast")
        list(session.pending)
    holds(session)
    assert session.finding.text == "coast"
    assert len(session.finding.view) == 4


@given(st.lists(STEPS, max_size=12), st.lists(any_job(), max_size=5))
def test_rows_moved_is_said_just_when_the_rows_differ(steps: list[tuple[str, Any]], jobs: list[Job]) -> None:
    session = Session()
    for what, value in steps:
        session.do(what, value)
    before = list(session.finding.view)
    moved = session.finding.view.apply(session.store.apply(jobs, session.moment + timedelta(seconds=1)))
    assert moved or before == list(session.finding.view)


@given(any_job())
def test_the_text_of_a_steady_job_stays_while_time_goes_by(job: Job) -> None:
    if is_steady(job):
        assert text_of(job, NOW) == text_of(job, NOW + timedelta(days=3))


def test_the_text_of_a_held_job_goes_with_the_time() -> None:
    hold = Hold("h", "s", by="ann", since=NOW - timedelta(minutes=5))
    session = Session()
    session.do("jobs", [a_job(state=State.HELD, holds=(hold,))])
    session.do("warm", False)
    session.finding._now = lambda: NOW + timedelta(minutes=2)
    session.do("filter", "7m")
    assert len(session.finding.view) == 1


@pytest.mark.parametrize("order", [Order(column, turned) for column in Column for turned in (False, True)])
def test_many_jobs_are_sorted_as_one_by_one(order: Order) -> None:
    store = Store()
    jobs = [
        a_job(str(number * 7_919 % 1_000), title=f"t{number % 13}", updated=NOW - timedelta(number % 17))
        for number in range(300)
    ]
    store.apply(jobs, NOW)
    view = View(store, key=Sorting())
    view.set_order(sort_key(order))
    wanted = sorted(store, key=lambda job: (sort_key(order)(job), job.ref.source, job.ref.job_id))
    assert list(view) == [job.ref for job in wanted]
