"""The fuzzing itself: it can tell a bug, invents the same inputs again, and keeps what is worth keeping."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from jobtui.model import parse_ref
from tests.fuzz import running
from tests.fuzz.__main__ import main
from tests.fuzz.keeping import KEPT, keep, kept
from tests.fuzz.mutating import LONGEST, Mutator
from tests.fuzz.reaching import fewest, reached
from tests.fuzz.running import run
from tests.fuzz.shares import SHARES, share
from tests.fuzz.targets import TARGETS


def _breaks_on_brackets(data: bytes) -> tuple[str, ...]:
    if b"[" in data:
        raise KeyError("bracket")
    return ("RefError",) if b":" in data else ()


def test_a_run_counts_what_is_refused_and_goes_on_after_a_finding() -> None:
    report = run("x", _breaks_on_brackets, [b"a", b"b:", b"[", b"c:", b"[[", b"d"])
    assert (report.inputs, dict(report.refusals)) == (6, {"RefError": 2})
    assert list(report.findings.values()) == [b"["]
    (what,) = report.findings
    assert what.startswith("KeyError in _breaks_on_brackets")
    assert str(report).startswith("x: 6 inputs; refused by name: 2 RefError; unnamed: 1; slowest ")


def test_an_input_that_takes_too_long_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SLOWEST_MS", 0.0)
    report = run("x", lambda data: [str(sum(data))], [b"a"])
    assert list(report.findings.values()) == [b"a"]


def test_the_suite_runs_twenty_thousand_inputs_over_all_targets() -> None:
    assert SHARES.keys() == TARGETS.keys()
    assert sum(SHARES.values()) == 20_000
    assert 1_000_000 <= sum(share(target, 1_000_000) for target in TARGETS) < 1_000_010


@pytest.mark.parametrize("target", TARGETS)
def test_a_seed_invents_the_same_inputs_again_and_hardly_one_twice(target: str) -> None:
    first, again, other = (list(Mutator(target, seed).inputs(200)) for seed in (3, 3, 4))
    assert first == again != other
    assert len(set(first)) > 150
    assert max(map(len, first)) <= LONGEST


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_kept_can_be_read_keeps_its_promises_and_is_small(target: str) -> None:
    report = run(target, TARGETS[target], inputs := kept(target))
    assert inputs
    assert report.findings == {}
    assert all(len(one) <= len(next_one) for one, next_one in pairwise(inputs))
    assert (KEPT / f"{target}.jsonl").stat().st_size < 40_000
    assert sum(path.stat().st_size for path in KEPT.iterdir()) < 300_000


def test_any_bytes_can_be_kept(tmp_path: Path) -> None:
    given = [b"", b'{"a": "\\\\"}', b"\n", bytes(range(256)), "ß".encode(), b"", b"\x7f"]
    keep("x", given, tmp_path)
    assert kept("x", tmp_path) == sorted(set(given), key=lambda data: (len(data), data))


def test_the_fewest_inputs_reach_what_all_reach() -> None:
    def read(data: bytes) -> None:
        TARGETS["ref"](data)

    inputs = [b"a:1", b"b:2", b"a:1#s", b"x", b"y", b"a:1#", b"a:1#\xc3\x9f"]
    chosen = fewest(read, inputs, begin=[b"a:1"])
    assert b"b:2" not in chosen
    assert len(chosen) == 4
    everything = set().union(*(reached(read, data) for data in inputs))
    assert everything == set().union(*(reached(read, data) for data in [b"a:1", *chosen]))
    assert parse_ref.__code__.co_filename in {name for name, _, _ in everything}


def test_the_command_says_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ref", "--inputs", "50", "--seed", "9"]) == 0
    assert capsys.readouterr().out.startswith("ref: 50 inputs; refused by name: ")
    with pytest.raises(SystemExit):
        main(["nothing", "--inputs", "50"])
