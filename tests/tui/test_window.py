"""The window on a job's messages: wherever it stands, what it holds is a piece of the whole."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise

import pytest

from jobtui.insight.message_query import read_messages_query
from jobtui.model import JobMessage, Level
from jobtui.tui.format.log import LogLines, LogView
from jobtui.tui.format.messages import message_lines, row_count
from jobtui.tui.format.spans import Span, wrap
from jobtui.tui.window import Window
from tests.factory import NOW
from tests.tui.conftest import a_message

VIEW = LogView(40, NOW)
SIGNS = ["a", "bc", " ", "  ", "\n", "\u4e2d", "\u200b", "e\u0301", "\t", "longer than most"]


def said(number: int, text: str = "") -> JobMessage:
    level = Level.DEBUG if number % 7 == 0 else Level.INFO
    return a_message(number, text, level, at=NOW + timedelta(seconds=number))


def held(window: Window) -> list[int]:
    return [int(message.id) for message in window.lines.messages]


@pytest.mark.parametrize("is_wrapped", [True, False])
def test_rows_are_counted_as_they_are_drawn(is_wrapped: bool) -> None:
    dice = random.Random(5)
    for _ in range(3_000):
        text = "".join(dice.choice(SIGNS) for _ in range(dice.randrange(12)))
        message = a_message(1, text or "x", dice.choice(list(Level)))
        width = dice.randrange(1, 60)
        lines = message_lines(message, NOW, width, stamps=True, wrapped=is_wrapped)
        assert row_count(message, width, 9, wrapped=is_wrapped) == len(lines), (text, width)


def test_a_text_of_letters_is_broken_as_any_other() -> None:
    dice = random.Random(6)
    for _ in range(3_000):
        text = "".join(dice.choice("ab  c") for _ in range(dice.randrange(40)))
        width = dice.randrange(2, 14)
        other = [line.replace("\u00e4", "a") for line in wrap(text.replace("a", "\u00e4"), width)]
        assert wrap(text, width) == other, (text, width)


def check_rows(lines: LogLines) -> None:
    """Hold what is kept as rows against the same laid out anew."""
    anew = LogLines(lines.view)
    anew.mark_after(lines.mark)
    anew.add(lines.messages)
    assert len(lines) == len(anew)
    assert lines.hits == anew.hits
    assert lines.hidden == anew.hidden
    assert [lines.line(row) for row in range(len(lines))] == [anew.line(row) for row in range(len(anew))]


def test_whatever_comes_and_goes_the_rows_are_those_of_laying_all_out_anew() -> None:
    dice = random.Random(7)
    view = LogView(40, NOW, search=read_messages_query("needle"))
    for _ in range(60):
        lines = LogLines(view)
        lines.add(said(number) for number in range(500, 520))
        lines.mark_end((Span("- here -"),))
        first, last = 500, 520
        for _ in range(12):
            size = dice.randrange(1, 12)
            text = dice.choice(["short", "needle " * 9, "two\nlines", "\u4e2d" * 30])
            match dice.randrange(4):
                case 0:
                    lines.add(said(number, text) for number in range(last, last + size))
                    last += size
                case 1:
                    lines.put_before([said(number, text) for number in range(first - size, first)])
                    first -= size
                case 2 if len(lines.messages) > size + 1:
                    lines.drop_first(size)
                    first += size
                case 3 if len(lines.messages) > size + 1:
                    lines.drop_last(size)
                    last -= size
            assert [int(message.id) for message in lines.messages] == list(range(first, last))
        if lines.mark is not None and lines.messages.number_of(lines.mark[0]) is not None:
            check_rows(lines)


def test_a_mark_that_comes_with_earlier_messages_stands_where_it_stood() -> None:
    dice = random.Random(9)
    for _ in range(200):
        lines = LogLines(LogView(40, NOW, search=read_messages_query("needle")))
        first, marked = 60, dice.randrange(20, 60)
        lines.mark_after((str(marked), (Span("- here -"),)))
        lines.add(said(number, dice.choice(["short", "needle"])) for number in range(first, 65))
        while first > 0:
            size = dice.randrange(1, 16)
            lines.put_before([said(number, "needle " * 9) for number in range(max(0, first - size), first)])
            first = max(0, first - size)
            check_rows(lines)
        assert (
            lines.line(lines.first_row(lines.messages.number_of(_shown_behind(marked)) or 0) - 1)[0].text
            == "- here -"
        )


def _shown_behind(number: int) -> str:
    return str(number + 1 if (number + 1) % 7 else number + 2)


def test_a_random_reader_always_holds_a_piece_without_gaps_and_ends_at_the_newest() -> None:
    dice = random.Random(8)
    for _ in range(40):
        window = Window(LogLines(VIEW), 1_500)
        newest = 3_000
        everything = [said(number) for number in range(newest + 20 * 900)]
        window.add(everything[newest - 100 : newest], None)
        for _ in range(20):
            numbers = held(window)
            assert all(then + 1 == now for then, now in pairwise(numbers))
            assert len(numbers) <= 1_500
            match dice.randrange(5):
                case 0 | 1:
                    size = dice.choice([1, 30, 900])
                    window.add(everything[newest : newest + size], dice.choice([None, 0, len(numbers) - 1]))
                    newest += size
                case 2:
                    window.put_before(everything[max(0, numbers[0] - 500) : numbers[0]])
                case 3 if window.is_behind:
                    page = everything[numbers[-1] + 1 : numbers[-1] + 501] if window.has_gap else []
                    window.put_behind([message for message in page if int(message.id) < newest])
                case 4:
                    window.move_to(everything[:500], has_older=False)
            assert window.newest(1)[0].level is not Level.DEBUG
        window.catch_up()
        assert held(window)[-1] == newest - 1
        assert not window.is_behind


def test_what_comes_behind_a_window_that_is_full_is_set_aside_and_comes_back() -> None:
    window = Window(LogLines(VIEW), 300)
    window.add([said(number) for number in range(300)], 0)
    new = window.add([said(number) for number in range(300, 305)], 0)
    assert window.is_behind
    assert not window.has_gap
    assert [int(message.id) for message in new] == [number for number in range(300, 305) if number % 7]
    assert window.add([said(303)], 0) == [], "it is known"
    window.put_behind(())
    assert held(window)[-1] == 304
