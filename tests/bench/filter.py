"""What a keystroke in the filter costs, against testing and sorting every job anew."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from jobtui.insight.search import read
from jobtui.insight.sorting import Sorting
from jobtui.monitor.store import Store
from jobtui.tui.finding import Finding
from tests.bench.many import NOW, SIZES, finding_of, many_jobs, middle, took_ms
from tests.bench.registry import Options
from tests.bench.table import Cell, Table

SAYS = "a keystroke in the filter at 1,000, 10,000 and 100,000 jobs, against testing all anew"
ANEW = "all tested and sorted anew"
FIRST = "the first letter at once, nothing read before"
STEPS = (
    ("slash: what is looked in is read, in slices", None),
    ("c", "c"),
    ("one letter more: co", "co"),
    ("one letter more: coast", "coast"),
    ("a second word: coast ri", "coast ri"),
    ("one letter less: coas", "coas"),
    ("nothing left: coastx", "coastx"),
    ("no filter any more", ""),
    (FIRST, "c"),
    ("state:failed", "state:failed"),
)


def run(options: Options) -> list[Table]:
    """Measure, and give the table."""
    return [table({size: measure(size, options.rounds) for size in SIZES}, options.rounds)]


def measure(size: int, rounds: int) -> dict[str, float]:
    """Give the milliseconds of each step, the median of paired rounds, and of the longest slice."""
    store, finding = finding_of(many_jobs(size))
    times: dict[str, list[float]] = {}
    for _ in range(rounds):
        for what, took in _round(store, finding):
            times.setdefault(what, []).append(took)
    return {what: middle(each) for what, each in times.items()}


def _round(store: Store, finding: Finding) -> Sequence[tuple[str, float]]:
    finding.end()
    measured = [(ANEW, took_ms(partial(_anew, store)))]
    for what, text in STEPS:
        if text is None:
            slices = _slices(finding)
            measured += [(what, sum(slices)), ("  the longest slice", max(slices))]
            continue
        if what == FIRST:
            finding.end()
        measured.append((what, took_ms(partial(finding.filter, text, problems=False))))
    finding.filter("", problems=False)
    return measured


def _slices(finding: Finding) -> list[float]:
    slices, began = [], time.thread_time()
    for _ in finding.begin():
        now = time.thread_time()
        slices.append((now - began) * 1_000)
        began = now
    return slices


def _anew(store: Store) -> object:
    query, key = read("coast"), Sorting()
    return sorted((key(job), job.ref) for job in store if query.matches(job, NOW))


def table(measured: dict[int, dict[str, float]], rounds: int) -> Table:
    """Give it as a table, a column for each number of jobs."""
    sizes = tuple(measured)
    heads = ("milliseconds", *(f"{size:,}" for size in sizes), "of anew")
    last = measured[sizes[-1]]
    rows: list[tuple[Cell, ...]] = [
        (what, *(measured[size][what] for size in sizes), last[what] / last[ANEW])
        for what in measured[sizes[0]]
    ]
    return Table(
        "a keystroke in the filter",
        heads,
        rows,
        (f"of one processor, medians of {rounds} rounds; aim: 30 at 100,000",),
        _held(last) if sizes[-1] >= SIZES[-1] else {},
    )


def _held(last: dict[str, float]) -> dict[str, float | None]:
    """Give what is held against an aim: what a keystroke costs when what is looked in is known, or not."""
    known = [what for what, text in STEPS if text is not None and what != FIRST]
    return {"filter.letter": max(last[what] for what in known), "filter.first": last[FIRST]}
