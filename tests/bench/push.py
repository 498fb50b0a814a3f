"""What it costs to be told by a Workflow Manager, to ask it, and to ask it because its socket is blocked.

Three screens watch the same job of the same server. Somebody else finishes a step: one event, three
witnesses, so each round is a pair with no time between.
"""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import median

from tests.bench.counting import Traffic
from tests.bench.registry import Options
from tests.bench.scene import Served, Watching, a_demo, per_minute, watching
from tests.bench.somebody import FIRST, Somebody, set_faults
from tests.bench.table import Table

SAYS = "a step finished by somebody else: traffic and latency, told by the socket, or asked for"
PUSHED, POLLED, BLOCKED = "push", "push = false", "socket blocked"
_SEEN = FIRST[:14]
FINISHED, CURRENT = rf"DONE +{_SEEN}", rf"(WAIT|QUEUE|RUN) +{_SEEN}.*now"
"""How the step reads on the screen before and after."""
_REFRESH = "r"
"""The key that asks at once, so that the next round need not wait for a poll."""
_PATIENCE_S = 60.0
_FRAME_MS = 1000 / 60


@dataclass(slots=True)
class Measured:
    """What was measured of one way."""

    traffic: Traffic
    """Per minute, while nobody did anything to the job."""
    latencies_s: list[float] = field(default_factory=list)
    """From just before somebody's request left to the bytes that show its effect, in the order of rounds."""


def run(options: Options) -> list[Table]:
    """Measure, clean up, and give the tables."""
    return tables(asyncio.run(measure(options)), options)


async def measure(options: Options) -> dict[str, Measured]:
    """Measure all three ways side by side."""
    async with AsyncExitStack() as stack:
        server: Served = await stack.enter_async_context(a_demo())
        somebody = Somebody(server.sources["arcgis"])
        stack.push_async_callback(somebody.aclose)
        job_id = await somebody.order()
        watched = await _open(stack, server, job_id, options)
        # What is asked only once, at the start, is no part of the traffic per minute.
        await asyncio.sleep(2 * options.poll_s + 1)
        counted = await per_minute(watched, options.seconds)
        measured = {way: Measured(traffic) for way, traffic in counted.items()}
        dice = random.Random(options.rounds)
        for _ in range(options.rounds):
            # Polls come at regular times; somebody does not keep to them.
            await asyncio.sleep(dice.uniform(0, options.poll_s))
            await _round(somebody, job_id, watched, measured)
    return measured


async def _open(stack: AsyncExitStack, server: Served, job_id: str, options: Options) -> dict[str, Watching]:
    settings = {"poll": options.poll_s, **options.settings}

    async def opened(is_push: bool) -> Watching:
        return await stack.enter_async_context(
            watching(server, "arcgis", "open", f"field:{job_id}", push=is_push, **settings)
        )

    pushed, polled = await asyncio.gather(opened(True), opened(False))
    watched = {PUSHED: pushed, POLLED: polled}
    await watched[PUSHED].terminal.until(r"LIVE.*push", timeout_s=_PATIENCE_S)
    # Sockets that are open stay so: only those that open from now on are cut.
    await set_faults(server.url, "arcgis/ws-drop")
    watched[BLOCKED] = await opened(True)
    for each in watched.values():
        await each.terminal.until(CURRENT, timeout_s=_PATIENCE_S)
    return watched


async def _round(
    somebody: Somebody, job_id: str, watched: dict[str, Watching], measured: dict[str, Measured]
) -> None:
    waits = [each.terminal.until(FINISHED, timeout_s=_PATIENCE_S) for each in watched.values()]
    shown = asyncio.gather(*waits)
    await asyncio.sleep(0)  # they look from now on
    began = time.monotonic()
    await somebody.finish(job_id)
    for way, at in zip(watched, await shown, strict=True):
        measured[way].latencies_s.append(at - began)
    await somebody.begin_again(job_id)
    for each in watched.values():
        each.terminal.press(_REFRESH)
    await asyncio.gather(*(each.terminal.until(CURRENT, timeout_s=_PATIENCE_S) for each in watched.values()))


def tables(measured: dict[str, Measured], options: Options) -> list[Table]:
    """Give traffic and latency as tables."""
    return [_traffic_table(measured, options), _latency_table(measured, options)]


def _traffic_table(measured: dict[str, Measured], options: Options) -> Table:
    polled = measured[POLLED].traffic
    rows = []
    for way, each in measured.items():
        wire = each.traffic
        http = (wire.requests, wire.posts, wire.http_up, wire.http_down)
        socket = (wire.sockets, wire.frames_up, wire.frames_down, wire.socket_up, wire.socket_down)
        rows.append((way, *http, *socket, wire.requests / polled.requests, wire.bytes / polled.bytes))
    return Table(
        f"push: traffic per minute of one screen (mid-shift, one job followed, poll {options.poll_s:g} s)",
        (
            "way",
            *("requests", "lists", "bytes up", "down"),
            *("sockets", "frames up", "down", "bytes up", "down"),
            *("× polled: requests", "bytes"),
        ),
        rows,
        (f"counted for {options.seconds:g} s at a proxy between app and server, above TCP",),
    )


def _latency_table(measured: dict[str, Measured], options: Options) -> Table:
    polled = measured[POLLED].latencies_s
    rows = []
    for way, each in measured.items():
        ratios = [mine / other for mine, other in zip(each.latencies_s, polled, strict=True)]
        times = (median(each.latencies_s) * 1000, max(each.latencies_s) * 1000)
        rows.append((way, *times, median(ratios), f"{min(ratios):.2f}–{max(ratios):.2f}"))
    worst = {way: max(each.latencies_s) * 1000 - _FRAME_MS for way, each in measured.items()}
    return Table(
        "push: from somebody's Finish leaving for the server to the step shown finished",
        ("way", "median ms", "worst ms", "× polled", "range"),
        rows,
        (f"{options.rounds} rounds, each at a moment unrelated to the polls; one event seen by all three",),
        {"push.over": worst[PUSHED], "polled.over": worst[POLLED] - options.poll_s * 1000},
    )
