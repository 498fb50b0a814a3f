"""Messages stand where they were said, whenever they arrive."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from jobtui.insight.order import in_order, is_in_turn
from jobtui.model import JobMessage, JobRef, Level
from tests.factory import NOW


def said(name: str, minute: int | None) -> JobMessage:
    at: datetime | None = None if minute is None else NOW + timedelta(minutes=minute)
    return JobMessage(JobRef("tiles", "1"), name, at, Level.INFO, "INFO", name)


def names(known: list[JobMessage], new: list[JobMessage]) -> str:
    return "".join(message.id for message in in_order(known, new))


def test_what_comes_late_goes_to_its_place() -> None:
    known = [said("a", 1), said("c", 3), said("e", 5)]
    assert names(known, [said("f", 6), said("d", 4), said("b", 2)]) == "abcdef"


def test_of_the_same_time_what_came_first_is_first() -> None:
    assert names([said("a", 1), said("b", 2), said("d", 3)], [said("c", 2)]) == "abcd"


def test_what_has_no_time_stays_behind_what_it_came_after() -> None:
    known = [said("a", 1), said("b", None), said("d", 5)]
    assert names(known, [said("c", 2)]) == "abcd"
    assert names(known, [said("e", None), said("c", 2)]) == "abcde"
    assert names([], [said("c", 3), said("d", None), said("a", 1), said("b", None)]) == "abcd"


def test_in_turn_is_what_nothing_speaks_against() -> None:
    known = [said("a", 1), said("b", None)]
    assert is_in_turn(known, [said("c", None), said("d", 1), said("e", 2)])
    assert not is_in_turn(known, [said("c", 2), said("d", 1)])
    assert not is_in_turn(known, [replace(said("c", 0), text="older")])
    assert is_in_turn([], [])
