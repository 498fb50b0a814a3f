"""Causes: texts that differ only in ids, numbers, times and paths are one."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.insight.cause import Causes, cause_of, fingerprint, group_of
from jobtui.model import Flag, JobRef, State
from tests.factory import NOW, a_job

WORDS = st.text("abcdefgh _'()", min_size=1, max_size=30)
NOISE = st.one_of(
    st.integers(0, 10**12).map(str),
    st.uuids().map(str),
    st.datetimes().map(lambda at: at.isoformat()),
    st.floats(0.1, 9e5, allow_nan=False).map(lambda number: f"{number:.3f}"),
)


def test_a_job_that_is_held_after_it_failed_keeps_its_cause() -> None:
    held = a_job(state=State.HELD, why="exit 1: disk full", flags=frozenset({Flag.FAILED}))
    assert cause_of(held) == cause_of(a_job(state=State.FAILED, why="exit 1: disk full"))
    assert cause_of(a_job(state=State.HELD, why="exit 1: disk full")) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ticket 88121 not found", "ticket 4 not found"),
        ("timed out after 30 s", "timed out after 4.5 s"),
        ("Row 430: Out of memory", "Out of memory"),
        ("14 of 100 items failed: RecordNotFound", "2 of 37 items failed: RecordNotFound"),
        ("14 of 100 items failed: RecordNotFound", "RecordNotFound"),
        ("cannot open /srv/a b", "cannot open C:\\data\\x\\y.csv b"),
        ("no answer of https://a.example/x?y=1 yet", "no answer of http://b.example yet"),
        ("lock held by 3f0c9a1e-1b1b-4c4c-9d9d-0123456789ab", "lock held by deadbeefcafe"),
        ("at 2026-11-20T14:31:09Z it broke", "at 14:31 it broke"),
        ("OBJECTID 411, 412, 418 overlap", "OBJECTID 7 overlap"),
    ],
)
def test_what_differs_from_job_to_job_is_taken_out(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Entity type 'Culvert' was not found", "Entity type 'Pipe' was not found"),
        ("RecordNotFound", "RecordInvalid"),
        ("cannot open /a", "cannot write /a"),
    ],
)
def test_what_says_something_else_is_another_cause(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


@given(WORDS, NOISE, NOISE, WORDS)
def test_any_number_id_or_time_will_do(before: str, one: str, other: str, after: str) -> None:
    assert fingerprint(f"{before} {one} {after}") == fingerprint(f"{before} {other} {after}")


@given(st.text(max_size=300))
def test_a_fingerprint_is_its_own_fingerprint_and_has_no_digit_of_ours(text: str) -> None:
    found = fingerprint(text)
    assert fingerprint(found) == found
    assert not any(letter in "0123456789" for letter in found)


@pytest.mark.parametrize("text", ["1-" * 50_000, "/" * 100_000, "a" * 100_000, "# " * 50_000, "1:" * 50_000])
def test_a_hostile_text_costs_no_more_than_another(text: str) -> None:
    began = time.process_time()
    fingerprint(text)
    assert time.process_time() - began < 5.0


def test_only_what_failed_or_ended_in_part_has_a_cause() -> None:
    assert cause_of(a_job(why="disk full")) is None
    assert cause_of(a_job(state=State.FAILED)) is None
    assert cause_of(a_job(state=State.FAILED, why="failed, no reason given")) is None
    assert cause_of(a_job(state=State.FAILED, why="4711")) is None
    assert cause_of(a_job(state=State.FAILED, why="disk 7 full")) == "disk # full"


def test_of_several_errors_the_first_stands_for_all() -> None:
    many = a_job(state=State.PARTIAL, why="Row 1: disk full; Row 2: no header; 4 more")
    assert cause_of(many) == cause_of(a_job(state=State.FAILED, why="disk full"))


def test_jobs_of_all_sources_are_counted_by_cause_as_they_come_and_go() -> None:
    causes = Causes()
    failed = [
        a_job(str(number), source=source, state=State.FAILED, why=f"disk {number} full")
        for number, source in enumerate(("tiles", "desk", "field"))
    ]
    for job in failed:
        causes.put(job.ref, job)
    ref = failed[0].ref
    assert causes.alike(ref) == 2
    assert causes.of(ref) == ("disk # full", frozenset(job.ref for job in failed))
    causes.put(failed[1].ref, a_job("1", source="desk"))  # it runs again
    causes.put(failed[2].ref, None)
    assert causes.alike(ref) == 0
    causes.put(ref, None)
    assert causes.of(ref) is None
    assert causes.alike(JobRef("tiles", "never")) == 0


def test_a_group_has_the_latest_first_and_says_since_when() -> None:
    jobs = [a_job(str(n), state=State.FAILED, why="x", ended_at=NOW - timedelta(hours=n)) for n in (3, 1, 2)]
    group = group_of("x", jobs)
    assert [job.ref.job_id for job in group.jobs] == ["1", "2", "3"]
    assert (group.first, group.last) == (NOW - timedelta(hours=3), NOW - timedelta(hours=1))
