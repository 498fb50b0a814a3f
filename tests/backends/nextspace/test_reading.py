"""Reading on without losing, doubling or turning round a message, whatever the server's habits."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.backends.nextspace.messages import decode_messages
from jobtui.backends.nextspace.reading import AMOUNT, OVERLAP, Habit, Mark, Reading, mark_of
from jobtui.model import Cursor, JobMessage, JobRef

REF = JobRef("tiles", "48213")
Row = dict[str, object]


def row(number: int, second: int | None = None) -> Row:
    """Give a message; many of them share a second."""
    at = number // 7 if second is None else second
    stamp = f"2026-09-14T{8 + at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}.000Z"
    return {"ID": number, "Created": stamp, "Message.Type": "INFO", "Message": f"line {number}"}


@dataclass
class Server:
    """A log on a server with habits."""

    rows: list[Row] = field(default_factory=list)
    most: int = AMOUNT
    """The largest page it gives."""
    backward: bool = False
    whole: bool = False
    bare: bool = False
    asked: int = 0

    def page(self, start: int) -> bytes:
        self.asked += 1
        rows = self.rows[::-1] if self.backward else self.rows
        page = rows if self.whole else rows[start : start + self.most]
        return json.dumps(page if self.bare else {"Items": page}).encode()


def read(server: Server, cursor: Cursor) -> tuple[tuple[JobMessage, ...], Cursor]:
    """Read until a reader would stop; what came must be in order."""
    found: list[JobMessage] = []
    more = True
    while more:
        reading = Reading(mark_of(cursor))
        while not reading.is_over:
            reading.take(decode_messages(REF, server.page(reading.start)))
            assert server.asked < 1_000, "it never ends"
        keys = [(str(message.at), int(message.id)) for message in reading.messages]
        assert keys == sorted(keys)
        assert len(set(keys)) == len(keys)
        found += reading.messages
        cursor, more = reading.mark.cursor(), reading.more
    return tuple(found), cursor


def numbers(messages: tuple[JobMessage, ...]) -> set[int]:
    return {int(message.id) for message in messages}


HABITS: list[Callable[[], Server]] = [
    Server,
    lambda: Server(backward=True),
    lambda: Server(whole=True, bare=True),
    lambda: Server(whole=True, backward=True),
    lambda: Server(most=50, bare=True),
    lambda: Server(most=30, backward=True),
    lambda: Server(most=10),
    lambda: Server(most=3),
    lambda: Server(most=3, backward=True),
]


@pytest.mark.parametrize("made", HABITS)
@pytest.mark.parametrize("steps", [(45, 1, 1, 0, 200, 3), (0, 1, 1, 1, 1), (1, 30), (600, 5), (10, 10, 10)])
def test_a_growing_log_is_read_whole_whatever_the_habit(
    made: Callable[[], Server], steps: tuple[int, ...]
) -> None:
    server = made()
    seen: set[int] = set()
    cursor = Cursor()
    for step in steps:
        server.rows += [row(len(server.rows) + number) for number in range(step)]
        got, cursor = read(server, cursor)
        seen |= numbers(got)
    for _ in range(0 if server.most > 9 else 700):  # very few at once are read on at each round
        got, cursor = read(server, cursor)
        server.asked = 0
        seen |= numbers(got)
    assert seen == set(range(len(server.rows)))


@given(
    st.integers(0, 500),
    st.sampled_from([AMOUNT, 50, 30, 10]),
    st.booleans(),
    st.booleans(),
    st.lists(st.integers(0, 40), max_size=4),
)
def test_every_message_is_read_from_any_server(
    count: int, most: int, backward: bool, whole: bool, later: list[int]
) -> None:
    server = Server([row(number) for number in range(count)], most, backward, whole)
    got, cursor = read(server, Cursor())
    assert numbers(got) == set(range(count))
    for more in later:
        known = len(server.rows)
        server.rows += [row(known + number) for number in range(more)]
        got, cursor = read(server, cursor)
        assert numbers(got) >= set(range(known, known + more))


@given(st.integers(0, 300), st.integers(0, 300), st.booleans())
def test_a_message_that_is_filed_late_is_found_wherever_it_is_put(
    count: int, place: int, whole: bool
) -> None:
    server = Server([row(number) for number in range(count)], whole=whole)
    _, cursor = read(server, Cursor())
    server.rows.insert(min(place, count), row(9_000, second=0))
    got, cursor = read(server, cursor)
    assert 9_000 in numbers(got)
    got, cursor = read(server, cursor)
    assert numbers(got) <= numbers(got) & set(range(count)) | {9_000}


@pytest.mark.parametrize(("made", "pages"), [(Server, 1), (lambda: Server(backward=True), 1)])
def test_nothing_new_costs_one_page(made: Callable[[], Server], pages: int) -> None:
    server = made()
    server.rows = [row(number) for number in range(45)]
    _, cursor = read(server, Cursor())
    for _ in range(3):
        server.asked = 0
        got, cursor = read(server, cursor)
        assert server.asked == pages
    if not server.backward:
        assert len(got) == OVERLAP


def test_a_log_that_became_shorter_is_read_again() -> None:
    server = Server([row(number) for number in range(60)])
    _, cursor = read(server, Cursor())
    server.rows = server.rows[:20]
    _, cursor = read(server, cursor)
    server.rows.append(row(99))
    got, _ = read(server, cursor)
    assert 99 in numbers(got)


def test_a_server_that_turns_round_is_read_on() -> None:
    server = Server([row(number) for number in range(60)])
    cursor = Cursor()
    for backward in (False, True, False, True):
        server.backward = backward
        server.rows.append(row(len(server.rows)))
        got, cursor = read(server, cursor)
        assert len(server.rows) - 1 in numbers(got)


def test_a_server_of_shuffled_rows_never_keeps_us_busy() -> None:
    server = Server([row(number * 37 % 6_007, second=1) for number in range(6_000)])
    cursor = Cursor()
    for turn in range(4):
        server.rows = server.rows[turn:] + server.rows[:turn]
        server.asked = 0
        _, cursor = read(server, cursor)
        assert server.asked < 70


def test_a_log_without_end_is_read_in_parts() -> None:
    server = Server([row(number) for number in range(12_000)])
    reading = Reading(Mark())
    while not reading.is_over:
        reading.take(decode_messages(REF, server.page(reading.start)))
    assert reading.more
    assert len(reading.messages) < 6_000


@pytest.mark.parametrize("mark", ["", "x", "f:-3:1:0:y", "f:" + "9" * 40 + ":1:0:", "²:1:1:0:", "z:1:1:0:"])
def test_a_cursor_that_is_not_ours_starts_at_the_beginning(mark: str) -> None:
    assert mark_of(Cursor(mark)) == Mark()


@given(st.sampled_from(Habit), st.integers(0, 999), st.integers(0, 999), st.text(), st.text())
def test_a_cursor_survives_its_text_form(
    habit: Habit, count: int, largest: int, anchor: str, first: str
) -> None:
    mark = Mark(habit, count, largest, anchor, first)
    assert mark_of(mark.cursor()) == mark
