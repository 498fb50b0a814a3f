"""Some hours of watching through faults, and what was answered held against what the journal has."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median

from jobtui.errors import BackendError
from jobtui.journal.journal import Journal
from jobtui.model import Flag, Job, JobRef, Kind, Source
from jobtui.monitor.reader import Reader
from tests.simulation.house import House, house
from tests.simulation.loop import simulated_time
from tests.soak.ledger import Ledger, Listening, Run, harmless
from tests.soak.memory import held_bytes, idle_bytes, resident_bytes

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
FOLLOWED = 20
FAULTS = (
    "slow:0.015,hangup:0.01,hangup-after:0.01,429:0.01,500:0.01,502:0.01,503:0.005,html:0.008,truncated:0.008,"
    "nonsense:0.004,hostile:0.005,nextspace/skew:0.005,zendesk/skew:0.005,401:0.003,403:0.002,404:0.002,409:0.001,"
    "token-expiry:0.003,too-many-jobs:0.002,show-fails:0.004,ws-drop:0.1"
)
"""Together about one request in ten."""
QUIET_S = 420.0
"""At the end the faults are over for so long; what was missed in them is read by then."""
CALM_S = 3_900.0
"""A day begins and ends with so long without faults. What was held can be compared where as much is shown,
and a server that dates old jobs into the future puts hundreds of them on the list, for an hour."""
ENDED = frozenset({"closed", "COMPLETE", "FAILED", "CANCELLED", "completed", "failed", "killed"})
LATE_S = 90.0
"""How much later than the asking an answer may come that was asked for again and again."""
MOST_GROWTH = 1.1
"""The memory of a watching process at the end, by that after the first hour: what it takes with nothing to
watch, and what the monitor holds. What this process takes has the pretend servers and the ledger in it."""
MOST_HELD = 1.5
"""What the monitor alone holds at the end, by that after the first hour. With as many jobs listed it differs
by a fifth from hour to hour: a hundred jobs are held whole, and some have more parts than others."""
AGED_S = 86_400.0
"""For how long the servers had work before anybody looked: after a day as many jobs leave them as come."""
LONGEST_DARK_S = 450.0
"""However bad the luck, what is shown as fresh is no older. What is on the screen counts as fresh for 150 s;
a round of the busiest source waits a minute for its budget, and a few in a row may fail."""


@dataclass
class Report:
    """What came of it."""

    hours: float
    is_calm_around: bool = False
    """Whether the first hour and the last were without faults."""
    exchanges: int = 0
    whole: int = 0
    frames: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    out_of_scope: int = 0
    """Jobs that a list named, and that had ended longer ago than is to be shown."""
    states_told: int = 0
    states_kept: int = 0
    states_missing: list[str] = field(default_factory=list)
    states_invented: list[str] = field(default_factory=list)
    messages_told: int = 0
    messages_kept: int = 0
    messages_missing: list[str] = field(default_factory=list)
    messages_invented: list[str] = field(default_factory=list)
    messages_doubled: int = 0
    events_compared: int = 0
    jobs: int = 0
    followed: int = 0
    darkest_s: dict[str, float] = field(default_factory=dict)
    """By source, the longest time without a good round."""
    held: list[int] = field(default_factory=list)
    """Bytes that the monitor holds: of each hour, the median of its second half. Which job is followed, and
    was read last, makes a tenth of it."""
    weighed: list[int] = field(default_factory=list)
    """What it held in the second half of the hour that runs."""
    shown: list[int] = field(default_factory=list)
    """How many jobs are listed then."""
    idle_bytes: int = 0
    """What a process takes that could watch, and has nothing to."""
    resident: list[int] = field(default_factory=list)
    """Bytes of the whole process, pretend servers and ledger included, at the end of each hour."""
    journal_bytes: int = 0
    took_s: float = 0.0

    @property
    def growth(self) -> float:
        """The memory of a watching process at the end, by that after the first hour."""
        return (self.idle_bytes + self.held[-1]) / (self.idle_bytes + self.held[0])

    def wrong(self) -> list[str]:
        """Name all that was lost, doubled, invented, stuck or swollen."""
        lost = [f"{what} {each}" for what, found in self._findings() for each in found]
        if self.messages_doubled:
            lost.append(f"{self.messages_doubled} messages doubled")
        lost += [f"{name} dark for {s:.0f} s" for name, s in self.darkest_s.items() if s > LONGEST_DARK_S]
        if self.is_calm_around and self.held[-1] > self.held[0] * MOST_HELD:
            lost.append(f"what the monitor holds grew from {self.held[0]} to {self.held[-1]} bytes")
        if self.is_calm_around and self.growth > MOST_GROWTH:
            lost.append(f"memory grew by {self.growth - 1:.1%}")
        return lost

    def _findings(self) -> Iterator[tuple[str, list[str]]]:
        yield "state missing:", self.states_missing
        yield "state nobody told:", self.states_invented
        yield "message missing:", self.messages_missing
        yield "message nobody told:", self.messages_invented

    def lines(self) -> Iterator[str]:
        """Say it line by line."""
        yield f"{self.hours:g} simulated hours in {self.took_s:.0f} s, seed and faults as in {__name__}"
        yield (
            f"{self.jobs} jobs ({self.out_of_scope} of them ended too long ago to be shown), "
            f"{FOLLOWED} followed at a time, {self.followed} in all"
        )
        yield f"{self.exchanges} requests, {self.whole} answered whole with 200, {self.frames} frames"
        yield "answers: " + ", ".join(f"{word} {count}" for word, count in sorted(self.statuses.items()))
        yield (
            f"states: {self.states_told} told, {self.states_kept} in the journal, "
            f"{len(self.states_missing)} missing, {len(self.states_invented)} that nobody told"
        )
        yield (
            f"messages: {self.messages_told} told, {self.messages_kept} in the journal, "
            f"{len(self.messages_missing)} missing, {len(self.messages_invented)} that nobody told, "
            f"{self.messages_doubled} doubled; {self.events_compared} lines of history compared"
        )
        dark = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in self.darkest_s.items())
        yield f"longest without a good round: {dark}"
        first, last = self.held[0], self.held[-1]
        yield (
            f"the monitor holds {first / 2**20:.2f} MiB after the first hour, {last / 2**20:.2f} at the end, "
            f"{last / first - 1:+.1%} (at most {max(self.held) / 2**20:.2f} MiB); jobs listed: "
            f"{self.shown[0]}, {self.shown[-1]}, at most {max(self.shown)}"
        )
        each = zip(self.held, self.shown, strict=True)
        yield "hour by hour: " + ", ".join(f"{held / 2**20:.2f} MiB of {count}" for held, count in each)
        yield (
            f"a process that watches takes {self.idle_bytes / 2**20:.1f} MiB with nothing to watch; "
            f"with what the monitor holds it grows by {self.growth - 1:.1%}"
        )
        first, last = self.resident[0], self.resident[-1]
        yield f"the process with its servers: {first / 2**20:.0f} MiB, {last / 2**20:.0f} at the end"
        yield f"the journal: {self.journal_bytes / 2**20:.1f} MiB"


def soak(
    folder: Path, *, hours: float, jobs: int = 500, seed: int = 7, faults: str = FAULTS, calm: bool = False
) -> Report:
    """Watch for so long, ``calm`` at the beginning and the end, then compare."""
    report = Report(hours, calm, idle_bytes=idle_bytes())
    began = time.perf_counter()
    with simulated_time(START) as loop:
        ledger = Ledger(loop.time)
        loop.run_until_complete(_watch(folder / "journal.sqlite3", ledger, report, jobs, seed, faults))
    with Journal(folder / "journal.sqlite3") as journal:
        _compare(journal, ledger, report)
        report.journal_bytes = journal.path.stat().st_size
    report.took_s = time.perf_counter() - began
    return report


async def _watch(path: Path, ledger: Ledger, report: Report, jobs: int, seed: int, faults: str) -> None:
    dice = Random(seed)
    usual = {Kind.NEXTSPACE: ("tiles", 60.0), Kind.ZENDESK: ("desk", 60.0), Kind.ARCGIS: ("field", 60.0)}
    sources = {
        kind: Source(name, kind, poll_s=15.0, budget=budget, history_s=3600.0)
        for kind, (name, budget) in usual.items()
    }
    calm_s = CALM_S if report.is_calm_around else 0.0
    async with house(
        path,
        seed=seed,
        faults="" if calm_s else faults,
        jobs=jobs,
        sources=sources,
        aged_s=AGED_S,
        around=lambda app: Listening(app, ledger),
    ) as home:
        await home.monitor.start()
        followers = [asyncio.create_task(_follow_some(home, dice, report)) for _ in range(FOLLOWED)]
        await _look_until(calm_s, home, dice, report)
        home.services.faults.set(faults)
        await _look_until(report.hours * 3600.0 - max(QUIET_S, calm_s), home, dice, report)
        home.services.faults.set("")
        await _look_until(report.hours * 3600.0, home, dice, report)
        for follower in followers:
            follower.cancel()
        report.jobs = len(ledger.stood)
        if report.weighed:
            _close_hour(home, report)
        ledger.close()
    report.exchanges, report.whole, report.frames = ledger.exchanges, ledger.whole, ledger.frames
    report.statuses = dict(ledger.statuses)


async def _look_until(end_s: float, home: House, dice: Random, report: Report) -> None:
    while asyncio.get_running_loop().time() < end_s:
        await _look_for_a_while(home, dice, report)


async def _look_for_a_while(home: House, dice: Random, report: Report) -> None:
    loop, monitor = asyncio.get_running_loop(), home.monitor
    refs = [job.ref for job in monitor.store]
    monitor.look_at(dice.sample(refs, min(30, len(refs))))
    monitor.follow(dice.choice(refs) if refs else None)
    for _ in range(6):
        await asyncio.sleep(10.0)
        now = home.calendar()
        for name in monitor.sources:
            fresh_at = monitor.health(name).fresh_at
            dark_s = loop.time() if fresh_at is None else (now - fresh_at).total_seconds()
            report.darkest_s[name] = max(report.darkest_s.get(name, 0.0), dark_s)
    if loop.time() >= 3600.0 * (len(report.held) + 0.5):
        without = (loop, home.world, home.services)
        report.weighed.append(held_bytes(home.monitor, without=without))
    if loop.time() >= 3600.0 * (len(report.held) + 1):
        _close_hour(home, report)


def _close_hour(home: House, report: Report) -> None:
    report.held.append(int(median(report.weighed)))
    report.weighed.clear()
    report.shown.append(len(home.monitor.store))
    report.resident.append(resident_bytes())


async def _follow_some(home: House, dice: Random, report: Report) -> None:
    """Follow a job's messages until it has ended, as `logs --follow` does; then another's."""
    while True:
        open_ = [job for job in home.monitor.store if not job.ended]
        if not open_:
            await asyncio.sleep(30.0)
            continue
        report.followed += 1
        await _follow(home, dice.choice(open_).ref, dice)


async def _follow(home: House, ref: JobRef, dice: Random) -> None:
    reader: Reader = home.monitor._readers[ref.source]  # for its turn in the budget
    for _ in range(60):
        had_ended = _has_ended(home.monitor.store.get(ref))
        await reader.turn()
        try:
            await home.monitor.read(ref)
            await home.monitor.read_messages(ref)
        except BackendError:
            had_ended = False
        if had_ended:
            return
        await asyncio.sleep(dice.uniform(40.0, 80.0))


def _has_ended(job: Job | None) -> bool:
    return job is None or (job.ended and Flag.FORGOTTEN not in job.flags)


# --- the comparison -----------------------------------------------------------------------------------
def _compare(journal: Journal, ledger: Ledger, report: Report) -> None:
    for (source, job_id), runs in ledger.stood.items():
        ref = JobRef(source, job_id)
        _compare_states(journal, ref, runs, ledger.perhaps[source, job_id], report)
    for (source, job_id), texts in ledger.said.items():
        _compare_messages(journal, JobRef(source, job_id), texts, report)
    for job_id, events in ledger.events.items():
        _compare_events(journal, JobRef("field", job_id), events, report)


def _compare_states(
    journal: Journal, ref: JobRef, runs: list[Run], perhaps: list[Run], report: Report
) -> None:
    """Each way a job was told to stand is in the journal for that time, and nothing else is."""
    kept = [(_second(told.at), _fact(ref, told)) for told in journal.past.told(ref) if not told.forgotten]
    if runs[0].fact[0] in ENDED and not any(at <= runs[-1].last + 1.0 for at, _ in kept):
        # It had ended before the hour that is shown when it was first told of; read by itself later, if ever.
        report.out_of_scope += 1
        return
    report.states_told += len(runs)
    report.states_kept += len(kept)
    stood = [(*one, until) for one, (until, _) in zip(kept, [*kept[1:], (float("inf"), ())], strict=True)]
    for run in runs:
        if not any(
            fact == run.fact and at <= run.last + 1.0 and until >= run.first - LATE_S
            for at, fact, until in stood
        ):
            report.states_missing.append(f"{ref} {run}: {kept[-6:]}")
    for at, fact in kept:
        if not any(
            fact == run.fact and run.first - LATE_S <= at <= run.last + 1.0 for run in [*runs, *perhaps]
        ):
            report.states_invented.append(f"{ref} {fact} at {at:.0f}: {runs[-6:]}")


def _fact(ref: JobRef, told: object) -> tuple[object, ...]:
    progress = told.progress  # type: ignore[attr-defined]
    percent = None if progress is None or progress.fraction is None else round(progress.fraction * 100)
    if ref.source == "field":
        return ("closed" if told.ended else "open", percent)  # type: ignore[attr-defined]
    if ref.source == "desk":
        return (told.raw_state, None if progress is None else progress.done)  # type: ignore[attr-defined]
    return (told.raw_state, percent)  # type: ignore[attr-defined]


def _compare_messages(journal: Journal, ref: JobRef, texts: dict[str, set[str]], report: Report) -> None:
    kept = journal.messages(ref)
    report.messages_told += len(texts)
    report.messages_kept += len(kept)
    report.messages_doubled += len(kept) - len({message.id for message in kept})
    by_id = {message.id: harmless(message.text) for message in kept}
    if ref.source == "desk":
        by_id = {text: text for text in by_id.values()}
    report.messages_missing += [
        f"{ref} {each} {texts[each]}" for each in texts if by_id.get(each) not in texts[each]
    ]
    report.messages_invented += [f"{ref} {each}" for each in by_id if each not in texts]


def _compare_events(
    journal: Journal, ref: JobRef, events: Counter[tuple[str, str, str | None]], report: Report
) -> None:
    """Each line of the history of a job whose messages were read is one message of the journal."""
    kept = [
        (_stamp(message.at), message.raw_level, message.step)
        for message in journal.messages(ref)
        if message.at is not None and message.id.startswith("h")
    ]
    if not kept:
        return
    report.events_compared += len(kept)
    report.messages_doubled += sum((Counter(kept) - events).values())
    newest = max(at for at, _, _ in kept)
    told = Counter({each: count for each, count in events.items() if each[0] <= newest})
    report.messages_missing += [f"{ref} {each}" for each in (told - Counter(kept)).elements()]


def _stamp(at: datetime) -> str:
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def _second(at: datetime) -> float:
    return (at - START).total_seconds()
