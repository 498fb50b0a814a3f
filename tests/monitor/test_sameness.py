"""What is told again word for word is not read again, and everything is known as if it had been."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jobtui.backends.nextspace.sameness import Sameness
from jobtui.backends.nextspace.wire import Page, decode_page
from jobtui.model import Flag, Job, JobRef, State
from jobtui.monitor.events import Change
from jobtui.monitor.store import Store
from tests.factory import NOW

ROOT = "https://tiles.test"
_ROWS = st.fixed_dictionaries(
    {
        "ID": st.integers(1, 12),
        "Status": st.sampled_from(["IN_PROGRESS", "COMPLETE", "FAILED", "ODD"]),
        "Progress": st.sampled_from([0, 40, 100]),
        "Description": st.sampled_from(["tiles", "terrain"]),
    },
    optional={
        "Result": st.sampled_from([{}, {"Output": "quota"}]),
        "Updated": st.just("2026-11-20T13:00:00Z"),
    },
)
_PAGES = st.lists(_ROWS, max_size=6)
_ACTS = st.one_of(
    st.tuples(st.just("list"), st.tuples(_PAGES, _PAGES), st.integers(-3, 3)),
    st.tuples(st.just("again"), st.none(), st.integers(-3, 3)),
    st.tuples(
        st.sampled_from(["age", "settle", "drop", "distrust", "mark", "stall", "read"]),
        st.none(),
        st.integers(1, 12),
    ),
)


def body_of(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps({"Items": rows}).encode()


def moment(minute: int) -> datetime:
    return NOW + timedelta(minutes=minute)


class Pair:
    """Two stores that are told the same: one through all that is remembered, one as if for the first time."""

    def __init__(self) -> None:
        self.quick, self.plain = Store(), Store()
        self._sameness = Sameness("tiles")
        self._bodies = (body_of([]), body_of([]))

    def listed(self, bodies: tuple[bytes, bytes], at: datetime) -> None:
        self._bodies = bodies
        for start, body in enumerate(bodies):
            quick = self.page(start, body, at)
            plain = decode_page("tiles", body, as_of=at, root=ROOT)
            assert quick.jobs == plain.jobs
            self.same(self.quick.apply(quick.jobs, at, at), self.plain.apply(plain.jobs, at))
        self._sameness.forget_unmet()

    def again(self, at: datetime) -> None:
        self.listed(self._bodies, at)

    def page(self, start: int, body: bytes, at: datetime) -> Page:
        return asyncio.run(self._sameness.page((start, None), body, as_of=at, root=ROOT))

    def act(self, name: str, number: int, now: datetime) -> None:
        self.same(
            *(_done(store, name, JobRef("tiles", str(number)), now) for store in (self.quick, self.plain))
        )

    def same(self, quick: tuple[Change, ...], plain: tuple[Change, ...]) -> None:
        """Compare what both announced, and what both now know, ages and all."""
        assert [_aged(change.after) for change in quick] == [_aged(change.after) for change in plain]
        assert quick == plain
        assert [_aged(job) for job in self.quick] == [_aged(job) for job in self.plain]
        for job in self.quick:
            asked = [moment(minute) for minute in range(-5, 60)]
            assert [self.quick.is_newer(job.ref, at) for at in asked] == [
                self.plain.is_newer(job.ref, at) for at in asked
            ]


def _aged(job: Job | None) -> tuple[Job, datetime] | None:
    return None if job is None else (job, job.as_of)


def _done(store: Store, name: str, ref: JobRef, now: datetime) -> tuple[Change, ...]:
    known = store.get(ref)
    match name:
        case "age":
            return store.age(store.of_source("tiles"))
        case "settle":
            return store.settle(store.of_source("tiles"))
        case "drop":
            return store.remove(ref)
        case "mark":
            return store.mark(ref, Flag.CANCELLING, on=not (known and Flag.CANCELLING in known.flags))
        case "stall":
            return store.stall(ref, None if known and known.unchanged_since else NOW)
        case "read" if known is not None:
            whole = replace(known, state=State.RUNNING, flags=frozenset(), why="read whole", as_of=now)
            return store.apply([whole], now)
        case "distrust":
            store.distrust(ref, now)
    return ()


@settings(max_examples=150, deadline=None)
@given(st.lists(_ACTS, max_size=14))
def test_a_store_that_is_told_only_what_is_new_knows_what_one_knows_that_is_told_all(acts: list[Any]) -> None:
    pair = Pair()
    for minute, (name, pages, number) in enumerate(acts):
        if name == "list":
            pair.listed((body_of(pages[0]), body_of(pages[1])), moment(minute + number))
        elif name == "again":
            pair.again(moment(minute + number))
        else:
            pair.act(name, number, moment(minute))


def rows(*numbers: int, progress: int = 10) -> list[dict[str, Any]]:
    return [{"ID": number, "Status": "IN_PROGRESS", "Progress": progress} for number in numbers]


def test_a_page_that_says_the_same_is_not_even_looked_into() -> None:
    pair, body = Pair(), body_of(rows(1, 2))
    assert pair.page(0, body, moment(0)) is pair.page(0, body, moment(1))


def test_jobs_that_new_ones_have_moved_to_the_next_page_stay_the_same_objects() -> None:
    pair = Pair()
    first, second = pair.page(0, body_of(rows(9, 8)), moment(0)), pair.page(2, body_of(rows(7, 6)), moment(0))
    on_top, below = (
        pair.page(0, body_of(rows(10, 9)), moment(1)),
        pair.page(2, body_of(rows(8, 7)), moment(1)),
    )
    assert on_top.jobs[1] is first.jobs[0]
    assert below.jobs[0] is first.jobs[1]
    assert below.jobs[1] is second.jobs[0]


def test_a_job_that_is_told_again_stays_the_same_object_and_grows_no_older() -> None:
    pair = Pair()
    pair.listed((body_of(rows(1, 2)), body_of([])), moment(0))
    one, two = pair.quick
    pair.listed((body_of([*rows(1), *rows(2, progress=20)]), body_of([])), moment(1))
    assert pair.quick.get(one.ref) is one
    assert one.as_of == moment(1)
    assert pair.quick.get(two.ref) is not two
    assert two.as_of == moment(0), "what has changed was last told so before"


def test_another_address_of_the_same_source_is_another_list() -> None:
    sameness = Sameness("tiles")
    body = body_of(rows(1))
    here = asyncio.run(sameness.page((0, None), body, as_of=NOW, root=ROOT))
    there = asyncio.run(sameness.page((0, None), body, as_of=NOW, root="https://other.test"))
    assert here.jobs[0].url != there.jobs[0].url


def test_a_large_page_is_read_like_a_small_one() -> None:
    sameness = Sameness("tiles")
    body = body_of(rows(*range(30_000)))
    page = asyncio.run(sameness.page((0, None), body, as_of=NOW, root=ROOT))
    assert page.jobs == decode_page("tiles", body, as_of=NOW, root=ROOT).jobs
