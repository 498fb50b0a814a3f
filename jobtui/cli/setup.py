"""config, theme, add and forget: what jobtui is set up with."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable

from jobtui import paths, wiring
from jobtui.cli import piped, session
from jobtui.cli.exits import Exit
from jobtui.cli.output import Output, width
from jobtui.cli.parse import Command
from jobtui.cli.table import GAP, Column, table
from jobtui.config import WrongConfig, explain, faults_of, write_initial
from jobtui.documents import json_value
from jobtui.errors import JobtuiError, UsageError
from jobtui.model import JobRef
from jobtui.monitor.cadence import SAVED
from jobtui.monitor.monitor import Monitor
from jobtui.text import plain
from jobtui.tui.keymap import KEYS
from jobtui.tui.theme_shelf import Shelf


# --- config ---------------------------------------------------------------------------------------------
def config(command: Command, out: Output) -> int:
    """Say where the configuration is, check it, begin one, or show the values or keys in force."""
    actions = {"path": _path, "check": _check, "init": _init, "show": _show, "keys": _keys}
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
    try:
        checked = session.config_of(options)
    except WrongConfig as wrong:
        return _checked([], [plain(str(error)) for error in wrong.errors], [], out)
    errors = [*faults_of(checked), *wiring.load_keys(checked.path)[1]]
    said = [*map(str, errors), *Shelf(paths.themes_folder(checked.path)).faults]
    names = [entry.name for entry in checked.good]
    code = _checked(names, list(map(plain, said)), map(plain, checked.warnings), out)
    if code is Exit.GOOD and not out.as_json:
        out.line(f"{plain(str(checked.path))} is good: {_count(len(names), 'source')}")
    return code


def _checked(names: list[str], errors: list[str], warnings: Iterable[str], out: Output) -> Exit:
    warnings = list(warnings)
    if out.as_json:
        out.document({"ok": not errors, "sources": names, "errors": errors, "warnings": warnings})
    for text in [*errors, *(f"warning: {warning}" for warning in warnings)]:
        out.say(text)
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
            [{"key": plain(s.key), "value": json_value(s.data), "origin": plain(s.origin)} for s in settings]
        )
    else:
        rows = [[f"{plain(s.key)} = {plain(s.value)}", f"# {plain(s.origin)}"] for s in settings]
        lines = table((Column(""), Column("")), rows, None)[1:] if rows else []
        out.lines([GAP.join(line).rstrip() for line in lines])
    for entry in shown.broken:
        out.say(str(entry.error))
    return Exit.GOOD


def _keys(options: Namespace, out: Output) -> Exit:
    path = paths.config_file(options.config)
    keys, errors = wiring.load_keys(path)
    usual = {key.id: key.keys for key in KEYS}
    rows = [(key.id, key.faces, key.help, key.keys != usual[key.id]) for key in keys]
    if out.as_json:
        names = ("id", "keys", "help", "changed")
        out.document([dict(zip(names, (row[0], row[1].split(), *row[2:]), strict=True)) for row in rows])
    else:
        columns = (Column("ID"), Column("KEYS"), Column("WHAT IT DOES", 20), Column(""))
        listed = [[name, faces or "none", said, "yours" if own else ""] for name, faces, said, own in rows]
        out.lines([GAP.join(line).rstrip() for line in table(columns, listed, width())])
    for error in errors:
        out.say(str(error))
    return Exit.USAGE if errors else Exit.GOOD


# --- the watch list -------------------------------------------------------------------------------------
def add(command: Command, out: Output) -> int:
    """Put ids on the watch list; one that can't be read is kept, and that is said."""
    return asyncio.run(_add(command.options, piped.stdin_for(command.options.refs), out))


async def _add(options: Namespace, stdin: str, out: Output) -> Exit:
    async with session.monitor_of(options, out) as monitor:
        found = await piped.jobs(monitor, options.refs, stdin, out)
        read: Counter[str] = Counter()
        for ref in found.refs:
            await monitor.add(ref)
            if read[ref.source] >= max(1.0, monitor.source(ref.source).budget * SAVED):
                out.line(f"watching {ref}  (not read yet: the others have used up what may be asked at once)")
                continue
            read[ref.source] += 1
            await _tell_added(monitor, ref, out)
    return found.code(Exit.GOOD)


async def _tell_added(monitor: Monitor, ref: JobRef, out: Output) -> None:
    try:
        job = (await monitor.read(ref)).job
    except JobtuiError as error:
        out.say(f"{ref} is kept, but could not be read: {error}")
        return
    if job.raw_state:
        out.line(f"watching {ref}  {plain(job.title)} ({job.state})")
    else:
        # No server has told anything of it yet.
        out.say(f"{ref} is kept, but could not be read: {job.why}")


def forget(command: Command, out: Output) -> int:
    """Take ids off the watch list."""
    return asyncio.run(_forget(command.options, piped.stdin_for(command.options.refs), out))


async def _forget(options: Namespace, stdin: str, out: Output) -> Exit:
    async with session.monitor_of(options, out) as monitor:
        found = await piped.jobs(monitor, options.refs, stdin, out)
        for ref in found.refs:
            if await monitor.forget(ref):
                out.line(f"no longer watching {ref}")
            else:
                raise UsageError(f"{ref} was not on the watch list")
    return found.code(Exit.GOOD)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
