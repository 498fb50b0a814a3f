"""What asking a source costs: counted by the minute, failures over five."""

from __future__ import annotations

from datetime import timedelta

from jobtui.monitor.cadence import Budget
from jobtui.monitor.traffic import Failures
from tests.factory import NOW


def test_requests_are_counted_for_a_minute_and_no_longer() -> None:
    budget = Budget(60.0, 0.0)
    budget.note(3, 10.0)
    budget.note(5, 40.0)
    assert budget.lately(69.0) == 5
    assert budget.lately(71.0) == 2
    assert budget.lately(101.0) == 0


def test_failures_count_for_five_minutes() -> None:
    failures = Failures()
    failures.note(NOW)
    failures.note(NOW + timedelta(minutes=4))
    assert failures.count(NOW + timedelta(minutes=4)) == 2
    assert failures.count(NOW + timedelta(minutes=5)) == 1
    assert failures.count(NOW + timedelta(minutes=9)) == 0
