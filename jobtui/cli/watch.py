"""watch and wait: jobs read again and again until all have ended; talkative or silent."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Awaitable, Callable, Sequence

from jobtui import documents
from jobtui.cli import exits, piped, plain, ruling, session
from jobtui.cli.exits import Exit
from jobtui.cli.output import Output
from jobtui.cli.parse import Command
from jobtui.errors import BackendError, JobtuiError, NoSuchJob, RateLimited, UsageError
from jobtui.model import Flag, Job, JobRef, Kind
from jobtui.monitor.cadence import RHYTHMS, SAVED
from jobtui.monitor.monitor import Monitor

Tell = Callable[[Job], None]
Watch = asyncio.Task[Exit]
_LONGEST_PAUSE_S = 60.0
_OURS = frozenset({Flag.STALE, Flag.BRIEF})


def watch(command: Command, out: Output) -> int:
    """Watch jobs until all have ended; ``watch`` prints each change, ``wait`` prints nothing."""
    options = command.options
    rules = getattr(options, "rule", [])
    if not options.refs and not rules:
        raise UsageError("name a job to watch, or a --rule to be told of any")
    tell = _teller(out) if command.name == "watch" else None
    if not options.refs:
        return asyncio.run(ruling.watch_all(options, rules, out))
    return asyncio.run(_watch(options, piped.stdin_for(options.refs), tell, out))


async def _watch(options: Namespace, stdin: str, tell: Tell | None, out: Output) -> Exit:
    timeout_s = None if options.timeout is None else options.timeout.total_seconds()
    config = session.config_of(options)
    rules = ruling.read(config, getattr(options, "rule", []))
    async with session.monitor_of(options, out, ruling.teller(config, out)) as monitor:
        found = await piped.jobs(monitor, options.refs, stdin, out)
        refs = list(found.refs)
        await _expect_late(monitor, refs)
        ruling.arm(monitor, rules, refs)
        watches = [asyncio.create_task(_until_ended(monitor, ref, refs, tell, out)) for ref in refs]
        ends = _first_bad_end if options.fail_fast else _all_ends
        code = await _until_all_ended(found, watches, ends, timeout_s, None if tell is None else out.say)
        await monitor.finish_alarms()
        return code


async def _until_all_ended(
    found: piped.Found,
    watches: Sequence[Watch],
    ends: Callable[[Sequence[Watch]], Awaitable[list[Exit]]],
    timeout_s: float | None,
    say: Callable[[str], None] | None,
) -> Exit:
    """Wait as long as it may take; ``say`` is told when not all have been waited for."""
    try:
        async with asyncio.timeout(timeout_s):
            codes, said = await ends(watches), "stopped at the first bad end"
    except TimeoutError:
        codes, said = [Exit.TIMED_OUT], "time is up"
    open_ = await _give_up(watches)
    if open_ and say is not None:
        say(f"{said}; {open_} of {len(watches)} had not ended")
    bad = [code for code in codes if code is not Exit.GOOD]
    if Exit.TIMED_OUT in bad:
        return Exit.TIMED_OUT
    worst = Exit.JOB_WENT_BADLY if Exit.JOB_WENT_BADLY in bad else bad[0] if bad else Exit.GOOD
    return found.code(worst)


async def _all_ends(watches: Sequence[Watch]) -> list[Exit]:
    return await asyncio.gather(*watches)


async def _first_bad_end(watches: Sequence[Watch]) -> list[Exit]:
    """Wait for all, or for the first that went badly."""
    codes: list[Exit] = []
    for ended in asyncio.as_completed(watches):
        codes.append(await ended)
        if codes[-1] is not Exit.GOOD:
            break
    return codes


async def _give_up(watches: Sequence[Watch]) -> int:
    """Wait for no more; gives how many had not ended."""
    open_ = [one for one in watches if one.cancelled() or not one.done()]
    for one in open_:
        one.cancel()
    await asyncio.gather(*open_, return_exceptions=True)
    return len(open_)


async def _expect_late(monitor: Monitor, refs: Sequence[JobRef]) -> None:
    """Give new Zendesk ids their minute: there a 404 may mean that a job is not visible yet."""
    late = [ref for ref in refs if monitor.source(ref.source).kind is Kind.ZENDESK]
    if late:
        # Before, so that what earlier runs know of an id stays: also when it was first asked for.
        await monitor.load()
    for ref in late:
        monitor.expect(ref)


async def _until_ended(
    monitor: Monitor, ref: JobRef, refs: Sequence[JobRef], tell: Tell | None, out: Output
) -> Exit:
    """Read one job until it has ended; one that can't be read at the first asking is given up at once."""
    pause_s = _pause_s(monitor, ref, refs)
    mine = [other for other in refs if other.source == ref.source]
    await asyncio.sleep(first_read_s(mine.index(ref), monitor.source(ref.source).budget))
    known: Job | None = None
    failures = 0
    while True:
        try:
            job = (await monitor.read(ref)).job
        except JobtuiError as error:
            if known is None or not isinstance(error, BackendError) or isinstance(error, NoSuchJob):
                out.say(f"{ref}: {error}")
                return exits.of_error(error)
            failures += 1
            wait_s = _patience_s(error, pause_s, failures)
            if failures == 1:
                out.say(f"{ref}: {error}; asking again")
            await asyncio.sleep(wait_s)
            continue
        failures = 0
        if Flag.FORGOTTEN in job.flags and not job.raw_state:
            out.say(f"{ref}: {job.why}")
            return Exit.NO_SUCH_JOB
        if tell is not None and looks_changed(known, job):
            tell(job)
        known = job
        if job.ended:
            return exits.of_job(job)
        await asyncio.sleep(pause_s)


def _teller(out: Output) -> Tell:
    def tell(job: Job) -> None:
        now = session.now()
        document = documents.job_document(job, now)
        if out.as_json:
            out.stream(document)
        else:
            out.line(plain.change_line(document, now, out))

    return tell


def looks_changed(before: Job | None, after: Job) -> bool:
    """Whether a person would see a difference: not when only times or our own flags moved."""
    return before is None or _looks(before) != _looks(after)


def _looks(job: Job) -> tuple[object, ...]:
    return (
        job.state,
        job.raw_state,
        job.ended,
        job.progress,
        job.why,
        job.items_failed,
        job.title,
        tuple((hold.id, hold.released) for hold in job.holds),
        job.flags - _OURS,
    )


def _pause_s(monitor: Monitor, ref: JobRef, refs: Sequence[JobRef]) -> float:
    """Give the seconds between two readings that keep all the watched jobs of a source within its budget."""
    source = monitor.source(ref.source)
    mine = sum(1 for other in refs if other.source == ref.source)
    per_read = max(1.0, RHYTHMS[source.kind].requests_per_id)
    return max(source.poll_s, 60.0 * mine * per_read / source.budget)


def first_read_s(place: int, budget: float) -> float:
    """Give the seconds until the job at this place among those of its source is first read.

    So many names may come from standard input that asking for all at once would cost more than a minute's
    budget: the first share of it goes at once, the others follow at its pace.
    """
    return 0.0 if place < budget * SAVED else place * 60.0 / budget


def _patience_s(error: JobtuiError, pause_s: float, failures: int) -> float:
    asked_s = error.retry_after_s if isinstance(error, RateLimited) else None
    ours_s: float = min(_LONGEST_PAUSE_S, pause_s * 2 ** min(failures, 5))
    return max(asked_s or 0.0, ours_s)
