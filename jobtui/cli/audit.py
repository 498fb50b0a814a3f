"""audit: every control ever asked here, from the journal alone; no source is asked, and nothing waits."""

from __future__ import annotations

from collections.abc import Sequence

from jobtui import documents, wiring
from jobtui.cli import plain, session
from jobtui.cli.exits import Exit
from jobtui.cli.output import Output
from jobtui.cli.parse import Command
from jobtui.errors import UsageError
from jobtui.insight.when import parse_since


def audit(command: Command, out: Output) -> int:
    """Print every control ever asked here, newest first, and how it ended."""
    options = command.options
    try:
        since = parse_since(options.since, session.now()) if options.since else None
    except ValueError as error:
        raise UsageError(str(error)) from error
    config = session.config_of(options)
    wanted = {config.source(name).name for name in options.source}
    with wiring.open_journal(config) as journal:
        entries = [e for e in journal.audit(since) if not wanted or e.request.ref.source in wanted]
    described = [documents.audit_document(entry) for entry in entries]
    if out.as_json:
        out.document(described)
    elif not described:
        out.say(_nothing(sorted(wanted), options.since))
    else:
        out.lines([plain.audit_line(entry, out) for entry in described])
    return Exit.GOOD


def _nothing(sources: Sequence[str], since: str | None) -> str:
    of = f" of {', '.join(sources)}" if sources else ""
    back = f" since {since}" if since else ""
    return f"no control{of} was asked for here{back}"
