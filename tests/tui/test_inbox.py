"""The inbox: everything is taken, in its order, a slice of time at once; and keys come in between."""

from __future__ import annotations

from jobtui.monitor.events import Event, JobsChanged
from jobtui.tui.inbox import SLICE_S, Inbox


class Taker:
    """Somebody who takes a third of a slice for each event."""

    def __init__(self) -> None:
        self.now = 0.0
        self.taken: list[Event] = []
        self.asked = 0
        self.inbox = Inbox(self._take, self._ask, lambda: self.now)

    def _take(self, event: Event) -> None:
        self.now += SLICE_S / 3
        self.taken.append(event)

    def _ask(self) -> None:
        self.asked += 1


def some(count: int) -> list[JobsChanged]:
    return [JobsChanged("tiles", ()) for _ in range(count)]


def test_one_look_takes_no_more_than_a_slice_and_the_rest_keeps_its_order() -> None:
    taker, events = Taker(), some(7)
    for event in events:
        taker.inbox.put(event)
    assert taker.asked == 1, "who has been asked once comes by themselves"
    looks = []
    while len(taker.taken) < len(events):
        taker.inbox.take_some()
        taker.inbox.ask()
        looks.append(len(taker.taken))
    assert looks == [3, 6, 7]
    assert [id(one) for one in taker.taken] == [id(one) for one in events]
    assert taker.asked == 3


def test_what_is_announced_while_some_is_taken_is_not_forgotten() -> None:
    taker, (first, second) = Taker(), some(2)
    taker.inbox.put(first)
    taker.inbox.take_some()
    taker.inbox.put(second)
    assert taker.asked == 2
    taker.inbox.take_some()
    taker.inbox.ask()
    assert taker.taken == [first, second]
    assert taker.asked == 2, "nothing is left, nobody is asked"


def test_an_event_that_takes_longer_than_a_slice_is_taken_all_the_same() -> None:
    taker, events = Taker(), some(2)
    taker.inbox = Inbox(taker.taken.append, taker._ask, iter((0.0, 1.0, 1.0, 2.0)).__next__)
    for event in events:
        taker.inbox.put(event)
    taker.inbox.take_some()
    assert len(taker.taken) == 1
    taker.inbox.take_some()
    assert len(taker.taken) == 2
