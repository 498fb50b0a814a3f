"""ls, show and logs: what is known, and what the sources say when asked once."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from jobtui import documents
from jobtui.cli import exits, plain, session
from jobtui.cli.exits import Exit
from jobtui.cli.formats import print_jobs
from jobtui.cli.output import Output
from jobtui.cli.parse import Command
from jobtui.errors import JobtuiError, NoSuchJob, UsageError
from jobtui.insight import search
from jobtui.insight.attention import needs_you, rank
from jobtui.model import Flag, Job, JobDetail, JobMessage, Level, StepRef, Target

if TYPE_CHECKING:
    from jobtui.monitor.monitor import Monitor

_FOLLOW_AGAIN_S = 2.0
_MOST_PATIENCE_S = 60.0


def ls(command: Command, out: Output) -> int:
    """List the jobs of the sources, problems first."""
    return asyncio.run(_ls(command.options, out))


async def _ls(options: Namespace, out: Output) -> Exit:
    users: dict[str, frozenset[str]] = {}
    query = search.read(options.search or "", users)
    if query.trouble:
        raise UsageError(f"--search: {query.trouble}")
    async with session.monitor_of(options, out) as monitor:
        _say_broken(monitor, out)
        names = list(monitor.sources)
        session.refuse_no_source(monitor, options)
        faults = [fault for fault in await asyncio.gather(*(_ask(monitor, name) for name in names)) if fault]
        now = session.now()
        for name in (name for name in names if not monitor.health(name).has_list):
            out.say(f"{name} has no list of jobs: only those on its watch list are read (jobtui add)")
        for name in names:
            for text in monitor.health(name).warnings:
                out.say(f"{name} warns: {text}")
        for name, error in faults:
            out.say(f"{name} is silent: {error}{_kept(monitor, name)}")
        if query.asks_me:
            users |= await _users(monitor, names, out)
        chosen = _chosen(list(monitor.store), options, query, now)
        print_jobs([documents.job_document(job, now) for job in chosen], options.output, now, out)
        if not chosen and len(faults) < len(names):
            out.say(_no_match(options, len(monitor.store)))
        if len(faults) < len(names) or len(monitor.store):
            return Exit.GOOD
        codes = {exits.of_error(error) for _, error in faults}
        return Exit.RIGHTS if codes == {Exit.RIGHTS} else Exit.UNREACHABLE


async def _ask(monitor: Monitor, name: str) -> tuple[str, JobtuiError] | None:
    try:
        await monitor.list_jobs(name)
    except JobtuiError as error:
        return name, error
    return None


async def _users(monitor: Monitor, names: Sequence[str], out: Output) -> dict[str, frozenset[str]]:
    """Ask whom each source takes us for; who does not say is left out, and said."""
    users: dict[str, frozenset[str]] = {}
    for name in names:
        try:
            called = (await monitor.identity(name)).called
        except JobtuiError as error:
            out.say(f"{name} does not say who you are: {error}")
            continue
        if called:
            users[name] = called
        else:
            out.say(f"{name} does not say who you are")
    return users


def _chosen(found: list[Job], options: Namespace, query: search.Query, now: datetime) -> list[Job]:
    tests: list[Callable[[Job], bool]] = []
    if options.state:
        tests.append(lambda job: job.state in options.state)
    if options.problems:
        tests.append(lambda job: needs_you(job, now))
    if query:
        tests.append(lambda job: query.matches(job, now))
    chosen = [job for job in found if all(test(job) for test in tests)]
    chosen.sort(key=lambda job: (rank(job, now), str(job.ref)))
    return chosen[: options.limit]


def _no_match(options: Namespace, known: int) -> str:
    asked = [f"--state {','.join(sorted(options.state))}"] if options.state else []
    asked += ["--problems"] if options.problems else []
    asked += [f"--search “{options.search}”"] if options.search else []
    count = f"{known} {'job is' if known == 1 else 'jobs are'} known" if known else "no job is known"
    return f"no job matches {' '.join(asked)}; {count}" if asked else count


def _say_broken(monitor: Monitor, out: Output) -> None:
    for text in monitor.broken.values():
        out.say(text)


def _kept(monitor: Monitor, name: str) -> str:
    known = monitor.store.of_source(name)
    if not known:
        return ""
    newest = max(job.as_of for job in known)
    return f"; its {len(known)} jobs are as of {newest.astimezone():%Y-%m-%d %H:%M:%S}"


def show(command: Command, out: Output) -> int:
    """Show one job whole."""
    return asyncio.run(_show(command.options, out))


async def _show(options: Namespace, out: Output) -> Exit:
    async with session.monitor_of(options, out) as monitor:
        target = await session.target(monitor, options.ref)
        detail = await monitor.read(target.job)
        _check_step(detail, target)
        now = session.now()
        document = documents.show_document(
            detail,
            now,
            controls=monitor.controls(target.job.source),
            why_not=monitor.why_not,
        )
        if out.as_json:
            out.document(document)
        else:
            out.lines(plain.show_lines(document, now, out))
        if Flag.FORGOTTEN in detail.job.flags and not detail.job.raw_state:
            out.say(f"{target.job}: {detail.job.why}")
            return Exit.NO_SUCH_JOB
        if Flag.FORGOTTEN in detail.job.flags:
            out.say(f"the server no longer knows {target.job}; this is what was kept of it")
            return Exit.NO_SUCH_JOB
        return Exit.GOOD


def _check_step(detail: JobDetail, target: Target) -> None:
    if isinstance(target, StepRef) and detail.step(target.step_id) is None:
        raise NoSuchJob(target.job.source, f"{target.job} has no step {target.step_id}")


async def _check_named_step(monitor: Monitor, target: Target, messages: Sequence[JobMessage]) -> None:
    """Refuse a step that neither the messages nor the job know. Raises NoSuchJob, BackendError."""
    if isinstance(target, StepRef) and all(message.step != target.step_id for message in messages):
        _check_step(await monitor.read(target.job), target)


def logs(command: Command, out: Output) -> int:
    """Print the messages of one job, oldest first."""
    return asyncio.run(_logs(command.options, out))


async def _logs(options: Namespace, out: Output) -> Exit:
    async with session.monitor_of(options, out) as monitor:
        target = await session.target(monitor, options.ref)
        passes = _filter(options, target)
        if options.follow:
            return await _follow(monitor, target, passes, out)
        found = await monitor.read_messages(target.job)
        await _check_named_step(monitor, target, found)
        messages = [message for message in found if passes(message)]
        if out.as_json:
            out.document([documents.message_document(message) for message in messages])
        else:
            out.lines([plain.message_line(documents.message_document(m), out) for m in messages])
        return Exit.GOOD


def _filter(options: Namespace, target: Target) -> Callable[[JobMessage], bool]:
    """Hide debug from people until they ask; scripts get all unless they say less."""
    least = Level(options.level or (Level.DEBUG if options.json else Level.INFO))
    step = target.step_id if isinstance(target, StepRef) else None
    return lambda message: message.level.rank >= least.rank and step in (None, message.step)


async def _follow(
    monitor: Monitor, target: Target, passes: Callable[[JobMessage], bool], out: Output
) -> Exit:
    shown: set[str] = set()
    has_read, patience_s = False, 0.0
    while True:
        try:
            # The job first: messages read after its end are all there will be.
            ended = (await monitor.read(target.job)).job.ended
            messages = await monitor.read_messages(target.job)
        except JobtuiError as error:
            if not has_read or isinstance(error, UsageError | NoSuchJob):
                raise
            patience_s = min(_MOST_PATIENCE_S, max(_FOLLOW_AGAIN_S, patience_s * 2))
            out.say(f"{error}; asking again in {patience_s:g} s")
            await asyncio.sleep(patience_s)
            continue
        if not has_read:
            await _check_named_step(monitor, target, messages)
        has_read, patience_s = True, 0.0
        for message in messages:
            if message.id not in shown and passes(message):
                _print_message(message, out)
        shown.update(message.id for message in messages)
        if ended:
            return Exit.GOOD
        await asyncio.sleep(max(_FOLLOW_AGAIN_S, monitor.source(target.job.source).poll_s / 2))


def _print_message(message: JobMessage, out: Output) -> None:
    document = documents.message_document(message)
    if out.as_json:
        out.stream(document)
    else:
        out.line(plain.message_line(document, out))
