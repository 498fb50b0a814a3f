"""journal: what is remembered, how large and where; give up what is old; take all of it elsewhere."""

from __future__ import annotations

import contextlib
import json
import os
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO

from jobtui import wiring
from jobtui.cli import session
from jobtui.cli.exits import Exit
from jobtui.cli.output import Output
from jobtui.cli.parse import Command
from jobtui.config import Config
from jobtui.documents import Document
from jobtui.errors import UsageError
from jobtui.insight.when import parse_since
from jobtui.journal.journal import Journal
from jobtui.journal.prune import LIMITS, Limits, Plan
from jobtui.journal.upkeep import Summary
from jobtui.model import JobRef, parse_ref
from jobtui.text import plain

_OPTIONS_OF = {
    "info": (),
    "prune": ("older", "larger", "dry_run"),
    "export": ("since", "ref", "out"),
}


def journal(command: Command, out: Output) -> int:
    """Describe the journal, make it smaller, or write all of it out."""
    options = command.options
    _refuse_others_options(options)
    config = session.config_of(options)
    actions: dict[str, Callable[[Namespace, Config, Journal, Output], Exit]] = {
        "info": _info,
        "prune": _prune,
        "export": _export,
    }
    with wiring.open_journal(config) as opened:
        if opened.notice:
            out.say(opened.notice)
        return actions[options.action](options, config, opened, out)


def _refuse_others_options(options: Namespace) -> None:
    for action, names in _OPTIONS_OF.items():
        for name in names:
            if action != options.action and getattr(options, name) not in (None, False):
                raise UsageError(f"--{name.replace('_', '-')} goes with “jobtui journal {action}”")


# --- info ---------------------------------------------------------------------------------------------------
def _info(options: Namespace, config: Config, opened: Journal, out: Output) -> Exit:
    del options, config
    found = opened.upkeep.summary()
    if out.as_json:
        out.document(_summary_document(found))
    else:
        out.lines(list(_summary_lines(found)))
    return Exit.GOOD


def _summary_document(found: Summary) -> Document:
    return {
        "path": plain(str(found.path)),
        "version": found.version,
        "size": found.size,
        "rows": found.rows,
        "oldest": _iso(found.oldest),
        "newest": _iso(found.newest),
        "lost": {"states": found.lost_states, "messages": found.lost_messages},
        "pruned_at": _iso(found.pruned_at),
        "limits": {
            "older_days": LIMITS.older.days,
            "larger": LIMITS.larger,
            "controls_older_days": LIMITS.controls_older.days,
        },
        "copies": [_file_document(path) for path in found.copies],
        "set_aside": [_file_document(path) for path in found.set_aside],
    }


def _file_document(path: Path) -> Document:
    return {"path": plain(str(path)), "size": _size_of(path)}


def _summary_lines(found: Summary) -> Iterator[str]:
    yield f"{plain(str(found.path))}  {_bytes(found.size)}, version {found.version}"
    for kind, number in found.rows.items():
        yield f"  {number:>12,}  {kind.replace('_', ' ')}"
    if found.oldest is not None and found.newest is not None:
        yield f"from {_local(found.oldest)} to {_local(found.newest)}"
    pruned = "never" if found.pruned_at is None else _local(found.pruned_at)
    yield (
        f"kept: jobs {LIMITS.older.days} days and {_bytes(LIMITS.larger)}, controls "
        f"{LIMITS.controls_older.days} days; last pruned: {pruned}"
    )
    if found.lost_states or found.lost_messages:
        yield (
            f"not whole: {found.lost_states:,} states and {found.lost_messages:,} messages were told "
            "while the journal could not be written for too long"
        )
    for what, paths in (("copy before a migration", found.copies), ("damaged, kept aside", found.set_aside)):
        for path in paths:
            yield f"{what}: {plain(str(path))}  {_bytes(_size_of(path))}"


# --- prune --------------------------------------------------------------------------------------------------
def _prune(options: Namespace, config: Config, opened: Journal, out: Output) -> Exit:
    del config
    older = LIMITS.older if options.older is None else options.older
    larger = LIMITS.larger if options.larger is None else options.larger
    limits = Limits(older, larger, max(older, LIMITS.controls_older))
    planned = opened.upkeep.plan(limits) if options.dry_run else opened.upkeep.prune(limits)
    after = None if options.dry_run else opened.upkeep.summary().size
    if out.as_json:
        out.document(_plan_document(planned, after))
    else:
        out.line(_plan_line(planned, after))
    return Exit.GOOD


def _plan_document(planned: Plan, after: int | None) -> Document:
    return {
        "dry_run": after is None,
        "jobs": len(planned.jobs),
        "messages": planned.messages,
        "controls": planned.controls,
        "copies": [plain(str(path)) for path in planned.copies],
        "size_before": planned.size,
        "freed_about": planned.freed,
        "size_after": after,
    }


def _plan_line(planned: Plan, after: int | None) -> str:
    what = f"{len(planned.jobs):,} jobs with {planned.messages:,} messages and {planned.controls:,} controls"
    if planned.copies:
        what += f", and {len(planned.copies)} old copies"
    if after is None:
        return f"would give up {what}: about {_bytes(planned.freed)} of {_bytes(planned.size)}"
    return f"gave up {what}: {_bytes(planned.size)} before, {_bytes(after)} now"


# --- export -------------------------------------------------------------------------------------------------
def _export(options: Namespace, config: Config, opened: Journal, out: Output) -> Exit:
    try:
        since = parse_since(options.since, session.now()) if options.since else None
    except ValueError as error:
        raise UsageError(str(error)) from error
    sources = [_known_source(name, config, opened) for name in options.source]
    ref = None if options.ref is None else _placed(options.ref, opened)
    documents = opened.upkeep.documents(since=since, ref=ref, sources=sources)
    count = _write(documents, options.out, out)
    if ref is not None and not count:
        out.say(f"nothing is remembered of {ref}" + (f" since {plain(options.since)}" if since else ""))
        return Exit.NO_SUCH_JOB
    if options.out is not None:
        out.say(f"{count:,} documents written to {options.out}")
    return Exit.GOOD


def _known_source(name: str, config: Config, opened: Journal) -> str:
    """Take the name of a source that is configured, or was."""
    return name if name in opened.upkeep.sources() else config.source(name).name


def _placed(text: str, opened: Journal) -> JobRef:
    """Read a ref, or a bare id that only one source has a memory of."""
    if ":" in text:
        return parse_ref(text).job
    known = opened.upkeep.refs_of(text)
    if len(known) > 1:
        raise UsageError(f"“{plain(text)}” could be {' or '.join(map(str, known))}")
    if not known:
        raise UsageError(f"nothing is remembered of “{plain(text)}”; write SOURCE:JOB-ID")
    return known[0]


def _write(documents: Iterable[Document], path: str | None, out: Output) -> int:
    count = 0
    with contextlib.ExitStack() as stack:
        file = None if path is None else stack.enter_context(_new_file(path))
        for document in documents:
            count += 1
            if file is None:
                out.stream(document)
            else:
                file.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    return count


@contextlib.contextmanager
def _new_file(path: str) -> Iterator[TextIO]:
    """Make a file for us alone; what is there is not overwritten, and half an export does not stay."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UsageError(f"{plain(path)} is there already; name another file") from error
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot write {plain(path)}: {getattr(error, 'strerror', error)}") from error
    try:
        with open(descriptor, "w", encoding="utf-8", errors="replace") as file:
            yield file
    except BaseException as error:
        os.unlink(path)
        if isinstance(error, OSError):
            raise UsageError(f"cannot write {plain(path)}: {error.strerror or 'failed'}") from error
        raise


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _local(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _bytes(number: int) -> str:
    """Say a number of bytes in the unit that a person would."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if number >= size:
            return f"{number / size:.1f} {unit}"
    return f"{number} bytes"
