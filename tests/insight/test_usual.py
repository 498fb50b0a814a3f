"""What is usual: how long a job may show nothing new, and how long it may still take."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.insight.usual import (
    ENOUGH,
    FLOOR_S,
    Point,
    Usual,
    can_stall,
    left_by_pace,
    left_s,
    patience_s,
    runs_s,
)
from jobtui.model import Flag, Job, Kind, Progress, State
from tests.factory import NOW, a_job

EIGHT_MINUTES = Usual(34, 480.0, 660.0)
MEASURED = Progress(0.61)


def running(minutes: float = 5.0, **fields: Any) -> Job:
    return a_job(started=NOW - timedelta(minutes=minutes), **fields)


def points(*minutes_and_shares: tuple[float, float]) -> list[Point]:
    return [(NOW + timedelta(minutes=at), share) for at, share in minutes_and_shares]


STEADY = points((-10, 0.1), (-8, 0.2), (-6, 0.3), (-4, 0.4), (-2, 0.5), (0, 0.6))


def test_without_history_a_job_has_the_patience_of_the_floor() -> None:
    assert patience_s(running(), None) == FLOOR_S
    assert patience_s(running(), Usual(ENOUGH - 1, 90_000.0, 90_000.0)) == FLOOR_S


def test_a_step_of_a_person_stalls_by_history_alone() -> None:
    job = running(kind=Kind.ARCGIS, progress=MEASURED)
    assert patience_s(job, None) is None
    assert patience_s(job, Usual(9, 3_600.0, 7_200.0)) == 7_200.0


def test_what_takes_long_may_stand_still_for_longer_and_more_so_when_it_tells_no_progress() -> None:
    day = Usual(9, 80_000.0, 86_400.0)
    assert patience_s(running(progress=MEASURED), day) == 21_600.0
    assert patience_s(running(), day) == 86_400.0


def test_a_job_that_has_paused_before_may_pause_again() -> None:
    assert patience_s(running(), None, longest_pause_s=900.0) == 2_700.0


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 100), st.booleans())
def test_patience_is_never_below_the_floor(p90: float, pause: float, count: int, measured: bool) -> None:
    job = running(progress=MEASURED if measured else None)
    patience = patience_s(job, Usual(count, p90 / 2, p90), pause)
    assert patience is not None
    assert patience >= FLOOR_S


@pytest.mark.parametrize("state", [state for state in State if state is not State.RUNNING])
def test_only_what_runs_can_stall(state: State) -> None:
    assert not can_stall(a_job(state=state))
    assert can_stall(a_job())
    assert not can_stall(a_job(ended=True))


def test_a_job_has_run_from_its_start_to_its_end_or_to_now() -> None:
    assert runs_s(running(12), NOW) == 720.0
    ended = running(12, ended=True, ended_at=NOW - timedelta(minutes=2))
    assert runs_s(ended, NOW) == 600.0
    assert runs_s(a_job(), NOW) is None
    assert runs_s(a_job(started=NOW + timedelta(minutes=1)), NOW) == 0.0
    assert runs_s(running(12, ended=True), NOW) is None


def test_the_time_left_by_history_is_what_half_of_those_alike_still_took() -> None:
    assert left_s(running(5), EIGHT_MINUTES, (), NOW) == 180.0


@pytest.mark.parametrize(
    ("job", "usual"),
    [
        pytest.param(running(9), EIGHT_MINUTES, id="past what is usual"),
        pytest.param(running(5), Usual(ENOUGH - 1, 480.0, 660.0), id="too few"),
        pytest.param(running(5), Usual(34, 480.0, 4_800.0), id="too far apart"),
        pytest.param(running(5), None, id="none like it"),
        pytest.param(a_job(), EIGHT_MINUTES, id="nobody says when it began"),
        pytest.param(running(5, state=State.WAITING), EIGHT_MINUTES, id="waits for a person"),
        pytest.param(running(5, flags=frozenset({Flag.STALLED})), EIGHT_MINUTES, id="stalled"),
        pytest.param(running(5, flags=frozenset({Flag.STALE})), EIGHT_MINUTES, id="stale"),
    ],
)
def test_where_nobody_can_tell_no_time_left_is_given(job: Job, usual: Usual | None) -> None:
    assert left_s(job, usual, (), NOW) is None


def test_a_steady_progress_tells_the_time_left_before_history_does() -> None:
    assert left_s(running(10), EIGHT_MINUTES, STEADY, NOW) == pytest.approx(480.0)
    later = NOW + timedelta(minutes=1)
    assert left_by_pace(STEADY, later) == pytest.approx(420.0)


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(STEADY[:4], id="too few"),
        pytest.param(points((-10, 0.1), (-8, 0.4), (-6, 0.7), (-3, 0.71), (0, 0.72)), id="slower and slower"),
        pytest.param(points(*[(0, share / 10) for share in range(1, 7)]), id="all at once"),
        pytest.param([*STEADY[:-1], (NOW - timedelta(hours=2), 0.6)], id="time runs backwards"),
    ],
)
def test_an_unsteady_progress_tells_nothing(seen: list[Point]) -> None:
    assert left_by_pace(seen, NOW) is None


def test_a_progress_that_should_have_ended_by_its_pace_gives_no_time_left() -> None:
    assert left_by_pace(STEADY, NOW + timedelta(minutes=30)) is None
