"""The portal beside Workflow Manager: trades name and password for a token that ends, and names the server.

A token asked for with `client=referer` is good only for requests that carry that Referer. A token of the
portal can be traded for one of the federated server. Answers, errors too, come with HTTP 200, as a
portal's do.
"""

import time
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from jobtui.demo.answers import reply
from jobtui.demo.arcgis_world import USER
from jobtui.demo.dice import token_for

PASSWORD = "demo"  # noqa: S105 - everybody may know it
USUAL_MINUTES, MOST_MINUTES = 60, 20_160


@dataclass(frozen=True)
class Issued:
    """A token that was given out."""

    ends: float
    """Unix seconds: a protocol's time, which the world's speed does not change."""
    referer: str | None
    is_of_server: bool = False
    """Traded for a token of the portal, by naming the server."""


class Portal:
    """Signs in the demo's user."""

    def __init__(self, seed: int, organization: str) -> None:
        self._seed, self._organization = seed, organization
        self._issued: dict[str, Issued] = {}
        self.count = 0
        """How many tokens were given out."""
        self.longest_s = MOST_MINUTES * 60.0
        """No token lives longer, whatever is asked for; tests shorten it."""
        self.wants_server_tokens = False
        """Whether the server takes only tokens of its own; tests set it."""

    def routes(self) -> list[Route]:
        """List the routes."""
        return [
            Route("/sharing/rest/generateToken", self.generate_token, methods=["POST"]),
            Route("/sharing/rest/portals/self", self.describe),
        ]

    def is_good(self, token: str, referer: str) -> bool:
        """Say whether the server takes a token: one that it could, used from where it was asked for."""
        issued = self._valid(token)
        if issued is None or (self.wants_server_tokens and not issued.is_of_server):
            return False
        return issued.referer is None or referer.startswith(issued.referer)

    def _valid(self, token: str) -> Issued | None:
        issued = self._issued.get(token)
        return None if issued is None or time.time() >= issued.ends else issued

    def forget(self) -> None:
        """End every token given out so far."""
        self._issued.clear()

    async def describe(self, request: Request) -> Response:
        """Describe the portal to anybody: who it is, and which server is its own."""
        services = {"workflowManager": {"url": _root(request)}}
        return reply({"id": self._organization, "isPortal": True, "helperServices": services})

    async def generate_token(self, request: Request) -> Response:
        fields = {
            key: values[-1]
            for key, values in parse_qs((await request.body()).decode("utf-8", "replace")).items()
        }
        if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return _refused("The request is not a form.")
        if fields.get("f") != "json":
            return _refused("Only f=json is answered here.")
        is_exchange = "serverUrl" in fields
        if is_exchange and (reason := self._against_exchange(request, fields)):
            return _refused(reason)
        if not is_exchange and (fields.get("username"), fields.get("password")) != (USER, PASSWORD):
            return _refused("Invalid username or password.")
        kind, referer = fields.get("client", "referer"), fields.get("referer")
        if kind == "referer" and not referer:
            return _refused("'referer' must be specified.")
        minutes = fields.get("expiration", str(USUAL_MINUTES))
        if not minutes.isdigit():
            return _refused("'expiration' must be a number of minutes.")
        ends = time.time() + min(int(minutes) * 60.0, self.longest_s)
        self.count += 1
        token = token_for(self._seed, "portal", self.count, length=40)
        self._issued[token] = Issued(ends, referer if kind == "referer" else None, is_exchange)
        return reply({"token": token, "expires": int(ends * 1000), "ssl": False})

    def _against_exchange(self, request: Request, fields: dict[str, str]) -> str | None:
        """Say why a token of the portal is not traded for one of the server."""
        issued = self._valid(fields.get("token", ""))
        if issued is None or issued.is_of_server:
            return "Invalid token."
        if not f"{fields['serverUrl']}/".startswith(f"{_root(request)}/"):
            return "'serverUrl' is no server that is federated with this portal."
        return None


def _root(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _refused(detail: str) -> Response:
    return reply({"error": {"code": 400, "message": "Unable to generate token.", "details": [detail]}})
