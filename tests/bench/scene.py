"""What benchmarks set up: a demo in a process of its own, and jobtui at a terminal that watches it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.bench.counting import Traffic, counting_proxy
from tests.bench.terminal import ROOT, Terminal, terminal

NAMES = {"nextspace": "tiles", "zendesk": "desk", "arcgis": "field"}
"""What a source of each kind is called here."""
_ANSWERING_S = 60.0
_LONGEST_LINE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Served:
    """A demo that answers."""

    url: str
    sources: Mapping[str, Mapping[str, str]]
    ids: Mapping[str, list[str]] = field(default_factory=dict)
    """The jobs of each kind, where the demo was filled for us."""


@dataclass(frozen=True, slots=True)
class Watching:
    """A jobtui that watches one source."""

    terminal: Terminal
    traffic: Traffic


@asynccontextmanager
async def served(module: str, *argv: str) -> AsyncIterator[Served]:
    """Run a demo while the context lasts; it ends by itself when we do."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *argv,
        cwd=ROOT,
        env=environment(Path(tempfile.gettempdir())),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_LONGEST_LINE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_ANSWERING_S):
            line = json.loads(await process.stdout.readline())
        yield Served(line["url"], line["sources"], line.get("ids", {}))
    finally:
        process.stdin.close()
        await process.wait()


def a_demo() -> Any:
    """Run the usual demo, mid-shift."""
    return served("jobtui.demo", "--seed", "7", "--stop-with-stdin")


@asynccontextmanager
async def watching(server: Served, kind: str, *argv: str, **settings: object) -> AsyncIterator[Watching]:
    """Open jobtui on one source of a server, with such keys in its configuration, behind a counting proxy."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jobtui-bench-")))
        proxied = await stack.enter_async_context(counting_proxy(server.url))
        way = server.sources[kind]
        table = {**_table(kind, way, way["base_url"].replace(server.url, proxied.url)), **settings}
        config = _written(folder / "config.toml", NAMES[kind], table)
        command = [sys.executable, "-m", "jobtui", "--config", str(config), *argv]
        opened = await stack.enter_async_context(terminal(command, environment(folder)))
        yield Watching(opened, proxied.traffic)


async def per_minute(watched: Mapping[str, Watching], seconds: float) -> dict[str, Traffic]:
    """Count the traffic of all of them for so long; gives what it would be in a minute."""
    before = {name: each.traffic.copy() for name, each in watched.items()}
    await asyncio.sleep(seconds)
    return {name: each.traffic.since(before[name]).times(60 / seconds) for name, each in watched.items()}


def environment(home: Path) -> dict[str, str]:
    """Give what a program needs to run, and none of this machine's proxies or settings."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }


def _table(kind: str, way: Mapping[str, str], url: str) -> dict[str, object]:
    tables: dict[str, dict[str, object]] = {
        "nextspace": {"url": url},
        "zendesk": {"url": url, "email": way.get("email")},
        "arcgis": {"url": "/".join([url, way.get("org", ""), way.get("item", "")]), "user": way.get("user")},
    }
    return {"kind": kind, "token": way["token"], **tables[kind]}


def written_all(path: Path, server: Served) -> Path:
    """Write a configuration of all sources of a server."""
    tables = {}
    for kind, name in NAMES.items():
        way = server.sources[kind]
        url = way["base_url"] if kind != "arcgis" else server.url
        tables[name] = _table(kind, way, url)
    rows = [row for name, table in tables.items() for row in _rows(name, table)]
    return _kept(path, rows)


def through(server: Served, url: str) -> Served:
    """Give a server as it is reached through a proxy."""
    ways = {
        kind: {key: value.replace(server.url, url) for key, value in way.items()}
        for kind, way in server.sources.items()
    }
    return replace(server, url=url, sources=ways)


def written_tiles(path: Path, url: str, **settings: object) -> Path:
    """Write a configuration of the one source that ``tests.bench.tiles`` is, with such keys more."""
    way = _table("nextspace", {"token": "token"}, url)
    return _written(path, NAMES["nextspace"], {**way, **settings})


def _written(path: Path, name: str, table: Mapping[str, object]) -> Path:
    return _kept(path, _rows(name, table))


def _rows(name: str, table: Mapping[str, object]) -> list[str]:
    # A JSON string, number or truth of plain characters is a TOML one too.
    return [f"[sources.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]


def _kept(path: Path, rows: Sequence[str]) -> Path:
    path.touch(mode=0o600)
    path.write_text("\n".join(["version = 1", *rows, ""]), "utf-8")
    return path
