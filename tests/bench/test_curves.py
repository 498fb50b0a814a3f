"""The benchmark of curves runs: each cost is measured at each size, and two of them held against aims."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tests.bench import curves
from tests.bench.on_screen import STEPS
from tests.bench.registry import Options


def test_every_cost_is_measured_with_few_jobs_as_with_many() -> None:
    options = Options(rounds=1)
    one = asyncio.run(curves.measure(30, options))
    assert set(one.on_screen) == set(STEPS)
    assert all(cost.ms > 0 and cost.written > 0 for cost in one.on_screen.values())
    assert all(len(starts) == 1 and starts[0].written > 1_000 for starts in (one.last, one.answers))
    assert one.resident_mib is None or one.resident_mib > 20
    assert one.round.cpu_ms > 0
    table = curves.table([one, replace(one, jobs=60)], options)
    assert all(len(row) == 4 and row[-1] in (1, None) for row in table.rows)
    assert not table.figures
    held = curves.table([replace(one, jobs=curves.FEW), replace(one, jobs=curves.MANY)], options).figures
    assert held["curves.start"] == 1
    assert held["curves.page"] == one.on_screen["page down"].ms
