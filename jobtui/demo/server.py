"""One server for the three services, on 127.0.0.1; `DemoServer` runs it in a thread for tests."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from jobtui.demo import introspection, nextspace
from jobtui.demo.arcgis import ITEM, ORG, WorkflowManager
from jobtui.demo.arcgis_world import USER
from jobtui.demo.clock import Clock
from jobtui.demo.config_file import Sources, write_config
from jobtui.demo.door import Door
from jobtui.demo.introspection import FaultBox, Introspection
from jobtui.demo.nextspace import PendingActions
from jobtui.demo.notifications import Notifications
from jobtui.demo.request_log import RequestLog
from jobtui.demo.world import World
from jobtui.demo.zendesk import EMAIL, JobStatuses

HOST = "127.0.0.1"
TICK_HEARD_S, TICK_UNHEARD_S = 0.05, 1.0
"""Real seconds between two looks at the world, with and without somebody listening on a socket."""


class Services:
    """The three services over one world, and the application that serves them."""

    def __init__(self, world: World, faults: str = "") -> None:
        self.world, self.log = world, RequestLog()
        self.faults = FaultBox(faults, world.seed)
        self._actions, self._statuses, self._manager = (
            PendingActions(world),
            JobStatuses(world),
            WorkflowManager(world),
        )
        self._notifications = Notifications(world, self._manager)
        self.app: ASGIApp = Door(self._starlette(), self.log, self.faults)

    def _starlette(self) -> Starlette:
        tests = Introspection(self.world, self.log, self.faults)
        return Starlette(
            routes=[
                Mount(introspection.PREFIX, routes=tests.routes()),
                Mount(nextspace.PREFIX, routes=self._actions.routes()),
                *self._statuses.routes(),
                self._notifications.route(),
                *self._manager.routes(),
            ],
            lifespan=self._lifespan,
        )

    @contextlib.asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        ticking = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            ticking.cancel()

    async def _tick(self) -> None:
        while True:
            self.world.catch_up()
            await asyncio.sleep(TICK_HEARD_S if self._notifications.listeners else TICK_UNHEARD_S)

    def end_sessions(self) -> None:
        """End what anybody signed in for; the fixed tokens stay good."""
        self._actions.end_sessions()
        self._manager.portal.forget()

    def limit_sessions(self, seconds: float) -> None:
        """Let sessions and tokens begun from now on end after so many real seconds."""
        self._actions.session_s = self._manager.portal.longest_s = seconds

    def warn(self, *texts: str) -> None:
        """Have Pending Actions say these beside its lists and messages from now on."""
        self._actions.warnings = list(texts)

    def want_server_tokens(self) -> None:
        """Have Workflow Manager refuse its portal's own tokens, as some federated servers do."""
        self._manager.portal.wants_server_tokens = True

    def limit_requests(self, per_minute: int) -> None:
        """Have Zendesk speak of another limit; going over is still not punished."""
        self._statuses.limit = per_minute

    def sources(self, url: str) -> Sources:
        """Say how to reach each service."""
        return {
            "nextspace": {"base_url": url + nextspace.PREFIX, "token": self._actions.token},
            "zendesk": {"base_url": url, "email": EMAIL, "token": self._statuses.token},
            "arcgis": {"base_url": url, "org": ORG, "item": ITEM, "token": self._manager.token, "user": USER},
        }


class QuietServer(uvicorn.Server):
    """Uvicorn without its own signals and words; says when it is ready."""

    def __init__(self, app: ASGIApp, on_ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="h11",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=0,
                # As servers before such services do; uvicorn's own 5 s would have every poll connect anew.
                timeout_keep_alive=75,
                lifespan="on",
            )
        )
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bound_socket(port: int = 0) -> socket.socket:
    """Take a port on the loopback, 0 for any; raises OSError when it is taken."""
    # With the protocol named, asyncio sends small answers at once: left out, each one waits 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((HOST, port))
        sock.listen(128)
    except OSError:
        sock.close()
        raise
    return sock


def url_of(sock: socket.socket) -> str:
    """Give the root address of a bound socket."""
    return f"http://{HOST}:{sock.getsockname()[1]}"


class DemoServer:
    """The demo in this process, on a port of its own, while the context lasts.

    >>> with DemoServer(seed=7) as demo:
    ...     demo.url, demo.sources["zendesk"]["token"]  # doctest: +SKIP
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        speed: float = 1.0,
        faults: str = "",
        scenario: str = "shift",
        clock: Clock | None = None,
        jobs: int = 0,
    ) -> None:
        self.world = World(seed, speed=speed, clock=clock, scenario=scenario, jobs=jobs)
        self._services = Services(self.world, faults)
        self._ready = threading.Event()
        self._server = QuietServer(self._services.app, self._ready.set)
        self._thread: threading.Thread | None = None
        self.url = ""
        """The root address; empty before the server has started."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Serve in a thread; returns when requests are answered."""
        sock = bound_socket()
        self.url = url_of(sock)
        self._thread = threading.Thread(target=self._run, args=(sock,), name="jobtui-demo", daemon=True)
        self._thread.start()
        if not self._ready.wait(10.0):
            raise RuntimeError("the demo server did not start within 10 s")

    def _run(self, sock: socket.socket) -> None:
        asyncio.run(self._server.serve(sockets=[sock]))

    def stop(self) -> None:
        """Stop serving; open sockets are closed."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(10.0)

    @property
    def sources(self) -> Sources:
        """How to reach each service: the `sources` of the process's JSON line."""
        return self._services.sources(self.url)

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What was asked so far, oldest first."""
        return list(self._services.log.entries)

    def set_faults(self, text: str) -> None:
        """Replace the faults; "" for none."""
        self._services.faults.set(text)

    def end_sessions(self) -> None:
        """End what anybody signed in for; the fixed tokens stay good."""
        self._services.end_sessions()

    def limit_sessions(self, seconds: float) -> None:
        """Let sessions and tokens begun from now on end after so many real seconds."""
        self._services.limit_sessions(seconds)

    def warn(self, *texts: str) -> None:
        """Have Pending Actions say these beside its lists and messages from now on."""
        self._services.warn(*texts)

    def want_server_tokens(self) -> None:
        """Have Workflow Manager refuse its portal's own tokens, as some federated servers do."""
        self._services.want_server_tokens()

    def limit_requests(self, per_minute: int) -> None:
        """Have Zendesk speak of another limit; going over is still not punished."""
        self._services.limit_requests(per_minute)

    def write_config(self, path: Path) -> Path:
        """Write a private configuration file for these sources."""
        return write_config(path, self.sources)
