"""source: what is configured, whether it is reachable, who we are there and what we may do."""

from __future__ import annotations

import asyncio
import time
from argparse import Namespace
from collections.abc import Sequence

from jobtui import documents, wiring
from jobtui.backends.base import PushState
from jobtui.cli import exits, session
from jobtui.cli.exits import Exit
from jobtui.cli.output import Output, width
from jobtui.cli.parse import Command
from jobtui.cli.table import GAP, Column, table
from jobtui.config import BrokenSource, Config, ConfiguredSource
from jobtui.documents import Document
from jobtui.errors import JobtuiError
from jobtui.model import Control
from jobtui.monitor.monitor import Monitor
from jobtui.text import plain


def source(command: Command, out: Output) -> int:
    """List the configured sources, or ask each who we are."""
    options = command.options
    config = session.config_of(options)
    names = [*options.source, *([options.name] if options.name else [])]
    if options.action == "ls":
        return _list_sources(config, names, out)
    options.source = names
    return asyncio.run(_test_sources(options, config, out))


def _list_sources(config: Config, names: Sequence[str], out: Output) -> Exit:
    entries = [entry for entry in config.sources if not names or entry.name in names]
    for name in names:
        if name not in {entry.name for entry in entries}:
            config.source(name)  # raises, naming the nearest
    described = [_source_document(entry) for entry in entries]
    if out.as_json:
        out.document(described)
    else:
        _print_sources(described, out)
    return Exit.GOOD


def _source_document(entry: ConfiguredSource | BrokenSource) -> Document:
    if isinstance(entry, BrokenSource):
        return {
            "source": plain(entry.name),
            "kind": None,
            "url": None,
            "production": None,
            "read_only": None,
            "error": plain(str(entry.error)),
        }
    return {
        "source": entry.name,
        "kind": entry.source.kind.value,
        "url": plain(entry.url) or None,
        "production": entry.source.production,
        "read_only": entry.source.read_only,
        "error": None,
    }


def _print_sources(described: Sequence[Document], out: Output) -> None:
    rows = [
        [
            str(entry["source"]),
            str(entry["kind"] or "—"),
            str(entry["url"] or "—"),
            " ".join(word for word in ("production", "read_only") if entry[word]).replace("_", "-"),
            f"broken: {entry['error']}" if entry["error"] else "",
        ]
        for entry in described
    ]
    columns = (Column("SOURCE"), Column("KIND"), Column("URL", 20), Column("MODE"), Column("", 20))
    if rows:
        out.lines([GAP.join(row).rstrip() for row in table(columns, rows, width())])


async def _test_sources(options: Namespace, config: Config, out: Output) -> Exit:
    async with wiring.open_monitor(
        config, only=options.source, read_only=options.read_only, say=out.say
    ) as monitor:
        for text in monitor.broken.values():
            out.say(text)
        results = await asyncio.gather(
            *(_test(monitor, name, config.source(name).url) for name in monitor.sources)
        )
    described = [document for document, _ in results]
    if out.as_json:
        out.document(described)
    else:
        out.lines([_test_line(document) for document in described])
    bad = [code for _, code in results if code is not Exit.GOOD]
    if not bad:
        return Exit.USAGE if monitor.broken else Exit.GOOD
    return Exit.UNREACHABLE if Exit.UNREACHABLE in bad else bad[0]


async def _test(monitor: Monitor, name: str, url: str) -> tuple[Document, Exit]:
    known = monitor.source(name)
    began = time.monotonic()
    document: Document = {
        "source": name,
        "kind": known.kind.value,
        "ok": True,
        "user": None,
        "rights": None,
        "version": None,
        "jobs": None,
        "limit": known.limit,
        "push": None,
        "push_error": None,
        "url": plain(url) or None,
        "controls": [c.value for c in Control if c in monitor.controls(name)],
        "read_only": known.read_only,
        "production": known.production,
        "at": session.now().isoformat(),
        "answer_s": None,
        "error": None,
    }
    try:
        identity = await monitor.identity(name)
    except JobtuiError as error:
        return {**document, "ok": False, "error": plain(str(error))}, exits.of_error(error)
    said = {"user": identity.user, "rights": identity.rights, "version": identity.version}
    said["url"] = identity.address or url or None
    harmless = {key: documents.json_value(value) for key, value in said.items()}
    return {
        **document,
        **harmless,
        "jobs": identity.total,
        **_push(identity.push),
        "answer_s": round(time.monotonic() - began, 3),
    }, Exit.GOOD


def _test_line(tested: Document) -> str:
    if not tested["ok"]:
        return f"{tested['source']}  {tested['kind']}  no: {tested['error']}"
    controls = tested["controls"]
    can = ", ".join(controls) if isinstance(controls, list) and controls else "look only"
    words = [
        str(tested["source"]),
        str(tested["kind"]),
        f"ok, answered in {tested['answer_s']} s",
        f"as {tested['user'] or 'an unnamed user'}",
        *([str(tested["rights"])] if tested["rights"] else []),
        f"at {tested['url']}",
        *_count(tested["jobs"], tested["limit"]),
        *_told(tested["push"], tested["push_error"]),
        f"controls: {can}{' (read-only)' if tested['read_only'] else ''}",
    ]
    return GAP.join(words)


def _count(jobs: object, limit: object) -> list[str]:
    """Say how many jobs there are, and how many of them would be listed when that is not all."""
    if not isinstance(jobs, int) or not isinstance(limit, int):
        return []
    return [f"{jobs:,} jobs" if jobs <= limit else f"lists {limit:,} of {jobs:,} jobs"]


def _push(stands: PushState | None) -> Document:
    if stands is None:
        return {"push": None, "push_error": None}
    return {"push": stands.is_open, "push_error": None if stands.text is None else plain(stands.text)}


def _told(is_told: object, why_not: object) -> list[str]:
    """Say whether the source speaks by itself; nothing of one that never does."""
    if is_told is None:
        return []
    return ["push" if is_told else f"polled: {why_not}"]
