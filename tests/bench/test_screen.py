"""What somebody else does is on the screen: told by the socket, or asked for while the socket is blocked.

A real terminal, a real socket; and the other way of learning it is always shut.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from jobtui.demo import DemoServer
from tests.bench.push import CURRENT, FINISHED
from tests.bench.scene import Served, watching
from tests.bench.somebody import Somebody

LIMIT_S = 30.0
"""Generous: a machine may be loaded. That it is under a second is for the benchmark to say."""
FEW = {"poll": 1, "limit": 3, "budget": 6_000}
"""Few jobs, and no budget that would make one wait."""
NEVER_S = 3_600.0
"""A poll interval far beyond the limit."""


@pytest.fixture
async def somebody(demo: DemoServer) -> AsyncIterator[Somebody]:
    made = Somebody(demo.sources["arcgis"])
    yield made
    await made.aclose()
    demo.set_faults("")


async def test_a_step_that_somebody_else_finished_is_shown_by_push(
    demo: DemoServer, somebody: Somebody
) -> None:
    server, job_id = Served(demo.url, demo.sources), await somebody.order()
    async with watching(server, "arcgis", "open", f"field:{job_id}", poll=NEVER_S) as watched:
        await watched.terminal.until("LIVE.*push", timeout_s=LIMIT_S)
        await watched.terminal.until(CURRENT, timeout_s=LIMIT_S)
        await somebody.finish(job_id)
        await watched.terminal.until(FINISHED, timeout_s=LIMIT_S)
        assert watched.traffic.sockets == 1


async def test_it_is_shown_by_polling_while_the_socket_is_blocked(
    demo: DemoServer, somebody: Somebody
) -> None:
    demo.set_faults("arcgis/ws-drop")
    server, job_id = Served(demo.url, demo.sources), await somebody.order()
    async with watching(server, "arcgis", "open", f"field:{job_id}", **FEW) as watched:
        await watched.terminal.until("LIVE.*polled", timeout_s=LIMIT_S)
        await watched.terminal.until(CURRENT, timeout_s=LIMIT_S)
        await somebody.finish(job_id)
        await watched.terminal.until(FINISHED, timeout_s=LIMIT_S)
        assert watched.traffic.sockets >= 1, "it went on trying"


async def test_it_is_shown_by_polling_where_push_is_not_wanted(demo: DemoServer, somebody: Somebody) -> None:
    server, job_id = Served(demo.url, demo.sources), await somebody.order()
    async with watching(server, "arcgis", "open", f"field:{job_id}", push=False, **FEW) as watched:
        await watched.terminal.until(CURRENT, timeout_s=LIMIT_S)
        await somebody.finish(job_id)
        await watched.terminal.until(FINISHED, timeout_s=LIMIT_S)
        assert watched.traffic.sockets == 0
        assert not any("push" in line for line in watched.terminal.lines[:1])
