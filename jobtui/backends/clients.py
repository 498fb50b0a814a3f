"""The httpx clients of one source: made at first use, trusting only whom the configuration trusts."""

from __future__ import annotations

import asyncio
import logging
import math
import ssl
import time
from http.cookiejar import CookieJar, DefaultCookiePolicy

from jobtui.backends.address import is_own_machine
from jobtui.backends.base import Connection
from jobtui.backends.late import httpx, load_all
from jobtui.backends.proxies import why_unusable
from jobtui.backends.tls import no_trust, tls_context
from jobtui.errors import Unreachable
from jobtui.text import plain

# Together the eight that may be in flight. Controls have places of their own, so that no key press waits
# behind slow reads.
READS_IN_FLIGHT = 6
WRITES_IN_FLIGHT = 2
_KEEP_ALIVE_S = 30.0
WHOLE_ANSWER = 6
"""How many time-outs a whole answer may take: a time-out bounds each wait, this a server that dribbles."""


class Clients:
    """One client for reads, which keeps connections, and one for controls, which never reuses one."""

    def __init__(self, source: str, connection: Connection) -> None:
        self.closed = False
        self._source = source
        self._connection = connection
        self._clients: dict[bool, httpx.AsyncClient] = {}
        self._retired: list[tuple[float, httpx.AsyncClient]] = []
        """Clients that take no further request, and since when; somebody may still wait for an answer."""
        self._opening = asyncio.Lock()

    async def get(self, reads: bool) -> httpx.AsyncClient:
        """Return the client for reads, or the one for controls. Raises Unreachable, also when closed."""
        async with self._opening:
            if self.closed:
                raise Unreachable(self._source, "the connection was closed")
            await self._close_retired(time.monotonic() - WHOLE_ANSWER * self._connection.timeout_s)
            if reads not in self._clients:
                self._clients[reads] = await self._made(reads)
            return self._clients[reads]

    def retire(self, client: httpx.AsyncClient) -> None:
        """Use a client no more: after a sleep or a change of networks all that it kept open may be dead, and
        each of its connections would have to time out before that shows."""
        for reads, known in list(self._clients.items()):
            if known is client:
                del self._clients[reads]
                self._retired.append((time.monotonic(), client))

    async def _close_retired(self, before: float) -> None:
        over = [client for since, client in self._retired if since < before]
        self._retired = [each for each in self._retired if each[1] not in over]
        for client in over:
            await client.aclose()

    async def _made(self, reads: bool) -> httpx.AsyncClient:
        # httpx logs whole addresses, httpcore whole headers.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        await asyncio.to_thread(load_all)
        try:
            return httpx.AsyncClient(
                verify=await trust_of(self._source, self._connection),
                proxy=self._connection.proxy,
                # Plain http to this machine would show the token to the environment's proxy.
                trust_env=not is_own_machine(self._connection.url),
                timeout=self._connection.timeout_s,
                # A control never travels on a used connection, which the server may be closing just then.
                limits=httpx.Limits(
                    max_connections=READS_IN_FLIGHT if reads else WRITES_IN_FLIGHT,
                    max_keepalive_connections=READS_IN_FLIGHT if reads else 0,
                    keepalive_expiry=_KEEP_ALIVE_S,
                ),
                cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
                follow_redirects=False,
            )
        except (ValueError, ImportError, httpx.InvalidURL) as error:
            raise Unreachable(self._source, why_unusable(self._connection, error)) from None

    async def aclose(self) -> None:
        """Close both; ``get`` raises Unreachable from now on."""
        self.closed = True
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.aclose()
        await self._close_retired(math.inf)


async def trust_of(source: str, connection: Connection) -> ssl.SSLContext:
    """Return whom a source's connections trust; nobody for plain http. Raises Unreachable."""
    ca, client_cert = connection.ca, connection.client_cert
    if not connection.url.lower().startswith("https:"):
        return no_trust()
    try:
        return await asyncio.to_thread(tls_context, ca, client_cert)
    except OSError as error:
        files = " or ".join(str(path) for path in (ca, client_cert) if path) or "the system's certificates"
        why = plain(error.strerror or "not usable", limit=120)
        raise Unreachable(source, f"{files} cannot be used for TLS: {why}") from None
