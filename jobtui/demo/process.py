"""The demo as a process of its own: one JSON line when it is ready, a clean end when it is told."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from jobtui.demo.config_file import write_config
from jobtui.demo.options import Options
from jobtui.demo.server import HOST, QuietServer, Services, bound_socket, url_of
from jobtui.demo.world import World

BAD_USAGE = 2
STDIN = 0


def run(options: Options) -> int:
    """Serve until told to stop; gives the exit code."""
    try:
        sock = bound_socket(options.port)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        print(f"the demo cannot serve on {HOST}:{options.port}: {reason}", file=sys.stderr)  # noqa: T201 - its face
        return BAD_USAGE
    world = World(options.seed, speed=options.speed, scenario=options.scenario, jobs=options.jobs)
    # What a client still writes there while it goes is no reason to fail at the end.
    with sock, tempfile.TemporaryDirectory(prefix="jobtui-demo-", ignore_cleanup_errors=True) as folder:
        # A journal of this world is kept here by those who use its configuration, and goes when it goes.
        Path(folder, "jobtui-state").mkdir(mode=0o700)
        asyncio.run(_serve(options, world, sock, Path(folder)))
    return 0


async def _serve(options: Options, world: World, sock: socket.socket, folder: Path) -> None:
    services = Services(world, options.faults)
    sources = services.sources(url_of(sock))
    config = write_config(folder / "config.toml", sources)

    def announce() -> None:
        line = {"url": url_of(sock), "config": str(config), "sources": sources}
        print(json.dumps(line), flush=True)  # noqa: T201 - the one line that is promised

    server = QuietServer(services.app, announce)
    _arrange_end(server, options)
    await server.serve(sockets=[sock])


def _arrange_end(server: QuietServer, options: Options) -> None:
    loop = asyncio.get_running_loop()

    def end() -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    if options.seconds is not None:
        loop.call_later(options.seconds, end)
    if options.stop_with_stdin:
        threading.Thread(target=_await_eof, args=(end,), daemon=True).start()


def _await_eof(end: Callable[[], None]) -> None:
    with contextlib.suppress(OSError):
        while os.read(STDIN, 65536):
            pass
    end()
