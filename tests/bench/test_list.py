"""The benchmarks of the list run, and what they count does not depend on the machine."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from tests.bench import diff, filter, order  # noqa: A004 - named as the benchmark
from tests.bench.least import least
from tests.bench.many import many_jobs
from tests.tui.emulator import Emulator


def test_a_change_takes_few_bytes_more_than_it_must_and_far_fewer_than_whole_rows() -> None:
    counted = asyncio.run(diff.measure(200, 1))
    row, page = counted["one row changes"][0], counted["page down"][0]
    assert 0 < row.cells < 40
    assert row.least < row.ours < 2 * row.least
    assert row.ours < row.whole / 4
    assert page.ours < 2 * page.least
    assert page.ours < page.whole / 4
    assert len(diff.table(200, counted, 1).lines()) == len(counted) + 5


def test_filter_and_order_are_measured_at_every_size() -> None:
    filtered = {size: filter.measure(size, 1) for size in (20, 40)}
    assert len(filter.table(filtered, 1).lines()) == len(filtered[20]) + 5
    ordered = {size: order.measure(size, 1) for size in (20, 40)}
    assert len(order.table(ordered, 1).lines()) == len(ordered[20]) + 5


def test_the_same_jobs_are_made_every_time() -> None:
    assert many_jobs(50) == many_jobs(50)


def test_the_least_is_a_move_and_what_differs() -> None:
    drawn = ("\x1b[1;1Habcdef", "\x1b[1;3HX", "\x1b[1;6HY\x1b[2;1H\x1b[31mred\x1b[0m")
    screens = []
    emulator = Emulator(10, 3)
    for written in drawn:
        emulator.feed(written)
        screens.append(emulator.cells())
    assert [least(*pair) for pair in pairwise(screens)] == [(1, 7), (4, 7 + 6 + 5 + 3)]
    assert least(screens[-1], screens[-1]) == (0, 0)
