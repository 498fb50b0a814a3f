"""A monitor over the demo's three services, with a journal in a real file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from jobtui.backends.base import Connection
from jobtui.backends.registry import make_backend
from jobtui.demo import DemoServer
from jobtui.journal.journal import Journal
from jobtui.model import Kind, Secret, SecretSource, Source
from jobtui.monitor.events import Event
from jobtui.monitor.monitor import Monitor

_E = TypeVar("_E")


@dataclass
class Watch:
    """A monitor and all it announced."""

    monitor: Monitor
    journal: Journal
    events: list[Event]
    reactions: list[Callable[[Event], None]] = field(default_factory=list)
    """Called with each event as it is announced."""

    def of(self, kind: type[_E]) -> list[_E]:
        return [event for event in self.events if isinstance(event, kind)]


def connections(demo: DemoServer) -> dict[Source, Connection]:
    """Say how to reach the demo's services, polled as quickly as is polite to oneself."""
    tiles, desk, field_ = (demo.sources[kind] for kind in ("nextspace", "zendesk", "arcgis"))

    def quick(name: str, kind: Kind) -> Source:
        return Source(name, kind, poll_s=0.2, budget=6_000)

    def token(text: str) -> dict[str, SecretSource]:
        async def fetch() -> Secret:
            return Secret(text)

        return {"token": fetch}

    return {
        quick("tiles", Kind.NEXTSPACE): Connection(tiles["base_url"], secrets=token(tiles["token"])),
        quick("desk", Kind.ZENDESK): Connection(
            desk["base_url"], secrets=token(desk["token"]), options={"email": desk["email"]}
        ),
        quick("field", Kind.ARCGIS): Connection(
            "/".join([field_["base_url"], field_["org"], field_["item"]]),
            secrets=token(field_["token"]),
            options={"user": field_["user"]},
        ),
    }


def make_watch(demo: DemoServer, path: Path, *, read_only: bool = False) -> Watch:
    journal = Journal(path)
    events: list[Event] = []
    reactions: list[Callable[[Event], None]] = []

    def publish(event: Event) -> None:
        events.append(event)
        for reaction in reactions:
            reaction(event)

    reached = connections(demo)
    monitor = Monitor(
        list(reached),
        {source.name: make_backend(source, connection) for source, connection in reached.items()},
        journal,
        publish=publish,
        read_only=read_only,
        who="tester",
    )
    return Watch(monitor, journal, events, reactions)


@pytest.fixture
def journal_path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


@pytest.fixture
async def watch(demo: DemoServer, journal_path: Path) -> AsyncIterator[Watch]:
    """A monitor that has not been started."""
    demo.set_faults("")
    made = make_watch(demo, journal_path)
    yield made
    await made.monitor.stop()
    made.journal.close()
