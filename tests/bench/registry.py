"""The benchmarks by name, one module each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Protocol, cast

from tests.bench.table import Table


@dataclass(frozen=True, slots=True)
class Options:
    """How long and how often to measure."""

    seconds: float = 25.0
    """Length of the window in which traffic is counted."""
    rounds: int = 5
    """Paired rounds of what is timed; the median of them counts."""
    poll_s: float = 5.0
    """The poll interval of the sources; 5 s is what users have who say nothing."""
    settings: Mapping[str, object] = field(default_factory=dict)
    """More keys for the configuration of each source; none for what users have."""


class Benchmark(Protocol):
    """What a module of a benchmark has."""

    SAYS: str
    """What it measures, in one line."""

    def run(self, options: Options) -> list[Table]:
        """Measure, clean up, and give the tables."""
        ...


_MODULES = {
    "push": "tests.bench.push",
    "polling": "tests.bench.polling",
    "messages": "tests.bench.messages",
    "filter": "tests.bench.filter",
    "order": "tests.bench.order",
    "diff": "tests.bench.diff",
    "keys": "tests.bench.keys",
    "start": "tests.bench.start",
    "idle": "tests.bench.idle",
    "round": "tests.bench.round",
    "memory": "tests.bench.memory",
    "curves": "tests.bench.curves",
    "hours": "tests.bench.hours",
}
NAMES = tuple(_MODULES)


def benchmark(name: str) -> Benchmark:
    """Give a benchmark; raises KeyError for an unknown one."""
    # Imported when wanted: one benchmark needs no other's libraries.
    return cast("Benchmark", import_module(_MODULES[name]))
