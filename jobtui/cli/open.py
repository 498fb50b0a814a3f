"""open: the screen on one job or step, at a moment gone by where one is named."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from datetime import datetime

from jobtui.cli import session
from jobtui.cli.output import Output
from jobtui.cli.parse import Command
from jobtui.cli.screen import can_ask, has_terminal, show
from jobtui.errors import UsageError
from jobtui.insight.past import parse_past
from jobtui.model import Target


def open_ref(command: Command, out: Output) -> int:
    """Open the screen on one job or step, its messages scrolled to a moment."""
    options = command.options
    at = _moment(options.at)
    config = session.config_of(options)
    select = asyncio.run(_place(options, out))
    if not (has_terminal() or (options.accessible and can_ask())):
        raise UsageError(f"“jobtui open” needs a terminal; “jobtui show {options.ref}” prints the job")
    return show(config, options, out, select=select, at=at)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return parse_past(text, session.now())
    except ValueError as error:
        raise UsageError(f"--at: {error}") from error


async def _place(options: Namespace, out: Output) -> Target:
    async with session.monitor_of(options, out) as monitor:
        return await session.target(monitor, options.ref)
