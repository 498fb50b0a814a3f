"""handoff: a note for who comes next, in Markdown, from what the journal remembers; asks no server."""

from __future__ import annotations

from jobtui import wiring
from jobtui.cli import session
from jobtui.cli.exits import Exit
from jobtui.cli.output import Output
from jobtui.cli.parse import Command
from jobtui.errors import UsageError
from jobtui.insight.when import parse_since
from jobtui.monitor.handoff import SHIFT, note_lines


def handoff(command: Command, out: Output) -> int:
    """Print what failed, what was done and why, what is still held, and what still needs somebody."""
    options, now = command.options, session.now()
    try:
        since = parse_since(options.since, now) if options.since else now - SHIFT
    except ValueError as error:
        raise UsageError(str(error)) from error
    config = session.config_of(options)
    names = [config.source(name).name for name in options.source] or [
        source.name for source in config.sources
    ]
    with wiring.open_journal(config) as journal:
        out.lines(list(note_lines(journal, names, since, now)))
    return Exit.GOOD
