"""The watch as plain lines: what the screen would show, one sentence per change."""

from __future__ import annotations

import asyncio

from jobtui import documents, wiring
from jobtui.cli import plain, ruling, session
from jobtui.cli.links import Links
from jobtui.cli.output import Output
from jobtui.cli.watch import looks_changed
from jobtui.config import Config
from jobtui.insight.attention import needs_you
from jobtui.model import Flag, Job, JobRef, State
from jobtui.monitor.events import (
    Change,
    Controlled,
    Event,
    HealthChanged,
    JobsChanged,
    JournalStands,
    Publish,
    Stage,
)


async def print_watch(
    config: Config, out: Output, *, only: list[str], read_only: bool, seconds: float | None
) -> None:
    """Print what changes, until the time is up or for ever."""
    events: asyncio.Queue[Event] = asyncio.Queue()
    async with wiring.open_monitor(
        config, only=only, publish=events.put_nowait, read_only=read_only, say=out.say
    ) as monitor:
        if wrong := wiring.arm_rules(monitor, config):
            out.say(wrong)
        await monitor.start()
        printer = Printer(out, ruling.teller(config, out))
        try:
            async with asyncio.timeout(seconds):
                while True:
                    printer.print(await events.get())
        except TimeoutError:
            printer.finish()
        except asyncio.CancelledError:
            printer.finish()
            raise


class Printer:
    """Turns events into lines; says of a source only what is new, and of a job only what it answered."""

    def __init__(self, out: Output, tell_alert: Publish = lambda _: None) -> None:
        self._out = out
        self._tell_alert = tell_alert
        self._told: dict[JobRef, Job] = {}
        """Each job as last printed, or as it was passed over as no news."""
        self._without_reason: dict[JobRef, Job] = {}
        """Failed jobs whose row does not say why; that is about to be read."""
        self._links = Links()

    def print(self, event: Event) -> None:
        if isinstance(event, JobsChanged):
            for change in event.changes:
                self._change(change)
        elif isinstance(event, JournalStands):
            self._out.say(str(event))
        elif isinstance(event, HealthChanged):
            if (news := self._links.news(event.health)) is not None:
                self._out.line(news)
        elif isinstance(event, Controlled) and event.stage is not Stage.NOT_VISIBLE:
            self._controlled(event)
        else:
            self._tell_alert(event)

    def finish(self) -> None:
        """Print what was held back for a reason that never came."""
        while self._without_reason:
            self._line(self._without_reason.popitem()[1])

    def _change(self, change: Change) -> None:
        job = change.after
        if job is None:
            for known in (self._told, self._without_reason):
                known.pop(change.ref, None)
            return
        before = self._told.get(job.ref)
        if before is None and Flag.STALE in job.flags:
            return  # what the journal remembers; the source has not answered for it yet
        if job.state is State.FAILED and job.is_brief and job.why is None:
            self._without_reason[job.ref] = job
            return
        held_back = self._without_reason.pop(job.ref, None)
        if not looks_changed(before, job):
            return
        self._told[job.ref] = job
        if before is None and held_back is None and job.ended and not needs_you(job, session.now()):
            return  # what ended well before we looked is no news
        self._line(job)

    def _controlled(self, event: Controlled) -> None:
        """Say what became of a control; nothing is sent from here, so that another process has sent it."""
        at = f"{session.now():%H:%M:%S}"
        for line in plain.outcome_lines(documents.outcome_document(event.outcome), self._out):
            self._out.line(f"{at}  {line}")

    def _line(self, job: Job) -> None:
        now = session.now()
        self._out.line(plain.change_line(documents.job_document(job, now), now, self._out))
