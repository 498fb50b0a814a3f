"""The door of the server: every request is written down, meets the faults, and goes on to its service."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jobtui.demo import introspection, nextspace
from jobtui.demo.faults import Exchange, wrap
from jobtui.demo.introspection import FaultBox
from jobtui.demo.request_log import RequestLog, read_body


def source_of(path: str) -> str | None:
    """Name the service that a path belongs to; None for the routes that are for tests."""
    if path.startswith(introspection.PREFIX + "/"):
        return None
    if path.startswith(nextspace.PREFIX + "/"):
        return "nextspace"
    return "zendesk" if path.startswith("/api/v2/") else "arcgis"


class Door:
    """The outermost application."""

    def __init__(self, app: ASGIApp, log: RequestLog, faults: FaultBox) -> None:
        self._app, self._log, self._faults = app, log, faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        source = source_of(scope["path"]) if scope["type"] in ("http", "websocket") else None
        if source is None:
            await self._app(scope, receive, send)
            return
        body = b""
        if scope["type"] == "http":
            body, receive = await read_body(receive)
        await self._admit(
            self._log.begin(scope, source, body), Exchange(source, scope, receive, send, _abort(send))
        )

    async def _admit(self, entry: dict[str, object], exchange: Exchange) -> None:
        send = exchange.send

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry["status"] = message["status"]
            elif message["type"].startswith("websocket.") and entry["status"] is None:
                entry["status"] = 101 if message["type"] == "websocket.accept" else 403
            await send(message)

        exchange.send = noting
        has_hung_up = False
        abort = exchange.abort

        def hang_up() -> None:
            nonlocal has_hung_up
            has_hung_up = True
            abort()

        exchange.abort = hang_up
        await wrap(self._faults.rules, exchange.source, self._serve)(exchange)
        if has_hung_up:
            # The server learns of the cut on its next turn, and then does not complain of a missing answer.
            await asyncio.sleep(0.01)

    async def _serve(self, exchange: Exchange) -> None:
        await self._app(exchange.scope, exchange.receive, exchange.send)


def _abort(send: Send) -> Callable[[], None]:
    """Find the connection behind a request: uvicorn's `send` is a method of what owns the transport."""
    owner: Any = getattr(send, "__self__", None)
    return cast("Callable[[], None]", owner.transport.abort)
