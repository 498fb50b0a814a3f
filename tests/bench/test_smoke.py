"""The benchmarks run, and what they print can be believed: counts that do not depend on the machine."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.bench import polling, push
from tests.bench.__main__ import main
from tests.bench.push import BLOCKED, POLLED, PUSHED
from tests.bench.registry import NAMES, Options

QUICK = Options(seconds=2.0, rounds=1, poll_s=0.5, settings={"limit": 3, "budget": 6_000})
"""Few jobs, and no budget that would bind: then what is asked follows from the jobs and the interval."""


def test_being_told_costs_fewer_requests_than_asking() -> None:
    measured = asyncio.run(push.measure(QUICK))
    told, asked, blocked = (measured[way] for way in (PUSHED, POLLED, BLOCKED))
    assert told.traffic.requests < asked.traffic.requests / 2
    assert told.traffic.bytes < asked.traffic.bytes
    assert told.traffic.posts == told.traffic.requests, "only the list is asked for; of the jobs it is told"
    assert (asked.traffic.sockets, asked.traffic.socket_down) == (0, 0)
    assert told.traffic.sockets == 0, "it was open already, and stayed so"
    assert blocked.traffic.requests > 0, "polling took over"
    assert all(len(one.latencies_s) == 1 and one.latencies_s[0] > 0 for one in measured.values())
    traffic, latency = (table.lines() for table in push.tables(measured, QUICK))
    assert [line.split("  ")[0] for line in traffic[4:7]] == [PUSHED, POLLED, BLOCKED]
    assert [line.split("  ")[0] for line in latency[4:7]] == [PUSHED, POLLED, BLOCKED]


def test_watching_many_costs_less_than_asking_for_each() -> None:
    options = replace(QUICK, settings={})
    (one,) = asyncio.run(polling.measure(options, sizes=(30,), kinds=("zendesk",)))
    assert (one.kind, one.jobs) == ("zendesk", 30)
    assert one.naive.requests == 30 * 60 / QUICK.poll_s
    assert 0 < one.ours.requests < one.naive.requests / 10
    assert 0 < one.ours.bytes < one.naive.bytes
    assert len(polling.table([one], options).lines()) == 7


def test_the_list_names_each_benchmark_and_an_unknown_one_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(NAMES)
    with pytest.raises(SystemExit) as refused:
        main(["pull"])
    assert refused.value.code == 2
    assert "push" in capsys.readouterr().err
