"""What is asked of a portal: a token for a name and a password, a federated server's token for its own.

Source: the portal's generateToken and its description of itself, in the project's notes on the REST API, 2.1
and 5. Every secret here goes to the configured portal and to nobody else.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from jobtui.backends.arcgis.fields import number, object_in, text
from jobtui.backends.arcgis.refusals import explain, status_of
from jobtui.backends.auth import Grant, nobody, unsent
from jobtui.backends.base import Connection
from jobtui.backends.http import Http, Reply
from jobtui.backends.sign_in import Words
from jobtui.errors import UnexpectedReply
from jobtui.model import Secret
from jobtui.text import plain

MINUTES = 60
"""How long a token is asked to be good: as long as such servers give one by default."""
_SHARING = "sharing/rest"
_LONGEST_SHOWN = 160


class NamedServer(Struct, frozen=True):
    """The Workflow Manager that a portal names: to be told to a person, never to be spoken to."""

    url: str
    organization: str | None

    def beside(self, root: str) -> str:
        """Say in one clause what it means for a root at which there is nothing."""
        parent = root.partition("?")[0].rstrip("/").rpartition("/")[0]
        if parent in (self.url, f"{self.url}/{self.organization}", f"{self.url}/workflow"):
            return "its portal names the same server and organization, so it is the item to check"
        of = f" and the organization {self.organization}" if self.organization else ""
        return f"its portal names the server {self.url}{of}"


class Portal:
    """One portal, as the configuration names it."""

    def __init__(self, source: str, connection: Connection, address: str) -> None:
        """``connection`` is that of the source, whose root the tokens are to be good for."""
        self._source = source
        self._server = connection.url.partition("?")[0]
        self._connection = replace(connection, url=_sharing(address))

    @property
    def page(self) -> str:
        """The page that the tokens are bound to: the source's own address, without a query."""
        return self._server

    async def token_for(self, words: Words) -> Grant:
        """Sign in. Asked once: a repeated wrong password locks an account. Raises BackendError."""
        form = {"username": words["login"], "password": words["password"], "client": "referer"}
        return await self._generated(form, words["password"])

    async def token_of_server(self, token: Secret) -> Grant:
        """Trade the portal's token for one of the federated server. Raises BackendError."""
        form = {"request": "getToken", "token": token.reveal(), "serverUrl": self._server}
        return await self._generated(form, token.reveal())

    async def named_server(self) -> NamedServer | None:
        """Ask, as nobody, which Workflow Manager is the portal's; None where it names none.

        Raises BackendError.
        """
        http = Http(self._source, self._connection, nobody(), explain=explain, status_of=status_of)
        try:
            reply = await http.read("portals/self", query={"f": "json"})
        finally:
            await http.aclose()
        return decode_named_server(reply.body)

    async def _generated(self, form: Mapping[str, str], secret: str) -> Grant:
        more = {"referer": self._server, "expiration": str(MINUTES), "f": "json"}
        http = Http(
            self._source, self._connection, unsent([secret]), explain=explain, status_of=portal_status
        )
        try:
            reply = await http.send_once("POST", "generateToken", form={**form, **more})
        finally:
            await http.aclose()
        return decode_token(self._source, reply.body, _server_time(reply))


def decode_token(source: str, body: bytes, now_s: float) -> Grant:
    """Read ``{"token", "expires"}``; ``now_s`` is the Unix time by the server. Raises UnexpectedReply."""
    value = object_in(body)
    token = text(value.get("token")) if value else None
    if value is None or token is None:
        raise UnexpectedReply(source, "the portal answered without a token")
    ends_ms = number(value.get("expires"))
    return Grant(Secret(token), None if ends_ms is None else ends_ms / 1000 - now_s)


def decode_named_server(body: bytes) -> NamedServer | None:
    """Read ``portals/self``: the address in its helper services and its own id; None where it names none."""
    value = object_in(body) or {}
    services = value.get("helperServices")
    service = services.get("workflowManager") if isinstance(services, dict) else None
    said = text(service.get("url")) if isinstance(service, dict) else None
    url = plain(said or "", limit=_LONGEST_SHOWN).strip().rstrip("/")
    if not _is_web(url):
        return None
    return NamedServer(url, plain(text(value.get("id")) or "", limit=_LONGEST_SHOWN) or None)


def portal_status(status: int, body: bytes) -> int:
    """Return the status that an answer of a portal means: a wrong password is a code 400 in an HTTP 200."""
    meant = status_of(status, body)
    return 401 if meant == 400 else meant


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _sharing(address: str) -> str:
    root = address.rstrip("/").removesuffix("/generateToken")
    return root if root.endswith(_SHARING) else f"{root}/{_SHARING}"


def _server_time(reply: Reply) -> float:
    """The server's own clock, where it tells the time: ours may be wrong. It tells whole seconds only."""
    try:
        moment: datetime = parsedate_to_datetime(reply.headers.get("date", ""))
        return moment.timestamp() + 1.0
    except (ValueError, OverflowError, OSError):
        return time.time()
