"""What another order costs, and a change in it, against sorting everything by a key of each job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

from jobtui.insight.sorting import Column, Order, Sorting
from jobtui.model import Job
from jobtui.monitor.store import Store
from jobtui.tui.finding import Finding
from tests.bench.many import NOW, SIZES, finding_of, many_jobs, middle, took_ms
from tests.bench.registry import Options
from tests.bench.table import Cell, Table

SAYS = "another order, and a change in it, at 1,000, 10,000 and 100,000 jobs, against sorting all anew"
ANEW = "all sorted anew by title"


def run(options: Options) -> list[Table]:
    """Measure, and give the table."""
    return [table({size: measure(size, options.rounds) for size in SIZES}, options.rounds)]


def measure(size: int, rounds: int) -> dict[str, float]:
    """Give the milliseconds of each, the median of paired rounds."""
    jobs = many_jobs(size)
    store, finding = finding_of(jobs)
    times: dict[str, list[float]] = {}
    for number in range(rounds):
        for what, work in _works(store, finding, jobs, number + 1):
            times.setdefault(what, []).append(took_ms(work))
    return {what: middle(each) for what, each in times.items()}


def _works(
    store: Store, finding: Finding, jobs: list[Job], number: int
) -> Iterator[tuple[str, Callable[[], object]]]:
    key = Sorting(Order(Column.TITLE))
    yield ANEW, lambda: sorted((key(job), job.ref) for job in store)
    for column in Column:
        yield f"by {column}", partial(finding.sort, Order(column))
        yield f"by {column}, turned", partial(finding.sort, Order(column, is_turned=True))
    finding.sort(Order())
    later = NOW + timedelta(minutes=number)
    for what, some in (("one job changes", jobs[:1]), ("1% of the jobs change", jobs[1::100])):
        changed = [replace(job, updated=later, ended_at=later if job.ended else None) for job in some]
        yield what, partial(finding.view.apply, store.apply(changed, later))


def table(measured: dict[int, dict[str, float]], rounds: int) -> Table:
    """Give it as a table, a column for each number of jobs."""
    sizes = tuple(measured)
    last = measured[sizes[-1]]
    rows: list[tuple[Cell, ...]] = [
        (what, *(measured[size][what] for size in sizes), last[what] / last[ANEW])
        for what in measured[sizes[0]]
    ]
    heads = ("milliseconds", *(f"{size:,}" for size in sizes), "of anew")
    slowest = max(took for what, took in last.items() if what.startswith("by "))
    return Table(
        "another order",
        heads,
        rows,
        (f"of one processor, medians of {rounds} rounds; aim: 80 at 100,000",),
        {"order.sort": slowest} if sizes[-1] >= SIZES[-1] else {},
    )
