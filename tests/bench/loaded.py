"""jobtui over a server of very many jobs, told of one of them so many messages a second.

``python -m tests.bench.loaded URL RATE POLL_S FOLDER`` runs until it is left; URL is that of
``tests.bench.tiles``. Then it leaves ``REPORT`` in the folder: what its loop did at a stretch that a key
could have felt.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path

import jobtui.tui
from jobtui import collecting
from jobtui.backends.base import Connection
from jobtui.backends.registry import make_backend
from jobtui.journal.journal import Journal
from jobtui.model import JobMessage, JobRef, Kind, Level, Secret, SecretSource, Source
from jobtui.monitor.events import Publish
from jobtui.monitor.monitor import Monitor
from jobtui.tui.app import JobtuiApp
from tests.bench.stretches import Stretch, stretches

REPORT = "stretches.json"
_FELT_MS = 4.0
_TICK_S = 0.01
_FRAME = 200
"""Messages that come at once: what follows is another frame, with the turn of others in between."""


class Loaded(JobtuiApp):
    """All of jobtui; what is told of the followed job comes from here, everything else over HTTP."""

    CSS_PATH = str(Path(jobtui.tui.__file__).with_name("jobtui.tcss"))

    def __init__(self, url: str, rate: int, poll_s: float, folder: Path) -> None:
        self._url, self._rate, self._poll_s, self._folder = url, rate, poll_s, folder
        super().__init__(self._watched)

    def _watched(self, publish: Publish) -> Monitor:
        source = Source("tiles", Kind.NEXTSPACE, poll_s=self._poll_s, budget=1_000_000, limit=100_000)
        backend = make_backend(source, Connection(self._url, secrets=_token()))
        journal = Journal(self._folder / "journal.sqlite3")
        return Monitor([source], {"tiles": backend}, journal, publish=publish, who="bench")

    def on_mount(self) -> None:
        if self._rate:
            self.run_worker(self._tell())

    async def _tell(self) -> None:
        given, began = 0, time.monotonic()
        while True:
            await asyncio.sleep(_TICK_S)
            due = int((time.monotonic() - began) * self._rate) - given
            for first in range(given, given + due, _FRAME):
                self._tell_frame(range(first, min(first + _FRAME, given + due)))
                await asyncio.sleep(0)
            given += due

    def _tell_frame(self, numbers: range) -> None:
        follower = self.monitor._follower
        if (ref := follower.ref) is not None:
            follower.take_told(ref, tuple(_message(ref, number) for number in numbers))


def _message(ref: JobRef, number: int) -> JobMessage:
    text = f"tile {number} rendered at level {number % 19}, {number % 977} ms"
    return JobMessage(ref, f"m-{ref.job_id}-{number}", datetime.now(UTC), Level.INFO, "INFO", text)


def _token() -> dict[str, SecretSource]:
    async def fetch() -> Secret:
        await asyncio.sleep(0)
        return Secret("token")

    return {"token": fetch}


def reported(folder: Path) -> list[Stretch]:
    """Read what a run that has ended has left."""
    return [Stretch(*one) for one in json.loads((folder / REPORT).read_text("utf-8"))]


def main(url: str, rate: int, poll_s: float, folder: Path) -> int:
    """Run until it is left, and report."""
    app = Loaded(url, rate, poll_s, folder)
    with stretches(least_ms=_FELT_MS) as took:
        app.run()
    (folder / REPORT).write_text(json.dumps([astuple(one) for one in took]), "utf-8")
    return app.return_code or 0


if __name__ == "__main__":
    collecting.begin()  # as the program itself does
    sys.exit(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4])))
