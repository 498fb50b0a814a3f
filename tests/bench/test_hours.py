"""The benchmark of hours runs: its time is as much faster as it says, and what it adds up was used."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bench import hours, pulse
from tests.bench.hours import OURS, YARDSTICK, Used
from tests.bench.pulse import Beat
from tests.bench.terminal import ROOT

_LOOKS = """\
import asyncio, json, queue, select, sys, threading, time
from datetime import datetime

async def none_comes():
    try:
        async with asyncio.timeout(100):
            await asyncio.Event().wait()
    except TimeoutError:
        pass

before = time.monotonic(), time.time(), datetime.now().timestamp(), time.clock_gettime(time.CLOCK_MONOTONIC)
time.sleep(100)
select.select([], [], [], 100)
threading.Event().wait(100)
asyncio.run(asyncio.sleep(100))
asyncio.run(none_comes())
try:
    queue.Queue().get(timeout=100)
except queue.Empty:
    pass
after = time.monotonic(), time.time(), datetime.now().timestamp(), time.clock_gettime(time.CLOCK_MONOTONIC)
print(json.dumps([after[1], *(late - early for early, late in zip(before, after))]))
"""


def test_all_clocks_and_all_that_waits_is_so_many_times_as_fast(tmp_path: Path) -> None:
    (tmp_path / "looks.py").write_text(_LOOKS, "utf-8")
    origin, began = time.time() - 5, time.monotonic()
    argv = (sys.executable, "-m", "tests.bench.hurried", str(origin), "500", "looks")
    environment = {"PYTHONPATH": f"{ROOT}:{tmp_path}"}
    done = subprocess.run(argv, check=True, capture_output=True, env=environment, cwd=tmp_path, timeout=100)
    took = time.monotonic() - began
    at, *passed = json.loads(done.stdout)
    assert all(600 <= seconds <= 500 * took for seconds in passed)
    assert max(passed) - min(passed) < 50
    assert 5 * 500 <= at - origin <= (took + 6) * 500, "five seconds had passed since the origin"


def test_a_while_of_watching_is_lived_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hours, "shown_here", lambda _: [])
    measured = asyncio.run(hours.measure(0.05, 60.0, settled_s=5.0))
    first, last = measured[OURS]
    assert (first.hours, first.written) == (0, 0)
    assert 0.05 <= last.hours < 0.5, "generous: a machine may be loaded"
    assert last.cpu_s > first.cpu_s > 0
    assert last.requests is not None
    assert first.requests is not None
    assert last.requests - first.requests > 3
    lines = hours.table(measured, 0.05, 60.0).lines()
    assert any("skipped: htop, btop" in line for line in lines)


def test_what_was_used_in_minutes_is_multiplied_and_held_against_the_yardstick() -> None:
    ours = [Used(0, 1, 0, 0, 10), Used(1, 2, 3_600, 4_000, 70), Used(2, 3, 7_200, 6_000, 130)]
    measured = {OURS: ours, YARDSTICK: [Used(0, 0.5, 0, 0), Used(0.1, 0.7, 360, 2_000)]}
    table = hours.table(measured, 2, 20)
    assert [row[0] for row in table.rows] == [OURS, "… hour 1", "… hour 2", YARDSTICK]
    assert list(table.rows[0][1:]) == pytest.approx([2, 0.5, 6.0, 0.15, 1, 1])
    assert list(table.rows[2][1:]) == [1, None, 2.0, None, 1, 1]
    assert table.figures["hours.cpu"] == pytest.approx(0.5)


def test_between_polls_is_where_nothing_is_asked_nor_just_before_or_after() -> None:
    beats = [Beat(1, 2, asked, 0, 0) for asked in (0, 1, 0, 0, 0, 0, 1)]
    beats[3] = Beat(1, 5, 0, 90, 60)
    beats[4] = Beat(1, 0, 0, 7, 0)
    one = pulse.summed(beats)
    assert (one.requests, one.quiet_s, one.quiet_wake_ups) == (2, 2, 5)
    assert (one.written, one.least, one.needless) == (97, 60, 7)
    assert pulse.table(one).figures == {"idle.wake-ups": 2.5, "idle.bytes": 97 / 60, "idle.needless": 7}


def test_what_moves_is_counted_at_a_terminal() -> None:
    one = pulse.measured(3.0, settle_s=6.0)
    assert one.seconds == pytest.approx(3, abs=1)
    assert one.written >= one.least >= 0
