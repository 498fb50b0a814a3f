"""Who asks Workflow Manager: a ready token, or one that a portal gives for a name and a password.

Source: the portal's generateToken, in the project's notes on the REST API, 5. A token of a portal is meant
for the servers that are federated with it, so it is sent to the configured source and to nobody else.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime

from jobtui.backends.arcgis.fields import number, object_in, text
from jobtui.backends.arcgis.refusals import explain, status_of
from jobtui.backends.auth import Auth, Fetch, Grant, Shape, from_page, nobody, unsent
from jobtui.backends.base import Connection
from jobtui.backends.http import Http, Reply
from jobtui.backends.sign_in import SignIn, Words
from jobtui.errors import CredentialError, UnexpectedReply
from jobtui.model import Secret

MINUTES = 60
"""How long a token is asked to be good: as long as such servers give one by default."""
_SHARING = "sharing/rest"


def auth_of(source: str, connection: Connection) -> Auth:
    """Say how requests to a source sign in: by its token, else at its portal, else not at all."""
    shape = _shape(connection.options.get("header", "authorization"))
    if (token := connection.secrets.get("token")) is not None:
        return Auth(shape, token)
    if portal := connection.options.get("portal"):
        page = referer_of(connection.url)
        return Auth(from_page(shape, page), _at_portal(source, connection, portal, page))
    return nobody()


def decode_token(source: str, body: bytes, now_s: float) -> Grant:
    """Read ``{"token", "expires"}``; ``now_s`` is the Unix time by the server. Raises UnexpectedReply."""
    value = object_in(body)
    token = text(value.get("token")) if value else None
    if value is None or token is None:
        raise UnexpectedReply(source, "the portal answered without a token")
    ends_ms = number(value.get("expires"))
    return Grant(Secret(token), None if ends_ms is None else ends_ms / 1000 - now_s)


def portal_status(status: int, body: bytes) -> int:
    """Return the status that an answer of a portal means: a wrong password is a code 400 in an HTTP 200."""
    meant = status_of(status, body)
    return 401 if meant == 400 else meant


def referer_of(url: str) -> str:
    """Return the page that a source's tokens are bound to: its own address, without a query."""
    return url.partition("?")[0]


def _shape(way: str) -> Shape:
    if way == "query":
        return lambda token: ({}, {"token": token})
    header = "X-Esri-Authorization" if way == "x-esri-authorization" else "Authorization"
    return lambda token: ({header: f"Bearer {token}"}, {})


def _at_portal(source: str, connection: Connection, portal: str, page: str) -> Fetch:
    if "login" not in connection.secrets or "password" not in connection.secrets:

        async def missing() -> Secret:
            raise CredentialError(
                f"{source} has a portal, and no login and password to sign in there: set them, or set token"
            )

        return missing

    async def trade(words: Words) -> Grant:
        return await _generated(source, replace(connection, url=_sharing(portal)), words, page)

    return SignIn(source, connection.secrets, trade)


async def _generated(source: str, connection: Connection, words: Words, page: str) -> Grant:
    """Ask once: a repeated wrong password locks an account."""
    form = {
        "username": words["login"],
        "password": words["password"],
        "client": "referer",
        "referer": page,
        "expiration": str(MINUTES),
        "f": "json",
    }
    http = Http(source, connection, unsent([words["password"]]), explain=explain, status_of=portal_status)
    try:
        reply = await http.send_once("POST", "generateToken", form=form)
    finally:
        await http.aclose()
    return decode_token(source, reply.body, _server_time(reply))


def _sharing(portal: str) -> str:
    root = portal.rstrip("/").removesuffix("/generateToken")
    return root if root.endswith(_SHARING) else f"{root}/{_SHARING}"


def _server_time(reply: Reply) -> float:
    """The server's own clock, where it tells the time: ours may be wrong. It tells whole seconds only."""
    try:
        moment: datetime = parsedate_to_datetime(reply.headers.get("date", ""))
        return moment.timestamp() + 1.0
    except (ValueError, OverflowError, OSError):
        return time.time()
