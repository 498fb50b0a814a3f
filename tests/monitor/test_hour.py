"""An hour of watching a thousand ids beside two other services, simulated: polite and honest throughout."""

from __future__ import annotations

import asyncio
import sys
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qs

import pytest

from jobtui.demo import server as demo_server
from jobtui.demo.nextspace_action import PendingAction
from jobtui.demo.zendesk_world import Batch
from jobtui.model import Flag, Job, JobRef
from jobtui.monitor.reader import Reader
from tests.simulation.house import House, house
from tests.simulation.loop import simulated_time

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
HOUR_S = 3600.0
IDS = 1000
ROWS = 30
LOOK_EVERY_S = 15.0
PROMISE_S = 60.0 + 30.0
"""A row that is not marked as stale was heard of within a minute and the longest pause between two rounds."""
TOLD_S = 5.0
"""How soon a change must be seen that the server tells by itself."""
BLINK_S = 0.05
"""Between the moment a question is noted and the moment the server answers it."""
NAMES = {"nextspace": "tiles", "zendesk": "desk", "arcgis": "field"}


@dataclass
class Notes:
    """What was seen in the hour."""

    requests: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """By source, when each request reached its server."""
    asked: Counter[str] = field(default_factory=Counter)
    """How often each id was asked for in the round that is under way."""
    twice: list[str] = field(default_factory=list)
    lies: list[str] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)
    """How many rows were compared with the truth, by what they said."""
    oldest_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    rounds: int = 0
    percents: dict[str, list[tuple[float, int]]] = field(default_factory=lambda: defaultdict(list))
    """By workflow job, since when its percentage was what."""

    def busiest_minute(self, source: str) -> int:
        """Give the most requests in any sixty seconds."""
        times = self.requests[source]
        return max(at - bisect_left(times, times[at] - 60.0) + 1 for at in range(len(times)))


def test_a_thousand_ids_an_hour_within_every_budget_and_never_older_than_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_server, "TICK_HEARD_S", 0.5)
    notes = Notes()
    _note_rounds(monkeypatch, notes)

    async def hour() -> None:
        async with house(tmp_path / "journal.sqlite3") as home:
            _note_requests(home, notes)
            _note_percents(home, notes)
            batches = _start_batches(home)
            for ref in batches:
                await home.monitor.add(ref)
            await home.monitor.start()
            await _look_for_an_hour(home, notes)
            _report(home, notes)
            late = [ref for ref, batch in batches.items() if batch.ends < HOUR_S - PROMISE_S]
            shown = [home.monitor.store.get(ref) for ref in late]
            assert len(late) > IDS / 2
            assert all(job is not None and job.ended for job in shown), "an end was not seen"
            for name, source in home.monitor.sources.items():
                assert notes.busiest_minute(name) <= source.budget, name

    with simulated_time(START) as loop:
        loop.run_until_complete(hour())
    assert notes.rounds > 300
    assert notes.twice == []
    assert not notes.lies, "\n".join(notes.lies)
    assert notes.rows["fresh"] > 50_000
    assert notes.rows["stale"] < notes.rows["fresh"] / 20


def _start_batches(home: House) -> dict[JobRef, Batch]:
    """Start batches whose work begins and ends here and there within the hour."""
    dice, made = Random(7), {}
    for _ in range(IDS):
        batch = home.world.add_batch("update", 10, failed_items=dice.choice((0, 0, 0, 3)))
        batch.starts = dice.uniform(0.0, 3000.0)
        batch.ends = dice.uniform(batch.starts + 60.0, HOUR_S)
        made[JobRef("desk", batch.batch_id)] = batch
    return made


def _note_requests(home: House, notes: Notes) -> None:
    begin = home.services.log.begin

    def noting(scope: Any, source: str, body: bytes) -> dict[str, Any]:
        entry = begin(scope, source, body)
        if entry["method"] != "WEBSOCKET":
            notes.requests[NAMES[source]].append(asyncio.get_running_loop().time())
        ids = parse_qs(entry["query"]).get("ids", [""])[0] or entry["path"].partition("/job_statuses/")[2]
        notes.asked.update(each.removesuffix(".json") for each in ids.split(",") if each)
        return entry

    home.services.log.begin = noting  # type: ignore[method-assign]


def _note_rounds(monkeypatch: pytest.MonkeyPatch, notes: Notes) -> None:
    read_round = Reader.read_round

    async def noted(reader: Reader) -> datetime:
        if reader.source.name != "desk":
            return await read_round(reader)
        notes.asked.clear()
        notes.rounds += 1
        heard_at = await read_round(reader)
        notes.twice += [job_id for job_id, times in notes.asked.items() if times > 1]
        return heard_at

    monkeypatch.setattr(Reader, "read_round", noted)


def _note_percents(home: House, notes: Notes) -> None:
    catch_up = home.world.catch_up

    def noting() -> float:
        now = catch_up()
        for job_id, job in home.world.item.jobs.items():
            told = notes.percents[job_id]
            if not told or told[-1][1] != job.percent:
                told.append((now, job.percent))
        return now

    home.world.catch_up = noting  # type: ignore[method-assign]


async def _look_for_an_hour(home: House, notes: Notes) -> None:
    """Look at some rows, then at others, then at none, and compare what is shown with the truth."""
    loop, dice = asyncio.get_running_loop(), Random(11)
    while loop.time() < HOUR_S:
        if (minute := int(loop.time() / 60)) % 2 == 0:
            shown: Sequence[JobRef] = [job.ref for job in home.monitor.store]
            seen = dice.sample(shown, min(ROWS, len(shown))) if minute % 6 else []
            home.monitor.look_at(seen)
        await asyncio.sleep(LOOK_EVERY_S)
        for job in list(home.monitor.store):
            _compare(home, notes, job, is_seen=job.ref in seen)


def _compare(home: House, notes: Notes, job: Job, *, is_seen: bool) -> None:
    """Hold a row against the server: it must show how things stood at a moment no older than is said."""
    now = home.calendar()
    health = home.monitor.health(job.ref.source)
    fresh_at = health.fresh_at
    if Flag.STALE in job.flags or not job.raw_state or fresh_at is None:
        notes.rows["stale"] += 1
        return
    notes.rows["fresh"] += 1
    since = now - timedelta(seconds=TOLD_S if is_seen and health.is_told else PROMISE_S)
    if is_seen and not health.is_told:
        since = fresh_at
    if is_seen and not job.ended:
        age_s = (now - fresh_at).total_seconds()
        notes.oldest_s[job.ref.source] = max(notes.oldest_s[job.ref.source], age_s)
    if not _was_so(home, notes, job, (since - START).total_seconds(), (now - START).total_seconds()):
        notes.lies.append(f"{job.ref} {job.raw_state} {job.progress} as of {job.as_of}, now {now}")


def _was_so(home: House, notes: Notes, job: Job, since: float, now: float) -> bool:
    """Whether the server stood as shown at some moment between the two, in world seconds."""
    since -= BLINK_S
    truth = home.world.batches.by_id.get(job.ref.job_id)
    if job.ref.source == "desk" and truth is None:
        return job.ended  # a day old: the server has forgotten it since
    if truth is not None:
        moments = [since, now, *(at for at in (truth.starts, truth.ends) if since <= at <= now)]
        is_state = job.raw_state in {truth.status(at) for at in moments}
        done = None if job.progress is None else job.progress.done
        return is_state and (done is None or truth.done(since) <= done <= truth.done(now))
    if job.ref.source == "tiles":
        return _action_was_so(home.world.actions.by_id[int(job.ref.job_id)], job, since, now)
    percent = None if job.progress is None else round((job.progress.fraction or 0.0) * 100)
    told = notes.percents[job.ref.job_id]
    first = max((at for at, _ in told if at <= since), default=0.0)
    return percent in {value for at, value in told if at >= first}


def _action_was_so(action: PendingAction, job: Job, since: float, now: float) -> bool:
    moments = [since, now, *(at for at in (action.starts, action.end) if since <= at <= now)]
    return job.raw_state in {action.status(at) for at in moments}


def _report(home: House, notes: Notes) -> None:
    for name, source in home.monitor.sources.items():
        sys.stdout.write(
            f"{name}: {len(notes.requests[name])} requests, at most {notes.busiest_minute(name)} a minute of "
            f"{source.budget:.0f}, visible rows at most {notes.oldest_s[name]:.0f} s old\n"
        )
    sys.stdout.write(
        f"{notes.rounds} rounds of desk, {dict(notes.rows)} rows compared, {len(notes.lies)} lies\n"
    )
