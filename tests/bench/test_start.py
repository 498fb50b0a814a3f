"""The benchmarks of starting and of doing nothing run, and count what they say they count."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bench import idle
from tests.bench.registry import Options
from tests.bench.scene import environment
from tests.bench.start import BARE, LIVE, NOTHING, table
from tests.bench.starting import ENDED, Case, Start, drained, end, launched, shows, start


def _python(name: str, code: str, until: str = ENDED) -> Case:
    return Case(name, (sys.executable, "-c", code), until)


def test_a_start_lasts_until_what_is_waited_for(tmp_path: Path) -> None:
    waits = "import time; print('one', flush=True); time.sleep(60)"
    took = start(_python("one", waits, "one"), environment(tmp_path))
    assert 0 < took.seconds < 50
    assert took.written == len("one\r\n")
    ended = start(_python("two", "print('two')"), environment(tmp_path))
    assert ended.written == len("two\r\n")


def test_what_never_comes_is_told_with_what_came(tmp_path: Path) -> None:
    case = _python("one", "print('something else')", "never")
    with pytest.raises(AssertionError, match="something else"):
        start(case, environment(tmp_path))
    assert not shows(case, environment(tmp_path))


def test_every_byte_that_is_written_meanwhile_is_counted(tmp_path: Path) -> None:
    code = "import time; time.sleep(0.3); print('x' * 10_000, flush=True); time.sleep(60)"
    process, keyboard = launched((sys.executable, "-c", code), environment(tmp_path))
    try:
        assert drained([keyboard], 5.0) == {keyboard: 10_002}
    finally:
        end(process, keyboard)


def test_the_tables_hold_ratios_of_the_same_round() -> None:
    measured = {
        NOTHING: [Start(0.01, 0, None), Start(0.02, 0, None)],
        BARE: [Start(0.1, 400, 30.0), Start(0.2, 400, 30.0)],
        LIVE: [Start(0.2, 9_000, 60.0), Start(0.4, 9_000, 60.0)],
    }
    line = next(line for line in table(measured).lines() if line.startswith(LIVE))
    assert line.removeprefix(LIVE).split()[:6] == ["300", "400", "20", "2", "9,000", "60"]


def test_who_sleeps_is_seen_to_sleep(tmp_path: Path) -> None:
    sleeps, works = "import time; time.sleep(60)", "while True: pass"
    running = {
        name: launched((sys.executable, "-c", code), environment(tmp_path))
        for name, code in (("sleeps", sleeps), ("works", works))
    }
    try:
        drained([keyboard for _, keyboard in running.values()], 1.0)
        windows: dict[str, list[idle.Window]] = {name: [] for name in running}
        idle._window(running, 1.0, windows)
    finally:
        for process, keyboard in running.values():
            end(process, keyboard)
    assert windows["sleeps"][0].cpu < windows["works"][0].cpu
    lines = idle.table(windows, Options(seconds=1.0, rounds=1)).lines()
    assert any(line.startswith("sleeps") for line in lines)
