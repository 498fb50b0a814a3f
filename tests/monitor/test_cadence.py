"""When to ask next."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from jobtui.errors import RateLimited, SignInRefused, Unreachable
from jobtui.model import Kind, Source
from jobtui.monitor import cadence

SOURCE = Source("tiles", Kind.NEXTSPACE)


@given(st.integers(1, 10_000), st.floats(0.5, 600), st.integers())
def test_a_source_that_is_down_is_asked_for_ever_and_never_in_a_hurry(
    failures: int, poll_s: float, seed: int
) -> None:
    source = Source("tiles", Kind.NEXTSPACE, poll_s=poll_s)
    wait = cadence.after_failure(source, Unreachable("tiles", "down"), failures, random.Random(seed))
    assert 0.75 <= wait <= cadence.LONGEST_S


@given(st.none() | st.floats(0, 3600))
def test_what_the_server_asks_to_wait_is_waited(retry_after_s: float | None) -> None:
    error = RateLimited("desk", "too many", retry_after_s=retry_after_s)
    wait = cadence.after_failure(SOURCE, error, 1, random.Random(1))
    assert wait >= (10.0 if retry_after_s is None else retry_after_s)
    assert not cadence.may_be_asked_early(error)


def test_a_refused_token_is_not_hammered() -> None:
    assert cadence.after_failure(SOURCE, SignInRefused("tiles", "401"), 1, random.Random(1)) >= 30


def test_polls_slow_down_when_nothing_runs_or_nobody_looks() -> None:
    busy = cadence.after_success(SOURCE, any_open=True, looked_at=True)
    assert busy == SOURCE.poll_s
    assert cadence.after_success(SOURCE, any_open=False, looked_at=True) > busy
    assert cadence.after_success(SOURCE, any_open=True, looked_at=False) > busy


def test_a_budget_is_paid_back_and_saves_up_only_part_of_a_minute() -> None:
    budget = cadence.Budget(60, now_s=0)
    budget.note(46, now_s=0)
    assert budget.left(0) == -10
    assert budget.left(20) == 10
    assert budget.left(10_000) == budget.most < 60


@given(st.integers(30, 700), st.integers(1, 10), st.data())
def test_what_is_spent_beside_them_never_has_regular_questions_wait(
    per_minute: int, each: int, data: st.DataObject
) -> None:
    least_every_s = 60 * each * 4 // (per_minute * 3) + 1
    every_s = data.draw(st.integers(least_every_s, max(least_every_s, 60 * each)))
    budget, made = cadence.Budget(per_minute, now_s=0), 0
    for at_s in range(0, max(300, 3 * every_s), every_s):
        assert budget.lately(at_s) + each <= per_minute
        made += each
        budget.note(made, at_s)
        # They come so many at once, not evenly: one such lump is left over.
        spare = min(budget.spare(each / every_s, at_s) - each, budget.left(at_s))
        made += data.draw(st.integers(0, max(0, int(spare))))
        budget.note(made, at_s)
