"""The machine sleeps, or its clock is set, while it watches: nothing is older than shown, and polls go on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobtui.demo import DemoServer
from jobtui.demo import server as demo_server
from jobtui.model import Hold, JobRef, Kind, Source
from jobtui.monitor import cadence
from jobtui.monitor.clock import SteadyClock
from jobtui.monitor.events import Link
from jobtui.tui.app import JobtuiApp
from tests.monitor.conftest import make_watch
from tests.simulation.house import House, house
from tests.simulation.loop import SimulatedLoop, simulated_time

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
KINDS = {Kind.NEXTSPACE: "tiles", Kind.ZENDESK: "desk", Kind.ARCGIS: "field"}
SOURCES = {kind: Source(name, kind, poll_s=10.0, budget=180.0) for kind, name in KINDS.items()}
HOURS = timedelta(hours=5)


@dataclass
class Machine:
    """The clocks of a machine: one that can be set, one that cannot, and timers that sleep with it."""

    loop: SimulatedLoop
    home: House
    set_by: timedelta = timedelta()
    slept: timedelta = timedelta()

    def wall(self) -> datetime:
        return self.home.calendar() + self.set_by + self.slept

    def since_boot_s(self) -> float:
        return self.loop.time() + self.slept.total_seconds()

    def sleep(self, length: timedelta) -> None:
        """Be shut and opened again: the world has gone on, no timer has."""
        self.slept += length
        self.home.world.advance(length.total_seconds())

    def age(self, source: str) -> timedelta:
        fresh_at = self.home.monitor.health(source).fresh_at
        assert fresh_at is not None
        return self.home.monitor.now() - fresh_at


def on_a_machine(path: Path, scene: Callable[[Machine], Awaitable[None]]) -> None:
    """Play a scene with a monitor whose clock is made from the machine's."""

    async def play(loop: SimulatedLoop) -> None:
        async with house(path / "journal.sqlite3", sources=SOURCES) as home:
            machine = Machine(loop, home)
            home.monitor._known.clock = SteadyClock(machine.wall, machine.since_boot_s)
            await home.monitor.start()
            await asyncio.sleep(20.0)
            assert all(home.monitor.health(name).link is Link.LIVE for name in home.monitor.sources)
            await scene(machine)

    with simulated_time(START) as loop:
        loop.run_until_complete(play(loop))


CHANGES: dict[str, Callable[[Machine], None]] = {
    "sleeps": lambda machine: machine.sleep(HOURS),
    "set-back": lambda machine: setattr(machine, "set_by", -HOURS),
    "set-forward": lambda machine: setattr(machine, "set_by", HOURS),
    "set-forward-and-back": lambda machine: setattr(machine, "set_by", HOURS),
}


@pytest.mark.parametrize("name", CHANGES)
def test_no_age_is_negative_or_too_small_and_polls_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(demo_server, "TICK_HEARD_S", 1.0)

    async def scene(machine: Machine) -> None:
        monitor, before = machine.home.monitor, machine.home.monitor.now()
        machine.home.services.faults.set("500")
        CHANGES[name](machine)
        leapt = timedelta() if name == "set-back" else HOURS
        for source in monitor.sources:
            assert leapt <= machine.age(source) < leapt + timedelta(seconds=60)
        if name == "set-forward-and-back":
            machine.set_by = timedelta()
        await asyncio.sleep(60.0)
        for source in monitor.sources:
            assert leapt + timedelta(seconds=55) < machine.age(source), "it does not look fresher than it is"
            assert monitor.health(source).link is Link.OFFLINE
        machine.home.services.faults.set("")
        await asyncio.sleep(cadence.LONGEST_S + 20.0)
        for source in monitor.sources:
            health = monitor.health(source)
            assert health.link is Link.LIVE, health
            assert timedelta() <= machine.age(source) < timedelta(seconds=cadence.LONGEST_S + 20.0)
            assert health.next_at is not None
            assert health.next_at - monitor.now() <= timedelta(seconds=cadence.LONGEST_S)
        assert all(before - timedelta(seconds=90) < job.as_of <= monitor.now() for job in monitor.store)

    on_a_machine(tmp_path, scene)


def test_what_happened_while_the_machine_slept_is_known_within_the_longest_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_server, "TICK_HEARD_S", 1.0)

    async def scene(machine: Machine) -> None:
        action = machine.home.world.add_action(lasts=600)
        ref = JobRef("tiles", str(action.action_id))
        await asyncio.sleep(15.0)
        job = machine.home.monitor.store.get(ref)
        assert job is not None
        assert not job.ended
        machine.sleep(HOURS)
        await asyncio.sleep(cadence.LONGEST_S)
        job = machine.home.monitor.store.get(ref)
        assert job is not None
        assert job.ended

    on_a_machine(tmp_path, scene)


@pytest.mark.parametrize(("name", "active"), [("sleeps", False), ("set-forward", False), ("set-back", True)])
def test_a_hold_that_ends_at_a_moment_ends_by_the_same_clock(tmp_path: Path, name: str, active: bool) -> None:
    async def scene(machine: Machine) -> None:
        until = machine.home.monitor.now() + timedelta(hours=1)
        hold = Hold("h", "step", until=until)
        assert hold.is_active(machine.home.monitor.now())
        CHANGES[name](machine)
        assert hold.is_active(machine.home.monitor.now()) is active
        machine.sleep(timedelta(hours=1))
        assert not hold.is_active(machine.home.monitor.now())

    on_a_machine(tmp_path, scene)


def test_the_screen_counts_ages_by_a_clock_that_is_not_set_back(demo: DemoServer, tmp_path: Path) -> None:
    wall = [START]
    watch = make_watch(demo, tmp_path / "journal.db")
    watch.monitor._known.clock = SteadyClock(lambda: wall[0], lambda: 0.0)
    app = JobtuiApp(lambda _publish: watch.monitor)
    before = app.now()
    wall[0] -= HOURS
    assert timedelta() < app.now() - before < timedelta(seconds=1)
    wall[0] += 2 * HOURS
    assert app.now() - before > HOURS - timedelta(seconds=1)
    watch.journal.close()
