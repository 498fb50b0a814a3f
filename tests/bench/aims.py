"""What is aimed for, and whether this run comes to it: each line has its number from a benchmark."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.bench.table import Table, figure

_TIMES, _MS = "×", "ms"
_NOTHING, _BARE, _LEAST = "python -c pass", "a bare Textual app", "least for that change"
_FRAME, _PLAIN = "one frame", "httpx + json + DataTable"


_VERDICT = 4


@dataclass(frozen=True, slots=True)
class Aim:
    """One thing that is measured, and how much it may come to at most."""

    what: str
    yardstick: str
    most: float
    unit: str
    name: str
    """The name of the figure."""
    wants: str = ""
    """The program that it cannot be measured without."""

    def line(self, figures: Mapping[str, float | None]) -> tuple[str, ...]:
        """Hold the figure against the aim, with what programs of others come to beside."""
        measured, aim = figures.get(self.name), self._said(self.most, "≤ ")
        if measured is None:
            return self.what, self.yardstick, aim, "–", self._why(), ""
        verdict = "met" if measured <= self.most else "missed"
        return self.what, self.yardstick, aim, self._said(measured), verdict, self._others(figures)

    def _others(self, figures: Mapping[str, float | None]) -> str:
        begin = beside(self.name, "")
        found = {name.removeprefix(begin): value for name, value in figures.items() if name.startswith(begin)}
        return ", ".join(f"{name} {figure(value)}" for name, value in found.items())

    def _said(self, value: float, before: str = "") -> str:
        return f"{before if self.most else ''}{figure(value)} {self.unit}"

    def _why(self) -> str:
        if self.wants and shutil.which(self.wants) is None:
            return f"not measured: {self.wants} is not installed"
        return "not measured"


def beside(name: str, other: str) -> str:
    """Name the figure of a program of others that is measured as ours is."""
    return f"{name} beside {other}"


AIMS = (
    Aim("last known jobs on screen after Enter", _NOTHING, 5, _TIMES, "start.last"),
    Aim("live, 1,000 jobs", _BARE, 1.25, _TIMES, "start.live"),
    Aim("… and answering keys", _BARE, 1.25, _TIMES, "start.answers"),
    Aim("idle CPU with 3 sources, nothing changing", "htop", 0.5, _TIMES, "idle.cpu", "htop"),
    Aim("… wake-ups between polls", "none", 0, "a second", "idle.wake-ups"),
    Aim("… over eight simulated hours: CPU", "htop", 0.5, _TIMES, "hours.cpu", "htop"),
    Aim("idle bytes, as ages tick", _LEAST, 1.5, _TIMES, "idle.bytes"),
    Aim("… when nothing visible changes", "none", 0, "bytes", "idle.needless"),
    Aim("one job changes: bytes", _LEAST, 1.5, _TIMES, "diff.row"),
    Aim("100,000 jobs: first paint", "1,000 jobs", 3, _TIMES, "curves.start"),
    Aim("… another order, the slowest column", "", 80, _MS, "order.sort"),
    Aim("… a keystroke in the filter, the slowest", "", 30, _MS, "filter.letter"),
    Aim("… its first letter, with nothing read before", "", 30, _MS, "filter.first"),
    Aim("… a page down", "", 10, _MS, "curves.page"),
    Aim("memory per job held, 100,000", "", 700, "bytes", "memory.job"),
    Aim("… per message kept", "", 300, "bytes", "messages.kept"),
    Aim("… of the whole program at 100,000 jobs", "", 150, "MiB", "curves.resident"),
    Aim("CPU of a poll round, 1,000 jobs, 1% changed", _PLAIN, 0.15, _TIMES, "round.1000"),
    Aim("… 10,000 jobs", _PLAIN, 0.15, _TIMES, "round.10000"),
    Aim("a round of 100,000: longest stretch", _FRAME, 16, _MS, "round.blocked"),
    Aim("… in the whole program, with its screen", _FRAME, 16, _MS, "keys.blocked"),
    Aim("10,000 messages/s: CPU of the pane", "Log widget", 0.7, _TIMES, "messages.pane"),
    Aim("… of the whole program, journal and all", "Log widget", 0.7, _TIMES, "messages.whole"),
    Aim("… bytes to the terminal", "", 20, "kB/s", "messages.bytes"),
    Aim("server change → screen by push: worst", "network + one frame", 100, "ms over", "push.over"),
    Aim("… by polling: worst", "interval + one frame", 50, "ms over", "polled.over"),
    Aim("key → screen, 100,000 jobs, 10,000 messages/s: p99", _FRAME, 16, _MS, "keys.p99"),
    Aim("requests to watch 1,000 Zendesk jobs", "one GET per job", 0.01, _TIMES, "polling.zendesk"),
    Aim("jobtui --help", f"2 × {_NOTHING}", 60, "ms over", "start.help"),
    Aim("jobtui audit, of the journal only", f"2 × {_NOTHING}", 120, "ms over", "start.audit"),
)


def aims(figures: Mapping[str, float | None], *, only_measured: bool = False) -> Table | None:
    """Give every aim with its figure of this run; None where none of them was wanted."""
    lines = list(_lines(figures, only_measured))
    if not lines:
        return None
    met = sum(line[_VERDICT] == "met" for line in lines)
    return Table(
        "aims",
        ("what", "yardstick", "aim", "measured", "", "others"),
        lines,
        (f"{met} of {len(lines)} met; every figure is one of the tables above, of this run",),
    )


def _lines(figures: Mapping[str, float | None], only_measured: bool) -> Iterator[tuple[str, ...]]:
    for aim in AIMS:
        if not only_measured or aim.name in figures:
            yield aim.line(figures)
