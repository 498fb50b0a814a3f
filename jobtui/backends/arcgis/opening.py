"""Opens a notification socket: to the configured host only, trusting whom the configuration trusts."""

from __future__ import annotations

import logging

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from jobtui import __version__
from jobtui.backends.address import is_own_machine
from jobtui.backends.arcgis.addresses import origin_of, socket_address
from jobtui.backends.auth import Credential
from jobtui.backends.base import Connection
from jobtui.backends.clients import trust_of

LARGEST_FRAME = 1024 * 1024
"""Bytes; a larger frame is not read, and ends the socket."""
_MOST_QUEUED = 16
_CLOSING_S = 0.5

# The library writes headers and addresses to its log, and those carry the token.
_SILENT = logging.getLogger(f"{__name__}.library")
_SILENT.setLevel(logging.CRITICAL + 1)


async def opened(
    source: str, connection: Connection, credential: Credential, ping_s: float
) -> ClientConnection:
    """Open the socket. Raises Unreachable, and what the library and the system raise.

    ``ping_s`` is how often the line is tried, in seconds, and how long it may then stay silent.
    """
    address = socket_address(connection.url, credential.query)
    return await _Connect(
        address,
        origin=Origin(origin_of(connection.url)),
        additional_headers=dict(credential.headers),
        user_agent_header=f"jobtui/{__version__}",
        ssl=await trust_of(source, connection) if address.startswith("wss:") else None,
        # As for HTTP: the proxy that is configured, else that of the environment, but to this machine none.
        proxy=connection.proxy or (None if is_own_machine(connection.url) else True),
        # Frames are small, and what is not packed cannot swell.
        compression=None,
        open_timeout=connection.timeout_s,
        ping_interval=ping_s,
        ping_timeout=ping_s,
        close_timeout=_CLOSING_S,
        max_size=LARGEST_FRAME,
        max_queue=_MOST_QUEUED,
        logger=_SILENT,
    )


class _Connect(connect):
    """Follows no redirect: a token goes to the configured host and to no other."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc
