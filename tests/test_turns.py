"""Turns: what can wait waits for a key, and never for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from jobtui import turns


class Clock:
    """A clock that is set by hand."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """Give the clock that turns are told by; afterwards no key waits."""
    made = Clock()
    monkeypatch.setattr(turns, "_clock", made)
    yield made
    made.now = turns._NEVER
    turns.key_came()
    turns._News.level = 0.0


def test_a_key_waits_until_what_it_did_is_drawn(clock: Clock) -> None:
    assert not turns.is_key_waiting()
    turns.key_came()
    assert (turns.is_key_waiting(), turns.is_key_unseen()) == (True, True)
    turns.drawn()
    assert turns.is_key_waiting(), "that was drawn before anything was done"
    turns.acted_on()
    assert (turns.is_key_waiting(), turns.is_key_unseen()) == (True, False)
    turns.drawn()
    assert not turns.is_key_waiting()


def test_what_is_never_drawn_is_not_waited_for_long(clock: Clock) -> None:
    turns.key_came()
    clock.now += turns.MOST_S
    assert (turns.is_key_waiting(), turns.is_key_unseen()) == (False, False)


def test_somebody_is_there_for_a_while_after_a_key(clock: Clock) -> None:
    turns.key_came()
    turns.acted_on()
    turns.drawn()
    assert turns.is_somebody_there()
    clock.now += turns.THERE_S
    assert not turns.is_somebody_there()


def test_much_is_taken_in_parts_while_somebody_types_and_not_for_long_after(clock: Clock) -> None:
    turns.news_came(turns.MUCH + 1)
    assert not turns.is_pouring(), "nobody is kept waiting"
    turns.key_came()
    assert turns.is_pouring()
    clock.now += 0.1
    assert not turns.is_pouring()
    for _ in range(20):
        turns.news_came(turns.FORGOTTEN_A_S // 5)
        clock.now += 0.1
    assert turns.is_pouring(), "twice as much comes as is forgotten"
    clock.now += turns.THERE_S
    assert not turns.is_pouring()


async def test_who_gives_way_goes_on_at_once_when_nobody_types(clock: Clock) -> None:
    del clock
    async with asyncio.timeout(1.0):
        await turns.give_way()


async def test_who_gives_way_waits_for_a_key_from_another_thread(clock: Clock) -> None:
    del clock
    done: list[str] = []

    async def work() -> None:
        await turns.give_way()
        done.append("work")

    typing = threading.Thread(target=turns.key_came)
    typing.start()
    typing.join()
    working = asyncio.create_task(work())
    await asyncio.sleep(0.02)
    assert done == []
    done.append("key")
    turns.acted_on()
    turns.drawn()
    async with asyncio.timeout(1.0):
        await working
    assert done == ["key", "work"]
