"""The table of aims: every aim has its line, and no number that was not measured in this run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench.aims import AIMS, aims, beside
from tests.bench.registry import NAMES, Options
from tests.bench.table import Table


def _lines(figures: Mapping[str, float | None]) -> dict[str, str]:
    table = aims(figures)
    assert table is not None
    return dict(zip((aim.name for aim in AIMS), table.lines()[4:], strict=False))


def test_what_was_not_measured_has_its_line_and_no_number() -> None:
    lines = _lines({})
    assert len(lines) == len(AIMS)
    assert all(re.search(r" – +not measured(: \w+ is not installed)?$", line) for line in lines.values())


def test_a_figure_is_met_up_to_its_aim_and_missed_beyond() -> None:
    lines = _lines({"start.last": 5.0, "start.live": 1.26, "idle.needless": 0, "keys.p99": 200.0})
    assert re.search(r"≤ 5 × +5 × +met$", lines["start.last"])
    assert re.search(r"≤ 1.25 × +1.26 × +missed$", lines["start.live"])
    assert re.search(r" 0 bytes +0 bytes +met$", lines["idle.needless"])
    assert re.search(r"≤ 16 ms +200 ms +missed$", lines["keys.p99"])


def test_programs_of_others_stand_beside() -> None:
    lines = _lines(
        {"start.live": 1.0, beside("start.live", "toolong"): 2.7, beside("start.live", "posting"): 4}
    )
    assert re.search(r" met +toolong 2.70, posting 4$", lines["start.live"])


def test_a_yardstick_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert _lines({})["idle.cpu"].endswith("not measured: htop is not installed")


def test_only_what_was_asked_for_is_held_against_its_aim() -> None:
    table = aims({"start.last": 1.2, "start.help": None}, only_measured=True)
    assert table is not None
    assert [row[4] for row in table.rows] == ["met", "not measured"]
    assert aims({}, only_measured=True) is None


def test_each_figure_is_named_once_and_some_benchmark_gives_it() -> None:
    names = [aim.name for aim in AIMS]
    assert len(set(names)) == len(names)
    modules = [each for each in Path(__file__).parent.glob("*.py") if not each.name.startswith("test_")]
    given = "".join(each.read_text("utf-8") for each in modules if each.stem != "aims")
    assert [name for name in names if f'"{name.partition(".")[0]}.' not in given] == []


class _Ran:
    SAYS = "one that gives a figure"

    def run(self, options: Options) -> list[Table]:
        assert options.rounds == 1
        return [Table("it", ("a",), [("b",)], (), {"start.last": 4.0})]


class _Broken:
    SAYS = "one that breaks"

    def run(self, options: Options) -> list[Table]:
        raise AssertionError(options)


def test_one_that_breaks_costs_none_of_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "benchmark", lambda name: _Ran() if name == "start" else _Broken())
    assert bench.main(["all", "--rounds", "1"]) == 1
    said = capsys.readouterr()
    assert said.out.index("\nit\n") < said.out.index("\naims\n")
    assert re.search(r"last known jobs on screen.* 4 × +met\n", said.out)
    assert said.out.count("could not be run") == len(NAMES) - 1
    assert "AssertionError" in said.err
