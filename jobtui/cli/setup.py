"""source, config, theme, add and forget: what jobtui is set up with."""

from __future__ import annotations

import asyncio
import time
from argparse import Namespace
from collections.abc import Sequence

from jobtui import documents, paths, wiring
from jobtui.cli import exits, session
from jobtui.cli.exits import Exit
from jobtui.cli.options import later
from jobtui.cli.output import Output, width
from jobtui.cli.parse import Command
from jobtui.cli.table import GAP, Column, table
from jobtui.config import BrokenSource, Config, ConfiguredSource, explain, write_initial
from jobtui.documents import Document
from jobtui.errors import JobtuiError, UsageError
from jobtui.model import Control
from jobtui.monitor.monitor import Monitor
from jobtui.text import plain


# --- source ---------------------------------------------------------------------------------------------
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
    async with wiring.open_monitor(config, only=options.source, read_only=options.read_only) as monitor:
        for text in monitor.broken.values():
            out.say(text)
        results = await asyncio.gather(*(_test(monitor, name) for name in monitor.sources))
    described = [document for document, _ in results]
    if out.as_json:
        out.document(described)
    else:
        out.lines([_test_line(document) for document in described])
    bad = [code for _, code in results if code is not Exit.GOOD]
    if not bad:
        return Exit.USAGE if monitor.broken else Exit.GOOD
    return Exit.UNREACHABLE if Exit.UNREACHABLE in bad else bad[0]


async def _test(monitor: Monitor, name: str) -> tuple[Document, Exit]:
    known = monitor.source(name)
    began = time.monotonic()
    document: Document = {
        "source": name,
        "kind": known.kind.value,
        "ok": True,
        "user": None,
        "rights": None,
        "version": None,
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
    harmless = {key: documents.json_value(value) for key, value in said.items()}
    return {**document, **harmless, "answer_s": round(time.monotonic() - began, 3)}, Exit.GOOD


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
        f"controls: {can}{' (read-only)' if tested['read_only'] else ''}",
    ]
    return GAP.join(words)


# --- config ---------------------------------------------------------------------------------------------
def config(command: Command, out: Output) -> int:
    """Say where the configuration is, check it, begin one, or show the values in force."""
    actions = {"path": _path, "check": _check, "init": _init, "show": _show}
    return actions[command.options.action](command.options, out)


def _path(options: Namespace, out: Output) -> Exit:
    path = paths.config_file(options.config)
    if out.as_json:
        out.document(
            {
                "path": str(path),
                "exists": path.exists(),
                "origin": paths.config_origin(options.config),
                "journal": str(paths.journal_file(path)),
                "keys": str(paths.keys_file(path)),
                "themes": str(paths.themes_folder(path)),
                "logs": str(paths.log_folder()),
            }
        )
    else:
        out.line(plain(str(path)))
    return Exit.GOOD


def _check(options: Namespace, out: Output) -> Exit:
    checked = session.config_of(options)
    errors = [plain(str(error)) for entry in checked.broken for error in entry.errors]
    warnings = [plain(warning) for warning in checked.warnings]
    if out.as_json:
        names = [entry.name for entry in checked.good]
        out.document({"ok": not errors, "sources": names, "errors": errors, "warnings": warnings})
    for text in [*errors, *(f"warning: {warning}" for warning in warnings)]:
        out.say(text)
    if not errors and not out.as_json:
        out.line(f"{plain(str(checked.path))} is good: {_count(len(checked.good), 'source')}")
    return Exit.USAGE if errors else Exit.GOOD


def _init(options: Namespace, out: Output) -> Exit:
    path = paths.config_file(options.config)
    write_initial(path)
    if out.as_json:
        out.document({"path": str(path)})
    else:
        out.line(f"wrote {plain(str(path))}; put your sources there, then run jobtui source test")
    return Exit.GOOD


def _show(options: Namespace, out: Output) -> Exit:
    shown = session.config_of(options)
    settings = explain(shown)
    if out.as_json:
        out.document(
            [{"key": plain(s.key), "value": plain(s.value), "origin": plain(s.origin)} for s in settings]
        )
    else:
        rows = [[f"{plain(s.key)} = {plain(s.value)}", f"# {plain(s.origin)}"] for s in settings]
        lines = table((Column(""), Column("")), rows, None)[1:] if rows else []
        out.lines([GAP.join(line).rstrip() for line in lines])
    for entry in shown.broken:
        out.say(str(entry.error))
    return Exit.GOOD


# --- theme ----------------------------------------------------------------------------------------------
def theme(command: Command, out: Output) -> int:
    """List the themes by name."""
    if command.options.action != "ls":
        raise later("“jobtui theme preview”")
    # Deferred: it brings Textual, which costs more than any other command.
    from jobtui.tui.themes import load_themes

    names = sorted(load_themes())
    if out.as_json:
        out.document(names)
    else:
        out.lines(names)
    return Exit.GOOD


# --- the watch list -------------------------------------------------------------------------------------
def add(command: Command, out: Output) -> int:
    """Put ids on the watch list; one that can't be read is kept, and that is said."""
    return asyncio.run(_add(command.options, out))


async def _add(options: Namespace, out: Output) -> Exit:
    async with session.monitor_of(options) as monitor:
        refs = await session.jobs(monitor, options.refs, out)
        for ref in refs:
            await monitor.add(ref)
            try:
                job = (await monitor.read(ref)).job
            except JobtuiError as error:
                out.say(f"{ref} is kept, but could not be read: {error}")
                continue
            if job.raw_state:
                out.line(f"watching {ref}  {plain(job.title)} ({job.state})")
            else:
                # No server has told anything of it yet.
                out.say(f"{ref} is kept, but could not be read: {job.why}")
    return Exit.GOOD


def forget(command: Command, out: Output) -> int:
    """Take ids off the watch list."""
    return asyncio.run(_forget(command.options, out))


async def _forget(options: Namespace, out: Output) -> Exit:
    async with session.monitor_of(options) as monitor:
        for ref in await session.jobs(monitor, options.refs, out):
            if await monitor.forget(ref):
                out.line(f"no longer watching {ref}")
            else:
                raise UsageError(f"{ref} was not on the watch list")
    return Exit.GOOD


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
