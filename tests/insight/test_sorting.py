"""The order of every column, either way round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.insight.sorting import Column, Order, sort_key
from jobtui.model import Job, Kind, Progress, State
from tests.factory import NOW, a_job

JOBS = [
    a_job("10", title="beta", owner="Zoe", created=NOW - timedelta(hours=3), progress=Progress(0.2)),
    a_job("9", title="Alpha", source="desk", kind=Kind.ZENDESK, created=NOW, progress=Progress(None, 40)),
    a_job("x1", title="alphabet", owner="amir", state=State.FAILED, ended=True, ended_at=NOW - timedelta(1)),
    a_job("X", title="gamma", owner="Mia", progress=Progress(0.9)),
]


def ids(order: Order, jobs: list[Job] = JOBS) -> list[str]:
    return [job.ref.job_id for job in sorted(jobs, key=sort_key(order))]


@pytest.mark.parametrize(
    ("column", "usual", "turned"),
    [
        (Column.ID, ["9", "10", "X", "x1"], ["x1", "X", "10", "9"]),
        (Column.TITLE, ["9", "x1", "10", "X"], ["X", "10", "x1", "9"]),
        (Column.OWNER, ["x1", "X", "10", "9"], ["10", "X", "x1", "9"]),
        (Column.AGE, ["9", "10", "x1", "X"], ["x1", "10", "9", "X"]),
        (Column.WHY, ["X", "10", "9", "x1"], ["9", "10", "X", "x1"]),
    ],
)
def test_a_column_sorts_and_what_is_not_known_comes_last(
    column: Column, usual: list[str], turned: list[str]
) -> None:
    assert ids(Order(column)) == usual
    assert ids(Order(column, is_turned=True)) == turned


def test_the_usual_order_is_what_needs_somebody_first() -> None:
    assert ids(Order())[0] == "x1"
    assert ids(Order(is_turned=True))[-1] == "x1"


def test_what_a_column_does_not_tell_apart_is_worst_first() -> None:
    assert ids(Order(Column.SOURCE)) == ["9", "x1", *ids(Order(Column.SOURCE))[2:]]
    assert ids(Order(Column.SOURCE, is_turned=True))[0] == "x1"


def test_choosing_the_same_column_again_turns_it_round() -> None:
    assert Order().chosen(Column.AGE) == Order(Column.AGE)
    assert Order().chosen(Column.AGE).chosen(Column.AGE) == Order(Column.AGE, is_turned=True)


WORDS = st.text(max_size=4) | st.sampled_from(["", "a", "ab", "abc", "\x00", "\U0010ffff"])


@given(st.lists(WORDS, max_size=6, unique_by=str.casefold), st.sampled_from([Column.TITLE, Column.OWNER]))
def test_turned_round_is_the_same_backwards(words: list[str], column: Column) -> None:
    jobs = [a_job(str(number), title=word, owner=word) for number, word in enumerate(words) if word]
    assert ids(Order(column, is_turned=True), jobs) == ids(Order(column), jobs)[::-1]


@given(st.data())
def test_every_key_can_be_compared_with_every_other(data: Any) -> None:
    column = data.draw(st.sampled_from(list(Column)))
    jobs = [*JOBS, a_job("", title="", owner=""), a_job("١", title="1", progress=Progress(None, None, 3))]
    for is_turned in (False, True):
        assert len(ids(Order(column, is_turned), jobs)) == len(jobs)
