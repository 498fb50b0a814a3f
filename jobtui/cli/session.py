"""What every command that speaks to sources begins with: configuration, monitor, refs."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from jobtui import wiring
from jobtui.cli.output import Output
from jobtui.config import Config
from jobtui.errors import UsageError
from jobtui.model import JobRef, Target

if TYPE_CHECKING:
    from jobtui.monitor.events import Event, Publish
    from jobtui.monitor.monitor import Monitor


def now() -> datetime:
    """Give the time in the machine's own zone, so that what is said of moments is said in it."""
    return datetime.now().astimezone()


def config_of(options: Namespace) -> Config:
    """Read the configuration that the options name. Raises NoConfig, ConfigError."""
    return wiring.load_config(options.config)


def refuse_empty(config: Config) -> None:
    """Raise UsageError where a configuration has no source, naming what to do about it."""
    if not config.sources:
        raise UsageError(
            f"{config.path} has no sources yet; see “jobtui config init” for one of each kind,"
            " or try “jobtui demo”"
        )


def refuse_no_source(monitor: Monitor, options: Namespace) -> None:
    """Raise UsageError where there is nobody to ask, naming what to do about it."""
    if not monitor.sources:
        refuse_empty(config_of(options))
        raise UsageError("no source can be asked; see “jobtui source ls”")


@asynccontextmanager
async def monitor_of(
    options: Namespace, out: Output, publish: Publish | None = None
) -> AsyncIterator[Monitor]:
    """Give a monitor over the sources that the options name, not started; what ails the journal is said."""
    # Deferred for start-up: who only looks into the journal needs no monitor.
    from jobtui.monitor.events import JournalStands

    def heard(event: Event) -> None:
        if isinstance(event, JournalStands):
            out.say(str(event))
        elif publish is not None:
            publish(event)

    async with wiring.open_monitor(
        config_of(options), only=options.source, publish=heard, read_only=options.read_only, say=out.say
    ) as monitor:
        yield monitor


async def target(monitor: Monitor, text: str) -> Target:
    """Place a ref, a pasted address or a bare id; its source is one that can be asked.

    Raises RefError, UsageError.
    """
    if ":" not in text:
        # A bare id is placed by what is known, and that is in the journal.
        await monitor.load()
    found = await monitor.find(text)
    monitor.source(found.job.source)
    return found


async def jobs(monitor: Monitor, texts: Sequence[str], out: Output) -> list[JobRef]:
    """Place the refs of jobs, each once; a step stands for its job, and that is said."""
    found: dict[JobRef, None] = {}
    for text in texts:
        placed = await target(monitor, text)
        if placed != placed.job:
            out.say(f"{placed} is a step; this is about its job {placed.job}")
        found[placed.job] = None
    return list(found)
