"""The demo's three services and a monitor over them, in one simulated loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from starlette.types import ASGIApp

from jobtui.backends.registry import make_backend
from jobtui.demo.clock import Clock
from jobtui.demo.server import QuietServer, Services, bound_socket, url_of
from jobtui.demo.world import World
from jobtui.journal.journal import Journal
from jobtui.model import Kind, Source
from jobtui.monitor.events import Event, Publish
from jobtui.monitor.monitor import Monitor
from tests.monitor.conftest import connections
from tests.simulation.loop import Calendar, SimulatedLoop


@dataclass
class House:
    """What lives in the loop."""

    world: World
    services: Services
    monitor: Monitor
    journal: Journal
    calendar: Calendar
    events: list[Event] = field(default_factory=list)


class _LazyServer(QuietServer):
    """A server that does not look ten times a second whether it should end."""

    async def main_loop(self) -> None:
        while not self.should_exit:  # noqa: ASYNC110 - as the original, but seldom
            await asyncio.sleep(5.0)


@dataclass
class _Reached:
    """What ``connections`` wants to know of a demo."""

    sources: Mapping[str, Any]


def loop_clock(loop: SimulatedLoop, ahead_s: float = 0.0) -> Clock:
    """Count the world's seconds by the loop's."""
    return lambda: loop.time() + ahead_s


@asynccontextmanager
async def house(
    journal_path: Path,
    *,
    seed: int = 7,
    faults: str = "",
    jobs: int = 0,
    sources: Mapping[Kind, Source] | None = None,
    keep_events: bool = False,
    publish: Publish | None = None,
    aged_s: float = 0.0,
    around: Callable[[ASGIApp], ASGIApp] = lambda app: app,
) -> AsyncIterator[House]:
    """Open the services and a monitor (not started) that reaches them over real sockets.

    ``around`` may put another application around the services'; ``aged_s`` is for how long the world has
    gone on when it is first looked at.
    """
    loop = asyncio.get_running_loop()
    assert isinstance(loop, SimulatedLoop)
    calendar = Calendar(loop)
    began = calendar() - timedelta(seconds=aged_s)
    world = World(seed, clock=loop_clock(loop, aged_s), start=began, jobs=jobs)
    services = Services(world, faults)
    ready = asyncio.Event()
    server = _LazyServer(around(services.app), ready.set)
    sock = bound_socket()
    serving = asyncio.create_task(server.serve(sockets=[sock]))
    await ready.wait()
    reached = connections(_Reached(services.sources(url_of(sock))))  # type: ignore[arg-type]
    usual = {Kind.NEXTSPACE: 60.0, Kind.ZENDESK: 60.0, Kind.ARCGIS: 180.0}
    made = {
        (sources or {}).get(source.kind, replace(source, poll_s=5.0, budget=usual[source.kind])): connection
        for source, connection in reached.items()
    }
    journal = Journal(journal_path, clock=calendar)
    events: list[Event] = []
    monitor = Monitor(
        list(made),
        {source.name: make_backend(source, connection) for source, connection in made.items()},
        journal,
        publish=events.append if keep_events else publish,
        who="simulation",
        clock=calendar,
    )
    try:
        yield House(world, services, monitor, journal, calendar, events)
    finally:
        await monitor.stop()
        journal.close()
        server.should_exit = True
        await serving
