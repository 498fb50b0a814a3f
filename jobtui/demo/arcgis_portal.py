"""The portal beside Workflow Manager: trades name and password for a token that ends.

A token asked for with `client=referer` is good only for requests that carry that Referer. Answers, errors
too, come with HTTP 200, as a portal's do.
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


class Portal:
    """Signs in the demo's user."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._issued: dict[str, Issued] = {}
        self.count = 0
        """How many tokens were given out."""
        self.longest_s = MOST_MINUTES * 60.0
        """No token lives longer, whatever is asked for; tests shorten it."""

    def routes(self) -> list[Route]:
        """List the routes."""
        return [Route("/sharing/rest/generateToken", self.generate_token, methods=["POST"])]

    def is_good(self, token: str, referer: str) -> bool:
        """Say whether a token was given out, has not ended, and is used from where it was asked for."""
        issued = self._issued.get(token)
        if issued is None or time.time() >= issued.ends:
            return False
        return issued.referer is None or referer.startswith(issued.referer)

    def forget(self) -> None:
        """End every token given out so far."""
        self._issued.clear()

    async def generate_token(self, request: Request) -> Response:
        fields = {
            key: values[-1]
            for key, values in parse_qs((await request.body()).decode("utf-8", "replace")).items()
        }
        if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return _refused("The request is not a form.")
        if fields.get("f") != "json":
            return _refused("Only f=json is answered here.")
        if (fields.get("username"), fields.get("password")) != (USER, PASSWORD):
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
        self._issued[token] = Issued(ends, referer if kind == "referer" else None)
        return reply({"token": token, "expires": int(ends * 1000), "ssl": False})


def _refused(detail: str) -> Response:
    return reply({"error": {"code": 400, "message": "Unable to generate token.", "details": [detail]}})
