"""What it costs to watch open jobs by asking, against the loop that anybody would write first.

That loop asks for each job by itself, once per poll interval, each time over a new connection.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx

from tests.bench.counting import Traffic, counting_proxy
from tests.bench.registry import Options
from tests.bench.scene import NAMES, Served, per_minute, served, watching
from tests.bench.table import Table

SAYS = "requests and bytes per watched job, of each kind, against one GET per job and interval"
SIZES = (1, 10, 100, 1000)
_SAMPLE = 20
"""Of how many jobs the loop's bytes are measured; the others are counted as like these."""
_PATIENCE_S = 90.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one kind with so many open jobs, per minute."""

    kind: str
    jobs: int
    ours: Traffic
    naive: Traffic


def run(options: Options) -> list[Table]:
    """Measure, clean up, and give the table."""
    return [table(asyncio.run(measure(options)), options)]


async def measure(
    options: Options, sizes: Sequence[int] = SIZES, kinds: Sequence[str] = tuple(NAMES)
) -> list[Measured]:
    """Measure every kind at every size; all of them at once, since only counts are wanted."""
    each = await asyncio.gather(*(_measure(size, kinds, options) for size in sizes))
    return sorted((one for some in each for one in some), key=lambda one: (kinds.index(one.kind), one.jobs))


async def _measure(jobs: int, kinds: Sequence[str], options: Options) -> list[Measured]:
    async with AsyncExitStack() as stack:
        server: Served = await stack.enter_async_context(served("tests.bench.crowd", str(jobs)))
        watched = {}
        for kind in kinds:
            more = {"push": False} if kind == "arcgis" else {}
            settings = {"poll": options.poll_s, **options.settings, **more}
            watched[kind] = await stack.enter_async_context(watching(server, kind, **settings))
        for each in watched.values():
            await each.terminal.until(rf"1 Jobs +{jobs}\b", timeout_s=_PATIENCE_S)
        await asyncio.sleep(2 * options.poll_s + 1)
        ours = await per_minute(watched, options.seconds)
        naive = {kind: await _naive_round(server, kind) for kind in kinds}
    per_job = 60 / options.poll_s * jobs
    return [
        Measured(kind, jobs, ours[kind], naive[kind].times(per_job / naive[kind].requests)) for kind in kinds
    ]


async def _naive_round(server: Served, kind: str) -> Traffic:
    """Ask once for each job of a sample, as ``curl`` in a loop would."""
    way = server.sources[kind]
    async with counting_proxy(server.url) as proxied:
        base = way["base_url"].replace(server.url, proxied.url)
        for job_id in server.ids[kind][:_SAMPLE]:
            async with httpx.AsyncClient(trust_env=False, headers=_headers(kind, way)) as client:
                answer = await client.get(f"{base}{_path(kind, way, job_id)}")
                answer.raise_for_status()
        return proxied.traffic.copy()


def _path(kind: str, way: Mapping[str, str], job_id: str) -> str:
    paths = {
        "nextspace": f"/pendingAction/{job_id}",
        "zendesk": f"/api/v2/job_statuses/{job_id}.json",
        "arcgis": f"/{way.get('org')}/{way.get('item')}/jobs/{job_id}",
    }
    return paths[kind]


def _headers(kind: str, way: Mapping[str, str]) -> dict[str, str]:
    token = way["token"]
    if kind == "zendesk":
        token = base64.b64encode(f"{way['email']}/token:{token}".encode()).decode()
    scheme = "Basic" if kind == "zendesk" else "Bearer"
    return {
        "User-Agent": "curl/8.0",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Authorization": f"{scheme} {token}",
    }


def table(measured: list[Measured], options: Options) -> Table:
    """Give the figures per watched job."""
    rows = [
        (
            one.kind,
            one.jobs,
            one.ours.requests,
            one.ours.requests / one.jobs,
            one.ours.bytes / one.jobs,
            one.naive.requests / one.jobs,
            one.naive.bytes / one.jobs,
            one.ours.requests / one.naive.requests,
            one.ours.bytes / one.naive.bytes,
        )
        for one in measured
    ]
    return Table(
        f"polling: open jobs watched by asking, per minute (poll {options.poll_s:g} s)",
        (
            *("kind", "jobs", "requests"),
            *("a job: requests", "bytes"),
            *("naive a job: requests", "bytes"),
            *("× naive: requests", "bytes"),
        ),
        rows,
        (
            f"counted for {options.seconds:g} s after the start; Workflow Manager without its socket",
            "naive: one GET per job and interval, each over a new connection, no retries, no messages",
        ),
        {
            f"polling.{one.kind}": one.ours.requests / one.naive.requests
            for one in measured
            if one.jobs == SIZES[-1]
        },
    )
