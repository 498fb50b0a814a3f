"""What time it is when the machine's clock is moved."""

from __future__ import annotations

from datetime import datetime, timedelta

from jobtui.monitor.clock import SteadyClock
from tests.factory import NOW


class Machine:
    """A wall clock that can be set, and a steady one that cannot."""

    def __init__(self) -> None:
        self.wall, self.steady_s = NOW, 0.0

    def passes(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.steady_s += seconds


def a_clock() -> tuple[Machine, SteadyClock]:
    machine = Machine()
    return machine, SteadyClock(lambda: machine.wall, lambda: machine.steady_s)


def test_a_clock_set_back_is_not_followed_and_does_not_stand_still() -> None:
    machine, clock = a_clock()
    before = clock()
    machine.wall -= timedelta(hours=1)
    machine.passes(30)
    assert timedelta(seconds=29) < clock() - before < timedelta(seconds=31)


def test_a_clock_set_forward_is_followed() -> None:
    machine, clock = a_clock()
    before = clock()
    machine.wall += timedelta(hours=1)
    assert clock() - before >= timedelta(minutes=59)
    machine.passes(5)
    assert clock() == machine.wall


def test_a_question_asked_later_is_always_newer() -> None:
    _, clock = a_clock()
    times: list[datetime] = [clock() for _ in range(5)]
    assert times == sorted(set(times))
