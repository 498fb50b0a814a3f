"""The one sentence of a row."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from jobtui.insight.attention import needs_you, rank
from jobtui.insight.when import moment, moment_and_zone
from jobtui.insight.why import age, span, why
from jobtui.model import Flag, Hold, JobRef, Kind, State
from tests.factory import NOW, a_job


def test_a_held_job_names_each_hold_with_owner_and_end() -> None:
    holds = (
        Hold("h1", "s", by="dortiz", since=NOW - timedelta(days=3)),
        Hold("h2", "s", by="lead", until=NOW + timedelta(days=2, hours=18)),
        Hold("h3", "s", by="lead", after=JobRef("field", "Zk19")),
        Hold("h4", "s", by="gone", released=NOW - timedelta(hours=1)),
        Hold("h5", "s", by="expired", until=NOW - timedelta(hours=1)),
    )
    job = a_job(kind=Kind.ARCGIS, state=State.HELD, holds=holds)
    assert why(job, NOW) == "3 holds: dortiz since 3d; until Mon 08:00 (by lead); after field:Zk19 (by lead)"


def test_holds_that_are_alike_are_said_once() -> None:
    ages = [timedelta(days=day) for day in (1, 3, 2, 1, 1, 2, 1, 1)]
    eight = tuple(Hold(str(n), "s", by="dortiz", since=NOW - ago) for n, ago in enumerate(ages))
    job = a_job(kind=Kind.ARCGIS, state=State.HELD, holds=eight)
    assert why(job, NOW) == "8 holds: dortiz since 3d"
    other = Hold("u", "s", by="lead", until=NOW + timedelta(hours=2))
    job = a_job(kind=Kind.ARCGIS, state=State.HELD, holds=(*eight, other))
    assert why(job, NOW) == "9 holds: dortiz since 3d (8); until 16:00 (by lead)"
    many = tuple(Hold(str(n), "s", by=f"user{n}", since=NOW) for n in range(20))
    job = a_job(kind=Kind.ARCGIS, state=State.HELD, holds=many)
    assert str(why(job, NOW)).endswith("user3 since <10s; 16 more")


def test_an_action_that_waits_to_start_says_for_how_long() -> None:
    job = a_job(state=State.QUEUED, created=NOW - timedelta(seconds=130))
    assert why(job, NOW) == "waiting to start for 2m"


def test_an_accepted_cancel_is_not_called_done() -> None:
    said = why(a_job(flags=frozenset({Flag.CANCELLING})), NOW)
    assert said is not None
    assert "asked" in said


def test_a_forgotten_job_keeps_its_reason() -> None:
    job = a_job(state=State.FAILED, ended=True, why="disk full", flags=frozenset({Flag.FORGOTTEN}))
    assert why(job, NOW) == "disk full; forgotten by the server, kept here"


def test_a_job_that_no_server_ever_knew_is_not_called_forgotten() -> None:
    job = a_job(raw_state="", ended=True, why="no such id", flags=frozenset({Flag.FORGOTTEN}))
    assert why(job, NOW) == "no such id"


def test_a_clock_that_is_behind_gives_no_negative_age() -> None:
    assert span(timedelta(seconds=-5)) == "<10s"


def test_an_age_that_is_yet_to_come_is_marked() -> None:
    assert age(timedelta(seconds=-5)) == "0s (clock ahead)"
    assert age(timedelta(seconds=-0.5)) == "<10s"
    ahead = a_job(state=State.QUEUED, created=NOW + timedelta(hours=1))
    assert why(ahead, NOW) == "waiting to start for 0s (clock ahead)"


def test_moments_are_as_short_as_can_be_understood() -> None:
    assert moment(NOW + timedelta(hours=1), NOW) == "15:00"
    assert moment(NOW + timedelta(days=40), NOW) == "2026-12-30 14:00"
    assert (
        moment_and_zone(NOW + timedelta(days=3), NOW.astimezone(ZoneInfo("Europe/Berlin"))) == "Mon 15:00 CET"
    )


def test_worst_comes_first_and_time_alone_moves_nothing() -> None:
    states = [State.SUCCEEDED, State.RUNNING, State.HELD, State.PARTIAL, State.FAILED]
    jobs = sorted((a_job(state=state) for state in states), key=lambda job: rank(job, NOW))
    assert [job.state for job in jobs] == list(reversed(states))
    assert rank(jobs[0], NOW) == rank(jobs[0], NOW + timedelta(hours=5))


def test_a_job_that_is_only_guessed_to_wait_comes_after_those_that_are_known() -> None:
    """Above them each one read would sink, the next would be under the cursor, and be read for that."""
    guessed = a_job("1", state=State.WAITING, flags=frozenset({Flag.BRIEF}))
    for state in (State.FAILED, State.HELD, State.WAITING, State.RUNNING, State.QUEUED):
        assert rank(a_job("2", state=state), NOW) < rank(guessed, NOW)
    assert rank(guessed, NOW) < rank(a_job("3", state=State.SUCCEEDED, ended=True), NOW)
    failed = a_job("4", state=State.FAILED, ended=True, flags=frozenset({Flag.BRIEF}))
    assert rank(failed, NOW) < rank(a_job("5"), NOW), "what a list does say counts"


def test_a_job_that_failed_and_is_held_since_comes_with_those_that_failed_before_all_held() -> None:
    failed = a_job("1", state=State.FAILED, updated=NOW)
    both = a_job("2", state=State.HELD, updated=NOW - timedelta(minutes=1), flags=frozenset({Flag.FAILED}))
    part, held = a_job("3", state=State.PARTIAL, ended=True), a_job("4", state=State.HELD, updated=NOW)
    given = sorted([held, part, both, failed], key=lambda job: rank(job, NOW))
    assert [job.ref.job_id for job in given] == ["1", "2", "3", "4"]
    assert needs_you(both, NOW)


def test_only_problems_need_you() -> None:
    assert needs_you(a_job(state=State.PARTIAL, ended=True), NOW)
    assert needs_you(a_job(flags=frozenset({Flag.STALLED})), NOW)
    assert not needs_you(a_job(state=State.HELD), NOW)
