"""Reading the list to its end, whatever the server's habits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jobtui.backends.base import Scope
from jobtui.backends.nextspace.paging import AMOUNT, Listing
from jobtui.backends.nextspace.wire import Page
from jobtui.model import Job, JobRef, Kind, State

NOW = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)


def job(number: int, *, ended: bool = False, age_h: float = 1.0) -> Job:
    at = NOW - timedelta(hours=age_h)
    state, raw = (State.SUCCEEDED, "COMPLETE") if ended else (State.RUNNING, "IN_PROGRESS")
    return Job(
        JobRef("tiles", str(number)),
        Kind.NEXTSPACE,
        "t",
        state,
        raw,
        ended,
        NOW,
        created=at,
        ended_at=at if ended else None,
    )


def scope(limit: int = 5_000, known: tuple[int, ...] = ()) -> Scope:
    return Scope(NOW - timedelta(hours=24), limit, frozenset(map(str, known)))


def walk(
    jobs: list[Job], listing: Listing, *, most: int = AMOUNT, total: bool = False, pages: bool = True
) -> list[str]:
    """Walk through a pretend server; gives the ids in order, and fails if it would never end."""
    given: list[str] = []
    for _ in range(600):
        rows = jobs[listing.start : listing.start + most] if pages else jobs
        count = len(jobs) if total and listing.start == 0 else None
        given += [found.ref.job_id for found in listing.take(Page(tuple(rows), len(rows), count))]
        if listing.is_over:
            return given
    raise AssertionError("the walk never ended")


@pytest.mark.parametrize("count", [0, 1, 10, 199, 200, 201, 1_000])
@pytest.mark.parametrize("most", [AMOUNT, 50, 100])
@pytest.mark.parametrize("total", [True, False])
def test_every_open_job_is_listed_whatever_the_page_size(count: int, most: int, total: bool) -> None:
    listing = Listing(scope())
    jobs = [job(number, age_h=1 + number / 1_000) for number in range(count)]
    assert len(walk(jobs, listing, most=most, total=total)) == count
    assert listing.saw_all


def test_a_server_without_paging_is_asked_once_more_and_no_further() -> None:
    jobs = [job(number) for number in range(200)]
    ids = [str(number) for number in range(200)]
    assert walk(jobs, Listing(scope()), pages=False) == ids * 2


def test_a_page_of_known_ended_jobs_ends_the_walk() -> None:
    jobs = [job(number, ended=True, age_h=1 + number / 1_000) for number in range(400)]
    listing = Listing(scope(known=tuple(range(400))))
    assert len(walk(jobs, listing)) == 200
    assert not listing.saw_all


def test_jobs_that_ended_too_long_ago_are_neither_wanted_nor_searched_for() -> None:
    jobs = [job(number, ended=True, age_h=20 + number / 10) for number in range(600)]
    listing = Listing(scope())
    assert len(walk(jobs, listing)) == 41
    assert listing.start == 400


def test_an_oldest_first_list_is_read_to_the_end() -> None:
    old = [job(number, ended=True, age_h=100 - number / 10) for number in range(600)]
    jobs = [*old, job(601, age_h=1)]
    given = walk(jobs, Listing(scope()))
    assert given == ["601"]


def test_the_limit_ends_the_walk_and_says_that_there_is_more() -> None:
    listing = Listing(scope(limit=5))
    assert walk([job(number) for number in range(9)], listing) == ["0", "1", "2", "3", "4"]
    assert not listing.saw_all


def test_what_is_told_again_is_given_again_and_counts_once() -> None:
    first = Listing(scope(limit=1))
    walk([job(1), job(2)], first)
    second = Listing(scope(limit=2), first.given())
    assert walk([job(1), job(2), job(3), job(4)], second) == ["1", "2", "3"]
    assert not second.saw_all


def test_a_page_without_readable_rows_is_passed_over() -> None:
    listing = Listing(scope())
    assert listing.take(Page((), AMOUNT, None)) == []
    assert not listing.is_over
