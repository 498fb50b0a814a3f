"""jobtui: the screen, or the watch as plain lines where there is no terminal for one."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import Namespace
from datetime import datetime

from jobtui import wiring
from jobtui.cli import session
from jobtui.cli.exits import Exit
from jobtui.cli.lines import print_watch
from jobtui.cli.output import Output
from jobtui.cli.parse import Command
from jobtui.config import Config
from jobtui.errors import UsageError
from jobtui.model import Target


def screen(command: Command, out: Output) -> int:
    """Open the screen on the configured sources."""
    options = command.options
    return show(session.config_of(options), options, out)


def show(
    config: Config,
    options: Namespace,
    out: Output,
    *,
    select: Target | None = None,
    notice: str | None = None,
    seconds: float | None = None,
    at: datetime | None = None,
) -> int:
    """Show a configuration's jobs: on the screen, else as plain lines."""
    if not config.sources:
        raise UsageError(
            f"{config.path} has no sources yet; see “jobtui config init” for one of each kind,"
            " or try “jobtui demo”"
        )
    for name in options.source:
        config.source(name)  # raises, naming the nearest
    if not has_terminal() or options.accessible or seconds is not None:
        watch = print_watch(config, out, only=options.source, read_only=options.read_only, seconds=seconds)
        asyncio.run(watch)
        return Exit.GOOD
    wiring.run_screen(
        config,
        only=options.source,
        select=select,
        notice=notice,
        read_only=options.read_only,
        ascii_only=options.ascii,
        mouse=options.mouse,
        no_color=options.no_color,
        at=at,
    )
    return Exit.GOOD


def has_terminal() -> bool:
    """Whether there is a terminal that can show a screen."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in ("", "dumb")
