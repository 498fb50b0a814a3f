"""The routes under `/_demo`, for tests: no credential, no faults, not in the log."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from jobtui.demo.answers import json_body, reply
from jobtui.demo.faults import Rule, parse
from jobtui.demo.request_log import RequestLog
from jobtui.demo.world import World

PREFIX = "/_demo"


class FaultBox:
    """The faults in force, changed while the server runs."""

    def __init__(self, text: str, seed: int) -> None:
        self._seed = seed
        self.text = ""
        self.rules: list[Rule] = []
        self.set(text)

    def set(self, text: str) -> None:
        """Replace them all; raises ValueError and changes nothing for a list that can't be read."""
        self.rules, self.text = parse(text, self._seed), text


class Introspection:
    """Show and move the pretend world from outside."""

    def __init__(self, world: World, log: RequestLog, faults: FaultBox) -> None:
        self._world, self._log, self._faults = world, log, faults

    def routes(self) -> list[Route]:
        """List the routes, without the prefix."""
        return [
            Route("/health", self.health),
            Route("/requests", self.requests),
            Route("/faults", self.faults, methods=["POST"]),
            Route("/advance", self.advance, methods=["POST"]),
        ]

    async def health(self, request: Request) -> Response:
        now = self._world.catch_up()
        counts = {
            "nextspace": len(self._world.actions.by_id),
            "zendesk": len(self._world.batches.by_id),
            "arcgis": len(self._world.item.jobs),
        }
        story = {"seed": self._world.seed, "scenario": self._world.scenario.name, "faults": self._faults.text}
        return reply(
            {"ok": True, "now": now, "time": self._world.calendar.stamp(now), "jobs": counts, **story}
        )

    async def requests(self, request: Request) -> Response:
        return reply(list(self._log.entries))

    async def faults(self, request: Request) -> Response:
        try:
            self._faults.set(str((await json_body(request)).get("faults", "")))
        except ValueError as problem:
            return reply({"error": str(problem)}, 400)
        return reply({"faults": self._faults.text})

    async def advance(self, request: Request) -> Response:
        try:
            seconds = float((await json_body(request)).get("seconds", 0.0))
        except (ValueError, TypeError) as problem:
            return reply({"error": str(problem)}, 400)
        return reply({"now": self._world.advance(seconds)})
