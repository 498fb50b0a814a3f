"""The watch as plain lines: what the screen would show, one sentence per change."""

from __future__ import annotations

import asyncio

from jobtui import documents, wiring
from jobtui.cli import plain, session
from jobtui.cli.output import Output
from jobtui.cli.watch import looks_changed
from jobtui.config import Config
from jobtui.insight.attention import needs_you
from jobtui.monitor.events import Change, Event, HealthChanged, JobsChanged, Link, SourceHealth


async def print_watch(
    config: Config, out: Output, *, only: list[str], read_only: bool, seconds: float | None
) -> None:
    """Print what changes, until the time is up or for ever."""
    events: asyncio.Queue[Event] = asyncio.Queue()
    async with wiring.open_monitor(
        config, only=only, publish=events.put_nowait, read_only=read_only
    ) as monitor:
        await monitor.start()
        printer = _Printer(out)
        try:
            async with asyncio.timeout(seconds):
                while True:
                    printer.print(await events.get())
        except TimeoutError:
            return


class _Printer:
    """Turns events into lines; says of a source only what is new."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._links: dict[str, tuple[Link, str | None]] = {}

    def print(self, event: Event) -> None:
        if isinstance(event, JobsChanged):
            for change in event.changes:
                self._change(change)
        elif isinstance(event, HealthChanged):
            self._health(event.health)

    def _change(self, change: Change) -> None:
        now = session.now()
        job = change.after
        if job is None or not looks_changed(change.before, job):
            return
        if change.before is None and job.ended and not needs_you(job, now):
            return  # what ended well before we looked is no news
        self._out.line(plain.change_line(documents.job_document(job, now), now, self._out))

    def _health(self, health: SourceHealth) -> None:
        if health.link is Link.STARTING:
            return  # nothing has been heard of it yet
        now_is = (health.link, health.error)
        before = self._links.get(health.source)
        self._links[health.source] = now_is
        if now_is == before:
            return
        at = f"{session.now():%H:%M:%S}"
        if health.error is not None:
            self._out.line(f"{at}  {health.source}  {health.link}: {documents.json_value(health.error)}")
        elif before is None or before[1] is not None:
            lists = "" if health.has_list else ", no list: ids on watch only"
            self._out.line(f"{at}  {health.source}  {health.link}, {health.jobs} jobs{lists}")
