"""jobtui: the screen, or the watch as plain lines where there is no terminal for one."""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import Namespace
from datetime import datetime

from jobtui import paths, wiring
from jobtui.cli import session
from jobtui.cli.exits import Exit
from jobtui.cli.lines import print_watch
from jobtui.cli.output import Output
from jobtui.cli.parse import Command, parse
from jobtui.config import Config, NoConfig
from jobtui.model import Target


def screen(command: Command, out: Output) -> int:
    """Open the screen on the configured sources; with none, the card that sets a first one up."""
    options = command.options
    is_asking = can_ask() if options.accessible else has_terminal()
    try:
        config = session.config_of(options)
    except NoConfig:
        if not is_asking:
            raise
        return _first_run(options, out)
    if not config.sources and is_asking:
        return _first_run(options, out)
    return show(config, options, out)


def _first_run(options: Namespace, out: Output) -> int:
    path = paths.config_file(options.config)
    if options.accessible:
        # Deferred for start-up: only this asks and answers.
        from jobtui.cli.spoken.speak import ask_first

        ended = asyncio.run(ask_first(path, out))
    else:
        ended = wiring.run_first_run(path, ascii_only=options.ascii, no_color=options.no_color)
    if ended == "demo":
        # Deferred: the demo is shown by this module.
        from jobtui.cli.demo import demo

        begun = parse(["demo", *(word for word, wanted in _flags(options) if wanted)])
        return demo(begun, out)
    if ended == "ready":
        return show(session.config_of(options), options, out)
    out.say("nothing was set up; “jobtui demo” shows pretend services, “jobtui config init” begins a file")
    return Exit.GOOD


def _flags(options: Namespace) -> list[tuple[str, bool]]:
    return [
        ("--ascii", options.ascii),
        ("--no-color", options.no_color),
        ("--read-only", options.read_only),
        ("--accessible", options.accessible),
    ]


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
    session.refuse_empty(config)
    for name in options.source:
        config.source(name)  # raises, naming the nearest
    if options.accessible and can_ask() and seconds is None:
        # Deferred for start-up: only this asks and answers.
        from jobtui.cli.spoken.speak import speak

        spoken = speak(config, out, only=options.source, read_only=options.read_only, select=select)
        asyncio.run(spoken)
        return Exit.GOOD
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


def can_ask() -> bool:
    """Whether somebody sits there who can be asked, whatever the terminal can show."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def has_terminal() -> bool:
    """Whether there is a terminal that can show a screen."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in ("", "dumb")
