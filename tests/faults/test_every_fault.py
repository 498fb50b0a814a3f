"""Every fault of the demo, alone at 100% and all mixed, over all three kinds, and then taken away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobtui.demo import server as demo_server
from jobtui.demo.faults import FAULTS
from jobtui.model import Control, ControlRequest, JobRef, Kind, Source
from jobtui.monitor import cadence, reader
from jobtui.monitor.events import Link, SourceHealth
from tests.simulation.house import House, house
from tests.simulation.loop import simulated_time

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
STRUCK_S = 60.0
AGAIN_S = cadence.LONGEST_S + 2 * 10.0
"""How soon all is live again: the longest pause between two tries, and time-outs that were under way."""
ANSWERING = (Link.LIVE, Link.SLOW)
PAUSE = timedelta(seconds=cadence.LONGEST_S)
HARMLESS = {"slow", "hostile", "skew", "ws-drop", "show-fails"}
"""Faults through which lists can still be read."""
PARTIAL = {"404", "too-many-jobs", "mixed"}
"""Faults that only some kinds stumble over. After a 404 a source may seem to have no list: it goes on with
the ids it knows, and looks for the list again later."""
SOURCES = {
    kind: Source(name, kind, poll_s=15.0, budget=budget)
    for kind, name, budget in (
        (Kind.NEXTSPACE, "tiles", 60.0),
        (Kind.ZENDESK, "desk", 60.0),
        (Kind.ARCGIS, "field", 180.0),
    )
}
MIXED = ",".join(f"{name}:0.08" for name in FAULTS)


def in_simulation(path: Path, scene: Callable[[House], Awaitable[None]]) -> None:
    """Play a scene with a monitor that has started."""

    async def play() -> None:
        async with house(path / "journal.sqlite3", sources=SOURCES) as home:
            await home.monitor.start()
            await scene(home)

    with simulated_time(START) as loop:
        loop.run_until_complete(play())


def controls_sent(home: House) -> list[str]:
    """What reached the servers that is no read."""
    asked = [(str(entry["method"]), str(entry["path"])) for entry in home.services.log.entries]
    return [f"{method} {path}" for method, path in asked if method == "DELETE" or path.endswith("/action")]


async def a_cancel(home: House) -> ControlRequest:
    ref = JobRef("tiles", str(home.world.add_action(lasts=6_000).action_id))
    await home.monitor.read(ref)
    return home.monitor.propose(Control.CANCEL, ref).request


async def a_hold(home: House) -> ControlRequest:
    job = home.world.add_workflow_job()
    ref = JobRef("field", job.job_id)
    step = (await home.monitor.read(ref)).steps[0]
    return home.monitor.propose(Control.HOLD, ref, step_ids=(step.id,)).request


@pytest.mark.parametrize("name", [*FAULTS, "mixed"])
def test_it_is_said_and_outlived_and_nothing_is_sent_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(demo_server, "TICK_HEARD_S", 1.0)

    async def scene(home: House) -> None:
        await asyncio.sleep(20.0)
        assert all(health.link in ANSWERING for health in healths(home))
        requests = [await a_cancel(home), await a_hold(home)]
        home.monitor.follow(requests[0].ref)
        home.services.faults.set(MIXED if name == "mixed" else name)
        began = home.calendar()
        outcomes = [await home.monitor.carry_out(request) for request in requests]
        await asyncio.sleep(STRUCK_S)
        look_struck(home, name, began)
        home.services.faults.set("")
        ended = home.calendar()
        await asyncio.sleep(AGAIN_S)
        look_well(home, ended - (PAUSE if name in HARMLESS else timedelta()))
        if name in PARTIAL:
            await asyncio.sleep(reader._LOOK_FOR_LIST_S)
        assert all(health.has_list for health in healths(home)), healths(home)
        sent = controls_sent(home)
        assert len(sent) == len(set(sent)) == sum(outcome.sent for outcome in outcomes)
        written = {entry.request.ref: entry.outcome for entry in home.journal.audit()}
        assert {ref for ref, last in written.items() if last and last.sent} == {
            outcome.request.ref for outcome in outcomes if outcome.sent
        }

    in_simulation(tmp_path, scene)


def healths(home: House) -> list[SourceHealth]:
    return [home.monitor.health(name) for name in home.monitor.sources]


def look_struck(home: House, name: str, began: datetime) -> None:
    """While the fault lasts: who does not answer says why, and is as old as it is."""
    stand = healths(home)
    if name in HARMLESS:
        assert all(health.link in ANSWERING for health in stand), stand
    elif name in PARTIAL:
        assert name == "mixed" or any(health.error or not health.has_list for health in stand), stand
    else:
        assert not any(health.link in ANSWERING for health in stand), stand
        assert all(health.error and health.next_at for health in stand), stand
        assert all(health.fresh_at is not None and health.fresh_at <= began for health in stand), stand


def look_well(home: House, since: datetime) -> None:
    """Within the longest pause after it: every source answers again, and nobody has stopped asking."""
    for health in healths(home):
        assert health.link is Link.LIVE, health
        assert health.fresh_at is not None, health
        assert health.fresh_at > since, health
    assert not [task for task in home.monitor._tasks if task.done()]
